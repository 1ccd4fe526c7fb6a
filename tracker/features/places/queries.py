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
from tracker.domain.places import Line, Place, Places, Stay, line_on, places_from, stays_right_below
from tracker.domain.roles import Permission
from tracker.features.org.models import OrgUnit, UnitPlace
from tracker.features.org.queries import UNIT_COLUMNS, Merged, Mergers, UnitRow, unit_row
from tracker.features.places.models import UnitMerger


@dataclass(frozen=True)
class Merger:
    """The unit that another one was merged into, and from which day on it goes on for it."""

    successor: UnitRow
    merged_on: date


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


def units_by_id(unit_ids: Collection[int]) -> dict[int, UnitRow]:
    """The units of these ids, wherever they stand."""
    rows = db.session.execute(select(*UNIT_COLUMNS).where(OrgUnit.id.in_(sorted(unit_ids))))
    return {row[0]: unit_row(row) for row in rows}


def children_right_below(unit: UnitRow) -> list[UnitRow]:
    """The units that stand right below now, retired ones included, by code."""
    rows = db.session.execute(
        select(*UNIT_COLUMNS).where(OrgUnit.parent_id == unit.id).order_by(OrgUnit.code)
    )
    return [unit_row(row) for row in rows]


def merger_of(unit_id: int) -> Merger | None:
    """The unit that this one was merged into, and since when."""
    row = db.session.execute(
        select(UnitMerger.merged_on, *UNIT_COLUMNS)
        .join(OrgUnit, OrgUnit.id == UnitMerger.successor_id)
        .where(UnitMerger.unit_id == unit_id)
    ).first()
    return None if row is None else Merger(UnitRow(*row[1:]), row[0])


def mergers_of_unit(unit: UnitRow) -> Mergers:
    """What the unit was merged into, and what was merged into it in the order of days."""
    rows = db.session.execute(
        select(UnitMerger.unit_id, UnitMerger.successor_id, UnitMerger.merged_on)
        .where(or_(UnitMerger.unit_id == unit.id, UnitMerger.successor_id == unit.id))
        .order_by(UnitMerger.merged_on, UnitMerger.unit_id)
    ).all()
    units = units_by_id({row.unit_id for row in rows} | {row.successor_id for row in rows}) if rows else {}

    def merged(other_id: int, ended: int, day: date) -> Merged:
        return Merged(units[other_id], day, tuple(_left_on(ended, day)))

    into = [merged(row.successor_id, unit.id, row.merged_on) for row in rows if row.unit_id == unit.id]
    taken = [merged(row.unit_id, row.unit_id, row.merged_on) for row in rows if row.successor_id == unit.id]
    return Mergers(into[0] if into else None, tuple(taken))


def _left_on(unit_id: int, day: date) -> list[UnitRow]:
    """The units that stood right below another until a day, by code."""
    rows = db.session.execute(
        select(*UNIT_COLUMNS)
        .join(UnitPlace, UnitPlace.unit_id == OrgUnit.id)
        .where(UnitPlace.parent_id == unit_id, UnitPlace.until_on == day)
        .order_by(OrgUnit.code)
    )
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
    """A stay right below another unit that does not last from the plan's first day to the data date.

    ``unit`` is none when the unit stands where the reader may not see it; then a stay that lasts is
    told as well, since the reader finds the unit in no list.
    """

    unit_id: int
    unit: UnitRow | None
    stay: Stay


def passing_children(
    scope: Scope, permission: Permission, unit: UnitRow, *, since: date, day: date
) -> list[Former]:
    """Units that moved or ceased to be since a day, with when they stood right below the unit.

    In one statement; another one follows only when something there has changed.
    """
    moved = select(UnitPlace.unit_id).where(UnitPlace.parent_id == unit.id, UnitPlace.until_on > since)
    arrived = and_(OrgUnit.parent_id == unit.id, OrgUnit.placed_on > since)
    gone = and_(OrgUnit.parent_id == unit.id, OrgUnit.retired_on > since, OrgUnit.retired_on <= day)
    rows = db.session.execute(
        select(*UNIT_COLUMNS).where(or_(OrgUnit.id.in_(moved), arrived, gone)).order_by(OrgUnit.code)
    ).all()
    if not rows:
        return []
    units = [unit_row(row) for row in rows]
    places = places_of([one.id for one in units])
    return [
        Former(one.id, one if scope.allows(permission, one.path) else None, stay)
        for one in units
        for stay in stays_right_below(places[one.id], unit.id)
        if _tells(stay, since, day, hidden=not scope.allows(permission, one.path))
    ]


def _tells(stay: Stay, since: date, day: date, *, hidden: bool) -> bool:
    began = stay.from_on is None or stay.from_on <= day
    lasted = stay.until_on is None or stay.until_on > since
    throughout = (stay.from_on is None or stay.from_on <= since) and day in stay
    return began and lasted and (hidden or not throughout)
