"""A plan seen as its administrator sees it, and small changes of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from tests.kit import make
from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE, AuditRecord
from tracker.core.db import db, writing
from tracker.features.plans.models import Indicator
from tracker.features.plans.queries import (
    ManagedPlan,
    categories_of,
    curve_of,
    indicator_of,
    managed_plan,
    outline_of,
    split_of,
    supporting_units,
)
from tracker.features.plans.services import (
    TargetDraft,
    Why,
    save_targets,
)

NO_REASON = Why("", None)


def plan_row(code: str = make.PLAN) -> ManagedPlan:
    """The plan as its administrator reaches it."""
    return managed_plan(WHOLE_HOUSE, code)


def indicator(code: str, plan: str = make.PLAN) -> Indicator:
    """An indicator of the plan."""
    return indicator_of(plan_row(plan), code)


def last_record() -> AuditRecord:
    """The latest change."""
    return db.session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc()).limit(1)).one()


def structure(code: str) -> list[Any]:
    """All that a copy must have in common with its original; days by the year of the plan."""

    found = plan_row(code)
    plan = found.plan

    def day(value: date | None) -> str | None:
        return value and f"{value:%m-%d} of year {value.year - plan.starts_on.year}"

    told: list[Any] = [plan.frequency, plan.unit_id, plan.amber_limit, plan.red_limit]
    told += [day(plan.starts_on), day(plan.ends_on)]
    for pillar in outline_of(plan):
        told.append((pillar.pillar.name, pillar.pillar.name_en))
        for step in pillar.initiatives:
            one = step.initiative
            told.append((one.name, one.name_en, one.lead_unit_id, one.accountable, day(one.due_on)))
            told.append(supporting_units(one))
            for row in step.indicators:
                own = row.indicator
                skipped = {"id", "plan_id", "initiative_id", "due_on", "position"}
                columns = [c.key for c in Indicator.__table__.columns if c.key not in skipped]
                told.append([getattr(own, name) for name in columns] + [day(own.due_on)])
                told.append([(c.position, c.name, c.name_en) for c in categories_of(own)])
                told.append([(day(point.day), point.share) for point in curve_of(own)])
                told.append([(s.place.unit.code, s.reports) for s in split_of(own, found.unit).rows])
    return told


def targets_in(code: str) -> list[Any]:
    """Every target of a plan."""
    found = plan_row(code)
    return [
        (row.indicator.code, part.place.unit.code, part.target, part.baseline)
        for pillar in outline_of(found.plan)
        for step in pillar.initiatives
        for row in step.indicators
        for part in split_of(row.indicator, found.unit).rows
    ]


def own_targets(code: str) -> dict[str, Decimal]:
    """The targets that units have of their own, by code."""
    rows = split_of(indicator(code), plan_row().unit).rows
    return {row.place.unit.code: row.target for row in rows if row.target is not None}


def aim(code: str, why: Why = NO_REASON, **targets: Any) -> int:
    """Save a grid of targets: a number, a pair with its baseline, or None to clear."""
    with writing():
        found = plan_row()
        split = split_of(indicator(code), found.unit)
        drafts = {}
        for unit, said in targets.items():
            target, baseline = said if isinstance(said, tuple) else (said, None)
            drafts[make.unit_of(unit).id] = TargetDraft(
                None if target is None else Decimal(target), None if baseline is None else Decimal(baseline)
            )
        count = save_targets(found.plan, split, drafts, why=why, version=split.stamp, actor=HOUSE)
        db.session.commit()
    return count
