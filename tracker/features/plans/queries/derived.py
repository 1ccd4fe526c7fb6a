"""What is kept up the tree beside the targets, worked out anew from what it is derived from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import select

from tracker.core.db import db
from tracker.domain.progress import Aim, sum_aims
from tracker.features.org.models import OrgUnit
from tracker.features.plans.models import Assignment, Indicator, PlanReach, Target
from tracker.features.plans.queries.aims import aims_of
from tracker.features.plans.queries.plans import PlanRow

Line = tuple[int, ...]


def derived_differences(plan: PlanRow, lines: Mapping[int, Line], codes: Mapping[int, str]) -> list[str]:
    """One line for every count of reporters, reach or sum of targets that is not what it should be.

    ``lines`` holds each unit's ids from the root down, ``codes`` its code, both by unit id.
    """
    assigned = db.session.execute(
        select(Assignment.unit_id, Assignment.indicator_id)
        .join(Indicator, Indicator.id == Assignment.indicator_id)
        .where(Indicator.plan_id == plan.id)
    ).all()
    reporters: dict[tuple[int, int], int] = defaultdict(int)
    reach: dict[int, int] = defaultdict(int)
    for unit_id, indicator_id in assigned:
        for above in lines[unit_id]:
            reporters[above, indicator_id] += 1
    for unit_id in {unit_id for unit_id, _ in assigned}:
        for above in lines[unit_id]:
            reach[above] += 1
    kept_reach = dict(
        db.session.execute(
            select(PlanReach.unit_id, PlanReach.reporters).where(PlanReach.plan_id == plan.id)
        ).all()
    )
    found = [
        f"reach {plan.code} {codes[unit_id]}: "
        f"kept {kept_reach.get(unit_id, 0)}, from assignments {reach[unit_id]}"
        for unit_id in sorted({*kept_reach, *reach})
        if kept_reach.get(unit_id, 0) != reach[unit_id]
    ]
    return found + _target_differences(plan, reporters, codes)


def _target_differences(
    plan: PlanRow, reporters: Mapping[tuple[int, int], int], codes: Mapping[int, str]
) -> list[str]:
    rows = db.session.execute(
        select(Target, Indicator.code, Indicator.measure)
        .join(Indicator, Indicator.id == Target.indicator_id)
        .where(Indicator.plan_id == plan.id)
        .order_by(Target.unit_id, Target.indicator_id)
    ).all()
    aims = aims_of({row.unit_id for row, _, _ in rows}, plan.id)
    parents = dict(db.session.execute(select(OrgUnit.id, OrgUnit.parent_id)).all())
    below: dict[tuple[int, int], list[Aim]] = defaultdict(list)
    for (unit_id, indicator_id), aim in aims.items():
        parent = parents[unit_id]
        if parent is not None:
            below[parent, indicator_id].append(aim.aim)
    found = []
    for row, code, measure in rows:
        key = (row.unit_id, row.indicator_id)
        if row.reporters != reporters.get(key, 0):
            found.append(
                f"reporters {plan.code} {codes[row.unit_id]} {code}: "
                f"kept {row.reporters}, from assignments {reporters.get(key, 0)}"
            )
        total = sum_aims(below[key]).target if measure.is_additive else None
        if row.below_target != (None if total is None else Decimal(total.numerator) / total.denominator):
            where = f"{plan.code} {codes[row.unit_id]} {code}"
            found.append(f"targets below {where}: kept {row.below_target}, sum {total}")
    return found
