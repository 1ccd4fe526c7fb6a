"""Coming in with an invitation: by its link, or by user name and code."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tracker.core.access import public
from tracker.core.db import db, writing
from tracker.domain.errors import NotFoundError, RuleError
from tracker.features.accounts.models import User
from tracker.features.accounts.pages import password_demands
from tracker.features.accounts.queries import password_rules
from tracker.features.people.forms import CodeForm, PasswordForm
from tracker.features.people.queries import invitation_by_token
from tracker.features.people.services import accept_code, accept_link, try_code, try_link
from tracker.features.people.views.users import Answer, bp, tell


@bp.get("/welcome")
@public
def welcome() -> str:
    """The form for a printed slip."""
    return _page(CodeForm(formdata=None), None)


@bp.post("/welcome")
@public
def send_welcome() -> Answer:
    """Set the password by user name and code. A wrong code is counted."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            tried = try_code(form.username.data or "", form.code.data or "", form.password.data or "")
            with writing():
                user = accept_code(tried)
                db.session.commit()
            if user is not None:
                return _done()
            flash(
                gettext(
                    "User name or code is not right, or the code can no longer be used. "
                    "Check both, or ask your administrator for a new code."
                ),
                "error",
            )
        except RuleError as error:
            tell(form, error)
    return _page(form, None), 422


@bp.get("/welcome/<token>")
@public
def welcome_link(token: str) -> Answer:
    """The form of a link. Opening it uses nothing up, since chat programs look at links beforehand."""
    found = invitation_by_token(token)
    if found is None:
        return _gone()
    return _page(PasswordForm(formdata=None), found[1])


@bp.post("/welcome/<token>")
@public
def send_welcome_link(token: str) -> Answer:
    """Set the password by the link."""
    form = PasswordForm()
    found = invitation_by_token(token)
    if found is not None and not form.validate_on_submit():
        return _page(form, found[1]), 422
    try:
        tried = try_link(token, form.password.data or "")
        with writing():
            accept_link(tried)
            db.session.commit()
        return _done()
    except NotFoundError:
        return _gone()
    except RuleError as error:
        tell(form, error)
        return _page(form, found[1] if found else None), 422


def _page(form: PasswordForm, user: User | None) -> str:
    """The form, with what a password has to be before anything is typed."""
    rules = password_demands(password_rules())
    return render_template("people/welcome.html", form=form, user=user, rules=rules)


def _gone() -> tuple[str, int]:
    """The form for a slip, with what is the matter with the link."""
    flash(
        gettext(
            "This link has been used, withdrawn or replaced, or its time is over. "
            "Ask your administrator for a new one, or enter the code of your slip."
        ),
        "error",
    )
    return _page(CodeForm(formdata=None), None), 404


def _done() -> Response:
    """On to signing in, which shows at once that the new password works."""
    flash(gettext("Your password is set. Sign in with it."), "success")
    return redirect(url_for("accounts.sign_in"), 303)
