"""What units are to reach, and who reports what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import BigInteger, select, type_coerce

from tracker.core.db import db
from tracker.domain.numbers import PLACES
from tracker.domain.progress import Aim
from tracker.features.plans.models import Assignment, Indicator, PlanReach, Target

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
    unit_ids: Collection[int], plan_id: int, *, indicator_id: int | None = None
) -> dict[tuple[int, int], AimRow]:
    """Aims by (unit id, indicator id) of a plan or of one of its indicators, in one statement."""
    query = select(*_AIM).where(Target.unit_id.in_(sorted(unit_ids)))
    if indicator_id is None:
        query = query.join(Indicator, Indicator.id == Target.indicator_id).where(Indicator.plan_id == plan_id)
    else:
        query = query.where(Target.indicator_id == indicator_id)
    rows = db.session.execute(query)
    found: dict[tuple[int, int], AimRow] = {}
    for unit_id, found_id, target, baseline, below, below_baseline, reporters in rows:
        if target is not None:
            aim = Aim(
                Fraction(target, ONE),
                None if baseline is None else Fraction(baseline, ONE),
                below=Fraction(below, ONE) if below is not None and below != target else None,
            )
        elif below is not None:
            aim = Aim(
                Fraction(below, ONE),
                None if below_baseline is None else Fraction(below_baseline, ONE),
                is_sum=True,
            )
        else:
            aim = Aim()
        found[unit_id, found_id] = AimRow(aim, reporters)
    return found


def assigned_to(unit_id: int, plan_id: int) -> set[int]:
    """Ids of the indicators that the unit itself reports."""
    return set(
        db.session.scalars(
            select(Assignment.indicator_id)
            .join(Indicator, Indicator.id == Assignment.indicator_id)
            .where(Assignment.unit_id == unit_id, Indicator.plan_id == plan_id)
        )
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


def reach_of(plan_id: int, unit_ids: Collection[int]) -> dict[int, int]:
    """How many units at or below each unit report something of the plan."""
    rows = db.session.execute(
        select(PlanReach.unit_id, PlanReach.reporters).where(
            PlanReach.plan_id == plan_id, PlanReach.unit_id.in_(sorted(unit_ids))
        )
    )
    return dict(rows.all())
