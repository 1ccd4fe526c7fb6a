"""Changing reports: fill, review, and checking what is derived from them."""

from tracker.features.reports.services.check import find_differences
from tracker.features.reports.services.corrections import (
    approve_correction,
    propose_correction,
    refuse_correction,
    take_back_correction,
)
from tracker.features.reports.services.drafts import CellDraft, SheetError, check_draft, oddities
from tracker.features.reports.services.fill import save_report, submit_report, withdraw_report
from tracker.features.reports.services.placed import repost_units
from tracker.features.reports.services.review import approve_report, reopen_report, return_report

__all__ = [
    "CellDraft",
    "SheetError",
    "approve_correction",
    "approve_report",
    "check_draft",
    "find_differences",
    "oddities",
    "propose_correction",
    "refuse_correction",
    "reopen_report",
    "repost_units",
    "return_report",
    "save_report",
    "submit_report",
    "take_back_correction",
    "withdraw_report",
]
