"""Setting plans up. What is derived up the tree is written with the change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from tracker.core.audit import Actor, record
from tracker.core.db import Base, db
from tracker.domain.errors import N_, RuleError
from tracker.domain.measures import Direction, Measure, Origin, ReportedAs
from tracker.domain.numbers import round_half_up
from tracker.domain.periods import Frequency, periods_of
from tracker.domain.progress import sum_aims
from tracker.domain.schedule import Schedule
from tracker.domain.workdays import check_workdays
from tracker.features.calendar.queries import work_calendar
from tracker.features.org.models import OrgUnit
from tracker.features.org.queries import UnitRow
from tracker.features.plans.models import (
    DUE_WORKDAYS,
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
from tracker.features.plans.queries import aims_of


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
    due_workdays: int = DUE_WORKDAYS,
    actor: Actor,
) -> Plan:
    """Create a plan with its periods. Raises :class:`RuleError` for a code that is taken or a wrong span."""
    check_workdays(due_workdays)
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
        due_workdays=due_workdays,
    )
    db.session.add(plan)
    db.session.flush()
    calendar = work_calendar()
    db.session.add_all(
        Period(
            plan_id=plan.id,
            code=span.code,
            starts_on=span.starts_on,
            ends_on=span.ends_on,
            due_on=calendar.add_workdays(span.ends_on, due_workdays),
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


def assign_indicator(plan: Plan, indicator: Indicator, units: Sequence[UnitRow], *, actor: Actor) -> None:
    """Have the units report the indicator, and count them at every unit above."""
    known = set(db.session.scalars(select(Assignment.unit_id).where(Assignment.indicator_id == indicator.id)))
    for unit in units:
        if unit.id in known:
            continue
        first = not _reports_something(plan.id, unit.id)
        db.session.add(Assignment(indicator_id=indicator.id, unit_id=unit.id))
        db.session.flush()
        for unit_id in unit.line:
            _ensure(Target, unit_id=unit_id, indicator_id=indicator.id, defaults={"reporters": 0})
            db.session.execute(
                update(Target)
                .where(Target.unit_id == unit_id, Target.indicator_id == indicator.id)
                .values(reporters=Target.reporters + 1)
            )
            if first:
                _ensure(PlanReach, plan_id=plan.id, unit_id=unit_id, defaults={"reporters": 0})
                db.session.execute(
                    update(PlanReach)
                    .where(PlanReach.plan_id == plan.id, PlanReach.unit_id == unit_id)
                    .values(reporters=PlanReach.reporters + 1)
                )
    record(
        "indicator.assign",
        actor=actor,
        subject=f"indicator {plan.code}/{indicator.code}",
        changes={"units": (None, " ".join(unit.code for unit in units))},
    )


def set_target(
    plan: Plan,
    indicator: Indicator,
    unit: UnitRow,
    *,
    target: Decimal,
    baseline: Decimal | None = None,
    actor: Actor,
) -> None:
    """Set what a unit is to reach, and what that adds up to at the units above."""
    for field_name, value in (("target", target), ("baseline", baseline)):
        if value is not None and round_half_up(value, indicator.decimals) != value:
            raise RuleError(
                N_("At most %(decimals)s decimal places are kept here. Round the number first."),
                field=field_name,
                decimals=indicator.decimals,
            )
    if indicator.direction is Direction.AT_MOST and baseline is not None and baseline <= target:
        raise RuleError(
            N_("A reduction starts above its target. Enter a higher baseline, or none for a ceiling."),
            field="baseline",
        )
    _ensure(Target, unit_id=unit.id, indicator_id=indicator.id, defaults={"reporters": 0})
    key = (Target.unit_id == unit.id, Target.indicator_id == indicator.id)
    before = db.session.execute(select(Target.target, Target.baseline).where(*key)).one()
    db.session.execute(update(Target).where(*key).values(target=target, baseline=baseline))
    if indicator.measure.is_additive:
        for unit_id in reversed(unit.line[:-1]):
            _add_up(plan.id, indicator.id, unit_id)
    record(
        "target.set",
        actor=actor,
        subject=f"target {plan.code}/{indicator.code} {unit.code}",
        unit_id=unit.id,
        changes={"target": (before.target, target), "baseline": (before.baseline, baseline)},
    )


def _add_up(plan_id: int, indicator_id: int, unit_id: int) -> None:
    """Write at a unit what the aims right below it add up to."""
    below = list(db.session.scalars(select(OrgUnit.id).where(OrgUnit.parent_id == unit_id)))
    aims = aims_of(below, plan_id)
    total = sum_aims([row.aim for (_, indicator), row in aims.items() if indicator == indicator_id])
    _ensure(Target, unit_id=unit_id, indicator_id=indicator_id, defaults={"reporters": 0})
    db.session.execute(
        update(Target)
        .where(Target.unit_id == unit_id, Target.indicator_id == indicator_id)
        .values(
            below_target=None
            if total.target is None
            else Decimal(total.target.numerator) / total.target.denominator,
            below_baseline=(
                None
                if total.baseline is None
                else Decimal(total.baseline.numerator) / total.baseline.denominator
            ),
        )
    )


def _reports_something(plan_id: int, unit_id: int) -> bool:
    return (
        db.session.scalar(
            select(Assignment.unit_id)
            .join(Indicator, Indicator.id == Assignment.indicator_id)
            .where(Indicator.plan_id == plan_id, Assignment.unit_id == unit_id)
            .limit(1)
        )
        is not None
    )


def _ensure(table: type[Base], *, defaults: dict[str, object], **key: int) -> None:
    """Make the row of this key if there is none."""
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    db.session.execute(insert.values(**key, **defaults).on_conflict_do_nothing())
