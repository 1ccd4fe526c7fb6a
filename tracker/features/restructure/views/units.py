"""Moving, retiring and merging units: each is shown before it is done."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from tracker.core.access import current_scope, requires
from tracker.core.clock import today
from tracker.core.db import db, taken_back, writing
from tracker.core.i18n import name_of
from tracker.domain.errors import N_, RuleError, StaleError
from tracker.domain.roles import Permission
from tracker.features.org.queries import UnitRow, get_unit
from tracker.features.places.queries import merger_of
from tracker.features.restructure.forms import ChangeForm, change_form
from tracker.features.restructure.pages import change_page
from tracker.features.restructure.queries import MANAGE, get_managed, tree_seen, units_to_choose
from tracker.features.restructure.services import Change, Kind, Preview, make_change, try_change
from tracker.features.restructure.views.blueprint import Answer, bp

_KINDS = "any(move, retire, merge)"


@bp.get(f"/units/<code>/<{_KINDS}:kind>")
@requires(Permission.MANAGE_UNITS)
def change(code: str, kind: str) -> Answer:
    """What a unit is to become, and what that would change; of one that has ended, how to take that back."""
    return _show(code, Kind(kind))


@bp.post(f"/units/<code>/<{_KINDS}:kind>")
@requires(Permission.MANAGE_UNITS)
def confirm_change(code: str, kind: str) -> Answer:
    """Move, retire or merge it, or take its end back."""
    return _do(code, Kind(kind))


@dataclass(frozen=True)
class _Asked:
    unit: UnitRow
    parent: UnitRow | None
    form: ChangeForm


def _ask(code: str, kind: Kind, *, sent: bool) -> _Asked:
    """The unit, and the form as it was sent, by an address or to be done."""
    scope = current_scope()
    unit, parent = get_managed(scope, code)
    if kind is Kind.RETIRE and unit.retired_on is not None:
        kind = Kind.RESTORE
    return _Asked(
        unit, parent, change_form(kind, units_to_choose(scope, unit), None if sent else request.args)
    )


def _change(code: str, form: ChangeForm) -> Change:
    """What is asked for, with everything as it is now."""
    unit, _ = get_managed(current_scope(), code)
    other = get_unit(current_scope(), MANAGE, form.other.data) if form.other.data else None
    day = today() if form.kind is Kind.RESTORE else form.on
    return Change(form.kind, unit, other, day, bool(form.with_below.data), form.reason.data or "")


def _show(code: str, kind: Kind) -> Answer:
    asked = _ask(code, kind, sent=False)
    form = asked.form
    if "reason" not in request.args:
        form.day.data = form.day.data or today().isoformat()
        return _page(asked, None)
    if not form.validate():
        return _page(asked, None), 422
    try:
        with taken_back():
            change = _change(code, form)
            form.seen.data = tree_seen(change.unit, change.other)
            preview = try_change(change, actor=current_user)
    except RuleError as error:
        form.show(error)
        return _page(asked, None), 422
    return _page(asked, preview)


def _do(code: str, kind: Kind) -> Answer:
    asked = _ask(code, kind, sent=True)
    form = asked.form
    if not form.validate_on_submit():
        return _page(asked, None), 422
    try:
        with writing():
            change = _change(code, form)
            if form.kind is not Kind.RESTORE and form.seen.data != tree_seen(change.unit, change.other):
                raise StaleError(
                    N_("The tree has changed since you looked. Look at the preview again before you decide.")
                )
            make_change(change, actor=current_user)
            db.session.commit()
    except RuleError as error:
        form.show(error)
        return _page(asked, None), 422
    flash(gettext("Done: %(unit)s. Every figure follows.", unit=name_of(asked.unit)), "success")
    return redirect(url_for("org.show", code=code), 303)


def _page(asked: _Asked, preview: Preview | None) -> str:
    merger = merger_of(asked.unit.id) if asked.unit.retired_on is not None else None
    page = change_page(asked.form, asked.unit, asked.parent, merger, preview)
    return render_template("restructure/change.html", page=page)
