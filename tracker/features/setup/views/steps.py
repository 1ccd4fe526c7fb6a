"""The steps of the set-up. Only the last one changes anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext

from tracker.core.access import public
from tracker.core.audit import STRANGER
from tracker.core.db import db, writing
from tracker.core.i18n import say
from tracker.core.visits import carry_token, this_visit
from tracker.domain.errors import RuleError
from tracker.features.accounts.pages import password_demands
from tracker.features.accounts.queries import password_rules
from tracker.features.accounts.services import begin_sign_in
from tracker.features.setup.forms import AdministratorForm, PlaceForm, StartForm, StepForm, TopUnitForm
from tracker.features.setup.pages import first_page, fixed_choices, step_page
from tracker.features.setup.services import set_up
from tracker.features.setup.views.blueprint import Answer, bp
from tracker.features.setup.views.kept import Kept, keep, open_set_up

F = TypeVar("F", bound=StepForm)


@bp.route("/setup/place", methods=["GET", "POST"])
@public
def place() -> Answer:
    """Language and time zone; what follows speaks the language that was chosen."""

    def go_on(kept: Kept, form: PlaceForm) -> str:
        after = _keep(kept, "place", form)
        chosen = form.values().get("language")
        return url_for("accounts.preferences", language=chosen, next=after) if chosen else after

    return _serve("place", PlaceForm, go_on)


@bp.route("/setup/unit", methods=["GET", "POST"])
@public
def unit() -> Answer:
    """The top unit, unless an operator has made it."""
    return _serve("unit", TopUnitForm, lambda kept, form: _keep(kept, "unit", form))


@bp.route("/setup/start", methods=["GET", "POST"])
@public
def start() -> Answer:
    """How to begin."""
    return _serve("start", StartForm, lambda kept, form: _keep(kept, "start", form))


@bp.route("/setup/administrator", methods=["GET", "POST"])
@public
def administrator() -> Answer:
    """The first administrator; everything is written now, and the browser is signed in."""
    return _serve("administrator", AdministratorForm, _finish)


def _serve(name: str, make: Callable[..., F], go_on: Callable[[Kept, F], str | None]) -> Answer:
    """Show a step, or go where ``go_on`` leads; what is refused comes back as it was typed."""
    kept = open_set_up()
    if kept is None:
        return redirect(url_for("setup.door"), 303)
    if kept.is_ahead(name):
        return redirect(url_for(f"setup.{kept.first_open}"), 303)
    if request.method == "GET":
        return _show(kept, name, make(formdata=None, data=kept.shown(name)))
    form = make()
    to = go_on(kept, form) if form.validate_on_submit() else None
    return (_show(kept, name, form), 422) if to is None else redirect(to, 303)


def _show(kept: Kept, name: str, form: StepForm) -> str:
    return render_template(
        f"setup/{name}.html",
        form=form,
        page=step_page(name, kept.names),
        fixed=fixed_choices(),
        demands=password_demands(password_rules(), is_first=True),
    )


def _keep(kept: Kept, name: str, form: StepForm) -> str:
    keep(kept, name, form.values())
    return url_for(f"setup.{kept.next_after(name)}")


def _finish(kept: Kept, form: AdministratorForm) -> str | None:
    """Write everything at once; None when a rule refuses it."""
    draft = kept.draft(form.user())
    try:
        with writing():
            user = set_up(draft, mark=kept.mark, actor=STRANGER)
            token = begin_sign_in(user, this_visit(), leaving=None, actor=user)
            db.session.commit()
    except RuleError as error:
        if not form.refuse(error):
            flash(say(error), "error")
        return None
    carry_token(token)
    flash(gettext("Everything is set up, and you are signed in."), "success")
    return first_page(kept.begin)
