"""How a unit's target, and a plan's indicators, came to be what they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import or_, select

from tracker.core.db import db
from tracker.features.accounts.models import User
from tracker.features.plans.models import Indicator, IndicatorReplacement, TargetChange
from tracker.features.plans.queries.indicators import Name


@dataclass(frozen=True)
class TargetRow:
    """What was set from a day on.

    ``is_superseded`` says that something else was recorded later for the same day; such a row was never
    in force since. ``recorded_at`` and ``recorded_by`` are none for what was set before the history was
    kept, or by the house itself.
    """

    from_on: date
    target: Decimal | None
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


@dataclass(frozen=True)
class Succession:
    """An indicator that took another one's place from a day on."""

    indicator_id: int
    predecessor_id: int
    from_on: date


def successions_of(plan_id: int) -> list[Succession]:
    """Which indicators of a plan took the places of which, in the order of days."""
    rows = db.session.execute(
        select(
            IndicatorReplacement.indicator_id,
            IndicatorReplacement.predecessor_id,
            IndicatorReplacement.from_on,
        )
        .join(Indicator, Indicator.id == IndicatorReplacement.indicator_id)
        .where(Indicator.plan_id == plan_id)
        .order_by(IndicatorReplacement.from_on, IndicatorReplacement.indicator_id)
    )
    return [Succession(*row) for row in rows]


@dataclass(frozen=True)
class Neighbour:
    """The indicator before or after another in a line of replacements."""

    code: str
    name: str
    name_en: str | None
    from_on: date


def neighbours_of(indicator_id: int) -> tuple[Neighbour | None, Neighbour | None]:
    """The indicator whose place this one took, and the one that took its place, with the days of change."""
    rows = db.session.execute(
        select(
            IndicatorReplacement.predecessor_id,
            Indicator.code,
            Indicator.name,
            Indicator.name_en,
            IndicatorReplacement.from_on,
        )
        .join(
            Indicator,
            or_(
                Indicator.id == IndicatorReplacement.indicator_id,
                Indicator.id == IndicatorReplacement.predecessor_id,
            ),
        )
        .where(
            Indicator.id != indicator_id,
            or_(
                IndicatorReplacement.indicator_id == indicator_id,
                IndicatorReplacement.predecessor_id == indicator_id,
            ),
        )
    )
    before = after = None
    for row in rows:
        found = Neighbour(row.code, row.name, row.name_en, row.from_on)
        if row.predecessor_id == indicator_id:
            after = found
        else:
            before = found
    return before, after
