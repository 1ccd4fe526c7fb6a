"""Where units stood on a day, and which units stood below one.

Rights follow the present path alone: whoever asks through a scope sees a unit, its past included, where
the scope covers the unit's present place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from tracker.core.access import Scope, within
from tracker.core.db import db
from tracker.domain.places import Line, Place, Places, Stay, line_on, places_from
from tracker.domain.roles import Permission
from tracker.features.org.models import OrgUnit
from tracker.features.org.queries import UNIT_COLUMNS, UnitRow, unit_row
from tracker.features.places.models import UnitPlace


def places_of(unit_ids: Collection[int] | None = None) -> dict[int, Places]:
    """All places of the units, by id, in two statements; of every unit there is when none are named."""
    past_query = select(UnitPlace).order_by(UnitPlace.unit_id, UnitPlace.until_on)
    query = select(OrgUnit.id, OrgUnit.path, OrgUnit.placed_on, OrgUnit.retired_on)
    if unit_ids is not None:
        wanted = sorted(unit_ids)
        past_query = past_query.where(UnitPlace.unit_id.in_(wanted))
        query = query.where(OrgUnit.id.in_(wanted))
    past: dict[int, list[Place]] = defaultdict(list)
    for place in db.session.scalars(past_query):
        past[place.unit_id].append(Place(place.line, Stay(place.from_on, place.until_on)))
    return {
        unit_id: places_from(past[unit_id], Place(_line(path), Stay(placed_on)), retired_on)
        for unit_id, path, placed_on, retired_on in db.session.execute(query)
    }


def places_of_unit(unit: UnitRow) -> Places:
    """All places of one unit; without a statement when it was never moved."""
    if unit.placed_on is None:
        return places_from((), Place(unit.line), unit.retired_on)
    return places_of([unit.id])[unit.id]


def line_of(unit: UnitRow, day: date) -> Line:
    """The unit's line on a day, or the present one after it ceased to be."""
    if unit.placed_on is None or unit.placed_on <= day:
        return unit.line
    return line_on(places_of_unit(unit), day)


def units_ever_above(unit: UnitRow) -> Line:
    """Ids of the units in whose lines the unit ever stood, its own included, the present line first."""
    if unit.placed_on is None:
        return unit.line
    earlier = {above for place in places_of_unit(unit) for above in place.line} - set(unit.line)
    return unit.line + tuple(sorted(earlier))


def ancestors_on(scope: Scope, permission: Permission, unit: UnitRow, day: date) -> list[UnitRow]:
    """The units above on a day that are in scope, from the top."""
    line = line_of(unit, day)[:-1]
    rows = db.session.execute(
        select(*UNIT_COLUMNS).where(OrgUnit.id.in_(line), scope.clause(permission, OrgUnit.path))
    )
    found = {row[0]: unit_row(row) for row in rows}
    return [found[unit_id] for unit_id in line if unit_id in found]


def children_on(scope: Scope, permission: Permission, unit: UnitRow, day: date) -> list[UnitRow]:
    """The units right below on a day that are in scope, by code."""
    rows = db.session.execute(
        select(*UNIT_COLUMNS)
        .where(_is_below(unit.id, day), scope.clause(permission, OrgUnit.path))
        .order_by(OrgUnit.code)
    )
    return [unit_row(row) for row in rows]


def _is_below(unit_id: int, day: date) -> ColumnElement[bool]:
    was_below = select(UnitPlace.unit_id).where(
        UnitPlace.parent_id == unit_id,
        UnitPlace.until_on > day,
        or_(UnitPlace.from_on.is_(None), UnitPlace.from_on <= day),
    )
    return and_(
        or_(
            and_(OrgUnit.parent_id == unit_id, or_(OrgUnit.placed_on.is_(None), OrgUnit.placed_on <= day)),
            OrgUnit.id.in_(was_below),
        ),
        or_(OrgUnit.retired_on.is_(None), OrgUnit.retired_on > day),
    )


def children_ever(unit_ids: Collection[int]) -> set[int]:
    """Ids of all units that stand or ever stood right below one of these."""
    wanted = sorted(unit_ids)
    present = db.session.scalars(select(OrgUnit.id).where(OrgUnit.parent_id.in_(wanted)))
    past = db.session.scalars(select(UnitPlace.unit_id).where(UnitPlace.parent_id.in_(wanted)))
    return {*present, *past}


def subtree(path: str) -> list[UnitRow]:
    """The units at or below a path, retired ones included, from the top."""
    rows = db.session.execute(select(*UNIT_COLUMNS).where(within(OrgUnit.path, path)).order_by(OrgUnit.path))
    return [unit_row(row) for row in rows]


def latest_change(path: str) -> date | None:
    """The last day on which a unit that is below the path now, or was meanwhile, changed its place."""
    joined = db.session.scalar(
        select(OrgUnit.placed_on)
        .where(within(OrgUnit.path, path), OrgUnit.placed_on.is_not(None))
        .order_by(OrgUnit.placed_on.desc())
        .limit(1)
    )
    left = db.session.scalar(
        select(UnitPlace.until_on)
        .where(within(UnitPlace.path, path))
        .order_by(UnitPlace.until_on.desc())
        .limit(1)
    )
    return max((day for day in (joined, left) if day is not None), default=None)


def _line(path: str) -> Line:
    return tuple(int(part) for part in path.split("/") if part)


@dataclass(frozen=True)
class Former:
    """A unit's stay right below another that does not last from the plan's first day to the data date.

    ``unit`` is none when the unit stands where the reader may not see it.
    """

    unit_id: int
    unit: UnitRow | None
    stay: Stay


def passing_children(
    scope: Scope, permission: Permission, unit: UnitRow, *, since: date, day: date
) -> list[Former]:
    """Stays right below the unit between two days, of units that moved or ceased to be in between.

    In one statement; no row unless something below the unit has changed in that time.
    """
    moved = select(UnitPlace.unit_id).where(UnitPlace.parent_id == unit.id, UnitPlace.until_on > since)
    arrived = and_(OrgUnit.parent_id == unit.id, OrgUnit.placed_on > since)
    gone = and_(OrgUnit.parent_id == unit.id, OrgUnit.retired_on > since, OrgUnit.retired_on <= day)
    rows = db.session.execute(
        select(*UNIT_COLUMNS).where(or_(OrgUnit.id.in_(moved), arrived, gone)).order_by(OrgUnit.code)
    ).all()
    if not rows:
        return []
    units = {row[0]: unit_row(row) for row in rows}
    found = []
    for unit_id, places in places_of(units).items():
        seen = scope.allows(permission, units[unit_id].path)
        found += [
            Former(unit_id, units[unit_id] if seen else None, stay) for stay in _stays_below(places, unit.id)
        ]
    return [
        one
        for one in found
        if (one.stay.from_on is None or one.stay.from_on <= day)
        and (one.stay.until_on is None or one.stay.until_on > since)
    ]


def _stays_below(places: Places, parent_id: int) -> list[Stay]:
    """When the unit stood right below the parent; stays that touch are one."""
    found: list[Stay] = []
    for place in places:
        if len(place.line) < 2 or place.line[-2] != parent_id:
            continue
        if found and found[-1].until_on == place.stay.from_on:
            found[-1] = Stay(found[-1].from_on, place.stay.until_on)
        else:
            found.append(place.stay)
    return found
