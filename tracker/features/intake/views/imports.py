"""Importing figures: upload, progress, preview, confirm; or take the errors along."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.core.access import current_scope, requires
from tracker.core.clock import today
from tracker.core.forms import show_refusal
from tracker.core.i18n import language, say
from tracker.core.jobs import Job, JobState, job_of
from tracker.core.kept_files import KeptFile, forget_file, keep_file
from tracker.core.uploads import sent_file
from tracker.core.workbooks import handed_out, marked_sheets
from tracker.domain.errors import RuleError
from tracker.domain.roles import Permission
from tracker.features.intake.forms import ConfirmForm, FiguresForm, WorkbookForm
from tracker.features.intake.pages import preview_page
from tracker.features.intake.queries import usual_place, workbook_places
from tracker.features.intake.services import Way
from tracker.features.intake.sheets import LIMITS
from tracker.features.intake.views.blueprint import IMPORT, Answer, bp
from tracker.features.intake.views.work import (
    PURPOSE,
    keep_way,
    kept_upload,
    place_of,
    read_and_compare,
    start_check,
    start_import,
)


@bp.route("/import/figures", methods=["GET", "POST"])
@requires(IMPORT)
def upload() -> Answer:
    """Choose a workbook; what can be read is kept for an hour and previewed."""
    form = FiguresForm()
    form.offer(may_approve=current_scope().allows_somewhere(Permission.REVIEW_REPORTS))
    if not form.is_submitted():
        return _upload(form)
    try:
        name, content = sent_file()
        way = form.way()
    except RuleError as error:
        show_refusal(form, error)
        return _upload(form), 422
    token = keep_file(content, name=name, owner_id=current_user.id, purpose=PURPOSE)
    keep_way(token, way)
    start_check(token, KeptFile(name, content), way)
    job = job_of(place_of(token))
    if job is not None and job.state is JobState.FAILED:
        forget_file(token, owner_id=current_user.id, purpose=PURPOSE)
        form.file.errors = [job.said]
        return _upload(form), 422
    return redirect(url_for(".preview", token=token), 303)


@bp.get("/import/figures/<token>")
@requires(IMPORT)
def preview(token: str) -> Answer:
    """What would change and what is wrong, cell by cell; until that is known, how far it is."""
    job, kept = job_of(place_of(token)), kept_upload(token)
    if job is not None and job.state is JobState.RUNNING:
        return render_template("intake/progress.html", job=job, token=token)
    if job is not None and job.name == "import" and job.state is JobState.DONE:
        return redirect(url_for(".show", number=job.result["batch"]), 303)
    if kept is None:
        return _gone()
    if job is not None and job.state is JobState.FAILED:
        flash(job.said, "error")
        if job.name == "check":
            return redirect(url_for(".upload"), 303)
    if job is None or job.name == "import" or job.result.get("lang") != language():
        start_check(token, *kept)
        return redirect(url_for(".preview", token=token), 303)
    return _preview(token, job, *kept)


@bp.post("/import/figures/<token>")
@requires(IMPORT)
def confirm(token: str) -> Answer:
    """Take everything over in one transaction, if it is still what the preview showed."""
    form, kept, job = ConfirmForm(), kept_upload(token), job_of(place_of(token))
    is_begun = job is not None and job.name == "import" and job.state is not JobState.FAILED
    if kept is None and not is_begun:
        return _gone()
    if kept is not None and not is_begun:
        start_import(token, *kept, form.fingerprint.data or "")
    return redirect(url_for(".preview", token=token), 303)


@bp.get("/import/figures/<token>/marked.xlsx")
@requires(IMPORT)
def marked(token: str) -> Answer:
    """The uploaded workbook with what is wrong, or was changed meanwhile, written into it."""
    found = kept_upload(token)
    if found is None:
        return _gone()
    kept, way = found
    try:
        tables, compared = read_and_compare(kept, way, lambda *_: None)
        said = [*compared.problems, *compared.stale_problems]
        content = marked_sheets(
            kept.content,
            [
                (table.sheet, table.heading_row, [one for at, one in said if at == number])
                for number, table in enumerate(tables)
                if any(at == number for at, _ in said)
            ],
            limits=LIMITS,
        )
    except RuleError as error:
        flash(say(error), "error")
        return redirect(url_for(".preview", token=token), 303)
    stem = kept.name.removesuffix(".xlsx")
    return handed_out(content, gettext("%(file)s, with errors", file=stem) + ".xlsx", plain="errors.xlsx")


def _upload(form: FiguresForm) -> str:
    places = workbook_places(current_scope(), IMPORT, until=today())
    usual, workbook = usual_place(places, today()), WorkbookForm(formdata=None)
    if usual is not None:
        workbook.offer(places, usual)
    return render_template("intake/upload.html", form=form, workbook=workbook if usual else None)


def _gone() -> Response:
    flash(
        gettext(
            "This upload is no longer kept: it was imported, or an hour has passed. Choose the file anew."
        ),
        "info",
    )
    return redirect(url_for(".upload"), 303)


def _preview(token: str, job: Job, kept: KeptFile, way: Way) -> str:
    page = preview_page(
        job.result, file_name=kept.name, into=way.into.value, because=way.because, token=token
    )
    return render_template("intake/preview.html", page=page, form=ConfirmForm(formdata=None))
