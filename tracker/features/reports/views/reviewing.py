"""Reviewing a report: approve, return, reopen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.core.access import current_scope, requires
from tracker.core.db import db, writing
from tracker.core.i18n import say
from tracker.domain.errors import RuleError
from tracker.domain.review import Step, may
from tracker.domain.roles import Permission
from tracker.features.reports.forms import ReasonForm, ReviewForm, saved_form
from tracker.features.reports.pages import SAVINGS, evidence_marks, report_history, sheet_page
from tracker.features.reports.queries import Sheet, history_of_report, lock_refusal
from tracker.features.reports.services import approve_report, reopen_report, return_report
from tracker.features.reports.views.blueprint import Answer, bp, report_at, sheet_at


@bp.get("/review/<plan>/<unit>/<period>")
@requires(Permission.SEE_REPORTS)
def review(plan: str, unit: str, period: str) -> str:
    """A report with what can be decided about it."""
    return _review_page(sheet_at(Permission.SEE_REPORTS, plan, unit, period), ReasonForm(formdata=None))


@bp.get("/review/<plan>/<unit>/<period>/<any(approve, return, reopen):step>")
@requires(Permission.SEE_REPORTS)
def back_to_review(plan: str, unit: str, period: str, step: str) -> Response:
    """Lead back from the address of a decision, which stays in the browser after a refusal."""
    return redirect(url_for(".review", plan=plan, unit=unit, period=period), 303)


@bp.post("/review/<plan>/<unit>/<period>/approve")
@requires(Permission.REVIEW_REPORTS)
def approve(plan: str, unit: str, period: str) -> Response:
    """Approve: the values count from now on."""
    form = ReviewForm()
    try:
        with writing():
            report = report_at(Permission.REVIEW_REPORTS, plan, unit, period)
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
                report = report_at(Permission.REVIEW_REPORTS, *address)
                step(report, form.reason.data or "", version=form.seen, actor=current_user)
                db.session.commit()
        except RuleError as error:
            flash(say(error), "error")
        else:
            flash(done, "success")
            return redirect(onward, 303)
    return _review_page(sheet_at(Permission.REVIEW_REPORTS, *address), form), 422


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
        evidence=evidence_marks(sheet, current_scope()),
    )
    return render_template("reports/review.html", page=page)
