"""Giving and taking roles."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext
from flask_login import current_user

from tracker.core.access import current_scope, requires
from tracker.domain.roles import Permission
from tracker.features.org.queries import get_unit
from tracker.features.people.forms import EndForm, GrantForm, SeenForm
from tracker.features.people.queries import Person
from tracker.features.people.services import add_grant, end_grant, remove_grant
from tracker.features.people.views.users import Answer, bp, change, seen


@bp.post("/people/users/<name>/grants")
@requires(Permission.MANAGE_USERS)
def grant(name: str) -> Answer:
    """Give a role at a unit in one's own area."""
    form = GrantForm()

    def act(person: Person) -> None:
        unit = get_unit(current_scope(), Permission.MANAGE_USERS, form.unit.data)
        add_grant(person.user, form.chosen_role, unit, form.term, version=seen(), actor=current_user)

    return change(name, form, act, gettext("The role is given. The user signs in anew."), grant=form)


@bp.post("/people/users/<name>/grants/<int:number>/end")
@requires(Permission.MANAGE_USERS)
def end(name: str, number: int) -> Answer:
    """Let a role end on a day."""
    form = EndForm(prefix=f"end{number}-")

    def act(person: Person) -> None:
        last_day = form.ends_on.day or date.min
        end_grant(person.user, number, last_day, version=seen(), actor=current_user)

    return change(
        name, form, act, gettext("The last day is set. The user signs in anew."), end={number: form}
    )


@bp.post("/people/users/<name>/grants/<int:number>/remove")
@requires(Permission.MANAGE_USERS)
def remove(name: str, number: int) -> Answer:
    """Take a role away at once."""
    return change(
        name,
        SeenForm(),
        lambda person: remove_grant(person.user, number, version=seen(), actor=current_user),
        gettext("The role is taken away. The user is signed out everywhere."),
    )
