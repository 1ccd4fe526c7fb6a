"""A plan as a workbook: export, template, upload, preview, confirm; or take the errors along."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.core.access import current_scope, requires
from tracker.core.clock import today
from tracker.core.db import db, taken_back, writing
from tracker.core.i18n import name_of, say
from tracker.core.kept_files import KeptFile, forget_file, keep_file, kept_file
from tracker.core.uploads import sent_file
from tracker.core.workbooks import handed_out
from tracker.domain.errors import RuleError, StaleError
from tracker.domain.roles import Permission
from tracker.features.plans.forms import BookConfirmForm, BookForm
from tracker.features.plans.pages import book_preview
from tracker.features.plans.queries import ManagedPlan, units_for_plans
from tracker.features.plans.services import PlanImport, import_plan, record_plan_export, try_plan
from tracker.features.plans.sheets import (
    PlanWorkbook,
    marked_plan,
    plan_file,
    plan_template,
    problems_of,
    read_plan,
)
from tracker.features.plans.views.blueprint import Answer, bp, plan_in_scope

MANAGE = Permission.MANAGE_PLANS


@bp.get("/plans/<plan>/export.xlsx")
@requires(MANAGE)
def workbook(plan: str) -> Response:
    """The whole plan as a workbook, which can be changed and imported again; taking it is recorded."""
    name, content = plan_file(plan_in_scope(plan), made_by=name_of(current_user))
    with writing():
        record_plan_export(plan_in_scope(plan).plan, actor=current_user)
        db.session.commit()
    return handed_out(content, name, plain=f"plan_{plan}_{today()}.xlsx")


@bp.get("/import/plans/template.xlsx")
@requires(MANAGE)
def workbook_template() -> Response:
    """An empty workbook to begin a plan with."""
    name, content = plan_template(units_for_plans(current_scope()), made_by=name_of(current_user))
    return handed_out(content, name, plain=f"plan_{today()}.xlsx")


@bp.route("/import/plans", methods=["GET", "POST"])
@bp.route("/plans/<plan>/import", methods=["GET", "POST"])
@requires(MANAGE)
def workbook_upload(plan: str | None = None) -> Answer:
    """Choose a workbook, of a new plan or of this one; it is kept for an hour and previewed."""
    managed, form = _managed(plan), BookForm()
    if not form.is_submitted():
        return render_template("plans/workbook_upload.html", form=form, found=managed)
    try:
        name, content = sent_file()
        read_plan(content, is_new=managed is None)
    except RuleError as error:
        form.refuse(error)
        return render_template("plans/workbook_upload.html", form=form, found=managed), 422
    token = keep_file(content, name=name, owner_id=current_user.id, purpose=_purpose(managed))
    return redirect(url_for(".workbook_preview", plan=plan, token=token), 303)


@bp.get("/import/plans/<token>")
@bp.get("/plans/<plan>/import/<token>")
@requires(MANAGE)
def workbook_preview(token: str, plan: str | None = None) -> Answer:
    """What would change, and what is wrong, cell by cell."""
    kept = _kept(plan, token)
    if kept is None:
        return _gone(plan)
    return _preview(plan, token, kept, BookConfirmForm(formdata=None))


@bp.post("/import/plans/<token>")
@bp.post("/plans/<plan>/import/<token>")
@requires(MANAGE)
def workbook_confirm(token: str, plan: str | None = None) -> Answer:
    """Take everything over in one transaction, if it is still what the preview showed."""
    form, kept = BookConfirmForm(), _kept(plan, token)
    if kept is None:
        return _gone(plan)
    if not form.validate():
        return _preview(plan, token, kept, form), 422
    # A worker reads the file and may be waited for, so nobody else's save waits behind it.
    book = read_plan(kept.content, is_new=plan is None)
    try:
        with writing():
            found = _import(plan, book, form)
            db.session.commit()
    except RuleError as error:
        form.refuse(error)
        return _preview(plan, token, kept, form), 409 if isinstance(error, StaleError) else 422
    forget_file(token, owner_id=current_user.id, purpose=_purpose(_managed(plan)))
    new = sum(change.is_new for change in found.changes)
    counts = {"new": new, "changed": len(found.changes) - new}
    flash(gettext("Imported: %(new)s added, %(changed)s changed.", **counts), "success")
    return redirect(url_for(".show", plan=found.code), 303)


@bp.get("/import/plans/<token>/marked.xlsx")
@bp.get("/plans/<plan>/import/<token>/marked.xlsx")
@requires(MANAGE)
def workbook_marked(token: str, plan: str | None = None) -> Answer:
    """The uploaded workbook with what is wrong written into it."""
    kept = _kept(plan, token)
    if kept is None:
        return _gone(plan)
    book, found = _tried(plan, kept)
    try:
        content = marked_plan(kept.content, book, problems_of(book, found))
    except RuleError as error:
        flash(say(error), "error")
        return redirect(url_for(".workbook_preview", plan=plan, token=token), 303)
    stem = kept.name.removesuffix(".xlsx")
    return handed_out(content, gettext("%(file)s, with errors", file=stem) + ".xlsx", plain="errors.xlsx")


def _managed(plan: str | None) -> ManagedPlan | None:
    return None if plan is None else plan_in_scope(plan)


def _purpose(managed: ManagedPlan | None) -> str:
    """A file that was handed in for one plan is not found under another."""
    return "plan" if managed is None else f"plan{managed.plan.id}"


def _kept(plan: str | None, token: str) -> KeptFile | None:
    return kept_file(token, owner_id=current_user.id, purpose=_purpose(_managed(plan)))


def _gone(plan: str | None) -> Response:
    flash(
        gettext(
            "This upload is no longer kept: it was imported, or an hour has passed. Choose the file anew."
        ),
        "info",
    )
    return redirect(url_for(".workbook_upload", plan=plan), 303)


def _import(plan: str | None, book: PlanWorkbook, form: BookConfirmForm) -> PlanImport:
    return import_plan(
        book.book,
        book.problems,
        _managed(plan),
        units=units_for_plans(current_scope()),
        why=form.why(),
        fingerprint=form.fingerprint.data or "",
        actor=current_user,
    )


def _tried(plan: str | None, kept: KeptFile) -> tuple[PlanWorkbook, PlanImport]:
    """The workbook, and what taking it over would come to."""
    book = read_plan(kept.content, is_new=plan is None)
    with taken_back():
        found = try_plan(
            book.book, _managed(plan), units=units_for_plans(current_scope()), actor=current_user
        )
    return book, found


def _preview(plan: str | None, token: str, kept: KeptFile, form: BookConfirmForm) -> str:
    book, found = _tried(plan, kept)
    page = book_preview(
        book, found, problems_of(book, found), plan=_managed(plan), file_name=kept.name, token=token
    )
    return render_template("plans/workbook_preview.html", page=page, form=form)
