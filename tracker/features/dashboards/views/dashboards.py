"""Overview, indicator page, and the progress sheet to take along."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from tracker.core.access import current_scope, requires, signed_in
from tracker.core.db import db, writing
from tracker.core.download import workbook_answer
from tracker.core.i18n import name_of
from tracker.core.remember import remembered
from tracker.domain.progress import Signal
from tracker.domain.roles import Permission
from tracker.features.dashboards.pages import indicator_page, known_note, overview_page
from tracker.features.dashboards.queries import (
    View,
    get_view,
    most_urgent,
    parts_of,
    read_day,
    read_known_on,
    reports_below,
)
from tracker.features.dashboards.services import record_export
from tracker.features.dashboards.sheets import progress_file
from tracker.features.plans.queries import all_plans, neighbours_of
from tracker.features.progress.queries import standings, standings_by_unit

bp = Blueprint("dashboards", __name__)


@bp.get("/")
@signed_in
def index() -> BaseResponse:
    """Everyone's first page: reporters begin with their tasks, reviewers with their queue.

    Where there is no plan yet, administrators begin with making one.
    """
    scope = current_scope()
    if scope.allows_somewhere(Permission.FILL_REPORTS):
        return redirect(url_for("reports.index"))
    if scope.allows_somewhere(Permission.REVIEW_REPORTS):
        return redirect(url_for("reports.review_index"))
    if scope.allows_somewhere(Permission.MANAGE_PLANS) and not all_plans():
        return redirect(url_for("plans.index"))
    return redirect(url_for(".overview"))


@bp.get("/overview")
@requires(Permission.SEE_PROGRESS)
@remembered
def overview() -> str:
    """Where a unit stands on a data date, and why."""
    view = _view(Permission.SEE_PROGRESS)
    rows = standings(view.unit, view.clock)
    shown = most_urgent(rows)
    asked = request.args.get("signal")
    page = overview_page(
        view,
        rows,
        scope=current_scope(),
        signal=next((signal for signal in Signal if signal.value == asked), None),
        below=reports_below(view),
        shown=shown,
        by_child=[
            row
            for row in (standings_by_unit(shown.indicator, view.children, view.clock) if shown else [])
            if row.standing.total or row.standing.coverage.reporters
        ],
        known=known_note(view, rows),
    )
    return render_template("dashboards/overview.html", page=page)


@bp.get("/indicators/<code>")
@requires(Permission.SEE_PROGRESS)
@remembered
def indicator(code: str) -> str:
    """One indicator at a unit: against plan, by unit, by category."""
    view = _view(Permission.SEE_PROGRESS)
    standing = next((row for row in standings(view.unit, view.clock) if row.indicator.code == code), None)
    if standing is None:
        abort(404)
    page = indicator_page(view, standing, parts_of(view, standing), neighbours_of(standing.indicator.id))
    return render_template("dashboards/indicator.html", page=page, known=known_note(view, [standing]))


@bp.get("/exports/progress.xlsx")
@requires(Permission.EXPORT_PROGRESS)
def progress_sheet() -> Response:
    """The progress sheet 指标进度表; taking it away is recorded."""
    view = _view(Permission.EXPORT_PROGRESS)
    name, content = progress_file(view, made_by=name_of(current_user))
    with writing():
        record_export(view, actor=current_user)
        db.session.commit()
    plain = f"progress_{view.unit.code}_{view.clock.as_of}.xlsx"
    return workbook_answer(content, name=name, plain=plain)


def _view(permission: Permission) -> View:
    """What the address asks for."""
    return get_view(
        current_scope(),
        unit_code=request.args.get("unit"),
        as_of=read_day(request.args.get("as_of")),
        plan_code=request.args.get("plan"),
        permission=permission,
        known_on=read_known_on(request.args.get("known_on")),
    )
