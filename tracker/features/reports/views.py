"""Pages of the reporter and of the reviewer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.core.access import current_scope, requires
from tracker.core.clock import today
from tracker.core.db import db, writing
from tracker.core.forms import checks_token_itself, token_is_fresh
from tracker.core.headers import kept_for_going_back
from tracker.core.i18n import say, word
from tracker.core.paging import page_bounds
from tracker.domain.errors import RuleError, StaleError
from tracker.domain.review import ReportState, Step, may
from tracker.domain.roles import Permission
from tracker.features.reports.forms import ReasonForm, ReviewForm, SheetForm, saved_form, sent_form
from tracker.features.reports.pages import (
    SAVINGS,
    FilterLink,
    ListPage,
    PageLinks,
    SheetPage,
    conflicts,
    list_row,
    report_history,
    sheet_page,
)
from tracker.features.reports.queries import (
    ReportHandle,
    Sheet,
    count_states,
    get_report,
    get_sheet,
    history_of_report,
    lock_refusal,
    report_list,
)
from tracker.features.reports.services import (
    SheetError,
    approve_report,
    reopen_report,
    return_report,
    save_report,
    submit_report,
    withdraw_report,
)

bp = Blueprint("reports", __name__)

Answer = Response | str | tuple[str, int]


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
    return render_template("reports/review_index.html", page=page)


@bp.get("/reports/<plan>/<unit>/<period>")
@kept_for_going_back
@requires(Permission.FILL_REPORTS)
def edit(plan: str, unit: str, period: str) -> str:
    """The sheet to fill in, or to read once it is handed in."""
    sheet = _sheet(Permission.FILL_REPORTS, plan, unit, period)
    locked = lock_refusal(sheet)
    page = sheet_page(sheet, saved_form(sheet), read_only_reason=say(locked) if locked else None)
    template = "reports/edit.html" if may(Step.SAVE, sheet.state) else "reports/show.html"
    return render_template(template, page=page)


@bp.post("/reports/<plan>/<unit>/<period>")
@checks_token_itself
@requires(Permission.FILL_REPORTS)
def save(plan: str, unit: str, period: str) -> Answer:
    """Save what was sent and, when asked, hand it in; otherwise show it again with what is wrong."""
    sheet = _sheet(Permission.FILL_REPORTS, plan, unit, period)
    form = sent_form(sheet, request.form)
    submits = request.form.get("action") == "submit"
    if not token_is_fresh():
        flash(
            gettext("You have signed in anew since this page was opened. Nothing was saved; send it again."),
            "error",
        )
        return _refused(sheet_page(sheet, form), status=400)
    if not form.read():
        return _refused(sheet_page(sheet, form))
    if sheet.state is ReportState.SUBMITTED and submits and not conflicts(sheet, form):
        # The same sheet sent twice, as by a double click: the first one did it.
        return redirect(url_for(".index"), 303)
    try:
        with writing():
            save_report(_fresh(sheet), form.drafts, version=form.version, actor=current_user)
            if submits:
                submit_report(_fresh(sheet), actor=current_user)
            db.session.commit()
    except RuleError as error:
        return _broken(sheet, form, error)
    flash(gettext("Submitted for review.") if submits else gettext("Saved as a draft."), "success")
    return redirect(url_for(".index" if submits else ".edit", **_address(sheet, submits)), 303)


@bp.post("/reports/<plan>/<unit>/<period>/withdraw")
@requires(Permission.FILL_REPORTS)
def withdraw(plan: str, unit: str, period: str) -> Response:
    """Take a submitted report back."""
    try:
        with writing():
            withdraw_report(_report(Permission.FILL_REPORTS, plan, unit, period), actor=current_user)
            db.session.commit()
        flash(gettext("The report is back with you as a draft."), "success")
    except RuleError as error:
        flash(say(error), "error")
    return redirect(url_for(".edit", plan=plan, unit=unit, period=period), 303)


@bp.get("/review/<plan>/<unit>/<period>")
@requires(Permission.SEE_REPORTS)
def review(plan: str, unit: str, period: str) -> str:
    """A report with what can be decided about it."""
    return _review_page(_sheet(Permission.SEE_REPORTS, plan, unit, period), ReasonForm(formdata=None))


@bp.post("/review/<plan>/<unit>/<period>/approve")
@requires(Permission.REVIEW_REPORTS)
def approve(plan: str, unit: str, period: str) -> Response:
    """Approve: the values count from now on."""
    form = ReviewForm()
    try:
        with writing():
            report = _report(Permission.REVIEW_REPORTS, plan, unit, period)
            approve_report(report, version=form.seen, actor=current_user)
            db.session.commit()
        flash(gettext("Approved. The figures count from now on."), "success")
    except RuleError as error:
        flash(say(error), "error")
    return redirect(url_for(".review", plan=plan, unit=unit, period=period), 303)


@bp.post("/review/<plan>/<unit>/<period>/return")
@requires(Permission.REVIEW_REPORTS)
def return_(plan: str, unit: str, period: str) -> Answer:
    """Give the report back with a reason."""
    done = gettext("Returned. The reporter sees your reason.")
    return _give_back(return_report, (plan, unit, period), done, url_for(".review_index"))


@bp.post("/review/<plan>/<unit>/<period>/reopen")
@requires(Permission.REVIEW_REPORTS)
def reopen(plan: str, unit: str, period: str) -> Answer:
    """Take an approved report out of the figures and give it back."""
    done = gettext("Reopened. Its figures no longer count until it is approved again.")
    onward = url_for(".review", plan=plan, unit=unit, period=period)
    return _give_back(reopen_report, (plan, unit, period), done, onward)


def _give_back(step: Callable[..., None], address: tuple[str, str, str], done: str, onward: str) -> Answer:
    """Take a step that needs a reason; without one, or when it is refused, the page again."""
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with writing():
                report = _report(Permission.REVIEW_REPORTS, *address)
                step(report, form.reason.data or "", version=form.seen, actor=current_user)
                db.session.commit()
        except RuleError as error:
            flash(say(error), "error")
        else:
            flash(done, "success")
            return redirect(onward, 303)
    return _review_page(_sheet(Permission.REVIEW_REPORTS, *address), form), 422


def _report(permission: Permission, plan: str, unit: str, period: str) -> ReportHandle:
    return get_report(current_scope(), permission, plan_code=plan, unit_code=unit, period_code=period)


def _sheet(permission: Permission, plan: str, unit: str, period: str) -> Sheet:
    return get_sheet(current_scope(), permission, plan_code=plan, unit_code=unit, period_code=period)


def _refused(page: SheetPage, status: int = 422) -> tuple[str, int]:
    return render_template("reports/edit.html", page=page), status


def _fresh(sheet: Sheet) -> Sheet:
    """The same sheet as it is now."""
    return _sheet(Permission.FILL_REPORTS, sheet.plan.code, sheet.unit.code, sheet.period.code)


def _broken(sheet: Sheet, form: SheetForm, error: RuleError) -> tuple[str, int]:
    """The form again, with what is wrong where it is wrong."""
    if isinstance(error, SheetError):
        form.show_errors(error.by_cell)
        return _refused(sheet_page(sheet, form))
    flash(say(error), "error")
    if isinstance(error, StaleError):
        sheet = _fresh(sheet)
        return _refused(sheet_page(sheet, form, conflict=conflicts(sheet, form)), status=409)
    return _refused(sheet_page(sheet, form))


def _address(sheet: Sheet, submits: bool) -> dict[str, Any]:
    if submits:
        return {}
    return {"plan": sheet.plan.code, "unit": sheet.unit.code, "period": sheet.period.code}


def _review_page(sheet: Sheet, form: ReasonForm) -> str:
    locked = lock_refusal(sheet)
    may_review = locked is None and current_scope().allows(Permission.REVIEW_REPORTS, sheet.unit.path)
    page = replace(
        sheet_page(sheet, saved_form(sheet), read_only_reason=say(locked) if locked else None),
        can_approve=may_review and may(Step.APPROVE, sheet.state),
        can_return=may_review and may(Step.RETURN, sheet.state),
        can_reopen=may_review and may(Step.REOPEN, sheet.state),
        return_form=form,
        history=report_history(history_of_report(sheet, but=SAVINGS)),
    )
    return render_template("reports/review.html", page=page)


def _list_page(permission: Permission, own: str, to: str, *, first: ReportState | None = None) -> ListPage:
    """A list with its filters by state; 'all' shows every state."""
    scope, until = current_scope(), today()
    asked = request.args.get("state") or (first.value if first else "all")
    chosen = next((state for state in ReportState if state.value == asked), None)
    counts = count_states(scope, permission, until=until)
    total = counts.get(chosen, 0) if chosen else sum(counts.values())
    size = int(current_app.config["PAGE_SIZE"])
    number, pages, offset = page_bounds(request.args.get("page"), total, size)
    rows = report_list(
        scope, permission, until=until, states=[chosen] if chosen else [], limit=size, offset=offset
    )

    def link(page: int) -> str | None:
        return url_for(f".{own}", state=asked, page=page) if 1 <= page <= pages else None

    filters = [
        FilterLink(gettext("All"), url_for(f".{own}", state="all"), chosen is None, sum(counts.values()))
    ]
    filters += [
        FilterLink(word(state), url_for(f".{own}", state=state.value), state is chosen, counts.get(state, 0))
        for state in ReportState
    ]
    return ListPage(
        tuple(list_row(row, f".{to}") for row in rows),
        tuple(filters),
        PageLinks(number, pages, link(number - 1), link(number + 1)),
    )
