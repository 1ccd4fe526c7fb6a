"""Importing units from a workbook: upload, preview, confirm; or take the errors along."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.core.access import current_scope, requires
from tracker.core.db import db, writing
from tracker.core.i18n import say
from tracker.core.kept_files import KeptFile, forget_file, keep_file, kept_file
from tracker.core.uploads import sent_file
from tracker.core.workbooks import handed_out, marked_workbook
from tracker.domain.errors import RuleError, StaleError
from tracker.features.org.forms import ConfirmForm, FileForm
from tracker.features.org.pages import preview_page
from tracker.features.org.services import import_units
from tracker.features.org.sheets import UnitBook, judge_units, read_units
from tracker.features.org.views.blueprint import MANAGE, Answer, bp, show_refusal

PURPOSE = "units"


@bp.route("/import/units", methods=["GET", "POST"])
@requires(MANAGE)
def upload() -> Answer:
    """Choose a workbook; what can be read is kept for an hour and previewed."""
    form = FileForm()
    if not form.is_submitted():
        return render_template("org/upload.html", form=form)
    try:
        name, content = sent_file()
        read_units(content)
    except RuleError as error:
        show_refusal(form, error)
        return render_template("org/upload.html", form=form), 422
    token = keep_file(content, name=name, owner_id=current_user.id, purpose=PURPOSE)
    return redirect(url_for(".preview", token=token), 303)


@bp.get("/import/units/<token>")
@requires(MANAGE)
def preview(token: str) -> Answer:
    """What would change, and what is wrong, cell by cell."""
    kept = _kept(token)
    return _gone() if kept is None else _preview(token, kept, read_units(kept.content))


@bp.post("/import/units/<token>")
@requires(MANAGE)
def confirm(token: str) -> Answer:
    """Take everything over in one transaction, if it is still what the preview showed."""
    form, kept = ConfirmForm(), _kept(token)
    if kept is None:
        return _gone()
    book = read_units(kept.content)
    try:
        with writing():
            found, problems = judge_units(book, current_scope(), MANAGE)
            import_units(found, problems, fingerprint=form.fingerprint.data or "", actor=current_user)
            db.session.commit()
    except RuleError as error:
        flash(say(error), "error")
        return _preview(token, kept, book), 409 if isinstance(error, StaleError) else 422
    forget_file(token, owner_id=current_user.id, purpose=PURPOSE)
    counts = {"new": len(found.new), "changed": len(found.changed)}
    flash(gettext("Imported: %(new)s units added, %(changed)s changed.", **counts), "success")
    return redirect(url_for(".index"), 303)


@bp.get("/import/units/<token>/marked.xlsx")
@requires(MANAGE)
def marked(token: str) -> Answer:
    """The uploaded workbook with what is wrong written into it."""
    kept = _kept(token)
    if kept is None:
        return _gone()
    book = read_units(kept.content)
    _, problems = judge_units(book, current_scope(), MANAGE)
    try:
        content = marked_workbook(kept.content, book.table, problems)
    except RuleError as error:
        flash(say(error), "error")
        return redirect(url_for(".preview", token=token), 303)
    stem = kept.name.removesuffix(".xlsx")
    return handed_out(content, gettext("%(file)s, with errors", file=stem) + ".xlsx", plain="errors.xlsx")


def _kept(token: str) -> KeptFile | None:
    return kept_file(token, owner_id=current_user.id, purpose=PURPOSE)


def _gone() -> Response:
    flash(
        gettext(
            "This upload is no longer kept: it was imported, or an hour has passed. Choose the file anew."
        ),
        "info",
    )
    return redirect(url_for(".upload"), 303)


def _preview(token: str, kept: KeptFile, book: UnitBook) -> str:
    found, problems = judge_units(book, current_scope(), MANAGE)
    page = preview_page(found, problems, file_name=kept.name, token=token, unknown=book.table.unknown)
    return render_template("org/preview.html", page=page, form=ConfirmForm(formdata=None))
