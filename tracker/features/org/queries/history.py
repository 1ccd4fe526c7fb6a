"""What was done to a unit, and what units were called, from the audit records."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, or_, select

from tracker.core.audit import AuditRecord
from tracker.core.db import db
from tracker.core.former_names import LogName, codes_in, names_in_log
from tracker.core.history import HistoryRow, history_of
from tracker.features.org.models import OrgUnit
from tracker.features.org.queries.units import UnitRow

MADE = ("unit.add", "unit.import.add")
CHANGED = "unit.change"


def unit_names(unit: UnitRow) -> tuple[LogName, ...]:
    """The names of a unit in the log through time, the present one first."""
    named = f"unit {unit.code}"
    # The first version kept a unit's own records without its id.
    among = or_(
        AuditRecord.unit_id == unit.id, and_(AuditRecord.unit_id.is_(None), AuditRecord.subject == named)
    )
    return names_in_log(named, among, made=MADE, renamed=CHANGED)


def codes_ever(unit_ids: Collection[int]) -> set[str]:
    """Every code that one of these units has, or has had."""
    found = set(db.session.scalars(select(OrgUnit.code).where(OrgUnit.id.in_(unit_ids))))
    renamed = select(AuditRecord.difference).where(
        AuditRecord.unit_id.in_(unit_ids),
        AuditRecord.action == CHANGED,
        AuditRecord.difference.contains("code: "),
    )
    return (found | {codes_in(difference)[0] for difference in db.session.scalars(renamed)}) - {""}


def history_of_unit(unit: UnitRow, *, limit: int) -> list[HistoryRow]:
    """The newest changes of a unit, newest first; those under an earlier code belong to it as well."""
    mine = or_(AuditRecord.unit_id == unit.id, AuditRecord.unit_id.is_(None))
    return history_of(*unit_names(unit), among=mine, limit=limit)
