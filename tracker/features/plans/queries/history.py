"""How a unit's target came to be what it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select

from tracker.core.db import db
from tracker.features.accounts.models import User
from tracker.features.plans.models import TargetChange
from tracker.features.plans.queries.indicators import Name


@dataclass(frozen=True)
class TargetRow:
    """What was set from a day on.

    ``is_superseded`` says that something else was recorded later for the same day; such a row was never
    in force since. ``recorded_at`` and ``recorded_by`` are none for what was set before the history was
    kept, or by the house itself.
    """

    from_on: date
    target: Decimal
    baseline: Decimal | None
    reason: str | None
    recorded_at: datetime | None
    recorded_by: Name | None
    is_superseded: bool


def target_history(unit_id: int, indicator_id: int) -> list[TargetRow]:
    """Everything that was ever set for the unit, by the day from which it holds, then as it was recorded."""
    rows = db.session.execute(
        select(
            TargetChange.from_on,
            TargetChange.target,
            TargetChange.baseline,
            TargetChange.reason,
            TargetChange.recorded_at,
            User.label,
            User.label_en,
        )
        .outerjoin(User, User.id == TargetChange.recorded_by_id)
        .where(TargetChange.unit_id == unit_id, TargetChange.indicator_id == indicator_id)
        .order_by(TargetChange.from_on, TargetChange.id)
    ).all()
    return [
        TargetRow(
            from_on=row.from_on,
            target=row.target,
            baseline=row.baseline,
            reason=row.reason,
            recorded_at=row.recorded_at,
            recorded_by=None if row.label is None else Name(row.label, row.label_en),
            is_superseded=number < len(rows) and rows[number].from_on == row.from_on,
        )
        for number, row in enumerate(rows, start=1)
    ]
