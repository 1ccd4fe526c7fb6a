"""An indicator that takes another one's place."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from tracker.core.audit import Actor
from tracker.core.db import db
from tracker.features.places.queries import units_by_id, units_ever_above
from tracker.features.plans.models import (
    Assignment,
    Indicator,
    IndicatorReplacement,
    Initiative,
    Plan,
)
from tracker.features.plans.services.assignments import assign_indicator
from tracker.features.plans.services.derived import refresh_derived
from tracker.features.plans.services.indicators import IndicatorDraft, add_indicator


def begin_successor(
    plan: Plan, old: Indicator, draft: IndicatorDraft, *, day: date, actor: Actor
) -> Indicator:
    """Begin a new indicator and end the old one on the day; the same units report it.

    The caller has made sure that nothing has been entered for the old one in later periods.
    """
    initiative = db.session.scalars(select(Initiative).where(Initiative.id == old.initiative_id)).one()
    indicator = add_indicator(plan, initiative, draft, actor=actor)
    indicator.position, indicator.from_on, old.retired_on = old.position, day, day
    db.session.add(IndicatorReplacement(indicator_id=indicator.id, predecessor_id=old.id, from_on=day))
    db.session.flush()
    reporters = units_by_id(
        list(db.session.scalars(select(Assignment.unit_id).where(Assignment.indicator_id == old.id)))
    )
    assign_indicator(plan, indicator, list(reporters.values()), actor=actor)
    above = {unit_id for unit in reporters.values() for unit_id in units_ever_above(unit)}
    refresh_derived(plan, above, [old.id])
    return indicator
