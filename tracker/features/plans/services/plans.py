"""Setting plans up. What is derived up the tree is written with the change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from tracker.core.audit import Actor, record
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError
from tracker.domain.measures import Direction, Measure, Origin, ReportedAs
from tracker.domain.periods import Frequency, periods_of
from tracker.domain.schedule import Schedule
from tracker.features.org.queries import UnitRow
from tracker.features.plans.models import (
    Category,
    CurvePoint,
    Indicator,
    Initiative,
    Period,
    Pillar,
    Plan,
)

DUE_AFTER = timedelta(days=5)
"""A period's report is due this long after its last day."""


@dataclass(frozen=True)
class IndicatorDraft:
    """What an indicator is to be."""

    code: str
    name: str
    measure: Measure
    unit_of_measure: str
    decimals: int = 0
    name_en: str | None = None
    number: str | None = None
    definition: str = ""
    definition_en: str | None = None
    direction: Direction = Direction.AT_LEAST
    schedule: Schedule = Schedule.MONTH
    unit_of_measure_en: str | None = None
    reported_as: ReportedAs = ReportedAs.INCREASE
    may_be_negative: bool = False
    may_exceed: bool = False
    due_on: date | None = None
    origin: Origin | None = None
    categories: Sequence[tuple[str, str | None]] = ()
    curve: Mapping[date, Decimal] = field(default_factory=dict)


def create_plan(
    code: str,
    name: str,
    *,
    name_en: str | None = None,
    unit: UnitRow,
    starts_on: date,
    ends_on: date,
    frequency: Frequency = Frequency.MONTH,
    actor: Actor,
) -> Plan:
    """Create a plan with its periods. Raises :class:`RuleError` for a code that is taken or a wrong span."""
    if db.session.scalar(select(Plan.id).where(Plan.code == code)) is not None:
        raise RuleError(N_("The code %(code)s is taken. Choose another."), field="code", code=code)
    spans = periods_of(starts_on, ends_on, frequency)
    plan = Plan(
        code=code,
        name=name,
        name_en=name_en,
        unit_id=unit.id,
        starts_on=starts_on,
        ends_on=ends_on,
        frequency=frequency,
    )
    db.session.add(plan)
    db.session.flush()
    db.session.add_all(
        Period(
            plan_id=plan.id,
            code=span.code,
            starts_on=span.starts_on,
            ends_on=span.ends_on,
            due_on=span.ends_on + DUE_AFTER,
        )
        for span in spans
    )
    record(
        "plan.create", actor=actor, subject=f"plan {code}", unit_id=unit.id, changes={"name": (None, name)}
    )
    return plan


def add_pillar(plan: Plan, name: str, *, name_en: str | None = None, actor: Actor) -> Pillar:
    """Add a pillar at the end of the plan."""
    position = db.session.scalar(select(func.count()).where(Pillar.plan_id == plan.id)) or 0
    pillar = Pillar(plan_id=plan.id, position=position + 1, name=name, name_en=name_en)
    db.session.add(pillar)
    db.session.flush()
    record("pillar.add", actor=actor, subject=f"plan {plan.code}", changes={"pillar": (None, name)})
    return pillar


def add_initiative(
    pillar: Pillar, name: str, *, name_en: str | None = None, lead_unit: UnitRow | None = None, actor: Actor
) -> Initiative:
    """Add an initiative at the end of the pillar."""
    position = db.session.scalar(select(func.count()).where(Initiative.pillar_id == pillar.id)) or 0
    initiative = Initiative(
        pillar_id=pillar.id,
        position=position + 1,
        name=name,
        name_en=name_en,
        lead_unit_id=lead_unit.id if lead_unit else None,
    )
    db.session.add(initiative)
    db.session.flush()
    record("initiative.add", actor=actor, subject=f"pillar {pillar.id}", changes={"initiative": (None, name)})
    return initiative


def add_indicator(plan: Plan, initiative: Initiative, draft: IndicatorDraft, *, actor: Actor) -> Indicator:
    """Add an indicator with its categories and curve."""
    own = ("categories", "curve")
    position = db.session.scalar(select(func.count()).where(Indicator.plan_id == plan.id)) or 0
    indicator = Indicator(
        plan_id=plan.id,
        initiative_id=initiative.id,
        position=position + 1,
        **{name: value for name, value in vars(draft).items() if name not in own},
    )
    db.session.add(indicator)
    db.session.flush()
    db.session.add_all(
        Category(indicator_id=indicator.id, position=place, name=name, name_en=name_en)
        for place, (name, name_en) in enumerate(draft.categories, start=1)
    )
    db.session.add_all(
        CurvePoint(indicator_id=indicator.id, day=day, share=share) for day, share in draft.curve.items()
    )
    db.session.flush()
    record(
        "indicator.add",
        actor=actor,
        subject=f"indicator {plan.code}/{draft.code}",
        changes={"name": (None, draft.name)},
    )
    return indicator
