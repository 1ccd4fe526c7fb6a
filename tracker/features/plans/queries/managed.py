"""Plans as administrators reach them: only those of the units at which they may manage plans."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select

from tracker.core.access import Scope
from tracker.core.db import db
from tracker.domain.errors import N_, NotFoundError
from tracker.domain.roles import Permission
from tracker.features.org.models import OrgUnit
from tracker.features.org.queries import UnitRow, top_units, unit_row
from tracker.features.plans.models import (
    FOREVER,
    Assignment,
    Indicator,
    Initiative,
    Pillar,
    Plan,
    Target,
)
from tracker.features.plans.queries.indicators import Name
from tracker.features.plans.queries.units import tree_of, units_left

MAY = Permission.MANAGE_PLANS
_UNIT = (OrgUnit.id, OrgUnit.code, OrgUnit.name, OrgUnit.name_en, OrgUnit.kind, OrgUnit.path)


@dataclass(frozen=True)
class ManagedPlan:
    """A plan that may be changed, with its unit."""

    plan: Plan
    unit: UnitRow


@dataclass(frozen=True)
class PlanListRow:
    """A plan in the list of plans."""

    id: int
    code: str
    name: str
    name_en: str | None
    unit: Name
    starts_on: date
    ends_on: date
    indicators: int


@dataclass(frozen=True)
class OutlineIndicator:
    """An indicator in the outline: how many units report it, how many have a target of their own.

    Units that are out of the plan by its last day are not counted, as they are not in any total.
    ``keeps_targets`` says whether any unit has one, such a unit included.
    """

    indicator: Indicator
    reporters: int
    targets: int
    keeps_targets: bool


@dataclass(frozen=True)
class OutlineInitiative:
    """An initiative in the outline, with its indicators in their order."""

    initiative: Initiative
    lead: Name | None
    indicators: tuple[OutlineIndicator, ...]


@dataclass(frozen=True)
class OutlinePillar:
    """A pillar in the outline, with its initiatives in their order."""

    pillar: Pillar
    initiatives: tuple[OutlineInitiative, ...]


def units_for_plans(scope: Scope) -> list[UnitRow]:
    """The units at which a plan can be made, by tree and code."""
    return [place.unit for top in top_units(scope, MAY) for place in tree_of(top)]


def managed_plans(scope: Scope) -> list[PlanListRow]:
    """The plans that may be changed, the latest first."""
    rows = db.session.execute(
        select(
            Plan.id,
            Plan.code,
            Plan.name,
            Plan.name_en,
            OrgUnit.name,
            OrgUnit.name_en,
            Plan.starts_on,
            Plan.ends_on,
            func.count(Indicator.id),
        )
        .join(OrgUnit, OrgUnit.id == Plan.unit_id)
        .outerjoin(Indicator, Indicator.plan_id == Plan.id)
        .where(scope.clause(MAY, OrgUnit.path))
        .group_by(Plan.id, OrgUnit.id)
        .order_by(Plan.starts_on.desc(), Plan.code)
    )
    return [
        PlanListRow(plan_id, code, name, name_en, Name(unit, unit_en), starts_on, ends_on, count)
        for plan_id, code, name, name_en, unit, unit_en, starts_on, ends_on, count in rows
    ]


def managed_plan(scope: Scope, code: str) -> ManagedPlan:
    """The plan of this code. Raises :class:`NotFoundError` when there is none in scope."""
    found = db.session.execute(
        select(Plan, *_UNIT)
        .join(OrgUnit, OrgUnit.id == Plan.unit_id)
        .where(Plan.code == code, scope.clause(MAY, OrgUnit.path))
    ).first()
    if found is None:
        raise NotFoundError(N_("There is no plan %(code)s."), code=code)
    return ManagedPlan(found[0], unit_row(found[1:]))  # type: ignore[arg-type]  # a row's types are not known to mypy


def pillar_of(found: ManagedPlan, pillar_id: int) -> Pillar:
    """A pillar of the plan. Raises :class:`NotFoundError` when it has no such pillar."""
    pillar = db.session.scalar(select(Pillar).where(Pillar.id == pillar_id, Pillar.plan_id == found.plan.id))
    if pillar is None:
        raise NotFoundError(N_("This plan has no such part. Perhaps it was deleted; open the plan again."))
    return pillar


def initiative_of(found: ManagedPlan, initiative_id: int) -> Initiative:
    """An initiative of the plan. Raises :class:`NotFoundError` when it has no such initiative."""
    initiative = db.session.scalar(
        select(Initiative)
        .join(Pillar, Pillar.id == Initiative.pillar_id)
        .where(Initiative.id == initiative_id, Pillar.plan_id == found.plan.id)
    )
    if initiative is None:
        raise NotFoundError(N_("This plan has no such part. Perhaps it was deleted; open the plan again."))
    return initiative


def indicator_of(found: ManagedPlan, code: str) -> Indicator:
    """An indicator of the plan. Raises :class:`NotFoundError` when it has no such indicator."""
    indicator = db.session.scalar(
        select(Indicator).where(Indicator.plan_id == found.plan.id, Indicator.code == code)
    )
    if indicator is None:
        raise NotFoundError(N_("This plan has no such part. Perhaps it was deleted; open the plan again."))
    return indicator


def indicator_by_id(found: ManagedPlan, indicator_id: int) -> Indicator:
    """An indicator of the plan by its id; raises as :func:`indicator_of` does."""
    code = db.session.scalar(select(Indicator.code).where(Indicator.id == indicator_id))
    return indicator_of(found, code or "")


def outline_of(plan: Plan) -> list[OutlinePillar]:
    """Everything in the plan, in its order, in as many statements as there are levels."""
    reporting, aims, keep = dict[int, int](), dict[int, int](), set[int]()
    left = units_left(plan)
    in_use = case((Target.unit_id.not_in(left), Target.target))
    for indicator_id, targets, kept in db.session.execute(
        select(Target.indicator_id, func.count(in_use), func.count(Target.target))
        .join(Indicator, Indicator.id == Target.indicator_id)
        .where(Indicator.plan_id == plan.id, Target.until_on == FOREVER)
        .group_by(Target.indicator_id)
    ):
        aims[indicator_id] = targets
        if kept:
            keep.add(indicator_id)
    for indicator_id, reporters in db.session.execute(
        select(Assignment.indicator_id, func.count())
        .join(Indicator, Indicator.id == Assignment.indicator_id)
        .where(Indicator.plan_id == plan.id, Assignment.unit_id.not_in(left))
        .group_by(Assignment.indicator_id)
    ):
        reporting[indicator_id] = reporters
    indicators: dict[int, list[OutlineIndicator]] = defaultdict(list)
    for indicator in db.session.scalars(
        select(Indicator).where(Indicator.plan_id == plan.id).order_by(Indicator.position, Indicator.id)
    ):
        indicators[indicator.initiative_id].append(
            OutlineIndicator(
                indicator, reporting.get(indicator.id, 0), aims.get(indicator.id, 0), indicator.id in keep
            )
        )
    initiatives: dict[int, list[OutlineInitiative]] = defaultdict(list)
    for initiative, lead, lead_en in db.session.execute(
        select(Initiative, OrgUnit.name, OrgUnit.name_en)
        .join(Pillar, Pillar.id == Initiative.pillar_id)
        .outerjoin(OrgUnit, OrgUnit.id == Initiative.lead_unit_id)
        .where(Pillar.plan_id == plan.id)
        .order_by(Initiative.position)
    ):
        initiatives[initiative.pillar_id].append(
            OutlineInitiative(
                initiative,
                None if lead is None else Name(lead, lead_en),
                tuple(indicators[initiative.id]),
            )
        )
    return [
        OutlinePillar(pillar, tuple(initiatives[pillar.id]))
        for pillar in db.session.scalars(
            select(Pillar).where(Pillar.plan_id == plan.id).order_by(Pillar.position)
        )
    ]
