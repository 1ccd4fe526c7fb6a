"""Carrying a plan into later years."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import insert, select

from tracker.core.audit import Actor, record
from tracker.core.clock import today
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError
from tracker.domain.periods import shift_years
from tracker.domain.workdays import last_open_day
from tracker.features.calendar.queries import work_calendar
from tracker.features.org.queries import UnitRow
from tracker.features.plans.models import (
    FOREVER,
    Indicator,
    Initiative,
    Period,
    Pillar,
    Plan,
    Target,
    initiative_support,
)
from tracker.features.plans.queries import (
    assigned_units,
    categories_of,
    curve_of,
    outline_of,
    supporting_units,
    units_of_ids,
)
from tracker.features.plans.services.assignments import assign_indicator
from tracker.features.plans.services.indicators import IndicatorDraft, add_indicator
from tracker.features.plans.services.outline import add_initiative, add_pillar
from tracker.features.plans.services.plans import create_plan
from tracker.features.plans.services.targets import set_target

MOST_YEARS = 10


@dataclass(frozen=True)
class CopyDraft:
    """What the copy is called, by how many years it lies later, and whether it takes the targets along.

    Of periods that ended before ``reports_from`` no reports are asked; without it, of every period they are.
    """

    code: str
    name: str
    name_en: str | None
    years: int
    with_targets: bool
    reports_from: date | None = None


def copy_plan(source: Plan, draft: CopyDraft, *, unit: UnitRow, actor: Actor) -> Plan:
    """Make a plan like the source some years later: outline, indicators, curves, who reports, targets.

    Figures and periods' own days are not taken along. Raises :class:`RuleError` for a code that is
    taken.
    """
    if not 1 <= draft.years <= MOST_YEARS:
        raise RuleError(N_("Choose 1 to 10 years."), field="years")
    plan = create_plan(
        draft.code,
        draft.name,
        name_en=draft.name_en,
        unit=unit,
        starts_on=shift_years(source.starts_on, draft.years),
        ends_on=shift_years(source.ends_on, draft.years),
        frequency=source.frequency,
        due_workdays=source.due_workdays,
        review_steps=source.review_steps,
        reports_from=draft.reports_from,
        actor=actor,
    )
    plan.amber_limit, plan.red_limit = source.amber_limit, source.red_limit
    plan.asks_why_behind = source.asks_why_behind
    _copy_lock_rule(plan, source.lock_workdays)
    for pillar in outline_of(source):
        pillar_copy = add_pillar(plan, pillar.pillar.name, name_en=pillar.pillar.name_en, actor=actor)
        for part in pillar.initiatives:
            copy = _copy_initiative(pillar_copy, part.initiative, draft.years, actor)
            # What was replaced is not counted any more; its successor goes on.
            for row in [one for one in part.indicators if one.indicator.retired_on is None]:
                _copy_indicator(plan, copy, row.indicator, draft, actor)
    record(
        "plan.copy",
        actor=actor,
        subject=f"plan {plan.code}",
        unit_id=plan.unit_id,
        changes={"copied_from": (None, source.code), "with_targets": (None, _yes(draft.with_targets))},
    )
    return plan


def _copy_lock_rule(plan: Plan, workdays: int | None) -> None:
    """Have the copy's periods lock themselves by the source's rule; none locks before the end of today."""
    plan.lock_workdays = workdays
    if workdays is None:
        return
    calendar, day = work_calendar(), today()
    asked = select(Period).where(Period.plan_id == plan.id, Period.is_expected)
    for period in db.session.scalars(asked):
        period.open_until = last_open_day(period.due_on, workdays, calendar, day)
    db.session.flush()


def _copy_initiative(pillar: Pillar, source: Initiative, years: int, actor: Actor) -> Initiative:
    copy = add_initiative(pillar, source.name, name_en=source.name_en, actor=actor)
    copy.lead_unit_id, copy.accountable = source.lead_unit_id, source.accountable
    copy.due_on = shift_years(source.due_on, years) if source.due_on else None
    supporting = supporting_units(source)
    if supporting:
        db.session.execute(
            insert(initiative_support),
            [{"initiative_id": copy.id, "unit_id": unit_id} for unit_id in supporting],
        )
    return copy


def _copy_indicator(
    plan: Plan, initiative: Initiative, source: Indicator, draft: CopyDraft, actor: Actor
) -> None:
    values = {
        one.name: getattr(source, one.name)
        for one in fields(IndicatorDraft)
        if one.name not in {"categories", "curve", "due_on"}
    }
    copy = add_indicator(
        plan,
        initiative,
        IndicatorDraft(
            **values,
            due_on=shift_years(source.due_on, draft.years) if source.due_on else None,
            categories=[(category.name, category.name_en) for category in categories_of(source)],
            curve={shift_years(point.day, draft.years): point.share for point in curve_of(source)},
        ),
        actor=actor,
    )
    units = [unit for unit in units_of_ids(assigned_units(source)) if _goes_on(unit, plan)]
    if units:
        assign_indicator(plan, copy, units, actor=actor)
    if not draft.with_targets:
        return
    aims = {
        row.unit_id: row
        for row in db.session.execute(
            select(Target.unit_id, Target.target, Target.baseline).where(
                Target.indicator_id == source.id,
                Target.until_on == FOREVER,
                Target.target.is_not(None),
            )
        )
    }
    for unit in [each for each in units_of_ids(aims) if _goes_on(each, plan)]:
        aim = aims[unit.id]
        set_target(plan, copy, unit, target=aim.target, baseline=aim.baseline, actor=actor)


def _goes_on(unit: UnitRow, plan: Plan) -> bool:
    """Whether the unit still is when the copy begins; who is no more takes on nothing new."""
    return not unit.is_retired_on(plan.starts_on)


def _yes(value: bool) -> str:
    return "yes" if value else "no"
