"""Who has not reported yet: remind one or all, copy a text, take the due dates along."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from tracker.core.access import current_scope, requires
from tracker.core.clock import now, today, zone
from tracker.core.db import db, writing
from tracker.domain.roles import Permission
from tracker.features.urging.forms import UrgeForm
from tracker.features.urging.pages import due_events, urging_page
from tracker.features.urging.queries import (
    due_days,
    last_urges,
    latest_ended,
    missing_reports,
    periods_to_urge,
)
from tracker.features.urging.services import urge_reports
from tracker.features.urging.sheets import calendar_file

bp = Blueprint("urging", __name__)


@bp.get("/urging")
@requires(Permission.REVIEW_REPORTS)
def index() -> str:
    """The reports of a period that are missing; without one, of the latest that is over, or has begun."""
    scope = current_scope()
    periods = periods_to_urge(scope, until=today())
    asked = request.args.get("in_period")
    usual = latest_ended(scope, until=today()) or (periods[0] if periods else "")
    period = asked if asked in periods else usual
    rows = missing_reports(scope, period, until=today()) if period else []
    urged = last_urges([(row.unit.id, row.period.id) for row in rows])
    return render_template("urging/index.html", page=urging_page(period, periods, rows, urged))


@bp.post("/urging")
@requires(Permission.REVIEW_REPORTS)
def urge() -> BaseResponse:
    """Remind one unit or all that are listed; nobody twice on one day."""
    form = UrgeForm()
    period = form.period.data or ""
    with writing():
        rows = missing_reports(current_scope(), period, until=today())
        if form.unit.data:
            rows = [r for r in rows if (r.plan_code, r.unit.code) == (form.plan.data, form.unit.data)]
        urged = urge_reports(rows, actor=current_user)
        db.session.commit()
    if urged:
        said = ngettext("%(num)s unit reminded.", "%(num)s units reminded.", len(urged))
        flash(f"{said} {gettext('They see it in their list of reports.')}", "success")
    else:
        flash(gettext("Nobody was reminded: all have been today, or nothing is missing."), "info")
    return redirect(url_for(".index", in_period=period or None), 303)


@bp.get("/due-dates.ics")
@requires(Permission.SEE_PROGRESS)
def due_dates() -> Response:
    """The due dates of the plans that concern whoever asks, as a calendar file."""
    content = calendar_file(
        due_events(due_days(current_scope(), since=today())),
        name=gettext("Due dates of reports"),
        zone=str(zone()),
        made_at=now(),
    )
    answer = Response(content, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="due-dates.ics"'
    return answer
