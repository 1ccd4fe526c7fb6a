"""What the report pages show."""

from tracker.features.reports.pages.figure import (
    FigurePage,
    figure_page,
    starting_cell,
    waiting_texts,
)
from tracker.features.reports.pages.lists import FilterLink, ListPage, PageLinks, due_text, list_row
from tracker.features.reports.pages.review import ReviewParts, review_parts
from tracker.features.reports.pages.sheet import SAVINGS, SheetPage, conflicts, report_history, sheet_page

__all__ = [
    "SAVINGS",
    "FigurePage",
    "FilterLink",
    "ListPage",
    "PageLinks",
    "ReviewParts",
    "SheetPage",
    "conflicts",
    "due_text",
    "figure_page",
    "list_row",
    "report_history",
    "review_parts",
    "sheet_page",
    "starting_cell",
    "waiting_texts",
]
