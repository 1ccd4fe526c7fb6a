"""Filling a report in: the sheet, saving, handing in, taking back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.core.access import requires
from tracker.core.db import db, writing
from tracker.core.forms import checks_token_itself, token_is_fresh
from tracker.core.headers import kept_for_going_back
from tracker.core.i18n import say
from tracker.domain.errors import NotFoundError, RuleError, StaleError
from tracker.domain.review import ReportState, Step, may
from tracker.domain.roles import Permission
from tracker.features.reports.forms import SheetForm, saved_form, sent_form
from tracker.features.reports.pages import blank_cells, carried_words, conflicts, sheet_page, todo_cells
from tracker.features.reports.queries import Sheet, contents_seen, lock_refusal
from tracker.features.reports.services import (
    ConflictError,
    SheetError,
    carry_over,
    open_points,
    save_sheet,
    submit_report,
    withdraw_report,
)
from tracker.features.reports.views.blueprint import Answer, bp, report_at, sheet_at, waiting_at


@bp.get("/reports/<plan>/<unit>/<period>")
@kept_for_going_back
@requires(Permission.FILL_REPORTS, or_else=Permission.SEE_REPORTS)
def edit(plan: str, unit: str, period: str) -> Answer:
    """The sheet to fill in, or to read once it is handed in; whoever reviews it is led to its review."""
    try:
        sheet = sheet_at(Permission.FILL_REPORTS, plan, unit, period)
    except NotFoundError:
        report_at(Permission.SEE_REPORTS, plan, unit, period)
        return redirect(url_for(".review", plan=plan, unit=unit, period=period), 303)
    locked = lock_refusal(sheet)
    page = sheet_page(sheet, saved_form(sheet), read_only_reason=say(locked) if locked else None)
    template = "reports/edit.html" if may(Step.SAVE, sheet.state) else "reports/show.html"
    return render_template(template, page=page, waiting=waiting_at(sheet))


@bp.get("/reports/<plan>/<unit>/<period>/open")
@requires(Permission.FILL_REPORTS)
def preview(plan: str, unit: str, period: str) -> Answer:
    """The sheet as a reviewer will read it, and all that is open before it can be handed in."""
    sheet = sheet_at(Permission.FILL_REPORTS, plan, unit, period)
    if not may(Step.SAVE, sheet.state):
        return redirect(url_for(".edit", plan=plan, unit=unit, period=period), 303)
    locked = lock_refusal(sheet)
    page = sheet_page(
        sheet,
        saved_form(sheet),
        read_only_reason=say(locked) if locked else None,
        todo=open_points(sheet),
    )
    return render_template("reports/preview.html", page=page, todo=todo_cells(page), blank=blank_cells(page))


@bp.post("/reports/<plan>/<unit>/<period>")
@checks_token_itself
@requires(Permission.FILL_REPORTS)
def save(plan: str, unit: str, period: str) -> Answer:
    """Save what was sent and, when asked, hand it in; otherwise show it again with what is wrong."""
    sheet = sheet_at(Permission.FILL_REPORTS, plan, unit, period)
    form = sent_form(sheet, request.form)
    submits = request.form.get("action") == "submit"
    if not token_is_fresh():
        flash(
            gettext("You have signed in anew since this page was opened. Nothing was saved; send it again."),
            "error",
        )
        return _refused(sheet, form, status=400)
    if not form.read():
        return _refused(sheet, form)
    if sheet.state is ReportState.SUBMITTED and submits and not conflicts(sheet, form):
        # The same sheet sent twice, as by a double click: the first one did it.
        return redirect(url_for(".index"), 303)
    try:
        with writing():
            present = _fresh(sheet)
            found = contents_seen(present, form.seen)
            sent = [cell.sent(found.get(key)) for key, cell in form.cells.items()]
            save_sheet(present, sent, actor=current_user)
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
            withdraw_report(report_at(Permission.FILL_REPORTS, plan, unit, period), actor=current_user)
            db.session.commit()
        flash(gettext("The report is back with you as a draft."), "success")
    except RuleError as error:
        flash(say(error), "error")
    return redirect(url_for(".edit", plan=plan, unit=unit, period=period), 303)


@bp.post("/reports/<plan>/<unit>/<period>/carry-over")
@requires(Permission.FILL_REPORTS)
def carry(plan: str, unit: str, period: str) -> Response:
    """Fill the blank cells with what was reported last, to be confirmed."""
    try:
        with writing():
            filled, left = carry_over(
                sheet_at(Permission.FILL_REPORTS, plan, unit, period), actor=current_user
            )
            db.session.commit()
        flash(*carried_words(filled, left))
    except RuleError as error:
        flash(say(error), "error")
    return redirect(url_for(".edit", plan=plan, unit=unit, period=period), 303)


def _refused(sheet: Sheet, form: SheetForm, status: int = 422, **more: Any) -> tuple[str, int]:
    page = sheet_page(sheet, form, is_refused=True, **more)
    return render_template("reports/edit.html", page=page), status


def _fresh(sheet: Sheet) -> Sheet:
    """The same sheet as it is now."""
    return sheet_at(Permission.FILL_REPORTS, sheet.plan.code, sheet.unit.code, sheet.period.code)


def _broken(sheet: Sheet, form: SheetForm, error: RuleError) -> tuple[str, int]:
    """The form again, with what is wrong where it is wrong."""
    if isinstance(error, SheetError):
        form.show_errors(error.by_cell)
        return _refused(sheet, form)
    flash(say(error), "error")
    if isinstance(error, StaleError):
        sheet = _fresh(sheet)
        keys = error.keys if isinstance(error, ConflictError) else None
        found = conflicts(sheet, form, keys)
        form.show_seen(sheet, keys or ())
        return _refused(sheet, form, 409, conflict=found)
    return _refused(sheet, form)


def _address(sheet: Sheet, submits: bool) -> dict[str, Any]:
    if submits:
        return {}
    return {"plan": sheet.plan.code, "unit": sheet.unit.code, "period": sheet.period.code}
