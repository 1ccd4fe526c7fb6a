"""The auditor's pages."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.core.access import current_scope, requires
from tracker.core.db import db, writing
from tracker.core.download import workbook_answer
from tracker.core.i18n import name_of
from tracker.domain.roles import Permission
from tracker.features.audit.forms import FilterForm
from tracker.features.audit.pages import CHECKED_ON_A_PAGE, audit_page, verdict_sentences
from tracker.features.audit.queries import Asked, Found, chain_facts, check_chain, find_records
from tracker.features.audit.services import record_export
from tracker.features.audit.sheets import EXPORT_WINDOW, MOST_ROWS, audit_file

bp = Blueprint("audit", __name__)


@bp.get("/audit")
@requires(Permission.READ_AUDIT)
def index() -> str | tuple[str, int]:
    """The records in scope, the newest first, by the filters in the address."""
    form = FilterForm(request.args)
    asked = form.read(current_scope())
    return _refused(form) if asked is None else _page(form, asked)


@bp.get("/audit/export.xlsx")
@requires(Permission.READ_AUDIT)
def export() -> Response | tuple[str, int]:
    """The records as a workbook; taking them away is recorded, or they are not handed out."""
    form = FilterForm(request.args)
    asked = form.read(current_scope())
    if asked is None:
        return _refused(form)
    found = find_records(current_scope(), asked, before=None, limit=MOST_ROWS, window=EXPORT_WINDOW)
    filters = "; ".join(f"{name}={value}" for name, value in form.given().items())
    name, content = audit_file(found, filters=filters, made_by=name_of(current_user))
    with writing():
        record_export(filters, len(found.rows), actor=current_user)
        db.session.commit()
    return workbook_answer(content, name=name, plain="audit.xlsx")


@bp.post("/audit/check")
@requires(Permission.READ_AUDIT)
def check() -> Response:
    """Work the chain out again, and tell what was found above the log."""
    for category, text in verdict_sentences(check_chain(newest=CHECKED_ON_A_PAGE)):
        flash(text, category)
    return redirect(url_for(".index"), 303)


def _page(form: FilterForm, asked: Asked) -> str:
    text = request.args.get("before", "")
    before = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    found = find_records(current_scope(), asked, before=before, limit=int(current_app.config["PAGE_SIZE"]))
    page = audit_page(form, found, chain_facts(), before=before)
    return render_template("audit/index.html", page=page)


def _refused(form: FilterForm) -> tuple[str, int]:
    """The filters again, with what is wrong with them, and no record."""
    page = audit_page(form, Found((), None), chain_facts(), before=None)
    return render_template("audit/index.html", page=page), 422
