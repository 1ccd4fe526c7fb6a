"""Changing where units stand, with what they stood in before kept."""

from __future__ import annotations

from datetime import date
from typing import cast

from sqlalchemy import Table, bindparam, delete, insert, select, update

from tracker.core.db import db
from tracker.features.org.models import OrgUnit, UnitPlace
from tracker.features.org.queries import UnitRow
from tracker.features.places.models import UnitMerger
from tracker.features.places.queries import subtree

_UNIT = cast(Table, OrgUnit.__table__)
_PLACE = cast(Table, UnitPlace.__table__)


def relocate_unit(unit: UnitRow, parent: UnitRow, day: date) -> None:
    """Have the unit, with everything below it, stand below ``parent`` from the day on.

    The caller has made sure that nothing of it changed its place after that day. A change on the very
    day of the last one replaces it, and going back on that day undoes it. The caller refreshes what is
    derived, and keeps the record.
    """
    rows = subtree(unit.path)
    above = len(unit.path) - len(f"{unit.id}/")
    last = {
        place.unit_id: place
        for place in db.session.scalars(
            select(UnitPlace).where(
                UnitPlace.unit_id.in_([row.id for row in rows]), UnitPlace.until_on == day
            )
        )
    }
    left, undone, placed = [], [], []
    for row in rows:
        path = parent.path + row.path[above:]
        before = last.get(row.id)
        placed_on: date | None = day
        if before is None:
            left.append(
                {
                    "unit_id": row.id,
                    "until_on": day,
                    "from_on": row.placed_on,
                    "parent_id": row.line[-2],
                    "path": row.path,
                }
            )
        elif before.path == path:
            undone.append(row.id)
            placed_on = before.from_on
        placed.append({"of": row.id, "to": path, "since": placed_on})
    if undone:
        db.session.execute(delete(UnitPlace).where(UnitPlace.unit_id.in_(undone), UnitPlace.until_on == day))
    connection = db.session.connection()
    if left:
        connection.execute(insert(_PLACE), left)
    connection.execute(
        update(_UNIT)
        .where(_UNIT.c.id == bindparam("of"))
        .values(path=bindparam("to"), placed_on=bindparam("since")),
        placed,
    )
    connection.execute(update(_UNIT).where(_UNIT.c.id == unit.id).values(parent_id=parent.id))


def end_units(unit_ids: list[int], day: date | None) -> None:
    """Have the units be no more from the day on; without a day they go on. The caller keeps the record."""
    db.session.connection().execute(update(_UNIT).where(_UNIT.c.id.in_(unit_ids)).values(retired_on=day))


def note_merger(unit: UnitRow, successor: UnitRow, day: date) -> None:
    """Keep which unit goes on for one that ends. The caller keeps the record."""
    db.session.add(UnitMerger(unit_id=unit.id, successor_id=successor.id, merged_on=day))
    db.session.flush()
