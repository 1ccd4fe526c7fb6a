"""Reading reports: one sheet, lists, counts, and what the balances should be."""

from tracker.features.reports.queries.counted import (
    counted_before_and_after,
    counted_of_plan,
    notes_of_period,
    reasons_not_applicable,
)
from tracker.features.reports.queries.evidence import (
    EvidenceRow,
    OtherUse,
    is_used,
    other_uses,
    was_approved,
)
from tracker.features.reports.queries.figures import figures_of_plan
from tracker.features.reports.queries.history import history_of_report
from tracker.features.reports.queries.lists import (
    ReportListRow,
    count_states,
    report_list,
)
from tracker.features.reports.queries.locks import lock_refusal
from tracker.features.reports.queries.many import UnitFigures, aims_on, figures_of_units
from tracker.features.reports.queries.placed import ReportOfUnit, last_entry_of, reports_since
from tracker.features.reports.queries.prospect import CellContent, Prospect, prospect_of
from tracker.features.reports.queries.sheet import (
    NEVER_WRITTEN,
    Cell,
    CellKey,
    DraftRow,
    EntryRow,
    ReportHandle,
    ReportRow,
    Sheet,
    get_report,
    get_sheet,
)
from tracker.features.reports.queries.spots import EvidenceSpot, get_evidence_spot
from tracker.features.reports.queries.tallies import (
    count_submitted,
    count_unfinished,
    tallies,
    tallies_by_period,
    tallies_from_reports,
    tallies_kept,
)
from tracker.features.reports.queries.writers import Written, contents_seen, last_writers

__all__ = [
    "NEVER_WRITTEN",
    "Cell",
    "CellContent",
    "CellKey",
    "DraftRow",
    "EntryRow",
    "EvidenceRow",
    "EvidenceSpot",
    "OtherUse",
    "Prospect",
    "ReportHandle",
    "ReportListRow",
    "ReportOfUnit",
    "ReportRow",
    "Sheet",
    "UnitFigures",
    "Written",
    "aims_on",
    "contents_seen",
    "count_states",
    "count_submitted",
    "count_unfinished",
    "counted_before_and_after",
    "counted_of_plan",
    "figures_of_plan",
    "figures_of_units",
    "get_evidence_spot",
    "get_report",
    "get_sheet",
    "history_of_report",
    "is_used",
    "last_entry_of",
    "last_writers",
    "lock_refusal",
    "notes_of_period",
    "other_uses",
    "prospect_of",
    "reasons_not_applicable",
    "report_list",
    "reports_since",
    "tallies",
    "tallies_by_period",
    "tallies_from_reports",
    "tallies_kept",
    "was_approved",
]
