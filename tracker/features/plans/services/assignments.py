"""Who reports what."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from tracker.core.audit import Actor, record
from tracker.core.db import db
from tracker.features.org.queries import UnitRow
from tracker.features.places.queries import units_ever_above
from tracker.features.plans.models import Assignment, Indicator, Plan
from tracker.features.plans.services.derived import refresh_derived


def assign_indicator(plan: Plan, indicator: Indicator, units: Sequence[UnitRow], *, actor: Actor) -> None:
    """Have the units report the indicator, and count them at every unit above."""
    known = set(db.session.scalars(select(Assignment.unit_id).where(Assignment.indicator_id == indicator.id)))
    fresh = [unit for unit in units if unit.id not in known]
    db.session.add_all(Assignment(indicator_id=indicator.id, unit_id=unit.id) for unit in fresh)
    db.session.flush()
    if fresh:
        above = {unit_id for unit in fresh for unit_id in units_ever_above(unit)}
        refresh_derived(plan, above, [indicator.id])
    record(
        "indicator.assign",
        actor=actor,
        subject=f"indicator {plan.code}/{indicator.code}",
        changes={"units": (None, " ".join(unit.code for unit in units))},
    )
