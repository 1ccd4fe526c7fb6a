"""Pages by which administrators make and change plans."""

from tracker.features.plans.views import curves, indicators, outline, plans, splits, workbook
from tracker.features.plans.views.blueprint import bp

__all__ = ["bp", "curves", "indicators", "outline", "plans", "splits", "workbook"]
