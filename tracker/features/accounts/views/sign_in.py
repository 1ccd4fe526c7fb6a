"""Signing in and out, and choosing language and text size."""

from __future__ import annotations

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from tracker.core.access import public
from tracker.core.db import db, writing
from tracker.core.instance import instance_facts
from tracker.core.preferences import LANGUAGE_COOKIE, LANGUAGES, TEXT_COOKIE, TEXT_SIZES
from tracker.core.visits import carried_token, carry_token, this_visit
from tracker.domain.sign_in import SignInEnd, may_enter_by_one_click
from tracker.features.accounts.forms import DemoSignInForm, SignInForm
from tracker.features.accounts.models import User
from tracker.features.accounts.pages import ended_sentence, refused_sentence, welcome_sentence
from tracker.features.accounts.queries import (
    lock_limits,
    offered_users,
    sample_users,
    sign_in_limits,
    user_by_name,
)
from tracker.features.accounts.services import (
    Entry,
    begin_sign_in,
    end_sign_in,
    enter_user,
    try_password,
)
from tracker.features.accounts.views.door import (
    asked_page,
    present_sign_in,
    why_ended,
)

YEAR = 365 * 24 * 3600


def add_views(bp: Blueprint) -> None:
    """Give the room's blueprint these pages."""
    bp.add_url_rule("/sign-in", view_func=sign_in, methods=["GET", "POST"])
    bp.add_url_rule("/sign-in/token", view_func=session_token)
    bp.add_url_rule("/sign-in/here", view_func=sign_in_here, methods=["POST"])
    bp.add_url_rule("/sign-in/sample", view_func=demo_sign_in, methods=["POST"])
    bp.add_url_rule("/sign-out", view_func=sign_out, methods=["POST"])
    bp.add_url_rule("/preferences", view_func=preferences)


@public
def sign_in() -> Response | str | tuple[str, int]:
    """The form, and one click per role on a sample instance."""
    if current_user.is_authenticated and request.method == "GET":
        return redirect(asked_page())
    form = SignInForm()
    if form.validate_on_submit():
        entry = _enter(form.username.data or "", form.password.data or "")
        if entry is not None:
            carry_token(entry.token)
            if said := welcome_sentence(entry):
                flash(said, "warning" if entry.refused else "info")
            return redirect(asked_page(), 303)
        flash(refused_sentence(lock_limits()), "error")
    end = why_ended() if request.method == "GET" else None
    page = render_template(
        "accounts/sign_in.html",
        form=form,
        why=ended_sentence(end, sign_in_limits()) if end else None,
        demo_roles=offered_users() if _offers_sample() else [],
        next=asked_page(),
    )
    return (page, 422) if request.method == "POST" else page


@public
def session_token() -> Response:
    """For a page that outlived its sign-in: who is signed in by now, and the token of that session."""
    user = current_user.username if current_user.is_authenticated else None
    return jsonify(user=user, token=generate_csrf())


@public
def sign_in_here() -> tuple[Response, int]:
    """Sign in from within a page, which stays open: the same rules, locks and records as the form."""
    form = SignInForm()
    entry = None
    if form.validate_on_submit():
        entry = _enter(form.username.data or "", form.password.data or "")
    if entry is None:
        return jsonify(user=None, message=refused_sentence(lock_limits())), 422
    carry_token(entry.token)
    # The old session's token is of no use any more.
    g.pop("csrf_token", None)
    return jsonify(user=(form.username.data or "").strip().lower(), token=generate_csrf()), 200


@public
def demo_sign_in() -> Response:
    """One click per role; only for the sample township, and only from the same machine."""
    form = DemoSignInForm()
    if not _offers_sample() or not form.validate_on_submit():
        abort(404)
    with writing():
        user = user_by_name(form.username.data or "")
        if user is None or not _is_offered(user):
            abort(404)
        token = begin_sign_in(user, this_visit(), leaving=carried_token(), actor=user)
        db.session.commit()
    carry_token(token)
    return redirect(asked_page(), 303)


@public
def sign_out() -> Response:
    """End the sign-in, and forget it in this browser even where that cannot be written."""
    found = present_sign_in()
    session.clear()
    if found is not None:
        with writing():
            end_sign_in(found.user, found.id, end=SignInEnd.SIGNED_OUT, actor=found.user)
            db.session.commit()
    flash(gettext("You are signed out."), "info")
    answer = redirect(url_for("accounts.sign_in"), 303)
    # Pages that were kept for going back go as well, where the connection lets a browser take this.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@public
def preferences() -> Response:
    """Keep a chosen language or text size in a cookie and go back."""
    answer = redirect(asked_page(), 303)
    language, size = request.args.get("language"), request.args.get("text")
    secure = bool(current_app.config["COOKIE_SECURE"])
    chosen = [(LANGUAGE_COOKIE, language)] if language in LANGUAGES else []
    chosen += [(TEXT_COOKIE, size)] if size in TEXT_SIZES else []
    for name, value in chosen:
        answer.set_cookie(name, value or "", max_age=YEAR, samesite="Lax", httponly=True, secure=secure)
    return answer


def _enter(username: str, password: str) -> Entry | None:
    """Let somebody in, or have the refusal counted; comparing is slow and done before anyone waits."""
    attempt = try_password(username, password)
    with writing():
        entry = enter_user(attempt, this_visit(), leaving=carried_token())
        db.session.commit()
    return entry


def _offers_sample() -> bool:
    """Whether the rule of one click holds for this request."""
    return may_enter_by_one_click(
        is_sample=instance_facts().is_sample,
        peer=request.remote_addr,
        host=request.host,
        headers=(name for name, _ in request.headers),
    )


def _is_offered(user: User) -> bool:
    return user.is_active and user.id in {known.user_id for known in sample_users()}
