"""Reading plans: which plan answers, its indicators, aims and periods."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select

from tracker.core.db import db
from tracker.domain.errors import N_, NotFoundError
from tracker.domain.measures import Direction, Measure, Origin, ReportedAs
from tracker.domain.periods import Frequency
from tracker.domain.progress import Aim, Limits
from tracker.domain.schedule import Schedule
from tracker.features.org.models import OrgUnit
from tracker.features.org.queries import UnitRow
from tracker.features.plans.models import (
    Assignment,
    Category,
    CurvePoint,
    Indicator,
    Initiative,
    Period,
    Pillar,
    Plan,
    PlanReach,
    Target,
)


@dataclass(frozen=True)
class Name:
    """A name in both languages."""

    name: str
    name_en: str | None


@dataclass(frozen=True)
class PlanRow:
    """A plan as pages show it."""

    id: int
    code: str
    name: str
    name_en: str | None
    unit_id: int
    starts_on: date
    ends_on: date
    frequency: Frequency
    limits: Limits


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

    @property
    def is_illustrative(self) -> bool:
        """Whether a sample's figures were made up for this indicator."""
        return self.origin is Origin.ILLUSTRATIVE


@dataclass(frozen=True)
class AimRow:
    """A unit's aim for an indicator, and how many units at or below report it."""

    aim: Aim
    reporters: int


@dataclass(frozen=True)
class PeriodRow:
    """A period of a plan."""

    id: int
    plan_id: int
    code: str
    starts_on: date
    ends_on: date
    due_on: date
    is_locked: bool


_PLAN = (
    Plan.id,
    Plan.code,
    Plan.name,
    Plan.name_en,
    Plan.unit_id,
    Plan.starts_on,
    Plan.ends_on,
    Plan.frequency,
    Plan.amber_limit,
    Plan.red_limit,
)
_PERIOD = (
    Period.id,
    Period.plan_id,
    Period.code,
    Period.starts_on,
    Period.ends_on,
    Period.due_on,
    Period.is_locked,
)


def plans_of(unit: UnitRow) -> list[PlanRow]:
    """The plans of the unit and of the units above it: the nearest unit's first, then the latest."""
    rows = db.session.execute(select(*_PLAN).where(Plan.unit_id.in_(unit.line))).all()
    plans = [PlanRow(*row[:8], Limits(Fraction(row[8]), Fraction(row[9]))) for row in rows]
    nearness = {unit_id: depth for depth, unit_id in enumerate(unit.line)}
    return sorted(plans, key=lambda p: (-nearness[p.unit_id], -p.starts_on.toordinal(), p.code))


def all_plans() -> list[PlanRow]:
    """Every plan of the house, by code."""
    rows = db.session.execute(select(*_PLAN).order_by(Plan.code)).all()
    return [PlanRow(*row[:8], Limits(Fraction(row[8]), Fraction(row[9]))) for row in rows]


def get_plan(unit: UnitRow, *, as_of: date | None, code: str | None = None) -> PlanRow:
    """The plan of this code, or the nearest that covers the data date, or else the latest.

    Raises :class:`NotFoundError` when the unit has no such plan.
    """
    plans = plans_of(unit)
    if code is not None:
        plans = [plan for plan in plans if plan.code == code]
    elif as_of is not None:
        plans = [plan for plan in plans if plan.starts_on <= as_of <= plan.ends_on] or plans
    if not plans:
        raise NotFoundError(N_("No plan covers this unit yet. An administrator sets one up first."))
    return plans[0]


def periods_of_plan(plan_id: int) -> list[PeriodRow]:
    """All periods of a plan, in order."""
    rows = db.session.execute(select(*_PERIOD).where(Period.plan_id == plan_id).order_by(Period.ends_on))
    return [PeriodRow(*row) for row in rows]


def indicators_of(plan: PlanRow) -> list[IndicatorRow]:
    """The plan's indicators in the order of pillars and initiatives."""
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
        .where(Indicator.plan_id == plan.id)
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
        )
        for i, pillar, pillar_en, step, lead, lead_en in rows
    ]


def _categories(plan_id: int) -> dict[int, list[CategoryRow]]:
    found: dict[int, list[CategoryRow]] = defaultdict(list)
    for indicator_id, *rest in db.session.execute(
        select(Category.indicator_id, Category.id, Category.name, Category.name_en)
        .join(Indicator, Indicator.id == Category.indicator_id)
        .where(Indicator.plan_id == plan_id)
        .order_by(Category.indicator_id, Category.position)
    ):
        found[indicator_id].append(CategoryRow(*rest))
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


def aims_of(unit_ids: Collection[int], plan_id: int) -> dict[tuple[int, int], AimRow]:
    """Aims by (unit id, indicator id) of a plan, in one statement."""
    rows = db.session.execute(
        select(
            Target.unit_id,
            Target.indicator_id,
            Target.target,
            Target.baseline,
            Target.below_target,
            Target.below_baseline,
            Target.reporters,
        )
        .join(Indicator, Indicator.id == Target.indicator_id)
        .where(Target.unit_id.in_(sorted(unit_ids)), Indicator.plan_id == plan_id)
    )
    found: dict[tuple[int, int], AimRow] = {}
    for unit_id, indicator_id, target, baseline, below, below_baseline, reporters in rows:
        if target is not None:
            differs = below is not None and below != target
            aim = Aim(
                Fraction(target),
                None if baseline is None else Fraction(baseline),
                below=Fraction(below) if differs else None,
            )
        elif below is not None:
            aim = Aim(
                Fraction(below), None if below_baseline is None else Fraction(below_baseline), is_sum=True
            )
        else:
            aim = Aim()
        found[unit_id, indicator_id] = AimRow(aim, reporters)
    return found


def assigned_to(unit_id: int, plan_id: int) -> set[int]:
    """Ids of the indicators that the unit itself reports."""
    return set(
        db.session.scalars(
            select(Assignment.indicator_id)
            .join(Indicator, Indicator.id == Assignment.indicator_id)
            .where(Assignment.unit_id == unit_id, Indicator.plan_id == plan_id)
        )
    )


def reporting_units(indicator_id: int, unit_ids: Collection[int]) -> set[int]:
    """Which of the units report the indicator themselves."""
    return set(
        db.session.scalars(
            select(Assignment.unit_id).where(
                Assignment.indicator_id == indicator_id, Assignment.unit_id.in_(sorted(unit_ids))
            )
        )
    )


def reach_of(plan_id: int, unit_ids: Collection[int]) -> dict[int, int]:
    """How many units at or below each unit report something of the plan."""
    rows = db.session.execute(
        select(PlanReach.unit_id, PlanReach.reporters).where(
            PlanReach.plan_id == plan_id, PlanReach.unit_id.in_(sorted(unit_ids))
        )
    )
    return {unit_id: reporters for unit_id, reporters in rows}
