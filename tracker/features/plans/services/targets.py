"""Who reports an indicator, what units are to reach, and what that adds up to; written with each change."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from tracker.core.audit import Actor, record
from tracker.core.db import Base, db
from tracker.domain.errors import N_, RuleError
from tracker.domain.measures import Direction
from tracker.domain.numbers import round_half_up
from tracker.domain.progress import sum_aims
from tracker.features.org.models import OrgUnit
from tracker.features.org.queries import UnitRow
from tracker.features.plans.models import Assignment, Indicator, Plan, PlanReach, Target
from tracker.features.plans.queries import aims_of


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
