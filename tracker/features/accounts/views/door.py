"""The door: how a request finds its sign-in, what a browser carries, and where everyone is led first."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Response, g, redirect, request, url_for
from flask_babel import gettext
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response as BaseResponse

from tracker.core.clock import now
from tracker.core.db import db
from tracker.core.errors import Answer, not_signed_in, problem
from tracker.core.visits import carried_token
from tracker.domain.sign_in import SignInEnd
from tracker.features.accounts.models import User
from tracker.features.accounts.queries import FoundSignIn, find_sign_in, is_change_due
from tracker.features.accounts.services import note_seen

_SEEN_EVERY = timedelta(minutes=1)
_OPEN = {
    "accounts.change_password",
    "accounts.preferences",
    "accounts.sign_out",
    "health.healthz",
    "static",
}
"""What somebody may reach whose password has to be changed first."""


def init_door(app: Flask) -> None:
    """Find who is signed in, note that they are still there, and lead to a change that is due."""
    logins = LoginManager(app)
    # What makes a cookie worthless elsewhere is the end of its sign-in, not a guess at the browser.
    logins.session_protection = None
    logins.request_loader(lambda _request: _user())
    logins.unauthorized_handler(not_signed_in)
    app.before_request(_lead_to_change)
    app.after_request(_note)


def present_sign_in() -> FoundSignIn | None:
    """The sign-in of this request while it lasts; looked up once."""
    return g.get("sign_in") if current_user.is_authenticated else None


def why_ended() -> SignInEnd | None:
    """Why the sign-in that this browser still carries is over, if it carries one."""
    return None if current_user.is_authenticated else g.get("ended")


def asked_page() -> str:
    """Where to go on: an address of this site only."""
    asked = request.values.get("next", "")
    local = asked.startswith("/") and not asked.startswith("//") and "\\" not in asked
    return asked if local and asked.isprintable() else url_for("dashboards.index")


def is_due() -> bool:
    """Whether whoever is signed in has to change the password before anything else."""
    found = present_sign_in()
    return found is not None and is_change_due(current_user, found.started_at)


def _user() -> User | None:
    token = carried_token()
    found = find_sign_in(token) if token is not None else None
    if found is None or not found.user.is_active:
        return None
    if found.end is not None:
        g.ended = found.end
        return None
    g.sign_in = found
    return found.user


def _lead_to_change() -> BaseResponse | Answer | None:
    if request.endpoint in _OPEN or not is_due():
        return None
    if request.path.startswith("/api/"):
        said = gettext(
            "The password of this account has to be changed first. Sign in on a page and change it."
        )
        return problem(403, said, code="password_change_needed")
    asked = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.change_password", next=asked), 303)


def _note(response: Response) -> Response:
    """Note about once a minute that the browser is still there, when all else is done."""
    found: FoundSignIn | None = g.get("sign_in")
    if found is not None and now() - found.seen_at >= _SEEN_EVERY:
        # Its own connection goes back first, or all of them could be waiting for a second one each.
        db.session.remove()
        note_seen(found.id)
    return response
