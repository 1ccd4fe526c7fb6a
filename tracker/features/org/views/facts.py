"""Recording, correcting and removing the dated figures of a unit."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.core.access import requires
from tracker.core.db import db, writing
from tracker.core.i18n import say
from tracker.domain.days import parse_day
from tracker.domain.errors import N_, NotFoundError, RuleError, StaleError
from tracker.domain.numbers import plain
from tracker.domain.units import FactKind
from tracker.features.org.forms import FactForm, RemoveForm
from tracker.features.org.pages.unit import fact_text
from tracker.features.org.queries import FactRow, UnitRow, get_fact
from tracker.features.org.services import add_fact, correct_fact, remove_fact
from tracker.features.org.views.blueprint import MANAGE, Answer, bp, managed_unit, show_refusal
from tracker.features.org.views.units import show_unit


@bp.post("/units/<code>/facts")
@requires(MANAGE)
def record(code: str) -> Answer:
    """Record a figure from a day on."""
    unit = managed_unit(code)
    form = FactForm()
    form.offer(list(FactKind))
    if not form.validate_on_submit():
        return show_unit(unit, form), 422
    try:
        draft = form.draft()
        with writing():
            add_fact(managed_unit(code), draft, actor=current_user)
            db.session.commit()
    except RuleError as error:
        show_refusal(form, error)
        return show_unit(unit, form), 422
    flash(gettext("The figure was recorded."), "success")
    return redirect(url_for(".show", code=unit.code), 303)


@bp.route("/units/<code>/facts/<kind>/<day>", methods=["GET", "POST"])
@requires(MANAGE)
def correct(code: str, kind: str, day: str) -> Answer:
    """Correct a figure or the day from which it holds."""
    unit = managed_unit(code)
    fact = _fact(unit, kind, day)
    form = FactForm(value=plain(fact.value), from_on=fact.from_on.isoformat(), seen=fact.seen, kind=kind)
    form.offer([fact.kind])
    if not form.is_submitted():
        return _page(unit, fact, form)
    if not form.validate():
        return _page(unit, fact, form), 422
    try:
        draft, seen = form.draft(), form.seen.data or ""
        with writing():
            unit = managed_unit(code)
            correct_fact(unit, _fact(unit, kind, day), draft, seen=seen, actor=current_user)
            db.session.commit()
    except RuleError as error:
        show_refusal(form, error)
        fact = _fact(unit, kind, day)
        form.seen.data = fact.seen
        return _page(unit, fact, form), 409 if isinstance(error, StaleError) else 422
    flash(gettext("The figure was corrected. The old one stays in the history."), "success")
    return redirect(url_for(".show", code=unit.code), 303)


@bp.post("/units/<code>/facts/<kind>/<day>/remove")
@requires(MANAGE)
def remove(code: str, kind: str, day: str) -> Response:
    """Remove a figure that should not be there."""
    form = RemoveForm()
    try:
        with writing():
            unit = managed_unit(code)
            remove_fact(unit, _fact(unit, kind, day), seen=form.seen.data or "", actor=current_user)
            db.session.commit()
        flash(gettext("The figure was removed. It stays in the history."), "success")
    except RuleError as error:
        flash(say(error), "error")
    return redirect(url_for(".show", code=code), 303)


def _fact(unit: UnitRow, kind: str, day: str) -> FactRow:
    try:
        return get_fact(unit, kind, parse_day(day))
    except RuleError:
        raise NotFoundError(N_("This figure is not there any more.")) from None


def _page(unit: UnitRow, fact: FactRow, form: FactForm) -> str:
    return render_template("org/fact.html", unit=unit, fact=fact, shown=fact_text(fact), form=form)
