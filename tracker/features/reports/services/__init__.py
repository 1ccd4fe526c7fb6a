"""Changing reports: fill, review, and checking what is derived from them."""

from tracker.features.reports.services.check import find_differences
from tracker.features.reports.services.drafts import CellDraft, SheetError, check_draft, oddities
from tracker.features.reports.services.evidence import (
    add_evidence,
    caption_evidence,
    check_evidence_open,
    find_lacking_evidence,
    remove_evidence,
)
from tracker.features.reports.services.fill import save_report, submit_report, withdraw_report
from tracker.features.reports.services.placed import repost_units
from tracker.features.reports.services.review import approve_report, reopen_report, return_report

__all__ = [
    "CellDraft",
    "SheetError",
    "add_evidence",
    "approve_report",
    "caption_evidence",
    "check_draft",
    "check_evidence_open",
    "find_differences",
    "find_lacking_evidence",
    "oddities",
    "remove_evidence",
    "reopen_report",
    "repost_units",
    "return_report",
    "save_report",
    "submit_report",
    "withdraw_report",
]
