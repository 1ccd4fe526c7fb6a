"""The tree, one unit, adding a unit and changing it."""

from __future__ import annotations

from functools import partial

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.core.access import Scope, current_scope, requires
from tracker.core.clock import today
from tracker.core.db import db, writing
from tracker.core.workbooks import handed_out
from tracker.domain.errors import RuleError, StaleError
from tracker.domain.units import FactKind, UnitKind, may_stand_under
from tracker.features.org.forms import FactForm, UnitForm
from tracker.features.org.pages import conflicts, tree_page, unit_page, unit_steps
from tracker.features.org.pages.unit import HISTORY
from tracker.features.org.queries import (
    UnitRow,
    ancestors,
    children,
    facts_of,
    history_of_unit,
    holders_of,
    kinds_around,
    mergers_of,
    tree_in_scope,
)
from tracker.features.org.services import change_unit, found_unit, record_units_export
from tracker.features.org.sheets import units_file
from tracker.features.org.views.blueprint import MANAGE, Answer, bp, managed_unit, show_refusal


@bp.get("/units")
@requires(MANAGE)
def index() -> str:
    """The tree in scope, or what a search finds in it."""
    under = request.args.get("under")
    page = tree_page(
        tree_in_scope(current_scope(), MANAGE, today=today()),
        under=managed_unit(under) if under else None,
        query=request.args.get("q", "").strip()[:100],
        page=request.args.get("page"),
        size=int(current_app.config["PAGE_SIZE"]),
        today=today(),
    )
    return render_template("org/index.html", page=page)


@bp.get("/units/export.xlsx")
@requires(MANAGE)
def export() -> Response:
    """The tree in scope as a workbook, which is also the template of an import; taking it is recorded."""
    name, content = units_file(current_scope(), MANAGE)
    with writing():
        record_units_export(actor=current_user)
        db.session.commit()
    return handed_out(content, name, plain=f"units_{today()}.xlsx")


@bp.get("/units/<code>")
@requires(MANAGE)
def show(code: str) -> str:
    """One unit."""
    form = FactForm(formdata=None)
    form.offer(list(FactKind))
    return show_unit(managed_unit(code), form)


def _is_managed(scope: Scope, unit: UnitRow) -> bool:
    return scope.allows(MANAGE, unit.path)


def show_unit(unit: UnitRow, form: FactForm) -> str:
    """The page of a unit with this form for a new figure."""
    scope = current_scope()
    page = unit_page(
        unit,
        above=ancestors(scope, MANAGE, unit),
        below=children(scope, MANAGE, unit),
        facts=facts_of([unit.id]),
        history=history_of_unit(unit, limit=HISTORY + 1),
        holders=holders_of(scope, unit),
        mergers=mergers_of(unit),
        visible=partial(_is_managed, scope),
        today=today(),
        form=form,
    )
    return render_template("org/show.html", page=page)


@bp.route("/units/<code>/add", methods=["GET", "POST"])
@requires(MANAGE)
def add(code: str) -> Answer:
    """Add a unit below this one."""
    parent = managed_unit(code)
    form = UnitForm()
    form.offer([kind for kind in UnitKind if may_stand_under(kind, parent.kind)])
    if not form.is_submitted():
        return _add_page(parent, form)
    if not form.validate():
        return _add_page(parent, form), 422
    try:
        with writing():
            made = found_unit(form.draft(), managed_unit(code), actor=current_user)
            db.session.commit()
    except RuleError as error:
        show_refusal(form, error)
        return _add_page(parent, form), 422
    flash(gettext("The unit was added."), "success")
    return redirect(url_for(".show", code=made.code), 303)


@bp.route("/units/<code>/edit", methods=["GET", "POST"])
@requires(MANAGE)
def edit(code: str) -> Answer:
    """Change names, kind or code."""
    unit = managed_unit(code)
    form = UnitForm(obj=unit, seen=unit.seen)
    form.offer(_kinds_for(unit))
    if not form.is_submitted():
        return _edit_page(unit, form)
    if not form.validate():
        return _edit_page(unit, form), 422
    draft, seen, agreed = form.draft(), form.seen.data or "", form.code_agreed.data
    try:
        with writing():
            change_unit(managed_unit(code), draft, seen=seen, code_agreed=agreed, actor=current_user)
            db.session.commit()
    except StaleError as error:
        show_refusal(form, error)
        unit = managed_unit(code)
        form.seen.data = unit.seen
        return _edit_page(unit, form, is_stale=True), 409
    except RuleError as error:
        show_refusal(form, error)
        return _edit_page(unit, form), 422
    flash(gettext("Saved."), "success")
    return redirect(url_for(".show", code=draft.code), 303)


def _kinds_for(unit: UnitRow) -> list[UnitKind]:
    """What the unit can be where it stands, its present kind always among them."""
    above, below = kinds_around(unit)
    return [
        kind
        for kind in UnitKind
        if kind is unit.kind
        or (may_stand_under(kind, above) and all(may_stand_under(child, kind) for child in below))
    ]


def _add_page(parent: UnitRow, form: UnitForm) -> str:
    steps = unit_steps([*ancestors(current_scope(), MANAGE, parent), parent])
    return render_template("org/add.html", parent=parent, steps=steps, form=form)


def _edit_page(unit: UnitRow, form: UnitForm, *, is_stale: bool = False) -> str:
    found = conflicts(unit, form) if is_stale else ()
    return render_template("org/edit.html", unit=unit, form=form, conflict=found)
