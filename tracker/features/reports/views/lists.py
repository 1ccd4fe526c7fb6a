"""Lists of reports: the reporter's tasks and the reviewer's queue."""

from __future__ import annotations

from dataclasses import replace

from flask import current_app, render_template, request

from tracker.core.access import current_scope, requires
from tracker.core.clock import today
from tracker.core.paging import page_bounds
from tracker.domain.review import ReportState
from tracker.domain.roles import Permission
from tracker.features.reports.pages import ALL, ListPage, filter_links, list_row, page_links
from tracker.features.reports.queries import (
    Wanted,
    begun_periods,
    correction_queue,
    count_states,
    last_urged,
    periods_not_asked,
    report_list,
)
from tracker.features.reports.views.blueprint import bp

MOST_CORRECTIONS = 50
"""Corrections shown at once; the others follow when these are decided about."""


@bp.get("/reports")
@requires(Permission.FILL_REPORTS)
def index() -> str:
    """The reporter's tasks, and the way to the periods that nobody asks for."""
    page = _list_page(Permission.FILL_REPORTS, "index", "edit")
    page = replace(page, periods=tuple(periods_not_asked(until=today())))
    return render_template("reports/index.html", page=page)


@bp.get("/review")
@requires(Permission.SEE_REPORTS)
def review_index() -> str:
    """The reviewer's queue; without a chosen state, what waits for review."""
    page = _list_page(Permission.SEE_REPORTS, "review_index", "review", first=ReportState.SUBMITTED)
    periods = tuple(begun_periods(until=today()))
    may_urge = current_scope().allows_somewhere(Permission.REVIEW_REPORTS)
    waiting = correction_queue(current_scope(), Permission.SEE_REPORTS, limit=MOST_CORRECTIONS)
    return render_template(
        "reports/review_index.html", page=replace(page, periods=periods), waiting=waiting, may_urge=may_urge
    )


def _list_page(permission: Permission, own: str, to: str, *, first: ReportState | None = None) -> ListPage:
    """A list with its filters by state, period and unit; 'all' shows every state."""
    scope, until = current_scope(), today()
    asked = request.args.get("state") or first
    wanted = Wanted(request.args.get("in_period", ""), request.args.get("in_unit", "").strip())
    chosen = next((state for state in ReportState if state == asked), None)
    counts = count_states(scope, permission, until=until, wanted=wanted)
    total = counts.get(chosen, 0) if chosen else sum(counts.values())
    size = int(current_app.config["PAGE_SIZE"])
    number, pages, offset = page_bounds(request.args.get("page"), total, size)
    states = [chosen] if chosen else []
    rows = report_list(
        scope, permission, until=until, states=states, wanted=wanted, limit=size, offset=offset
    )
    urged = last_urged([(row.unit.id, row.period.id) for row in rows])
    kept = {"in_period": wanted.period or None, "in_unit": wanted.unit or None}
    return ListPage(
        tuple(list_row(row, f".{to}", scope, urged.get((row.unit.id, row.period.id))) for row in rows),
        filter_links(f".{own}", counts, chosen, **kept),
        page_links(f".{own}", chosen, number, pages, **kept),
        period=wanted.period,
        unit=wanted.unit,
        state=chosen.value if chosen else ALL,
    )
