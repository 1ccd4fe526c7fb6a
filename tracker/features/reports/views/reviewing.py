"""Reviewing a report: check, approve, return, reopen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.core.access import current_scope, requires
from tracker.core.db import db, writing
from tracker.core.format import period_label
from tracker.core.i18n import name_of, say
from tracker.domain.errors import HouseError, RuleError
from tracker.domain.review import Step
from tracker.domain.roles import Permission
from tracker.features.reports.forms import (
    Choice,
    ReasonForm,
    ReturnForm,
    ReviewForm,
    saved_form,
    sent_choices,
    sent_reasons,
)
from tracker.features.reports.pages import (
    SAVINGS,
    decisions,
    evidence_marks,
    passed_words,
    refused_words,
    report_history,
    review_parts,
    review_steps,
    sheet_page,
    told_by_approved,
)
from tracker.features.reports.queries import (
    CellKey,
    Sheet,
    able_to,
    checker_of,
    contents_when_returned,
    deciders_of,
    history_of_report,
    lock_refusal,
    on_approved,
)
from tracker.features.reports.services import approve_report, check_report, reopen_report, return_report
from tracker.features.reports.views.blueprint import Answer, bp, report_at, sheet_at, waiting_at

_TAKE = {Step.CHECK: check_report, Step.APPROVE: approve_report}
"""The steps that lead a report on."""


@bp.get("/review/<plan>/<unit>/<period>")
@requires(Permission.SEE_REPORTS)
def review(plan: str, unit: str, period: str) -> str:
    """A report with what can be decided about it."""
    return _review_page(sheet_at(Permission.SEE_REPORTS, plan, unit, period), ReturnForm(formdata=None))


@bp.get("/review/<plan>/<unit>/<period>/<any(check, approve, return, reopen):step>")
@requires(Permission.SEE_REPORTS)
def back_to_review(plan: str, unit: str, period: str, step: str) -> Response:
    """Lead back from the address of a decision, which stays in the browser after a refusal."""
    return redirect(url_for(".review", plan=plan, unit=unit, period=period), 303)


@bp.post("/review/<plan>/<unit>/<period>/check")
@requires(Permission.REVIEW_REPORTS)
def check(plan: str, unit: str, period: str) -> Response:
    """Pass the first check: the report goes on to the office."""
    done = gettext("Passed on. The figures count once the office approves them.")
    return _decide(Choice(plan, unit, period, ReviewForm().seen, Step.CHECK), done)


@bp.post("/review/<plan>/<unit>/<period>/approve")
@requires(Permission.REVIEW_REPORTS)
def approve(plan: str, unit: str, period: str) -> Response:
    """Approve: the values count from now on."""
    done = gettext("Approved. The figures count from now on.")
    return _decide(Choice(plan, unit, period, ReviewForm().seen, Step.APPROVE), done)


@bp.post("/review/approve")
@requires(Permission.REVIEW_REPORTS)
def approve_several() -> Response:
    """Approve, or check, the chosen reports of the queue or all without anything odd; say how each went."""
    done: dict[Step, list[str]] = {Step.APPROVE: [], Step.CHECK: []}
    chosen = sent_choices(request.form.getlist("listed" if "all" in request.form else "report"))
    for choice in chosen:
        try:
            done[choice.step].append(_take(choice))
        except HouseError as error:
            flash(refused_words(choice, say(error)), "error")
    for step, names in done.items():
        if names:
            flash(passed_words(step, names), "success")
    if not chosen:
        flash(gettext("Nothing was chosen. Tick the reports that you want to approve."), "error")
    kept: dict[str, Any] = {
        name: request.form.get(name) or None for name in ("state", "in_period", "in_unit")
    }
    return redirect(url_for(".review_index", **kept), 303)


@bp.post("/review/<plan>/<unit>/<period>/return")
@requires(Permission.REVIEW_REPORTS)
def return_(plan: str, unit: str, period: str) -> Answer:
    """Give the report back with a reason, for the whole or for single cells."""
    form = ReturnForm()
    sheet = sheet_at(Permission.REVIEW_REPORTS, plan, unit, period)
    cells = sent_reasons(sheet, request.form)
    if form.validate_on_submit():
        try:
            with writing():
                sheet = sheet_at(Permission.REVIEW_REPORTS, plan, unit, period)
                reason = form.reason.data or ""
                return_report(sheet, reason, version=form.seen, actor=current_user, cells=cells)
                db.session.commit()
        except RuleError as error:
            _show(form, error)
        else:
            flash(gettext("Returned. The reporter sees your reason."), "success")
            return redirect(url_for(".review_index"), 303)
    return _review_page(sheet_at(Permission.REVIEW_REPORTS, plan, unit, period), form, cells), 422


@bp.post("/review/<plan>/<unit>/<period>/reopen")
@requires(Permission.REVIEW_REPORTS)
def reopen(plan: str, unit: str, period: str) -> Answer:
    """Take an approved report out of the figures and give it back."""
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            with writing():
                report = report_at(Permission.REVIEW_REPORTS, plan, unit, period)
                reopen_report(report, form.reason.data or "", version=form.seen, actor=current_user)
                db.session.commit()
        except RuleError as error:
            flash(say(error), "error")
        else:
            flash(gettext("Reopened. Its figures no longer count until it is approved again."), "success")
            return redirect(url_for(".review", plan=plan, unit=unit, period=period), 303)
    return _review_page(sheet_at(Permission.REVIEW_REPORTS, plan, unit, period), form), 422


def _take(choice: Choice) -> str:
    """Take the step of the review that was offered for one report; what the report is called."""
    with writing():
        report = report_at(Permission.REVIEW_REPORTS, choice.plan, choice.unit, choice.period)
        _TAKE[choice.step](report, version=choice.version, actor=current_user)
        db.session.commit()
    return f"{name_of(report.unit)} {period_label(report.period.code)}"


def _decide(choice: Choice, done: str) -> Response:
    """Take one step with a report, say how it went, and show the report again."""
    try:
        _take(choice)
    except RuleError as error:
        flash(say(error), "error")
    else:
        flash(done, "success")
    return redirect(url_for(".review", plan=choice.plan, unit=choice.unit, period=choice.period), 303)


def _show(form: ReturnForm, error: RuleError) -> None:
    """Say what is wrong at the field it belongs to, or above the page."""
    if error.field == "reason":
        form.reason.errors = [*form.reason.errors, say(error)]
    else:
        flash(say(error), "error")


def _review_page(
    sheet: Sheet, form: ReasonForm | ReturnForm, typed: Mapping[CellKey, str] | None = None
) -> str:
    locked = lock_refusal(sheet)
    may_review = locked is None and current_scope().allows(Permission.REVIEW_REPORTS, sheet.unit.path)
    able = deciders_of(sheet)
    page = sheet_page(sheet, saved_form(sheet), read_only_reason=say(locked) if locked else None)
    counting = on_approved(sheet)
    page = replace(
        page,
        pillars=told_by_approved(page.pillars, sheet_page(counting, saved_form(counting)).pillars),
        **decisions(sheet, able, able_to(Step.REOPEN, sheet), by=current_user.id) if may_review else {},
        steps=review_steps(sheet, able, checker_of(sheet)),
        return_form=form,
        history=report_history(history_of_report(sheet, but=SAVINGS)),
        evidence=evidence_marks(sheet, current_scope()),
    )
    parts = review_parts(sheet, contents_when_returned(sheet), may_review=may_review, typed=typed)
    return render_template("reports/review.html", page=page, review=parts, waiting=waiting_at(sheet))
