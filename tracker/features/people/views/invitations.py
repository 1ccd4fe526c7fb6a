"""Inviting users and making new codes. A secret is shown once, in the answer to the form itself."""

from __future__ import annotations

from flask import flash, render_template, request
from flask_babel import gettext
from flask_login import current_user

from tracker.core.access import current_scope, requires
from tracker.core.db import db, writing
from tracker.domain.errors import RuleError, StaleError
from tracker.domain.roles import Permission
from tracker.features.org.queries import get_unit
from tracker.features.people.forms import InviteForm, RenewForm, SeenForm
from tracker.features.people.pages import slip_page
from tracker.features.people.queries import get_managed, get_person, units_in
from tracker.features.people.services import (
    Secret,
    invite_user,
    prepare_invitations,
    renew_invitation,
    withdraw_invitation,
)
from tracker.features.people.views.users import Answer, bp, change, seen, show_person, tell


@bp.get("/people/invite")
@requires(Permission.MANAGE_USERS)
def invite() -> str:
    """The form for somebody new."""
    return _form(InviteForm(formdata=None, unit=request.args.get("unit")))


@bp.post("/people/invite")
@requires(Permission.MANAGE_USERS)
def send_invite() -> Answer:
    """Add the user and show the slip, once."""
    form = InviteForm()
    if not form.validate_on_submit():
        return _form(form), 422
    (prepared,) = prepare_invitations(1)
    try:
        with writing():
            unit = get_unit(current_scope(), Permission.MANAGE_USERS, form.unit.data)
            user, secret = invite_user(form.newcomer(unit), prepared=prepared, actor=current_user)
            db.session.commit()
    except RuleError as error:
        tell(form, error)
        return _form(form), 422
    return _slip(user.username, secret, is_reset=False)


@bp.post("/people/users/<name>/code")
@requires(Permission.MANAGE_USERS)
def renew(name: str) -> Answer:
    """Make a new code and show the slip, once; a password that was in use stops working."""
    form = RenewForm()
    person = get_managed(current_scope(), name)
    is_reset = not person.user.awaits_password
    if is_reset and not form.validate_on_submit():
        return show_person(person, renew=form), 422
    (prepared,) = prepare_invitations(1)
    try:
        with writing():
            managed = get_managed(current_scope(), name)
            secret = renew_invitation(managed.user, version=seen(), prepared=prepared, actor=current_user)
            db.session.commit()
    except RuleError as error:
        tell(form, error)
        status = 409 if isinstance(error, StaleError) else 422
        return show_person(get_managed(current_scope(), name), renew=form), status
    return _slip(name, secret, is_reset=is_reset)


@bp.post("/people/users/<name>/code/withdraw")
@requires(Permission.MANAGE_USERS)
def withdraw(name: str) -> Answer:
    """Make the open code worth nothing."""
    return change(
        name,
        SeenForm(),
        lambda person: withdraw_invitation(person.user, version=seen(), actor=current_user),
        gettext("The code is withdrawn."),
    )


def _form(form: InviteForm) -> str:
    form.offer(units_in(current_scope().paths(Permission.MANAGE_USERS)))
    return render_template("people/invite.html", form=form)


def _slip(name: str, secret: Secret, *, is_reset: bool) -> str:
    """The one page that holds the secret; the headers keep every page out of caches."""
    flash(gettext("This page is shown once. Print it or copy the link before you leave."), "warning")
    page = slip_page(get_person(current_scope(), name), secret, is_reset=is_reset)
    return render_template("people/slip.html", page=page)
