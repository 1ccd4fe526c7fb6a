"""What the report pages show."""

from tracker.features.reports.pages.lists import FilterLink, ListPage, PageLinks, due_text, list_row
from tracker.features.reports.pages.sheet import SAVINGS, SheetPage, conflicts, report_history, sheet_page

__all__ = [
    "SAVINGS",
    "FilterLink",
    "ListPage",
    "PageLinks",
    "SheetPage",
    "conflicts",
    "due_text",
    "list_row",
    "report_history",
    "sheet_page",
]
