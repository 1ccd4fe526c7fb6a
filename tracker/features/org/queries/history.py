"""What was done to a unit, from the audit records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select

from tracker.core.audit import AuditRecord
from tracker.core.db import db
from tracker.features.org.queries.units import UnitRow


@dataclass(frozen=True)
class UnitStep:
    """One change: when, by whom, what, and its lines of "name: before → after"."""

    at: datetime
    actor_name: str
    action: str
    lines: tuple[str, ...]


def history_of_unit(unit: UnitRow, *, limit: int) -> list[UnitStep]:
    """The newest changes of a unit, newest first; those under an earlier code belong to it as well."""
    rows = db.session.execute(
        select(AuditRecord.at, AuditRecord.actor_name, AuditRecord.action, AuditRecord.difference)
        .where(
            or_(
                and_(AuditRecord.unit_id == unit.id, AuditRecord.subject.startswith("unit ")),
                and_(AuditRecord.unit_id.is_(None), AuditRecord.subject == f"unit {unit.code}"),
            )
        )
        .order_by(AuditRecord.id.desc())
        .limit(limit)
    )
    return [UnitStep(at, name, action, tuple(text.splitlines())) for at, name, action, text in rows]
