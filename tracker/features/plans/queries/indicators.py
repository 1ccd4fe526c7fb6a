"""The indicators of a plan, with everything that a position and a cell need."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select

from tracker.core.db import db
from tracker.domain.measures import Direction, Measure, Origin, ReportedAs
from tracker.domain.schedule import Schedule
from tracker.features.org.models import OrgUnit
from tracker.features.plans.models import Category, CurvePoint, Indicator, Initiative, Pillar
from tracker.features.plans.queries.aims import is_asked
from tracker.features.plans.queries.plans import PlanRow


@dataclass(frozen=True)
class Name:
    """A name in both languages."""

    name: str
    name_en: str | None


@dataclass(frozen=True)
class InitiativeRow:
    """An initiative with its lead unit's name."""

    id: int
    name: str
    name_en: str | None
    lead_unit: Name | None
    accountable: str | None
    due_on: date | None


@dataclass(frozen=True)
class CategoryRow:
    """A division of an indicator."""

    id: int
    name: str
    name_en: str | None


@dataclass(frozen=True)
class IndicatorRow:
    """An indicator with everything that its position and its cell need."""

    id: int
    code: str
    number: str | None
    name: str
    name_en: str | None
    definition: str
    definition_en: str | None
    guide: str | None
    guide_en: str | None
    measure: Measure
    direction: Direction
    schedule: Schedule
    unit_of_measure: str
    unit_of_measure_en: str | None
    decimals: int
    reported_as: ReportedAs
    may_be_negative: bool
    may_exceed: bool
    origin: Origin | None
    due_on: date
    pillar: Name
    initiative: InitiativeRow
    categories: tuple[CategoryRow, ...]
    curve: tuple[tuple[date, Fraction], ...]
    from_on: date | None = None
    retired_on: date | None = None
    needs_evidence: bool = False

    @property
    def is_illustrative(self) -> bool:
        """Whether a sample's figures were made up for this indicator."""
        return self.origin is Origin.ILLUSTRATIVE


def indicators_of(plan: PlanRow, *, as_of: date | None = None) -> list[IndicatorRow]:
    """The plan's indicators, or those of one of its days, in the order of pillars and initiatives."""
    rows = db.session.execute(
        select(
            Indicator,
            Pillar.name,
            Pillar.name_en,
            Initiative,
            OrgUnit.name,
            OrgUnit.name_en,
        )
        .join(Initiative, Initiative.id == Indicator.initiative_id)
        .join(Pillar, Pillar.id == Initiative.pillar_id)
        .outerjoin(OrgUnit, OrgUnit.id == Initiative.lead_unit_id)
        .where(Indicator.plan_id == plan.id, *([] if as_of is None else [is_asked(as_of)]))
        .order_by(Pillar.position, Initiative.position, Indicator.position, Indicator.id)
    ).all()
    categories = _categories(plan.id)
    curves = _curves(plan.id)
    return [
        IndicatorRow(
            id=i.id,
            code=i.code,
            number=i.number,
            name=i.name,
            name_en=i.name_en,
            definition=i.definition,
            definition_en=i.definition_en,
            guide=i.guide,
            guide_en=i.guide_en,
            measure=i.measure,
            direction=i.direction,
            schedule=i.schedule,
            unit_of_measure=i.unit_of_measure,
            unit_of_measure_en=i.unit_of_measure_en,
            decimals=i.decimals,
            reported_as=i.reported_as,
            may_be_negative=i.may_be_negative,
            may_exceed=i.may_exceed,
            origin=i.origin,
            due_on=i.due_on or step.due_on or plan.ends_on,
            pillar=Name(pillar, pillar_en),
            initiative=InitiativeRow(
                step.id,
                step.name,
                step.name_en,
                Name(lead, lead_en) if lead is not None else None,
                step.accountable,
                step.due_on,
            ),
            categories=tuple(categories[i.id]),
            curve=tuple(curves[i.id]),
            from_on=i.from_on,
            retired_on=i.retired_on,
            needs_evidence=i.needs_evidence,
        )
        for i, pillar, pillar_en, step, lead, lead_en in rows
    ]


def _categories(plan_id: int) -> dict[int, list[CategoryRow]]:
    found: dict[int, list[CategoryRow]] = defaultdict(list)
    for indicator_id, category_id, name, name_en in db.session.execute(
        select(Category.indicator_id, Category.id, Category.name, Category.name_en)
        .join(Indicator, Indicator.id == Category.indicator_id)
        .where(Indicator.plan_id == plan_id)
        .order_by(Category.indicator_id, Category.position)
    ):
        found[indicator_id].append(CategoryRow(category_id, name, name_en))
    return found


def _curves(plan_id: int) -> dict[int, list[tuple[date, Fraction]]]:
    found: dict[int, list[tuple[date, Fraction]]] = defaultdict(list)
    for indicator_id, day, share in db.session.execute(
        select(CurvePoint.indicator_id, CurvePoint.day, CurvePoint.share)
        .join(Indicator, Indicator.id == CurvePoint.indicator_id)
        .where(Indicator.plan_id == plan_id)
        .order_by(CurvePoint.indicator_id, CurvePoint.day)
    ):
        found[indicator_id].append((day, Fraction(share)))
    return found
