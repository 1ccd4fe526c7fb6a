"""Changing reports: fill, review, and checking what is derived from them."""

from tracker.features.reports.services.bulk import (
    SheetChange,
    check_importable,
    import_figures,
    take_figures_back,
)
from tracker.features.reports.services.check import find_differences
from tracker.features.reports.services.drafts import (
    LATER,
    CellDraft,
    SheetError,
    check_draft,
    differs,
    oddities,
    shifts_later,
)
from tracker.features.reports.services.fill import save_report, submit_report, withdraw_report
from tracker.features.reports.services.placed import repost_units
from tracker.features.reports.services.review import approve_report, reopen_report, return_report

__all__ = [
    "LATER",
    "CellDraft",
    "SheetChange",
    "SheetError",
    "approve_report",
    "check_draft",
    "check_importable",
    "differs",
    "find_differences",
    "import_figures",
    "oddities",
    "reopen_report",
    "repost_units",
    "return_report",
    "save_report",
    "shifts_later",
    "submit_report",
    "take_figures_back",
    "withdraw_report",
]
