"""What the pages about plans show, in words and with addresses."""

from tracker.features.plans.pages.curves import CurvePage, curve_page
from tracker.features.plans.pages.indicators import IndicatorPage, indicator_history, indicator_page
from tracker.features.plans.pages.plans import OutlinePage, PlanLine, outline_page, plan_lines
from tracker.features.plans.pages.splits import (
    ReportersPage,
    TargetsPage,
    reporters_page,
    targets_page,
)
from tracker.features.plans.pages.workbook import BookPreview, book_preview

__all__ = [
    "BookPreview",
    "CurvePage",
    "IndicatorPage",
    "OutlinePage",
    "PlanLine",
    "ReportersPage",
    "TargetsPage",
    "book_preview",
    "curve_page",
    "indicator_history",
    "indicator_page",
    "outline_page",
    "plan_lines",
    "reporters_page",
    "targets_page",
]
