"""What the report pages show."""

from tracker.features.reports.pages.answers import cells_answer
from tracker.features.reports.pages.lists import FilterLink, ListPage, PageLinks, due_text, list_row
from tracker.features.reports.pages.paste import paste_preview
from tracker.features.reports.pages.sheet import (
    SAVINGS,
    SheetPage,
    blank_cells,
    carried_words,
    conflicts,
    report_history,
    sheet_page,
    todo_cells,
)

__all__ = [
    "SAVINGS",
    "FilterLink",
    "ListPage",
    "PageLinks",
    "SheetPage",
    "blank_cells",
    "carried_words",
    "cells_answer",
    "conflicts",
    "due_text",
    "list_row",
    "paste_preview",
    "report_history",
    "sheet_page",
    "todo_cells",
]
