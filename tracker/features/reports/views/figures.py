"""One figure of a report: its history, and correcting it after approval."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.core.access import current_scope, requires
from tracker.core.db import db, writing
from tracker.core.i18n import say
from tracker.domain.errors import N_, NotFoundError, RuleError, StaleError
from tracker.domain.roles import Permission
from tracker.features.reports.forms import CellForm, CorrectionForm, DecisionForm
from tracker.features.reports.pages import figure_page, starting_cell
from tracker.features.reports.queries import (
    Cell,
    Sheet,
    correction_deciders,
    corrections_of,
    lock_refusal,
    revisions_of,
)
from tracker.features.reports.services import (
    approve_correction,
    propose_correction,
    refuse_correction,
    take_back_correction,
)
from tracker.features.reports.views.blueprint import Answer, bp, sheet_at

Address = tuple[str, str, str]


@bp.get("/reports/<plan>/<unit>/<period>/figures/<key>")
@requires(Permission.FILL_REPORTS, or_else=Permission.SEE_REPORTS)
def figure(plan: str, unit: str, period: str, key: str) -> Answer:
    """Everything that a figure has been, for whoever fills it in; whoever reviews it is led to its review."""
    address = (plan, unit, period)
    try:
        return _page(*_found(Permission.FILL_REPORTS, address, key), to="figure")
    except NotFoundError:
        _found(Permission.SEE_REPORTS, address, key)
        return redirect(url_for(".review_figure", plan=plan, unit=unit, period=period, key=key), 303)


@bp.get("/review/<plan>/<unit>/<period>/figures/<key>")
@requires(Permission.SEE_REPORTS)
def review_figure(plan: str, unit: str, period: str, key: str) -> str:
    """The same for whoever reviews it."""
    return _page(*_found(Permission.SEE_REPORTS, (plan, unit, period), key), to="review_figure")


@bp.get("/review/<plan>/<unit>/<period>/figures/<key>/decide")
@requires(Permission.SEE_REPORTS)
def back_to_figure(plan: str, unit: str, period: str, key: str) -> Response:
    """Lead back from the address of a decision, which stays in the browser after a refusal."""
    return redirect(url_for(".review_figure", plan=plan, unit=unit, period=period, key=key), 303)


@bp.post("/reports/<plan>/<unit>/<period>/figures/<key>")
@requires(Permission.FILL_REPORTS)
def correct(plan: str, unit: str, period: str, key: str) -> Answer:
    """Propose another value for a figure that counts."""
    return _propose(Permission.FILL_REPORTS, (plan, unit, period), key, to="figure")


@bp.post("/review/<plan>/<unit>/<period>/figures/<key>")
@requires(Permission.REVIEW_REPORTS)
def review_correct(plan: str, unit: str, period: str, key: str) -> Answer:
    """The same by a reviewer."""
    return _propose(Permission.REVIEW_REPORTS, (plan, unit, period), key, to="review_figure")


@bp.post("/reports/<plan>/<unit>/<period>/figures/<key>/take-back")
@requires(Permission.FILL_REPORTS)
def take_back(plan: str, unit: str, period: str, key: str) -> Response:
    """Propose it no longer."""
    try:
        with writing():
            sheet, cell = _found(Permission.FILL_REPORTS, (plan, unit, period), key)
            take_back_correction(
                sheet, cell.key, correction_id=DecisionForm().correction_id, actor=current_user
            )
            db.session.commit()
        flash(gettext("The correction is taken back."), "success")
    except RuleError as error:
        flash(say(error), "error")
    return redirect(url_for(".figure", plan=plan, unit=unit, period=period, key=key), 303)


@bp.post("/review/<plan>/<unit>/<period>/figures/<key>/decide")
@requires(Permission.REVIEW_REPORTS)
def decide(plan: str, unit: str, period: str, key: str) -> Answer:
    """Approve a correction, or refuse it with a reason."""
    form, approves = DecisionForm(), request.form.get("action") == "approve"
    done = (
        gettext("The correction counts from now on.") if approves else gettext("The figure stays as it is.")
    )
    step: Callable[..., None] = approve_correction if approves else refuse_correction
    if form.validate_on_submit():
        given = () if approves else (form.reason.data or "",)
        try:
            with writing():
                sheet, cell = _found(Permission.REVIEW_REPORTS, (plan, unit, period), key)
                step(sheet, cell.key, *given, correction_id=form.correction_id, actor=current_user)
                db.session.commit()
        except RuleError as error:
            form.reason.errors = [*form.reason.errors, say(error)]
        else:
            flash(done, "success")
            return redirect(url_for(".review_figure", plan=plan, unit=unit, period=period, key=key), 303)
    found = _found(Permission.REVIEW_REPORTS, (plan, unit, period), key)
    return _page(*found, to="review_figure", decision=form), 422


def _found(permission: Permission, address: Address, key: str) -> tuple[Sheet, Cell]:
    """The figure of this address; a cell that the sheet does not have is not found."""
    sheet = sheet_at(permission, *address)
    for cell in sheet.cells:
        if f"{cell.key[0]}-{cell.key[1]}" == key:
            return sheet, cell
    raise NotFoundError(N_("There is no such figure in this report."))


def _propose(permission: Permission, address: Address, key: str, *, to: str) -> Answer:
    sheet, cell = _found(permission, address, key)
    form, typed = CorrectionForm(), CellForm(cell, request.form)
    status = 422
    if form.validate_on_submit():
        try:
            draft, reason = typed.draft(), form.reason.data or ""
            with writing():
                sheet, cell = _found(permission, address, key)
                propose_correction(sheet, draft, reason=reason, revision=form.seen, actor=current_user)
                db.session.commit()
        except StaleError as error:
            flash(say(error), "error")
            status = 409
        except RuleError as error:
            typed.error = say(error)
        else:
            flash(
                gettext("Proposed. The figure counts as it is until the correction is reviewed."), "success"
            )
            plan, unit, period = address
            return redirect(url_for(f".{to}", plan=plan, unit=unit, period=period, key=key), 303)
    return _page(*_found(permission, address, key), to=to, form=form, typed=typed), status


def _page(
    sheet: Sheet,
    cell: Cell,
    *,
    to: str,
    form: CorrectionForm | None = None,
    typed: CellForm | None = None,
    decision: DecisionForm | None = None,
) -> str:
    revisions = revisions_of(cell.entry.id) if cell.entry else []
    locked = lock_refusal(sheet)
    scope, fills = current_scope(), to == "figure"
    reviews = not fills and scope.allows(Permission.REVIEW_REPORTS, sheet.unit.path)
    corrections = corrections_of(sheet, cell.key)
    page = figure_page(
        sheet,
        cell,
        revisions=revisions,
        corrections=corrections,
        typed=typed or starting_cell(cell, revisions, request.args.get("from")),
        form=form or CorrectionForm(formdata=None),
        why_not=say(locked) if locked else None,
        may=(fills or reviews, reviews, fills),
        able=correction_deciders(sheet, corrections),
        by=current_user.id,
        to=f"reports.{to}",
    )
    decided = decision or DecisionForm(formdata=None)
    return render_template("reports/figure.html", page=page, decision=decided, fills=fills)
