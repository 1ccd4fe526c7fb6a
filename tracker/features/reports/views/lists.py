"""Lists of reports: the reporter's tasks and the reviewer's queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import current_app, render_template, request
from flask_login import current_user

from tracker.core.access import current_scope, requires
from tracker.core.clock import today
from tracker.core.paging import page_bounds
from tracker.domain.review import ReportState, Step
from tracker.domain.roles import Permission
from tracker.features.reports.pages import (
    ALL,
    ListPage,
    cell_link,
    filter_links,
    list_row,
    page_links,
)
from tracker.features.reports.queries import (
    ReportListRow,
    approvals_wait,
    begun_periods,
    correction_queue,
    count_states,
    find_cells,
    last_urged,
    periods_not_asked,
    report_list,
    steps_offered,
    wanted_of,
)
from tracker.features.reports.views.blueprint import bp

LONGEST_SEARCH = 100

MOST_FOUND = 50
"""Cells of indicators that a search shows; whoever misses one types more of its name."""

MOST_CORRECTIONS = 50
"""Corrections shown at once; the others follow when these are decided about."""


@bp.get("/reports")
@requires(Permission.FILL_REPORTS)
def index() -> str:
    """The reporter's tasks, what a search has found, and the way to the periods that nobody asks for."""
    page = _list_page(Permission.FILL_REPORTS, "index", "edit", by="q")
    found = find_cells(
        current_scope(), Permission.FILL_REPORTS, page.unit, today=today(), limit=MOST_FOUND + 1
    )
    page = replace(
        page,
        cells=tuple(cell_link(each, ".edit") for each in found[:MOST_FOUND]),
        more_cells=len(found) > MOST_FOUND,
        periods=tuple(periods_not_asked(current_scope(), Permission.FILL_REPORTS, until=today())),
    )
    return render_template("reports/index.html", page=page)


@bp.get("/review")
@requires(Permission.SEE_REPORTS)
def review_index() -> str:
    """The reviewer's queue; without a chosen state, what waits for this reviewer."""
    first = ReportState.CHECKED if approvals_wait(current_scope()) else ReportState.SUBMITTED
    page = _list_page(Permission.SEE_REPORTS, "review_index", "review", by="in_unit", first=first)
    scope = current_scope()
    periods = tuple(begun_periods(scope, Permission.SEE_REPORTS, until=today()))
    may_urge = scope.allows_somewhere(Permission.REVIEW_REPORTS)
    waiting = correction_queue(scope, Permission.SEE_REPORTS, limit=MOST_CORRECTIONS)
    return render_template(
        "reports/review_index.html", page=replace(page, periods=periods), waiting=waiting, may_urge=may_urge
    )


def _list_page(
    permission: Permission, own: str, to: str, *, by: str, first: ReportState | None = None
) -> ListPage:
    """A list with its filters by state, period and unit (what ``by`` asks for); 'all' shows every state."""
    scope, until = current_scope(), today()
    sought = request.args.get(by, "")[:LONGEST_SEARCH]
    wanted = wanted_of(scope, permission, period=request.args.get("in_period", ""), unit=sought)
    states = [state for state in ReportState if state == (request.args.get("state") or first)]
    chosen = next(iter(states), None)
    counts = count_states(scope, permission, until=until, wanted=wanted)
    total = counts.get(chosen, 0) if chosen else sum(counts.values())
    size = int(current_app.config["PAGE_SIZE"])
    number, pages, offset = page_bounds(request.args.get("page"), total, size)
    rows = report_list(
        scope, permission, until=until, states=states, wanted=wanted, limit=size, offset=offset
    )
    urged = last_urged([(row.unit.id, row.period.id) for row in rows])
    kept = {"in_period": wanted.period or None, by: wanted.unit or None}
    steps = _steps_of(permission, rows)
    return ListPage(
        tuple(
            list_row(row, f".{to}", steps.get(row.report_id or 0), urged.get((row.unit.id, row.period.id)))
            for row in rows
        ),
        filter_links(f".{own}", counts, chosen, **kept),
        page_links(f".{own}", chosen, number, pages, **kept),
        period=wanted.period,
        unit=wanted.unit,
        state=chosen.value if chosen else ALL,
    )


def _steps_of(permission: Permission, rows: Sequence[ReportListRow]) -> Mapping[int, Step]:
    """What can be decided from the list; whoever fills reports in decides about none of them."""
    if permission is not Permission.SEE_REPORTS:
        return {}
    ids = [row.report_id for row in rows if row.report_id is not None]
    return steps_offered(current_scope(), ids, by=current_user.id)
