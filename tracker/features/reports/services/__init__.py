"""Changing reports: fill, review, and checking what is derived from them."""

from tracker.features.reports.services.bulk import (
    SheetChange,
    Trace,
    check_importable,
    import_figures,
    take_figures_back,
)
from tracker.features.reports.services.cells import (
    CellSent,
    ConflictError,
    Outcome,
    save_cells,
    save_sheet,
)
from tracker.features.reports.services.check import find_differences
from tracker.features.reports.services.corrections import (
    approve_correction,
    propose_correction,
    refuse_correction,
    take_back_correction,
)
from tracker.features.reports.services.drafts import (
    CellDraft,
    SheetError,
    check_draft,
    check_later,
    check_stored,
    differs,
    oddities,
)
from tracker.features.reports.services.evidence import (
    add_evidence,
    caption_evidence,
    check_evidence_open,
    find_lacking_evidence,
    remove_evidence,
)
from tracker.features.reports.services.fill import (
    carry_over,
    find_odd_cells,
    save_report,
    submit_report,
    withdraw_report,
)
from tracker.features.reports.services.open import UNUSUAL, open_points
from tracker.features.reports.services.placed import repost_units
from tracker.features.reports.services.review import (
    approve_report,
    check_report,
    reopen_report,
    return_report,
)

__all__ = [
    "UNUSUAL",
    "CellDraft",
    "CellSent",
    "ConflictError",
    "Outcome",
    "SheetChange",
    "SheetError",
    "Trace",
    "add_evidence",
    "approve_correction",
    "approve_report",
    "caption_evidence",
    "carry_over",
    "check_draft",
    "check_evidence_open",
    "check_importable",
    "check_later",
    "check_report",
    "check_stored",
    "differs",
    "find_differences",
    "find_lacking_evidence",
    "find_odd_cells",
    "import_figures",
    "oddities",
    "open_points",
    "propose_correction",
    "refuse_correction",
    "remove_evidence",
    "reopen_report",
    "repost_units",
    "return_report",
    "save_cells",
    "save_report",
    "save_sheet",
    "submit_report",
    "take_back_correction",
    "take_figures_back",
    "withdraw_report",
]
