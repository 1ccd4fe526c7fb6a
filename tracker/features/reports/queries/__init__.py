"""Reading reports: one sheet, lists, counts, and what the balances should be."""

from tracker.features.reports.queries.approved import on_approved
from tracker.features.reports.queries.corrections import (
    CorrectionRow,
    RevisionRow,
    WaitingRow,
    correction_deciders,
    correction_queue,
    corrections_of,
    reports_with_corrections,
    revisions_of,
    waiting_correction,
    waiting_corrections,
)
from tracker.features.reports.queries.counted import (
    counted_before_and_after,
    counted_of_plan,
    counted_otherwise,
    notes_of_period,
    reasons_not_applicable,
)
from tracker.features.reports.queries.deciding import (
    able_to,
    approvals_wait,
    checker_of,
    deciders_of,
    is_office,
    reviewers_of,
    steps_offered,
)
from tracker.features.reports.queries.evidence import (
    EvidenceRow,
    OtherUse,
    is_used,
    other_uses,
    was_approved,
)
from tracker.features.reports.queries.figures import figures_of_plan
from tracker.features.reports.queries.found import FoundCell, find_cells
from tracker.features.reports.queries.history import history_of_report
from tracker.features.reports.queries.known import known_at
from tracker.features.reports.queries.lists import (
    ReportListRow,
    Wanted,
    begun_periods,
    count_states,
    periods_not_asked,
    report_list,
    wanted_of,
)
from tracker.features.reports.queries.locks import lock_refusal
from tracker.features.reports.queries.many import UnitFigures, aims_on, figures_of_units
from tracker.features.reports.queries.placed import ReportOfUnit, last_entry_of, reports_since
from tracker.features.reports.queries.prospect import CellContent, Prospect, prospect_of
from tracker.features.reports.queries.returned import contents_when_returned
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
    report_subject,
)
from tracker.features.reports.queries.spots import EvidenceSpot, get_evidence_spot
from tracker.features.reports.queries.tallies import (
    count_unfinished,
    count_waiting,
    late_reports,
    tallies,
    tallies_by_period,
    tallies_from_reports,
    tallies_kept,
)
from tracker.features.reports.queries.urged import ASK_FOR_URGES, last_urged
from tracker.features.reports.queries.writers import Written, contents_seen, last_writers

__all__ = [
    "ASK_FOR_URGES",
    "NEVER_WRITTEN",
    "Cell",
    "CellContent",
    "CellKey",
    "CorrectionRow",
    "DraftRow",
    "EntryRow",
    "EvidenceRow",
    "EvidenceSpot",
    "FoundCell",
    "OtherUse",
    "Prospect",
    "ReportHandle",
    "ReportListRow",
    "ReportOfUnit",
    "ReportRow",
    "RevisionRow",
    "Sheet",
    "UnitFigures",
    "WaitingRow",
    "Wanted",
    "Written",
    "able_to",
    "aims_on",
    "approvals_wait",
    "begun_periods",
    "checker_of",
    "contents_seen",
    "contents_when_returned",
    "correction_deciders",
    "correction_queue",
    "corrections_of",
    "count_states",
    "count_unfinished",
    "count_waiting",
    "counted_before_and_after",
    "counted_of_plan",
    "counted_otherwise",
    "deciders_of",
    "figures_of_plan",
    "figures_of_units",
    "find_cells",
    "get_evidence_spot",
    "get_report",
    "get_sheet",
    "history_of_report",
    "is_office",
    "is_used",
    "known_at",
    "last_entry_of",
    "last_urged",
    "last_writers",
    "late_reports",
    "lock_refusal",
    "notes_of_period",
    "on_approved",
    "other_uses",
    "periods_not_asked",
    "prospect_of",
    "reasons_not_applicable",
    "report_list",
    "report_subject",
    "reports_since",
    "reports_with_corrections",
    "reviewers_of",
    "revisions_of",
    "steps_offered",
    "tallies",
    "tallies_by_period",
    "tallies_from_reports",
    "tallies_kept",
    "waiting_correction",
    "waiting_corrections",
    "wanted_of",
    "was_approved",
]
