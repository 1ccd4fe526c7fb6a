"""What the report pages show."""

from tracker.features.reports.pages.evidence import (
    EvidenceMark,
    EvidencePage,
    Trouble,
    evidence_marks,
    evidence_page,
    viewer_page,
)
from tracker.features.reports.pages.lists import ListPage, due_text, filter_links, list_row, page_links
from tracker.features.reports.pages.sheet import SAVINGS, SheetPage, conflicts, report_history, sheet_page

__all__ = [
    "SAVINGS",
    "EvidenceMark",
    "EvidencePage",
    "ListPage",
    "SheetPage",
    "Trouble",
    "conflicts",
    "due_text",
    "evidence_marks",
    "evidence_page",
    "filter_links",
    "list_row",
    "page_links",
    "report_history",
    "sheet_page",
    "viewer_page",
]
