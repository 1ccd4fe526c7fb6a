"""The pages of a plan's periods: its list, and one of them."""

from __future__ import annotations

from flask import render_template, url_for
from flask_babel import gettext, ngettext
from flask_login import current_user

from tracker.core.access import requires
from tracker.core.forms import typed_day
from tracker.domain.roles import Permission
from tracker.features.calendar.queries import work_calendar
from tracker.features.periods.forms import (
    NEVER,
    DueDateForm,
    DueRuleForm,
    FirstPeriodForm,
    LockForm,
    LockRuleForm,
)
from tracker.features.periods.pages import (
    first_period_form,
    first_period_words,
    period_page,
    periods_page,
)
from tracker.features.periods.queries import (
    ManagedPeriod,
    ManagedPlan,
    due_changes,
    first_expected,
    get_managed_period,
    managed_periods,
    returns_of,
)
from tracker.features.periods.services import (
    lock_past_periods,
    lock_period,
    reopen_period,
    reopen_periods,
    set_due_date,
    set_due_rule,
    set_first_period,
    set_lock_rule,
)
from tracker.features.periods.views.blueprint import Answer, bp, decide, plan_at


@bp.get("/plans/<plan>/periods")
@requires(Permission.MANAGE_PLANS)
def index(plan: str) -> str:
    """The periods of a plan."""
    return _list(plan)


@bp.post("/plans/<plan>/periods/rule")
@requires(Permission.MANAGE_PLANS)
def rule(plan: str) -> Answer:
    """Set after how many working days reports are due."""
    form = DueRuleForm()
    plan_at(plan)

    def act() -> str:
        set_due_rule(plan_at(plan), form.workdays, seen=form.seen, actor=current_user)
        return gettext("The rule is saved. Due dates that stand already have not changed.")

    return decide(form, act, lambda: _list(plan, rule_form=form), url_for(".due_dates", plan=plan))


@bp.post("/plans/<plan>/periods/lock-rule")
@requires(Permission.MANAGE_PLANS)
def lock_rule(plan: str) -> Answer:
    """Set after how many working days periods lock themselves."""
    form = LockRuleForm(prefix="by-itself")
    plan_at(plan)

    def act() -> str:
        set_lock_rule(plan_at(plan), form.workdays, seen=form.rule_seen, actor=current_user)
        return gettext("The rule is saved. Below you see which period locks itself when.")

    return decide(form, act, lambda: _list(plan, lock_rule_form=form), url_for(".index", plan=plan))


@bp.post("/plans/<plan>/periods/first")
@requires(Permission.MANAGE_PLANS)
def first(plan: str) -> Answer:
    """Set with which period reporting begins."""
    form = first_period_form(managed_periods(plan_at(plan)))

    def act() -> str:
        locked = set_first_period(plan_at(plan), form.first_period.data, seen=form.seen, actor=current_user)
        return first_period_words(locked)

    return decide(form, act, lambda: _list(plan, first_form=form), url_for(".index", plan=plan))


@bp.post("/plans/<plan>/periods/lock")
@requires(Permission.MANAGE_PLANS)
def lock_all(plan: str) -> Answer:
    """Lock every period that is past due."""
    form = LockForm(prefix="lock")
    plan_at(plan)

    def act() -> str:
        count = lock_past_periods(plan_at(plan), form.why, actor=current_user)
        return ngettext("%(num)s period was locked.", "%(num)s periods were locked.", count)

    return decide(form, act, lambda: _list(plan, lock_form=form), url_for(".index", plan=plan))


@bp.post("/plans/<plan>/periods/reopen")
@requires(Permission.MANAGE_PLANS)
def reopen_all(plan: str) -> Answer:
    """Open every locked period again."""
    form = LockForm(prefix="reopen")
    plan_at(plan)

    def act() -> str:
        count = reopen_periods(plan_at(plan), form.why, actor=current_user)
        return ngettext("%(num)s period was reopened.", "%(num)s periods were reopened.", count)

    return decide(form, act, lambda: _list(plan, reopen_form=form), url_for(".index", plan=plan))


@bp.get("/plans/<plan>/periods/<period>")
@requires(Permission.MANAGE_PLANS)
def show(plan: str, period: str) -> str:
    """One period with what can be changed about it."""
    return _one(plan, period)


@bp.post("/plans/<plan>/periods/<period>/due-date")
@requires(Permission.MANAGE_PLANS)
def set_due(plan: str, period: str) -> Answer:
    """Give one period another due date."""
    form = DueDateForm()
    _both(plan, period)

    def act() -> str:
        due_on = typed_day(form.due_on.data)
        assert due_on is not None  # the form has refused everything else
        set_due_date(*_both(plan, period), due_on, form.why, version=form.seen, actor=current_user)
        return gettext("The due date is changed.")

    return decide(form, act, lambda: _one(plan, period, due_form=form), url_for(".index", plan=plan))


@bp.post("/plans/<plan>/periods/<period>/lock")
@requires(Permission.MANAGE_PLANS)
def lock(plan: str, period: str) -> Answer:
    """Lock one period."""
    form = LockForm(prefix="lock")
    _both(plan, period)

    def act() -> str:
        lock_period(*_both(plan, period), form.why, version=form.seen, actor=current_user)
        return gettext("The period is locked. Its reports can no longer be changed.")

    return decide(form, act, lambda: _one(plan, period, lock_form=form), url_for(".index", plan=plan))


@bp.post("/plans/<plan>/periods/<period>/reopen")
@requires(Permission.MANAGE_PLANS)
def reopen(plan: str, period: str) -> Answer:
    """Open one period again."""
    form = LockForm(prefix="reopen")
    _both(plan, period)

    def act() -> str:
        reopen_period(*_both(plan, period), form.why, version=form.seen, actor=current_user)
        return gettext("The period is open again. Its reports can be changed.")

    return decide(form, act, lambda: _one(plan, period, reopen_form=form), url_for(".index", plan=plan))


def _both(plan: str, period: str) -> tuple[ManagedPlan, ManagedPeriod]:
    found = plan_at(plan)
    return found, get_managed_period(found, period)


def _list(
    code: str,
    *,
    rule_form: DueRuleForm | None = None,
    lock_rule_form: LockRuleForm | None = None,
    first_form: FirstPeriodForm | None = None,
    lock_form: LockForm | None = None,
    reopen_form: LockForm | None = None,
) -> str:
    """The list; a form that was refused holds what was typed, with the rule as it is now."""
    plan = plan_at(code)
    periods = managed_periods(plan)
    rule_form = rule_form or DueRuleForm(formdata=None, due_workdays=str(plan.due_workdays))
    rule_form.version.data = str(plan.due_workdays)
    days = "" if plan.lock_workdays is None else str(plan.lock_workdays)
    lock_rule_form = lock_rule_form or LockRuleForm(formdata=None, prefix="by-itself", lock_workdays=days)
    lock_rule_form.version.data = days or NEVER
    first_form = first_form or first_period_form(periods, formdata=None)
    first_form.version.data = first_expected(periods).code
    forms = (
        *(rule_form, lock_rule_form, first_form),
        lock_form or LockForm(formdata=None, prefix="lock"),
        reopen_form or LockForm(formdata=None, prefix="reopen"),
    )
    returns, changes = returns_of(plan, periods), len(due_changes([plan]))
    page = periods_page(plan, periods, returns, work_calendar(), changes=changes, forms=forms)
    return render_template("periods/index.html", page=page)


def _one(
    plan_code: str,
    code: str,
    *,
    due_form: DueDateForm | None = None,
    lock_form: LockForm | None = None,
    reopen_form: LockForm | None = None,
) -> str:
    """One period; whoever has been shown it as it is now may decide about it as it is now."""
    plan, period = _both(plan_code, code)
    forms = (
        due_form or DueDateForm(formdata=None, due_on=period.due_on.isoformat()),
        lock_form or LockForm(formdata=None, prefix="lock"),
        reopen_form or LockForm(formdata=None, prefix="reopen"),
    )
    for form in forms:
        form.version.data = str(period.version)
    page = period_page(plan, period, returns_of(plan, [period])[period.id], work_calendar(), forms)
    return render_template("periods/show.html", page=page)
