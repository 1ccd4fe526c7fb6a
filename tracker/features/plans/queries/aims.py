"""What units are to reach, and who reports what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from sqlalchemy import BigInteger, ColumnElement, and_, or_, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from tracker.core.db import db
from tracker.domain.aims import AimState, in_force
from tracker.domain.numbers import PLACES
from tracker.domain.places import Places, line_on
from tracker.domain.progress import Aim
from tracker.features.org.queries import UnitRow
from tracker.features.places.queries import line_of
from tracker.features.plans.models import Assignment, Indicator, PlanReach, Target
from tracker.features.plans.queries.added_up import states_on_day
from tracker.features.plans.queries.facts import (
    PlanDays,
    assignments,
    counted_indicators,
    target_changes,
)

ONE = 10**PLACES


@dataclass(frozen=True)
class AimRow:
    """A unit's aim for an indicator, and how many units at or below report it."""

    aim: Aim
    reporters: int


# The integers that are kept, since an exact fraction of them costs less than one of a decimal.
_AIM = (
    Target.unit_id,
    Target.indicator_id,
    type_coerce(Target.target, BigInteger),
    type_coerce(Target.baseline, BigInteger),
    type_coerce(Target.below_target, BigInteger),
    type_coerce(Target.below_baseline, BigInteger),
    Target.reporters,
)


def aims_of(
    unit_ids: Collection[int], plan_id: int, *, as_of: date, indicator_id: int | None = None
) -> dict[tuple[int, int], AimRow]:
    """Aims on a day of the plan by (unit id, indicator id), of all its indicators or of one.

    In one statement, with one row at most for each.
    """
    query = select(*_AIM).where(
        Target.unit_id.in_(sorted(unit_ids)),
        Target.plan_id == plan_id,
        Target.from_on <= as_of,
        Target.until_on > as_of,
    )
    if indicator_id is not None:
        query = query.where(Target.indicator_id == indicator_id)
    rows = db.session.execute(query)
    found: dict[tuple[int, int], AimRow] = {}
    for unit_id, found_id, *state in rows:
        found[unit_id, found_id] = aim_row(AimState(*state))
    return found


def aim_row(state: AimState) -> AimRow:
    """A unit's aim, its own or the sum of those below."""
    if state.target is not None:
        below = state.below_target
        aim = Aim(
            Fraction(state.target, ONE),
            None if state.baseline is None else Fraction(state.baseline, ONE),
            below=Fraction(below, ONE) if below is not None and below != state.target else None,
        )
    elif state.below_target is not None:
        base = state.below_baseline
        aim = Aim(
            Fraction(state.below_target, ONE), None if base is None else Fraction(base, ONE), is_sum=True
        )
    else:
        aim = Aim()
    return AimRow(aim, state.reporters)


def known_aims(
    plan: PlanDays, places: Mapping[int, Places], *, as_of: date, until: datetime
) -> dict[tuple[int, int], AimRow]:
    """Aims on a day of the plan as far as they had been set by a moment, by (unit id, indicator id).

    Who reports what is as it is now: that has no history.
    """
    indicators = counted_indicators(plan.id)
    own = {
        key: found
        for key, set_ in target_changes(indicators, until=until).items()
        if (found := in_force(set_, as_of))
    }
    lines = {unit_id: line for unit_id, found in places.items() if (line := line_on(found, as_of))}
    asked = {
        (unit_id, indicator_id)
        for unit_id, indicator_id in assignments(indicators)
        if as_of in indicators[indicator_id].asked and plan.unit_id in lines.get(unit_id, ())
    }
    return {key: aim_row(state) for key, state in states_on_day(lines, asked, own, indicators).items()}


def asked_of(unit: UnitRow, plan: PlanDays, day: date) -> set[int]:
    """Ids of the indicators that the unit itself reports for a period ending on the day.

    None of them when the unit is no more on that day, or does not stand below the plan's unit.
    """
    if (unit.retired_on is not None and unit.retired_on <= day) or plan.unit_id not in line_of(unit, day):
        return set()
    return set(
        db.session.scalars(
            select(Assignment.indicator_id)
            .join(Indicator, Indicator.id == Assignment.indicator_id)
            .where(Assignment.unit_id == unit.id, Indicator.plan_id == plan.id, is_asked(day))
        )
    )


def is_asked(day: date | InstrumentedAttribute[date]) -> ColumnElement[bool]:
    """Whether an indicator is asked for in a period ending on the day, and listed for it as a data date."""
    return and_(
        or_(Indicator.from_on.is_(None), Indicator.from_on <= day),
        or_(Indicator.retired_on.is_(None), Indicator.retired_on > day),
    )


def reporting_units(indicator_id: int, unit_ids: Collection[int]) -> set[int]:
    """Which of the units report the indicator themselves."""
    return set(
        db.session.scalars(
            select(Assignment.unit_id).where(
                Assignment.indicator_id == indicator_id, Assignment.unit_id.in_(sorted(unit_ids))
            )
        )
    )


def reach_of(plan_id: int, unit_ids: Collection[int], *, as_of: date) -> dict[int, int]:
    """How many units at or below each unit report something of the plan on one of its days."""
    rows = db.session.execute(
        select(PlanReach.unit_id, PlanReach.reporters).where(
            PlanReach.plan_id == plan_id,
            PlanReach.unit_id.in_(sorted(unit_ids)),
            PlanReach.from_on <= as_of,
            PlanReach.until_on > as_of,
        )
    )
    return dict(rows.all())


def assignments_of(plan_id: int, unit_ids: Collection[int]) -> dict[int, set[int]]:
    """Ids of the indicators of a plan that each unit was given to report, on whatever day."""
    rows = db.session.execute(
        select(Assignment.unit_id, Assignment.indicator_id)
        .join(Indicator, Indicator.id == Assignment.indicator_id)
        .where(Indicator.plan_id == plan_id, Assignment.unit_id.in_(sorted(unit_ids)))
    )
    found: dict[int, set[int]] = {}
    for unit_id, indicator_id in rows:
        found.setdefault(unit_id, set()).add(indicator_id)
    return found


def units_assigned(plan_id: int) -> set[int]:
    """Ids of the units that report something of the plan themselves."""
    return set(
        db.session.scalars(
            select(Assignment.unit_id)
            .join(Indicator, Indicator.id == Assignment.indicator_id)
            .where(Indicator.plan_id == plan_id)
            .distinct()
        )
    )
