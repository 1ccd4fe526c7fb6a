"""Signing in and out, and choosing language and text size."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from tracker.core.access import public
from tracker.core.instance import instance_facts
from tracker.core.preferences import LANGUAGE_COOKIE, LANGUAGES, TEXT_COOKIE, TEXT_SIZES
from tracker.features.accounts.forms import DemoSignInForm, SignInForm
from tracker.features.accounts.models import User
from tracker.features.accounts.queries import offered_users, sample_users, user_by_name
from tracker.features.accounts.services import check_password

bp = Blueprint("accounts", __name__)

YEAR = 365 * 24 * 3600


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> Response | str | tuple[str, int]:
    """The form, and one click per role on a sample instance."""
    if current_user.is_authenticated and request.method == "GET":
        return redirect(_next())
    form = SignInForm()
    if form.validate_on_submit():
        user = check_password(form.username.data or "", form.password.data or "")
        if user is not None:
            return _enter(user)
        flash(gettext("User name or password is not right. Check both and try again."), "error")
    page = render_template(
        "accounts/sign_in.html",
        form=form,
        demo_roles=offered_users() if _offers_sample() else [],
        next=_next(),
    )
    return (page, 422) if request.method == "POST" else page


@bp.post("/sign-in/sample")
@public
def demo_sign_in() -> Response:
    """One click per role; only for the sample township, and only from the same machine."""
    form = DemoSignInForm()
    if not _offers_sample() or not form.validate_on_submit():
        abort(404)
    user = user_by_name(form.username.data or "")
    if user is None or user.id not in {known.user_id for known in sample_users()}:
        abort(404)
    return _enter(user)


@bp.post("/sign-out")
@public
def sign_out() -> Response:
    """End the session."""
    logout_user()
    session.clear()
    flash(gettext("You are signed out."), "info")
    return redirect(url_for("accounts.sign_in"), 303)


@bp.get("/preferences")
@public
def preferences() -> Response:
    """Keep a chosen language or text size in a cookie and go back."""
    answer = redirect(_next(), 303)
    language, size = request.args.get("language"), request.args.get("text")
    if language in LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR, samesite="Lax", httponly=True)
    if size in TEXT_SIZES:
        answer.set_cookie(TEXT_COOKIE, size, max_age=YEAR, samesite="Lax", httponly=True)
    return answer


def _enter(user: User) -> Response:
    session.clear()
    session.permanent = True
    login_user(user)
    return redirect(_next(), 303)


def _next() -> str:
    """Where to go on: an address of this site only."""
    asked = request.values.get("next", "")
    local = asked.startswith("/") and not asked.startswith("//") and "\\" not in asked
    return asked if local and asked.isprintable() else url_for("dashboards.index")


def _offers_sample() -> bool:
    """Whether this is the sample township, asked for from the machine it runs on."""
    if any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")):
        return False
    host = request.host.rsplit(":", 1)[0].strip("[]")
    near = {"127.0.0.1", "::1", "localhost"}
    return instance_facts().is_sample and request.remote_addr in near and host in near
