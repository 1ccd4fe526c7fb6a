"""Inviting several people with one list: all of them, or nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import flash, render_template, request
from flask_babel import gettext
from flask_login import current_user

from tracker.core.access import current_scope, requires
from tracker.core.db import db, taken_back, writing
from tracker.domain.errors import RuleError
from tracker.domain.roles import Permission
from tracker.features.org.queries import UnitRow
from tracker.features.people.forms import MOST_AT_ONCE, RosterForm, RosterLine
from tracker.features.people.pages import roster_page, slip_page
from tracker.features.people.queries import get_people, units_in
from tracker.features.people.services import (
    RefusedLinesError,
    Secret,
    invite_newcomers,
    prepare_invitations,
    try_newcomers,
)
from tracker.features.people.views.users import Answer, bp

CONFIRM = "confirm"
"""What the button is called that invites everybody."""


@bp.get("/people/invite/many")
@requires(Permission.MANAGE_USERS)
def roster() -> str:
    """The form for a list."""
    return _page(RosterForm(formdata=None))


@bp.post("/people/invite/many")
@requires(Permission.MANAGE_USERS)
def send_roster() -> Answer:
    """Show how the list was understood; or invite everybody and show the slips, once."""
    form = RosterForm()
    if not form.validate_on_submit():
        return _page(form), 422
    lines = form.read(_units())
    if len(lines) > MOST_AT_ONCE or not lines:
        said = gettext("At most %(num)s people at once. Please make two lists.", num=MOST_AT_ONCE)
        form.people.errors = [said if lines else gettext("Enter at least one person.")]
        return _page(form), 422
    if all(line.newcomer for line in lines) and request.form.get("action") == CONFIRM:
        return _invite(form)
    with taken_back():
        newcomers = {line.number: line.newcomer for line in form.read(_units()) if line.newcomer}
        refused = try_newcomers(newcomers, actor=current_user)
    is_wrong = bool(refused) or not all(line.newcomer for line in lines)
    return _page(form, lines, refused), 422 if is_wrong else 200


def _invite(form: RosterForm) -> Answer:
    """Everybody or nobody. The codes are made beforehand, since nobody else can write meanwhile."""
    lines = form.read(_units())
    prepared = prepare_invitations(len(lines))
    try:
        with writing():
            units = _units()
            lines = form.read(units)
            newcomers = {line.number: line.newcomer for line in lines if line.newcomer}
            made = invite_newcomers(newcomers, prepared[: len(newcomers)], actor=current_user)
            if len(newcomers) < len(lines):
                raise RefusedLinesError({})
            names = [(user.username, secret) for user, secret in made]
            db.session.commit()
    except RefusedLinesError as error:
        return _page(form, lines, error.by_line), 422
    return _slips(names)


def _units() -> dict[str, UnitRow]:
    return {unit.code: unit for unit in units_in(current_scope().paths(Permission.MANAGE_USERS))}


def _slips(made: Sequence[tuple[str, Secret]]) -> str:
    """The one page that holds the secrets; the headers keep every page out of caches."""
    flash(gettext("This page is shown once. Print it before you leave."), "warning")
    people = get_people(current_scope(), [name for name, _ in made])
    secrets = [secret for _, secret in made]
    pages = [
        slip_page(person, secret, is_reset=False) for person, secret in zip(people, secrets, strict=True)
    ]
    return render_template("people/slips.html", pages=pages)


def _page(
    form: RosterForm, lines: Sequence[RosterLine] = (), refused: Mapping[int, RuleError] | None = None
) -> str:
    return render_template("people/roster.html", page=roster_page(form, lines, refused))
