"""Reading reports: one sheet, lists, counts, and what the balances should be."""

from tracker.features.reports.queries.corrections import (
    CorrectionRow,
    RevisionRow,
    WaitingRow,
    correction_queue,
    corrections_of,
    count_corrections,
    revisions_of,
    waiting_correction,
    waiting_corrections,
)
from tracker.features.reports.queries.counted import (
    counted_before_and_after,
    counted_of_plan,
    counted_otherwise,
    reasons_not_applicable,
)
from tracker.features.reports.queries.figures import figures_of_plan
from tracker.features.reports.queries.known import known_at
from tracker.features.reports.queries.lists import (
    ReportListRow,
    Wanted,
    begun_periods,
    count_states,
    report_list,
)
from tracker.features.reports.queries.locks import lock_refusal
from tracker.features.reports.queries.placed import ReportOfUnit, last_entry_of, reports_since
from tracker.features.reports.queries.returned import contents_when_returned
from tracker.features.reports.queries.sheet import (
    Cell,
    CellKey,
    EntryRow,
    ReportHandle,
    ReportRow,
    Sheet,
    get_report,
    get_sheet,
)
from tracker.features.reports.queries.tallies import (
    count_submitted,
    count_unfinished,
    late_reports,
    tallies,
    tallies_by_period,
    tallies_from_reports,
    tallies_kept,
)
from tracker.features.reports.queries.urged import ASK_FOR_URGES, last_urged

__all__ = [
    "ASK_FOR_URGES",
    "Cell",
    "CellKey",
    "CorrectionRow",
    "EntryRow",
    "ReportHandle",
    "ReportListRow",
    "ReportOfUnit",
    "ReportRow",
    "RevisionRow",
    "Sheet",
    "WaitingRow",
    "Wanted",
    "begun_periods",
    "contents_when_returned",
    "correction_queue",
    "corrections_of",
    "count_corrections",
    "count_states",
    "count_submitted",
    "count_unfinished",
    "counted_before_and_after",
    "counted_of_plan",
    "counted_otherwise",
    "figures_of_plan",
    "get_report",
    "get_sheet",
    "known_at",
    "last_entry_of",
    "last_urged",
    "late_reports",
    "lock_refusal",
    "reasons_not_applicable",
    "report_list",
    "reports_since",
    "revisions_of",
    "tallies",
    "tallies_by_period",
    "tallies_from_reports",
    "tallies_kept",
    "waiting_correction",
    "waiting_corrections",
]
