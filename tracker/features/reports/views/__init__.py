"""Pages of the reporter and of the reviewer."""

from tracker.features.reports.views import figures, filling, lists, reviewing
from tracker.features.reports.views.blueprint import bp

__all__ = ["bp", "figures", "filling", "lists", "reviewing"]
