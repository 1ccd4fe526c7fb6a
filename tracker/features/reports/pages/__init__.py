"""What the report pages show."""

from tracker.features.reports.pages.lists import ListPage, due_text, filter_links, list_row, page_links
from tracker.features.reports.pages.sheet import SAVINGS, SheetPage, conflicts, report_history, sheet_page

__all__ = [
    "SAVINGS",
    "ListPage",
    "SheetPage",
    "conflicts",
    "due_text",
    "filter_links",
    "list_row",
    "page_links",
    "report_history",
    "sheet_page",
]
