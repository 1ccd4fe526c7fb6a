"""A whole plan at once, as its workbook shows it, in a number of statements that does not grow with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from tracker.core.db import db
from tracker.features.org.queries import UnitRow
from tracker.features.plans.models import (
    FOREVER,
    Assignment,
    Category,
    CurvePoint,
    Indicator,
    Initiative,
    Pillar,
    Plan,
    Target,
    initiative_support,
)
from tracker.features.plans.queries.figures import Pair
from tracker.features.plans.queries.managed import OutlinePillar, outline_of
from tracker.features.plans.queries.set_aims import last_changes
from tracker.features.plans.queries.units import TreeUnit, tree_of, units_of_ids

OwnAim = tuple[Decimal, Decimal | None]
"""(target, baseline) that a unit has of its own."""


@dataclass(frozen=True)
class WholePlan:
    """Everything in a plan: by initiative id, by indicator id, or by (indicator id, unit id).

    ``tree`` is that of its last day, with those who are no more by then. ``aims`` are as last set; those in
    ``changed_on`` hold from that day, all others from the plan's first.
    """

    outline: tuple[OutlinePillar, ...]
    tree: tuple[TreeUnit, ...]
    units: Mapping[int, UnitRow]
    supporting: Mapping[int, tuple[int, ...]]
    categories: Mapping[int, tuple[Category, ...]]
    curves: Mapping[int, Mapping[date, Decimal]]
    aims: Mapping[Pair, OwnAim]
    changed_on: Mapping[Pair, date]
    reports: frozenset[Pair]

    @property
    def indicators(self) -> list[Indicator]:
        """The indicators in the order of the outline."""
        return [
            row.indicator for pillar in self.outline for step in pillar.initiatives for row in step.indicators
        ]


def whole_plan(plan: Plan, top: UnitRow) -> WholePlan:
    """Everything in the plan of this unit; ``units`` holds those below it and all that are named in it."""
    outline, tree = tuple(outline_of(plan)), tuple(tree_of(top, on=plan.ends_on))
    units = {place.unit.id: place.unit for place in tree}
    supporting: dict[int, list[int]] = defaultdict(list)
    for initiative_id, unit_id in db.session.execute(
        select(initiative_support.c.initiative_id, initiative_support.c.unit_id)
        .join(Initiative, Initiative.id == initiative_support.c.initiative_id)
        .join(Pillar, Pillar.id == Initiative.pillar_id)
        .where(Pillar.plan_id == plan.id)
        .order_by(initiative_support.c.initiative_id, initiative_support.c.unit_id)
    ):
        supporting[initiative_id].append(unit_id)
    leads = {step.initiative.lead_unit_id for pillar in outline for step in pillar.initiatives} - {None}
    aims, reports = _aims(plan.id), _reports(plan.id)
    named = {*leads, *(one for ids in supporting.values() for one in ids), *(unit for _, unit in aims)}
    named |= {unit for _, unit in reports}
    elsewhere = [unit_id for unit_id in named if unit_id is not None and unit_id not in units]
    units |= {unit.id: unit for unit in units_of_ids(elsewhere)} if elsewhere else {}
    return WholePlan(
        outline,
        tree,
        units,
        {initiative_id: tuple(ids) for initiative_id, ids in supporting.items()},
        _categories(plan.id),
        _curves(plan.id),
        aims,
        last_changes(plan.id),
        reports,
    )


def _categories(plan_id: int) -> dict[int, tuple[Category, ...]]:
    found: dict[int, list[Category]] = defaultdict(list)
    for category in db.session.scalars(
        select(Category)
        .join(Indicator, Indicator.id == Category.indicator_id)
        .where(Indicator.plan_id == plan_id)
        .order_by(Category.indicator_id, Category.position)
    ):
        found[category.indicator_id].append(category)
    return {indicator_id: tuple(rows) for indicator_id, rows in found.items()}


def _curves(plan_id: int) -> dict[int, dict[date, Decimal]]:
    found: dict[int, dict[date, Decimal]] = defaultdict(dict)
    for indicator_id, day, share in db.session.execute(
        select(CurvePoint.indicator_id, CurvePoint.day, CurvePoint.share)
        .join(Indicator, Indicator.id == CurvePoint.indicator_id)
        .where(Indicator.plan_id == plan_id)
        .order_by(CurvePoint.indicator_id, CurvePoint.day)
    ):
        found[indicator_id][day] = share
    return dict(found)


def _aims(plan_id: int) -> dict[Pair, OwnAim]:
    rows = db.session.execute(
        select(Target.indicator_id, Target.unit_id, Target.target, Target.baseline).where(
            Target.plan_id == plan_id, Target.until_on == FOREVER, Target.target.is_not(None)
        )
    )
    return {
        (indicator, unit): (target, baseline)
        for indicator, unit, target, baseline in rows
        if target is not None
    }


def _reports(plan_id: int) -> frozenset[Pair]:
    rows = db.session.execute(
        select(Assignment.indicator_id, Assignment.unit_id)
        .join(Indicator, Indicator.id == Assignment.indicator_id)
        .where(Indicator.plan_id == plan_id)
    )
    return frozenset((indicator, unit) for indicator, unit in rows)


def joined(names: Sequence[str | None]) -> str:
    """Names of categories in one cell, parted by what does not stand in names as the comma of lists does."""
    return "；".join(name or "" for name in names)
