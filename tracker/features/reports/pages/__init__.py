"""What the report pages show."""

from tracker.features.reports.pages.lists import FilterLink, ListPage, PageLinks, due_text, list_row
from tracker.features.reports.pages.sheet import SheetPage, conflicts, sheet_page, step_views

__all__ = [
    "FilterLink",
    "ListPage",
    "PageLinks",
    "SheetPage",
    "conflicts",
    "due_text",
    "list_row",
    "sheet_page",
    "step_views",
]
