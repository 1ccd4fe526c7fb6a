"""Lists of reports: the reporter's tasks and the reviewer's queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import current_app, render_template, request, url_for
from flask_babel import gettext

from tracker.core.access import current_scope, requires
from tracker.core.clock import today
from tracker.core.i18n import word
from tracker.core.paging import page_bounds
from tracker.domain.review import ReportState
from tracker.domain.roles import Permission
from tracker.features.reports.pages import FilterLink, ListPage, PageLinks, list_row
from tracker.features.reports.queries import (
    Wanted,
    begun_periods,
    correction_queue,
    count_states,
    last_urged,
    report_list,
)
from tracker.features.reports.views.blueprint import bp

MOST_CORRECTIONS = 50
"""Corrections shown at once; the others follow when these are decided about."""


@bp.get("/reports")
@requires(Permission.FILL_REPORTS)
def index() -> str:
    """The reporter's tasks."""
    return render_template("reports/index.html", page=_list_page(Permission.FILL_REPORTS, "index", "edit"))


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
    asked = request.args.get("state") or (first.value if first else "all")
    wanted = Wanted(request.args.get("in_period", ""), request.args.get("in_unit", "").strip())
    chosen = next((state for state in ReportState if state.value == asked), None)
    counts = count_states(scope, permission, until=until, wanted=wanted)
    total = counts.get(chosen, 0) if chosen else sum(counts.values())
    size = int(current_app.config["PAGE_SIZE"])
    number, pages, offset = page_bounds(request.args.get("page"), total, size)
    states = [chosen] if chosen else []
    rows = report_list(
        scope, permission, until=until, states=states, wanted=wanted, limit=size, offset=offset
    )
    urged = last_urged([(row.unit.id, row.period.id) for row in rows])
    kept: dict[str, Any] = {"in_period": wanted.period or None, "in_unit": wanted.unit or None}

    def link(page: int) -> str | None:
        return url_for(f".{own}", state=asked, page=page, **kept) if 1 <= page <= pages else None

    return ListPage(
        tuple(list_row(row, f".{to}", scope, urged.get((row.unit.id, row.period.id))) for row in rows),
        _filters(own, chosen, counts, kept),
        PageLinks(number, pages, link(number - 1), link(number + 1)),
        period=wanted.period,
        unit=wanted.unit,
        state=asked,
    )


def _filters(
    own: str, chosen: ReportState | None, counts: Mapping[ReportState, int], kept: dict[str, Any]
) -> tuple[FilterLink, ...]:
    """One link for each state, and one for all of them."""

    def link(state: str) -> str:
        return url_for(f".{own}", state=state, **kept)

    found = [FilterLink(gettext("All"), link("all"), chosen is None, sum(counts.values()))]
    found += [
        FilterLink(word(state), link(state.value), state is chosen, counts.get(state, 0))
        for state in ReportState
    ]
    return tuple(found)
