"""The units that have to do with a plan: those at and below its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import literal, or_, select

from tracker.core.access import within
from tracker.core.db import db
from tracker.domain.places import Line, line_on, settled
from tracker.features.org.models import OrgUnit, UnitPlace
from tracker.features.org.queries import UNIT_COLUMNS, UnitRow, unit_row
from tracker.features.places.queries import places_of
from tracker.features.plans.models import Assignment, Indicator, Plan, Target


@dataclass(frozen=True)
class TreeUnit:
    """A unit in its place below a plan's unit, whose own depth is 0.

    ``is_over``: on the day that was asked for, if any was, the unit is no more.
    """

    unit: UnitRow
    parent_id: int | None
    depth: int
    is_over: bool = False


def units_of_ids(unit_ids: Collection[int]) -> list[UnitRow]:
    """The units of these ids, by code."""
    rows = db.session.execute(
        select(*UNIT_COLUMNS).where(OrgUnit.id.in_(sorted(unit_ids))).order_by(OrgUnit.code)
    )
    return [unit_row(row) for row in rows]


def tree_of(top: UnitRow, *, on: date | None = None) -> list[TreeUnit]:
    """The unit and everything below it, each before those below it, side by side by code.

    As the tree is now or, with ``on``, as it stands on that day; units that are no more by then are
    where they stood last.
    """
    wanted = within(OrgUnit.path, top.path)
    if on is not None:
        left = (literal("/") + UnitPlace.path).like(f"%/{top.id}/%")
        wanted = or_(wanted, OrgUnit.id.in_(select(UnitPlace.unit_id).where(UnitPlace.until_on > on, left)))
    units = [
        unit_row(row)
        for row in db.session.execute(select(*UNIT_COLUMNS).where(wanted).order_by(OrgUnit.code))
    ]
    lines = _lines(units, on)
    below: dict[int, list[UnitRow]] = defaultdict(list)
    for unit in units:
        if unit.id != top.id and len(lines[unit.id]) > 1:
            below[lines[unit.id][-2]].append(unit)
    found: list[TreeUnit] = []
    waiting = [TreeUnit(top, None, 0)]
    while waiting:
        place = waiting.pop()
        found.append(place)
        waiting += [
            TreeUnit(unit, place.unit.id, place.depth + 1, on is not None and unit.is_retired_on(on))
            for unit in reversed(below[place.unit.id])
        ]
    return found


def _lines(units: Collection[UnitRow], on: date | None) -> dict[int, Line]:
    """The lines in which the units stand on a day, or stood last; only who was moved since is asked for."""
    lines = {unit.id: unit.line for unit in units}
    moved = [unit for unit in units if on is not None and unit.placed_on is not None and unit.placed_on > on]
    if on is None or not moved:
        return lines
    places = places_of([unit.id for unit in moved])
    lines |= {unit_id: settled(found, on)[-1].line for unit_id, found in places.items()}
    return lines


def units_left(plan: Plan) -> set[int]:
    """Ids of the units with a task or a target in the plan that are out of it on its last day.

    They were retired by then, or stand below another unit than the plan's.
    """
    moved = OrgUnit.id.in_(select(UnitPlace.unit_id))
    concerned = or_(
        OrgUnit.id.in_(
            select(Assignment.unit_id)
            .join(Indicator, Indicator.id == Assignment.indicator_id)
            .where(Indicator.plan_id == plan.id)
        ),
        OrgUnit.id.in_(select(Target.unit_id).where(Target.plan_id == plan.id, Target.target.is_not(None))),
    )
    changed = or_(moved, OrgUnit.retired_on <= plan.ends_on)
    ids = db.session.scalars(select(OrgUnit.id).where(concerned, changed)).all()
    places = places_of(ids) if ids else {}
    return {unit_id for unit_id, found in places.items() if plan.unit_id not in line_on(found, plan.ends_on)}
