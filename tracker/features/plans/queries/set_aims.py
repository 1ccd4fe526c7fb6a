"""Targets that a unit has itself, with everything that is needed to set them anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from tracker.core.db import db
from tracker.domain.aims import AimState
from tracker.features.plans.models import Indicator, Plan, TargetChange
from tracker.features.plans.queries.facts import target_changes
from tracker.features.plans.queries.figures import Pair


@dataclass(frozen=True)
class AimOfUnit:
    """A unit's own target in a plan, as it was set in the order of recording."""

    plan: Plan
    indicator: Indicator
    changes: tuple[tuple[date, AimState], ...]


def aims_set_for(unit_id: int, *, since: date) -> list[AimOfUnit]:
    """The unit's own targets in plans that last until the day or longer, in the plans' order."""
    rows = db.session.execute(
        select(Plan, Indicator)
        .join(Indicator, Indicator.plan_id == Plan.id)
        .where(
            Plan.ends_on >= since,
            Indicator.id.in_(select(TargetChange.indicator_id).where(TargetChange.unit_id == unit_id)),
        )
        .order_by(Plan.code, Indicator.position, Indicator.id)
    ).all()
    changes = target_changes([indicator.id for _, indicator in rows], [unit_id])
    return [AimOfUnit(plan, indicator, tuple(changes[unit_id, indicator.id])) for plan, indicator in rows]


def last_changes(plan_id: int, indicator_id: int | None = None) -> dict[Pair, date]:
    """The day of the last change of each target that was changed during the plan.

    Of all its indicators, or of one. From that day on a target is what it is to be in the end; one that
    holds from the plan's first day is not in it.
    """
    query = (
        select(TargetChange.indicator_id, TargetChange.unit_id, func.max(TargetChange.from_on))
        .join(Indicator, Indicator.id == TargetChange.indicator_id)
        .join(Plan, Plan.id == Indicator.plan_id)
        .where(Plan.id == plan_id, TargetChange.from_on > Plan.starts_on)
        .group_by(TargetChange.indicator_id, TargetChange.unit_id)
    )
    if indicator_id is not None:
        query = query.where(Indicator.id == indicator_id)
    return {(indicator, unit): day for indicator, unit, day in db.session.execute(query)}
