"""An indicator's targets, unit by unit, and who reports it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from tracker.core.db import db
from tracker.domain.splits import sums_below
from tracker.features.org.queries import UnitRow
from tracker.features.plans.models import FOREVER, Assignment, Indicator, Plan, Target
from tracker.features.plans.queries.set_aims import last_changes
from tracker.features.plans.queries.stamps import stamp_values
from tracker.features.plans.queries.units import TreeUnit, tree_of


@dataclass(frozen=True)
class SplitRow:
    """A unit's own target and baseline as last set, if any, and whether it reports the indicator itself.

    They hold from ``changed_on``; none: from the plan's first day. ``is_over``: the unit is retired before
    the plan ends, so that in the end nobody is asked for them and they are added up no more.
    """

    place: TreeUnit
    target: Decimal | None
    baseline: Decimal | None
    reports: bool
    changed_on: date | None = None

    @property
    def is_over(self) -> bool:
        return self.place.is_over


@dataclass(frozen=True)
class Split:
    """An indicator's targets at all units that have to do with it, from the plan's unit down."""

    indicator: Indicator
    rows: tuple[SplitRow, ...]

    @property
    def stamp(self) -> str:
        """The mark of what is shown."""
        return stamp_values(*((row.place.unit.id, row.target, row.baseline) for row in self.rows))

    def sums(self, own: dict[int, Decimal] | None = None) -> dict[int, Decimal]:
        """What those below each unit are to reach together, with other own targets if some are given.

        Empty where targets cannot be added up. Who is no more at the plan's end adds to nobody.
        """
        if not self.indicator.measure.is_additive:
            return {}
        if own is None:
            own = {row.place.unit.id: row.target for row in self.rows if row.target is not None}
        return sums_below(
            [row.place.unit.id for row in self.rows if not row.is_over],
            {row.place.unit.id: row.place.parent_id for row in self.rows},
            own,
        )


def split_of(indicator: Indicator, top: UnitRow) -> Split:
    """The targets of an indicator at the plan's unit and at each unit below that reports or aims at it."""
    targets = {
        row.unit_id: row
        for row in db.session.execute(
            select(Target.unit_id, Target.target, Target.baseline, Target.reporters).where(
                Target.indicator_id == indicator.id, Target.until_on == FOREVER
            )
        )
    }
    reporting = assigned_units(indicator)
    changed = last_changes(indicator.plan_id, indicator.id)
    concerned: set[int] = {top.id}
    ends_on = db.session.scalars(select(Plan.ends_on).where(Plan.id == indicator.plan_id)).one()
    tree = tree_of(top, on=ends_on)
    above = {place.unit.id: place.parent_id for place in tree}
    for place in tree:
        row = targets.get(place.unit.id)
        if row is not None and (row.reporters or row.target is not None):
            unit_id: int | None = place.unit.id
            while unit_id is not None and unit_id not in concerned:
                concerned.add(unit_id)
                unit_id = above[unit_id]
    rows = []
    for place in tree:
        if place.unit.id in concerned:
            row = targets.get(place.unit.id)
            rows.append(
                SplitRow(
                    place,
                    row.target if row else None,
                    row.baseline if row else None,
                    place.unit.id in reporting and not place.is_over,
                    changed.get((indicator.id, place.unit.id)),
                )
            )
    return Split(indicator, tuple(rows))


def assigned_units(indicator: Indicator) -> set[int]:
    """Ids of the units that report the indicator themselves."""
    return set(db.session.scalars(select(Assignment.unit_id).where(Assignment.indicator_id == indicator.id)))
