"""Reading the dated facts of units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from tracker.core.db import db
from tracker.domain.errors import N_, NotFoundError
from tracker.domain.numbers import plain
from tracker.domain.units import FactKind
from tracker.features.org.models import UnitFact
from tracker.features.org.queries.units import UnitRow

_BATCH = 5000
"""Databases bound how many values one statement can carry."""


@dataclass(frozen=True)
class FactRow:
    """A fact of a unit: ``value`` holds from ``from_on`` until a later one of its kind."""

    unit_id: int
    kind: FactKind
    from_on: date
    value: Decimal

    @property
    def seen(self) -> str:
        """What a form has shown of the fact, by which a later change is noticed."""
        return f"{self.from_on} {plain(self.value)}"


def facts_on(unit_ids: Sequence[int], day: date) -> dict[int, dict[FactKind, FactRow]]:
    """The facts in force on a day, by unit and kind; a unit without any is left out."""
    found: dict[int, dict[FactKind, FactRow]] = defaultdict(dict)
    for fact in facts_of(unit_ids):
        if fact.from_on <= day:
            # They come oldest first, so that the latest stays.
            found[fact.unit_id][fact.kind] = fact
    return dict(found)


def facts_of(unit_ids: Sequence[int]) -> list[FactRow]:
    """All facts of these units, by unit, kind and day."""
    found: list[FactRow] = []
    for start in range(0, len(unit_ids), _BATCH):
        rows = db.session.execute(
            select(UnitFact.unit_id, UnitFact.kind, UnitFact.from_on, UnitFact.value)
            .where(UnitFact.unit_id.in_(unit_ids[start : start + _BATCH]))
            .order_by(UnitFact.unit_id, UnitFact.kind, UnitFact.from_on)
        )
        found += [FactRow(*row) for row in rows]
    return found


def get_fact(unit: UnitRow, kind: str, day: date) -> FactRow:
    """The fact of this kind that begins on this day. Raises :class:`NotFoundError` when there is none."""
    found = next((fact for fact in facts_of([unit.id]) if (fact.kind, fact.from_on) == (kind, day)), None)
    if found is None:
        raise NotFoundError(N_("This figure is not there any more."))
    return found


def in_force(facts: Iterable[FactRow], day: date) -> Mapping[FactKind, FactRow]:
    """Of one unit's facts, those in force on a day."""
    return {fact.kind: fact for fact in sorted(facts, key=lambda one: one.from_on) if fact.from_on <= day}
