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
    indicators = {
        row.id: row
        for row in db.session.execute(
            select(Indicator.id, Indicator.code, Indicator.measure).where(Indicator.plan_id == plan.id)
        )
    }
    kept = {
        (row.unit_id, row.indicator_id): row
        for row in db.session.scalars(select(Target).where(Target.indicator_id.in_(indicators)))
    }
    aims = aims_of({unit_id for unit_id, _ in kept}, plan.id)
    parents = dict(db.session.execute(select(OrgUnit.id, OrgUnit.parent_id)).all())
    below: dict[tuple[int, int], list[Aim]] = defaultdict(list)
    for (unit_id, indicator_id), aim in aims.items():
        parent = parents[unit_id]
        if parent is not None and aim.aim.target is not None and indicators[indicator_id].measure.is_additive:
            below[parent, indicator_id].append(aim.aim)
    found = []
    for key in sorted({*kept, *reporters, *below}):
        row, total = kept.get(key), sum_aims(below[key])
        where = f"{plan.code} {codes[key[0]]} {indicators[key[1]].code}"
        counted = row.reporters if row else 0
        if counted != reporters.get(key, 0):
            found.append(f"reporters {where}: kept {counted}, from assignments {reporters.get(key, 0)}")
        sums = (row.below_target, row.below_baseline) if row else (None, None)
        wanted = tuple(
            None if sum_ is None else Decimal(sum_.numerator) / sum_.denominator
            for sum_ in (total.target, total.baseline)
        )
        if sums != wanted:
            found.append(f"targets below {where}: kept {sums}, sums {wanted}")
    return found
