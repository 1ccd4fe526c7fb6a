"""What the calendar and the rules would change of due dates."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask_babel import ngettext
from flask_login import current_user

from tracker.core.access import current_scope, requires
from tracker.domain.roles import Permission
from tracker.features.calendar.queries import work_calendar
from tracker.features.periods.forms import (
    RecomputeForm,
)
from tracker.features.periods.pages import (
    due_dates_page,
)
from tracker.features.periods.queries import (
    ManagedPlan,
    due_changes,
    managed_plans,
)
from tracker.features.periods.services import (
    recompute_due_dates,
)
from tracker.features.periods.views.blueprint import Answer, bp, decide, plan_at


@bp.get("/due-dates")
@requires(Permission.MANAGE_PLANS)
def due_dates() -> str:
    """The plans with their rules, and the due dates that would change."""
    return _due_dates()


@bp.post("/due-dates")
@requires(Permission.MANAGE_PLANS)
def recompute() -> Answer:
    """Work out again the due dates that were shown."""
    form = RecomputeForm()
    _asked_plans()

    def act() -> str:
        count = recompute_due_dates(_asked_plans(), form.shown, actor=current_user)
        return ngettext("%(num)s due date was changed.", "%(num)s due dates were changed.", count)

    return decide(form, act, _due_dates, url_for(".due_dates", plan=request.args.get("plan")))


def _asked_plans() -> list[ManagedPlan]:
    """The plan of the address, or all in scope."""
    code = request.args.get("plan")
    return [plan_at(code)] if code else managed_plans(current_scope())


def _due_dates() -> str:
    scope, plans = current_scope(), _asked_plans()
    only = plans[0] if request.args.get("plan") else None
    page = due_dates_page(managed_plans(scope), only, due_changes(plans), work_calendar())
    return render_template("periods/due_dates.html", page=page)
