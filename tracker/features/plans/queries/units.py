"""The units that have to do with a plan: those at and below its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from tracker.core.access import within
from tracker.core.db import db
from tracker.features.org.models import OrgUnit
from tracker.features.org.queries import UNIT_COLUMNS, UnitRow, unit_row


@dataclass(frozen=True)
class TreeUnit:
    """A unit in its place below a plan's unit, whose own depth is 0."""

    unit: UnitRow
    parent_id: int | None
    depth: int


def units_of_ids(unit_ids: Collection[int]) -> list[UnitRow]:
    """The units of these ids, by code."""
    rows = db.session.execute(
        select(*UNIT_COLUMNS).where(OrgUnit.id.in_(sorted(unit_ids))).order_by(OrgUnit.code)
    )
    return [unit_row(row) for row in rows]


def tree_of(top: UnitRow) -> list[TreeUnit]:
    """The unit and everything below it, each before those below it, side by side by code."""
    rows = db.session.execute(
        select(*UNIT_COLUMNS).where(within(OrgUnit.path, top.path)).order_by(OrgUnit.code)
    ).all()
    below: dict[int, list[UnitRow]] = defaultdict(list)
    for unit in map(unit_row, rows):
        if unit.id != top.id:
            below[unit.line[-2]].append(unit)
    found: list[TreeUnit] = []
    waiting = [TreeUnit(top, None, 0)]
    while waiting:
        place = waiting.pop()
        found.append(place)
        waiting += [TreeUnit(unit, place.unit.id, place.depth + 1) for unit in reversed(below[place.unit.id])]
    return found
