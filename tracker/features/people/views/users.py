"""The list of users, and one user with their name and state."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from tracker.core.access import current_scope, requires
from tracker.core.clock import today
from tracker.core.db import db, writing
from tracker.core.i18n import say
from tracker.core.paging import page_bounds
from tracker.domain.errors import RuleError, StaleError
from tracker.domain.roles import Permission
from tracker.features.people.forms import EndForm, GrantForm, LabelForm, ReasonForm, RenewForm, SeenForm
from tracker.features.people.pages import PersonForms, list_page, person_page, read_question
from tracker.features.people.queries import (
    Person,
    count_people,
    get_managed,
    get_person,
    history_of_user,
    list_people,
    units_in,
)
from tracker.features.people.services import disable_user, enable_user, release_user, rename_user

bp = Blueprint("people", __name__)

Answer = Response | str | tuple[str, int]
F = TypeVar("F", bound=FlaskForm)

NEWEST = 50
"""Records of a user's history that are shown."""


@bp.get("/people")
@requires(Permission.MANAGE_USERS)
def index() -> str:
    """The users in one's area."""
    scope, day = current_scope(), today()
    units = units_in(scope.paths(Permission.MANAGE_USERS))
    asked = read_question(request.args, units)
    counts = count_people(scope, asked, today=day)
    total = counts.get(asked.state, 0) if asked.state else sum(counts.values())
    size = int(current_app.config["PAGE_SIZE"])
    number, pages, offset = page_bounds(request.args.get("page"), total, size)
    people = list_people(scope, asked, today=day, limit=size, offset=offset)
    page = list_page(people, asked, counts=counts, units=units, number=number, pages=pages)
    return render_template("people/index.html", page=page)


@bp.get("/people/users/<name>")
@requires(Permission.MANAGE_USERS)
def show(name: str) -> str:
    """One user."""
    return show_person(get_person(current_scope(), name))


@bp.post("/people/users/<name>/label")
@requires(Permission.MANAGE_USERS)
def rename(name: str) -> Answer:
    """Change what the user is called."""
    form = LabelForm(prefix="name-")
    return change(
        name,
        form,
        lambda person: rename_user(person.user, *form.names, version=seen(), actor=current_user),
        gettext("The name is changed."),
        label=form,
    )


@bp.post("/people/users/<name>/disable")
@requires(Permission.MANAGE_USERS)
def disable(name: str) -> Answer:
    """Switch the user off."""
    form = ReasonForm()
    return change(
        name,
        form,
        lambda person: disable_user(person.user, form.reason.data or "", version=seen(), actor=current_user),
        gettext("The user is disabled and signed out everywhere."),
        reason=form,
    )


@bp.post("/people/users/<name>/enable")
@requires(Permission.MANAGE_USERS)
def enable(name: str) -> Answer:
    """Switch the user on again."""
    form = ReasonForm()
    return change(
        name,
        form,
        lambda person: enable_user(person.user, form.reason.data or "", version=seen(), actor=current_user),
        gettext("The user is enabled again, with the roles that still hold."),
        reason=form,
    )


@bp.post("/people/users/<name>/unlock")
@requires(Permission.MANAGE_USERS)
def unlock(name: str) -> Answer:
    """End a lock after wrong passwords before its time."""
    return change(
        name,
        SeenForm(),
        lambda person: release_user(person.user, version=seen(), actor=current_user),
        gettext("The user can sign in again."),
    )


def seen() -> int:
    """The version of the user that was looked at; -1 when it is none, which is never current."""
    sent = request.form.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1


def change(name: str, form: FlaskForm, act: Callable[[Person], object], done: str, **forms: Any) -> Answer:
    """Check a form, change the user with ``act``, and go back to the page; or show it with what is wrong."""
    person = get_managed(current_scope(), name)
    if not form.validate_on_submit():
        return show_person(person, **forms), 422
    try:
        with writing():
            act(get_managed(current_scope(), name))
            db.session.commit()
    except RuleError as error:
        tell(form, error)
        status = 409 if isinstance(error, StaleError) else 422
        return show_person(get_managed(current_scope(), name), **forms), status
    flash(done, "success")
    return redirect(url_for("people.show", name=name), 303)


def tell(form: FlaskForm, error: RuleError) -> None:
    """Say what is refused, at its field where the form has it."""
    field = form[error.field] if error.field and error.field in form else None
    if field is None:
        flash(say(error), "error")
    else:
        field.errors = [*field.errors, say(error)]


def show_person(person: Person, **forms: Any) -> str:
    """The page of a user; ``forms`` are those that were sent, in place of fresh ones."""
    scope = current_scope()
    grant = forms.pop("grant", None) or GrantForm(formdata=None)
    grant.offer(units_in(scope.paths(Permission.MANAGE_USERS)))
    ends = {row.id: EndForm(formdata=None, prefix=f"end{row.id}-") for row in person.grants}
    fresh: dict[str, Any] = {
        "label": LabelForm(formdata=None, prefix="name-", obj=person.user),
        "grant": grant,
        "reason": ReasonForm(formdata=None),
        "renew": RenewForm(formdata=None),
        "end": ends | forms.pop("end", {}),
    }
    page = person_page(
        person,
        PersonForms(**(fresh | forms)),
        history_of_user(scope, person.user, limit=NEWEST),
        is_self=person.user.id == current_user.id,
        today=today(),
    )
    return render_template("people/show.html", page=page)
