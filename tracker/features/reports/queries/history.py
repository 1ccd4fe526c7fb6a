"""What happened to a report, from the audit records."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from tracker.core.audit import AuditRecord
from tracker.core.history import HistoryRow, history_of
from tracker.features.org.queries import unit_names
from tracker.features.reports.queries.sheet import ReportHandle, report_subject


def history_of_report(report: ReportHandle, *, but: Collection[str] = ()) -> list[HistoryRow]:
    """The steps of a report, the latest first, also those from when its unit had another code."""
    plan, period = report.plan.code, report.period.code
    names = [
        replace(name, subject=report_subject(plan, name.code, period)) for name in unit_names(report.unit)
    ]
    return history_of(*names, among=AuditRecord.unit_id == report.unit.id, but=but)
