"""An indicator that takes another one's place."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from tracker.core.audit import Actor
from tracker.core.db import db
from tracker.features.org.queries import UnitRow
from tracker.features.places.queries import units_by_id, units_ever_above
from tracker.features.plans.models import (
    Assignment,
    Indicator,
    IndicatorReplacement,
    Initiative,
    Plan,
    TargetChange,
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
    assign_indicator(plan, indicator, list(_reporters(old).values()), actor=actor)
    follow_days(plan, old)
    return indicator


def take_back_succession(indicator: Indicator) -> Indicator | None:
    """Have the indicator that this one replaced be asked for again; none where it replaced none.

    The caller deletes the successor, and then has what is derived follow with :func:`follow_days`.
    """
    row = db.session.get(IndicatorReplacement, indicator.id)
    if row is None:
        return None
    old = db.session.get_one(Indicator, row.predecessor_id)
    old.retired_on = None
    db.session.delete(row)
    db.session.flush()
    return old


def follow_days(plan: Plan, indicator: Indicator) -> None:
    """Write anew what is derived from the days on which the indicator is asked for.

    Beside those who report it, units with a target of it: both are listed by these days.
    """
    aimed = db.session.scalars(
        select(TargetChange.unit_id).where(TargetChange.indicator_id == indicator.id).distinct()
    )
    units = _reporters(indicator) | units_by_id(list(aimed))
    above = {unit_id for unit in units.values() for unit_id in units_ever_above(unit)}
    refresh_derived(plan, above, [indicator.id])


def _reporters(indicator: Indicator) -> dict[int, UnitRow]:
    return units_by_id(
        list(db.session.scalars(select(Assignment.unit_id).where(Assignment.indicator_id == indicator.id)))
    )
