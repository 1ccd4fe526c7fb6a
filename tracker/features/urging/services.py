"""Reminding units of reports that are missing."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.core.audit import Actor, record
from tracker.core.clock import now, today
from tracker.core.db import db
from tracker.features.reports.queries import ReportListRow, report_subject
from tracker.features.urging.models import Urge
from tracker.features.urging.queries import last_urges


def urge_reports(rows: Sequence[ReportListRow], *, actor: Actor) -> list[ReportListRow]:
    """Remind the units of these missing reports, but for those reminded today; who was reminded now."""
    last = last_urges([(row.unit.id, row.period.id) for row in rows])
    day, moment = today(), now()
    urged = [row for row in rows if last.get((row.unit.id, row.period.id)) != day]
    for row in urged:
        db.session.add(
            Urge(
                unit_id=row.unit.id,
                period_id=row.period.id,
                urged_on=day,
                urged_at=moment,
                urged_by_id=actor.id,
            )
        )
        record(
            "report.urge",
            actor=actor,
            subject=report_subject(row.plan_code, row.unit.code, row.period.code),
            unit_id=row.unit.id,
            changes={"day": (None, day.isoformat())},
        )
    db.session.flush()
    return urged
