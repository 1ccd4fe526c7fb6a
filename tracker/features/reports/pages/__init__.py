"""What the report pages show."""

from tracker.features.reports.pages.evidence import (
    EvidenceMark,
    EvidencePage,
    Trouble,
    evidence_marks,
    evidence_page,
    viewer_page,
)
from tracker.features.reports.pages.lists import FilterLink, ListPage, PageLinks, due_text, list_row
from tracker.features.reports.pages.sheet import SAVINGS, SheetPage, conflicts, report_history, sheet_page

__all__ = [
    "SAVINGS",
    "EvidenceMark",
    "EvidencePage",
    "FilterLink",
    "ListPage",
    "PageLinks",
    "SheetPage",
    "Trouble",
    "conflicts",
    "due_text",
    "evidence_marks",
    "evidence_page",
    "list_row",
    "report_history",
    "sheet_page",
    "viewer_page",
]
