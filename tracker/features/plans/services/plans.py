"""Making plans, naming them, copying last year's, and taking back those that are still empty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import delete, select

from tracker.core.audit import Actor, record
from tracker.core.db import db
from tracker.domain.codes import check_code
from tracker.domain.errors import N_, RuleError
from tracker.domain.periods import Frequency, check_span, first_to_report, periods_of
from tracker.domain.review import REVIEW_STEPS
from tracker.domain.workdays import check_workdays
from tracker.features.calendar.queries import work_calendar
from tracker.features.org.queries import UnitRow
from tracker.features.plans.models import DUE_WORKDAYS, Period, Pillar, Plan, PlanReach
from tracker.features.plans.queries import stamp_of
from tracker.features.plans.services.changes import check_name, check_unchanged, write_changes


@dataclass(frozen=True)
class PlanDraft:
    """What a plan's name and limits are to be; limits are gaps in percentage points.

    ``asks_why_behind``: whoever submits has to say a sentence on each indicator that is behind.
    ``review_steps``: in how many steps its reports are reviewed; those that wait follow it at once.
    """

    name: str
    name_en: str | None
    amber_limit: Decimal
    red_limit: Decimal
    asks_why_behind: bool = False
    review_steps: int = 1


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
    review_steps: int = 1,
    reports_from: date | None = None,
    actor: Actor,
) -> Plan:
    """Create a plan with its periods; of those that ended before ``reports_from`` no reports are asked.

    Raises :class:`RuleError` for a code that is taken or a wrong span.
    """
    check_code(code)
    check_workdays(due_workdays)
    _check_steps(review_steps)
    if db.session.scalar(select(Plan.id).where(Plan.code == code)) is not None:
        raise RuleError(N_("The code %(code)s is taken. Choose another."), field="code", code=code)
    check_span(starts_on, ends_on)
    spans = periods_of(starts_on, ends_on, frequency)
    first = first_to_report(spans, reports_from)
    plan = Plan(
        code=code,
        name=check_name(name),
        name_en=name_en,
        unit_id=unit.id,
        starts_on=starts_on,
        ends_on=ends_on,
        frequency=frequency,
        due_workdays=due_workdays,
        review_steps=review_steps,
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
            is_expected=span.ends_on >= first.ends_on,
        )
        for span in spans
    )
    record(
        "plan.create",
        actor=actor,
        subject=f"plan {code}",
        unit_id=unit.id,
        changes={
            "name": (None, name),
            "starts_on": (None, starts_on),
            "ends_on": (None, ends_on),
            "frequency": (None, frequency.value),
            "review_steps": (None, review_steps),
            "first_period": (None, None if first is spans[0] else first.code),
        },
    )
    return plan


def edit_plan(plan: Plan, draft: PlanDraft, *, version: str, actor: Actor) -> None:
    """Rename a plan or change its limits.

    Raises :class:`RuleError` when amber lies below red, :class:`StaleError` for an older version.
    """
    check_unchanged(version, stamp_of(plan))
    _check_steps(draft.review_steps)
    if draft.amber_limit < draft.red_limit:
        raise RuleError(
            N_("The amber limit lies below the red one. Enter an amber limit of at least %(red)s."),
            field="amber_limit",
            red=f"{draft.red_limit:f}",
        )
    changes = write_changes(plan, {**vars(draft), "name": check_name(draft.name)})
    if changes:
        record("plan.edit", actor=actor, subject=f"plan {plan.code}", unit_id=plan.unit_id, changes=changes)


def _check_steps(steps: int) -> None:
    if steps not in REVIEW_STEPS:
        raise RuleError(N_("Reports are reviewed in one step or in two."), field="review_steps")


def delete_plan(plan: Plan, *, actor: Actor) -> None:
    """Delete a plan in which nothing is left. Raises :class:`RuleError` while it has pillars."""
    if db.session.scalar(select(Pillar.id).where(Pillar.plan_id == plan.id).limit(1)) is not None:
        raise RuleError(N_("Only an empty plan can be deleted. Delete its pillars first."))
    db.session.execute(delete(PlanReach).where(PlanReach.plan_id == plan.id))
    db.session.execute(delete(Period).where(Period.plan_id == plan.id))
    db.session.delete(plan)
    db.session.flush()
    record(
        "plan.delete",
        actor=actor,
        subject=f"plan {plan.code}",
        unit_id=plan.unit_id,
        changes={"name": (plan.name, None)},
    )
