"""What the report pages show."""

from tracker.features.reports.pages.answers import cells_answer
from tracker.features.reports.pages.evidence import (
    EvidenceMark,
    EvidencePage,
    Trouble,
    evidence_marks,
    evidence_page,
    viewer_page,
)
from tracker.features.reports.pages.figure import (
    FigurePage,
    figure_page,
    starting_cell,
    waiting_texts,
)
from tracker.features.reports.pages.lists import (
    ALL,
    ListPage,
    cell_link,
    due_text,
    filter_links,
    list_row,
    page_links,
)
from tracker.features.reports.pages.paste import paste_preview
from tracker.features.reports.pages.review import ReviewParts, review_parts, told_by_approved
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
from tracker.features.reports.pages.steps import (
    ReviewSteps,
    decisions,
    passed_words,
    refused_words,
    review_steps,
)

__all__ = [
    "ALL",
    "SAVINGS",
    "EvidenceMark",
    "EvidencePage",
    "FigurePage",
    "ListPage",
    "ReviewParts",
    "ReviewSteps",
    "SheetPage",
    "Trouble",
    "blank_cells",
    "carried_words",
    "cell_link",
    "cells_answer",
    "conflicts",
    "decisions",
    "due_text",
    "evidence_marks",
    "evidence_page",
    "figure_page",
    "filter_links",
    "list_row",
    "page_links",
    "passed_words",
    "paste_preview",
    "refused_words",
    "report_history",
    "review_parts",
    "review_steps",
    "sheet_page",
    "starting_cell",
    "todo_cells",
    "told_by_approved",
    "viewer_page",
    "waiting_texts",
]
