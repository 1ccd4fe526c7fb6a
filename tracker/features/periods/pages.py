"""A plan's periods, and the due dates that would change, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from tracker.core.format import day, period_label, short_day, weekday
from tracker.domain.periods import PeriodState
from tracker.domain.workdays import WorkCalendar
from tracker.features.calendar.pages import year_note
from tracker.features.periods.forms import (
    DueDateForm,
    DueRuleForm,
    FirstPeriodForm,
    LockForm,
    LockRuleForm,
    RecomputeForm,
)
from tracker.features.periods.queries import (
    DueChange,
    ManagedPeriod,
    ManagedPlan,
    Returns,
    due_by_rule,
    first_expected,
)


@dataclass(frozen=True)
class PeriodLine:
    """A period in the list of its plan."""

    label: str
    span: str
    due: str
    by_hand: bool
    state: PeriodState
    lock_reason: str | None
    locks: str
    returns: str
    missing: str
    is_late: bool
    url: str


@dataclass(frozen=True)
class PeriodsPage:
    """All periods of a plan."""

    plan: ManagedPlan
    rule: str
    lines: tuple[PeriodLine, ...]
    notes: tuple[str, ...]
    changes: str
    changes_url: str
    to_lock: int
    to_reopen: int
    locking: str
    rule_form: DueRuleForm
    lock_rule_form: LockRuleForm
    first_form: FirstPeriodForm
    not_asked: str
    lock_form: LockForm
    reopen_form: LockForm


@dataclass(frozen=True)
class PeriodPage:
    """One period."""

    plan: ManagedPlan
    period: ManagedPeriod
    line: PeriodLine
    by_rule: str
    notes: tuple[str, ...]
    can_lock: bool
    due_form: DueDateForm
    lock_form: LockForm
    reopen_form: LockForm


@dataclass(frozen=True)
class ChangeLine:
    """A due date that would change."""

    plan: ManagedPlan
    label: str
    before: str
    after: str
    locks_before: str
    locks_after: str


@dataclass(frozen=True)
class PlanLine:
    """A plan whose periods can be changed."""

    plan: ManagedPlan
    rule: str
    url: str


@dataclass(frozen=True)
class DueDatesPage:
    """What the calendar and the rules would change."""

    plans: tuple[PlanLine, ...]
    only: ManagedPlan | None
    changes: tuple[ChangeLine, ...]
    notes: tuple[str, ...]
    action: str
    form: RecomputeForm


def rule_text(workdays: int) -> str:
    """The rule of a plan's due dates."""
    if workdays == 0:
        return gettext("Due on the period's last day")
    return ngettext(
        "Due on the first working day after the period's end",
        "Due %(num)s working days after the period's end",
        workdays,
    )


def lock_rule_text(workdays: int | None) -> str:
    """The rule by which a plan's periods lock themselves."""
    if workdays is None:
        return gettext("Periods are locked by hand only")
    if workdays == 0:
        return gettext("A period locks itself at the end of its due date")
    return ngettext(
        "A period locks itself at the end of the first working day after its due date",
        "A period locks itself %(num)s working days after its due date",
        workdays,
    )


def _locks(period: ManagedPeriod) -> str:
    """What is to be said about a period's locking by itself."""
    if period.locked_by_hand:
        return ""
    if period.open_until is None:
        return gettext("Reopened: stays open until it is locked by hand") if period.kept_open else ""
    if period.is_locked:
        return gettext("Locked itself at the end of %(day)s", day=day(period.open_until))
    return gettext("Locks itself at the end of %(day)s", day=day(period.open_until))


def periods_page(
    plan: ManagedPlan,
    periods: Sequence[ManagedPeriod],
    returns: Mapping[int, Returns],
    calendar: WorkCalendar,
    *,
    changes: int,
    forms: tuple[DueRuleForm, LockRuleForm, FirstPeriodForm, LockForm, LockForm],
) -> PeriodsPage:
    """The list of a plan's periods; ``changes`` counts the due dates that differ from the rule."""
    rule_form, lock_rule_form, first_form, lock_form, reopen_form = forms
    return PeriodsPage(
        plan=plan,
        rule=rule_text(plan.due_workdays),
        lines=tuple(period_line(plan, period, returns[period.id]) for period in periods),
        notes=year_notes(periods, calendar),
        changes=ngettext(
            "%(num)s due date differs from the rule", "%(num)s due dates differ from the rule", changes
        )
        if changes
        else "",
        changes_url=url_for("periods.due_dates", plan=plan.code),
        to_lock=sum(period.state is PeriodState.PAST_DUE for period in periods),
        to_reopen=sum(period.is_locked for period in periods),
        locking=lock_rule_text(plan.lock_workdays),
        rule_form=rule_form,
        lock_rule_form=lock_rule_form,
        first_form=first_form,
        not_asked=_not_asked(periods),
        lock_form=lock_form,
        reopen_form=reopen_form,
    )


def first_period_form(periods: Sequence[ManagedPeriod], **options: Any) -> FirstPeriodForm:
    """The form with the plan's periods, on the one with which reporting begins now."""
    choices = [(period.code, period_label(period.code)) for period in periods]
    return FirstPeriodForm(choices, data={"first_period": first_expected(periods).code}, **options)


def _not_asked(periods: Sequence[ManagedPeriod]) -> str:
    """How many periods lie before the first one to report."""
    count = sum(not period.is_expected for period in periods)
    if not count:
        return gettext("Reports are asked for from the plan's first period on.")
    return ngettext(
        "%(num)s period before it is not asked for.", "%(num)s periods before it are not asked for.", count
    )


def period_page(
    plan: ManagedPlan,
    period: ManagedPeriod,
    returns: Returns,
    calendar: WorkCalendar,
    forms: tuple[DueDateForm, LockForm, LockForm],
) -> PeriodPage:
    """One period with what can be changed about it."""
    due_form, lock_form, reopen_form = forms
    return PeriodPage(
        plan=plan,
        period=period,
        line=period_line(plan, period, returns),
        by_rule=_full(due_by_rule(plan, period.ends_on, calendar)),
        notes=year_notes([period], calendar),
        can_lock=period.has_ended and not period.is_locked,
        due_form=due_form,
        lock_form=lock_form,
        reopen_form=reopen_form,
    )


def due_dates_page(
    plans: Sequence[ManagedPlan],
    only: ManagedPlan | None,
    changes: Sequence[DueChange],
    calendar: WorkCalendar,
) -> DueDatesPage:
    """What would change; ``only`` is the one plan that was asked for."""
    return DueDatesPage(
        plans=tuple(
            PlanLine(plan, rule_text(plan.due_workdays), url_for("periods.index", plan=plan.code))
            for plan in plans
        ),
        only=only,
        changes=tuple(
            ChangeLine(
                change.plan,
                period_label(change.period.code),
                _full(change.period.due_on),
                _full(change.due_on),
                _locks(change.period),
                _locks(replace(change.period, open_until=change.open_until)),
            )
            for change in changes
        ),
        notes=year_notes([change.period for change in changes], calendar),
        action=url_for("periods.recompute", plan=only.code if only else None),
        form=RecomputeForm(formdata=None, marks=" ".join(change.mark for change in changes)),
    )


def period_line(plan: ManagedPlan, period: ManagedPeriod, returns: Returns) -> PeriodLine:
    """A period in words."""
    begun = period.state is not PeriodState.NOT_BEGUN
    is_missing = period.has_ended and returns.missing > 0
    return PeriodLine(
        label=period_label(period.code),
        span=f"{short_day(period.starts_on)} – {short_day(period.ends_on)}",
        due=_full(period.due_on) if period.is_expected else gettext("Not asked for"),
        by_hand=period.due_by_hand and period.is_expected,
        state=period.state,
        lock_reason=period.lock_reason,
        locks=_locks(period),
        returns=_returns(period, returns) if begun else "—",
        missing=ngettext("%(num)s missing", "%(num)s missing", returns.missing) if is_missing else "",
        is_late=period.state is PeriodState.PAST_DUE and is_missing,
        url=url_for("periods.show", plan=plan.code, period=period.code),
    )


def _returns(period: ManagedPeriod, returns: Returns) -> str:
    if not period.is_expected:
        return str(returns.received) if returns.received else "—"
    return gettext("%(received)s of %(expected)s", received=returns.received, expected=returns.expected)


def year_notes(periods: Sequence[ManagedPeriod], calendar: WorkCalendar) -> tuple[str, ...]:
    """A sentence for each year whose working days had to be assumed for these due dates."""
    if not periods:
        return ()
    first = min(period.ends_on for period in periods)
    last = max(period.due_on for period in periods)
    return tuple(year_note(year, calendar) for year in calendar.unpublished(first, last))


def _full(value: date) -> str:
    return f"{day(value)} {weekday(value)}"
