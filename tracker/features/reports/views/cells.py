"""The grid's script: cells are saved one by one, and checked while they are typed."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.core.access import requires
from tracker.core.db import db, writing
from tracker.core.forms import checks_token_itself, sent_json, token_is_fresh
from tracker.core.i18n import say
from tracker.domain.errors import RuleError, StaleError
from tracker.domain.roles import Permission
from tracker.features.reports.forms import sent_cells
from tracker.features.reports.pages import cells_answer, paste_preview
from tracker.features.reports.services import save_cells
from tracker.features.reports.views.blueprint import bp, report_at, sheet_at

Told = tuple[Response, int]


@bp.post("/reports/<plan>/<unit>/<period>/cells")
@checks_token_itself
@requires(Permission.FILL_REPORTS)
def save_some(plan: str, unit: str, period: str) -> Told:
    """Save some cells, each by itself; what is refused is kept as it was typed."""
    address, sent = (Permission.FILL_REPORTS, plan, unit, period), sent_json()
    report_at(*address)
    if refusal := _unfit(sent):
        return refusal
    try:
        with writing():
            sheet = sheet_at(*address)
            forms = sent_cells(sheet, sent.get("cells"))
            outcomes = save_cells(sheet, [form.sent() for form in forms], actor=current_user)
            # Told from within the write, or the answer could hold what somebody saves a moment later.
            answer = cells_answer(sheet_at(*address), forms, outcomes)
            db.session.commit()
    except StaleError as error:
        return _told("again", say(error), 409)
    except RuleError as error:
        return _told("refused", say(error), 422)
    return jsonify(answer), 200


@bp.post("/reports/<plan>/<unit>/<period>/check")
@checks_token_itself
@requires(Permission.FILL_REPORTS)
def check_some(plan: str, unit: str, period: str) -> Told:
    """Say what some cells would come to; nothing is saved."""
    sheet, sent = sheet_at(Permission.FILL_REPORTS, plan, unit, period), sent_json()
    if refusal := _unfit(sent):
        return refusal
    return jsonify(cells_answer(sheet, sent_cells(sheet, sent.get("cells")))), 200


@bp.post("/reports/<plan>/<unit>/<period>/paste")
@checks_token_itself
@requires(Permission.FILL_REPORTS)
def paste(plan: str, unit: str, period: str) -> Told:
    """Say what a block copied from Excel would do to which cells; nothing is saved."""
    sheet, sent = sheet_at(Permission.FILL_REPORTS, plan, unit, period), sent_json()
    if refusal := _unfit(sent):
        return refusal
    try:
        return jsonify(paste_preview(sheet, str(sent.get("text", "")), str(sent.get("at", "")))), 200
    except RuleError as error:
        return _told("refused", say(error), 422)


def _unfit(sent: Any) -> Told | None:
    """Why what was sent is not even looked at: an old token, or another user's work."""
    if not token_is_fresh():
        return _told("token", gettext("You have signed in anew since this page was opened."), 400)
    if sent.get("user") != current_user.username:
        said = gettext("Somebody else has signed in here since this page was opened. Open it anew.")
        return _told("other_user", said, 409)
    return None


def _told(code: str, said: str, status: int) -> Told:
    return jsonify(code=code, message=said), status
