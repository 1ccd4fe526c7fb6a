"""Changing when reports are due, and locking and reopening periods; each with its audit record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import update

from tracker.core.audit import Actor, record
from tracker.core.clock import today
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError, StaleError
from tracker.domain.periods import PeriodState
from tracker.domain.workdays import check_workdays
from tracker.features.calendar.queries import work_calendar
from tracker.features.periods.queries import (
    DueChange,
    ManagedPeriod,
    ManagedPlan,
    due_by_rule,
    due_changes,
    first_expected,
    get_managed_period,
    last_day_of,
    managed_periods,
)
from tracker.features.plans.models import Period, Plan

_CHANGED = N_("Someone changed this period since you opened it. Look at it again, then decide.")


def set_due_rule(plan: ManagedPlan, workdays: int, *, seen: int, actor: Actor) -> None:
    """Set after how many working days reports are due; dates that stand are not touched by it.

    Raises :class:`StaleError` when the rule is no longer the one that was ``seen``.
    """
    if plan.due_workdays != seen:
        raise StaleError(N_("Someone changed this rule since you opened it. Look at it again, then decide."))
    check_workdays(workdays)
    if workdays == plan.due_workdays:
        return
    db.session.execute(update(Plan).where(Plan.id == plan.id).values(due_workdays=workdays))
    record(
        "plan.due_rule",
        actor=actor,
        subject=f"plan {plan.code}",
        unit_id=plan.unit.id,
        changes={"due_workdays": (plan.due_workdays, workdays)},
    )


def set_lock_rule(plan: ManagedPlan, workdays: int | None, *, seen: int | None, actor: Actor) -> None:
    """Have periods lock themselves so many working days after their due dates; none: never.

    Only for periods that are open and were not reopened by hand: what is locked needs a reason to be
    opened, and what somebody opened stays so. Nothing locks before the end of today. The same rule
    once more has the days follow the calendar. Raises :class:`StaleError` when the rule is no longer the
    one that was ``seen``, None for none.
    """
    if plan.lock_workdays != seen:
        raise StaleError(N_("Someone changed this rule since you opened it. Look at it again, then decide."))
    if workdays is not None:
        check_workdays(workdays)
    changes: dict[str, tuple[object, object]] = {}
    if workdays != plan.lock_workdays:
        changes["lock_workdays"] = (plan.lock_workdays, workdays)
        db.session.execute(update(Plan).where(Plan.id == plan.id).values(lock_workdays=workdays))
    calendar, ruled = work_calendar(), replace(plan, lock_workdays=workdays)
    for period in managed_periods(plan):
        open_until = last_day_of(ruled, period, period.due_on, calendar)
        if not (period.is_locked or period.kept_open or period.open_until == open_until):
            _write(period, open_until=open_until)
            changes[f"open_until {period.code}"] = (period.open_until, open_until)
    if changes:
        record(
            "plan.lock_rule",
            actor=actor,
            subject=f"plan {plan.code}",
            unit_id=plan.unit.id,
            changes=changes,
        )


def set_first_period(plan: ManagedPlan, code: str, *, seen: str, actor: Actor) -> list[str]:
    """Ask for reports from this period of the plan on, and not for the ones before.

    Those are neither due nor missing any more; what was reported of them stays and counts. Periods that
    are asked for again and would be late at once are due as if they ended today: nobody becomes
    late by this. Those of them that are locked stay so, and their codes are returned. Raises
    :class:`StaleError` when the first period is no longer the one that was ``seen``.
    """
    periods = managed_periods(plan)
    before, first = first_expected(periods), get_managed_period(plan, code)
    if before.code != seen:
        raise StaleError(
            N_("Someone changed the first period since you opened it. Look at it again, then decide.")
        )
    if first.code == before.code:
        return []
    calendar = work_calendar()
    changes: dict[str, tuple[object, object]] = {"first_period": (before.code, first.code)}
    locked: list[str] = []
    for period in periods:
        is_expected = period.ends_on >= first.ends_on
        if is_expected == period.is_expected:
            continue
        now = replace(period, is_expected=is_expected)
        if period.is_locked:
            locked += [period.code] if is_expected else []
        else:
            if is_expected and period.due_on < today():
                now = replace(now, due_on=due_by_rule(plan, today(), calendar), due_by_hand=True)
                changes[f"due {period.code}"] = (period.due_on, now.due_on)
            now = replace(now, open_until=last_day_of(plan, now, now.due_on, calendar))
            if now.open_until != period.open_until:
                changes[f"open_until {period.code}"] = (period.open_until, now.open_until)
        _write(
            period,
            is_expected=is_expected,
            due_on=now.due_on,
            due_by_hand=now.due_by_hand,
            open_until=now.open_until,
        )
    record(
        "plan.first_period",
        actor=actor,
        subject=f"plan {plan.code}",
        unit_id=plan.unit.id,
        changes=changes,
    )
    return locked


def set_due_date(
    plan: ManagedPlan, period: ManagedPeriod, due_on: date, reason: str, *, version: int, actor: Actor
) -> None:
    """Give one period a due date of its own; the date of the rule itself follows the rule again."""
    _check_version(period, version)
    if period.is_locked:
        raise RuleError(N_("This period is locked. Reopen it before you change its due date."))
    if due_on < period.ends_on:
        raise RuleError(N_("The period has not ended by then. Choose its last day or a later one."), "due_on")
    if due_on < today() and due_on != period.due_on:
        raise RuleError(
            N_("A due date in the past makes reports late afterwards. Choose today or a later day."), "due_on"
        )
    if not reason:
        raise RuleError(N_("Give a reason; it is kept in the audit record."), "reason")
    by_hand = due_on != due_by_rule(plan, period.ends_on, work_calendar())
    open_until = last_day_of(plan, period, due_on, work_calendar())
    _write(period, due_on=due_on, due_by_hand=by_hand, open_until=open_until)
    days = _days(period, due_on, open_until)
    _record("period.due", plan, period, actor, **days, reason=(None, reason))


def recompute_due_dates(plans: Sequence[ManagedPlan], marks: Sequence[str], *, actor: Actor) -> int:
    """Work out again the due dates that were shown as ``marks``, and say how many there were.

    Raises :class:`RuleError` when there is none, and :class:`StaleError` when they are not exactly
    those that would change now.
    """
    changes = due_changes(plans)
    if sorted(marks) != sorted(change.mark for change in changes):
        raise StaleError(N_("What would change is no longer what you were shown. Look at it again."))
    if not changes:
        raise RuleError(N_("No due date would change."))
    for change in changes:
        _recompute(change, actor)
    return len(changes)


def lock_period(plan: ManagedPlan, period: ManagedPeriod, reason: str, *, version: int, actor: Actor) -> None:
    """Lock a period that has ended: its reports can no longer be changed or decided about."""
    _check_version(period, version)
    if period.is_locked:
        raise RuleError(N_("This period is locked already."))
    if not period.has_ended:
        raise RuleError(N_("This period has not ended yet. It can be locked after its last day."))
    _lock(plan, period, reason, actor)


def reopen_period(
    plan: ManagedPlan, period: ManagedPeriod, reason: str, *, version: int, actor: Actor
) -> None:
    """Open a locked period again, with a reason."""
    _check_version(period, version)
    if not period.is_locked:
        raise RuleError(N_("This period is open already."))
    _reopen(plan, period, _needed(reason), actor)


def lock_past_periods(plan: ManagedPlan, reason: str, *, actor: Actor) -> int:
    """Lock every period whose due date is over, and say how many there were.

    One that has ended but is still due is left open: its reports may yet come in time.
    """
    wanted = [period for period in managed_periods(plan) if period.state is PeriodState.PAST_DUE]
    for period in wanted:
        _lock(plan, period, reason, actor)
    return len(wanted)


def reopen_periods(plan: ManagedPlan, reason: str, *, actor: Actor) -> int:
    """Open every locked period of the plan again, and say how many there were."""
    reason = _needed(reason)
    wanted = [period for period in managed_periods(plan) if period.is_locked]
    for period in wanted:
        _reopen(plan, period, reason, actor)
    return len(wanted)


def _recompute(change: DueChange, actor: Actor) -> None:
    period = change.period
    _write(period, due_on=change.due_on, open_until=change.open_until)
    days = _days(period, change.due_on, change.open_until)
    _record("period.recompute", change.plan, period, actor, **days)


def _days(period: ManagedPeriod, due_on: date, open_until: date | None) -> dict[str, tuple[object, object]]:
    """What becomes of the days of a period, for the record: only those that change."""
    days = {"due": (period.due_on, due_on), "open_until": (period.open_until, open_until)}
    return {name: (before, after) for name, (before, after) in days.items() if before != after}


def _lock(plan: ManagedPlan, period: ManagedPeriod, reason: str, actor: Actor) -> None:
    _write(period, is_locked=True, lock_reason=reason or None)
    _record("period.lock", plan, period, actor, locked=("no", "yes"), reason=(None, reason or None))


def _reopen(plan: ManagedPlan, period: ManagedPeriod, reason: str, actor: Actor) -> None:
    _write(period, is_locked=False, lock_reason=None, open_until=None, kept_open=True)
    days = _days(period, period.due_on, None)
    _record("period.reopen", plan, period, actor, locked=("yes", "no"), **days, reason=(None, reason))


def _check_version(period: ManagedPeriod, version: int) -> None:
    if period.version != version:
        raise StaleError(_CHANGED)


def _needed(reason: str) -> str:
    if not reason:
        raise RuleError(N_("Say why the period is opened again; the reason is kept."), "reason")
    return reason


def _write(period: ManagedPeriod, **values: object) -> None:
    """Write the period, if it is still the version that was read; else :class:`StaleError`."""
    written = db.session.connection().execute(
        update(Period)
        .where(Period.id == period.id, Period.version == period.version)
        .values(version=period.version + 1, **values)
    )
    if written.rowcount != 1:
        raise StaleError(_CHANGED)


def _record(
    action: str, plan: ManagedPlan, period: ManagedPeriod, actor: Actor, **changes: tuple[object, object]
) -> None:
    record(
        action,
        actor=actor,
        subject=f"period {plan.code} {period.code}",
        unit_id=plan.unit.id,
        changes=changes,
    )
