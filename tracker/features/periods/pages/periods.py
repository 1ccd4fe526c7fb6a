"""A plan's periods, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from tracker.core.format import period_label, short_day
from tracker.domain.periods import PeriodState
from tracker.domain.workdays import WorkCalendar
from tracker.features.periods.forms import (
    DueDateForm,
    DueRuleForm,
    FirstPeriodForm,
    LockForm,
    LockRuleForm,
)
from tracker.features.periods.pages.words import full_day, lock_rule_text, lock_words, rule_text, year_notes
from tracker.features.periods.queries import (
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
        by_rule=full_day(due_by_rule(plan, period.ends_on, calendar)),
        notes=year_notes([period], calendar),
        can_lock=period.has_ended and not period.is_locked,
        due_form=due_form,
        lock_form=lock_form,
        reopen_form=reopen_form,
    )


def period_line(plan: ManagedPlan, period: ManagedPeriod, returns: Returns) -> PeriodLine:
    """A period in words."""
    begun = period.state is not PeriodState.NOT_BEGUN
    is_missing = period.has_ended and returns.missing > 0
    return PeriodLine(
        label=period_label(period.code),
        span=f"{short_day(period.starts_on)} – {short_day(period.ends_on)}",
        due=full_day(period.due_on) if period.is_expected else gettext("Not asked for"),
        by_hand=period.due_by_hand and period.is_expected,
        state=period.state,
        lock_reason=period.lock_reason,
        locks=lock_words(period),
        returns=_returns(period, returns) if begun else "—",
        missing=ngettext("%(num)s missing", "%(num)s missing", returns.missing) if is_missing else "",
        is_late=period.state is PeriodState.PAST_DUE and is_missing,
        url=url_for("periods.show", plan=plan.code, period=period.code),
    )


def _returns(period: ManagedPeriod, returns: Returns) -> str:
    if not period.is_expected:
        return str(returns.received) if returns.received else "—"
    return gettext("%(received)s of %(expected)s", received=returns.received, expected=returns.expected)
