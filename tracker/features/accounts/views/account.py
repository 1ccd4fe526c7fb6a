"""One's own account: who one is, the password, and the browsers in which one is signed in."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.core.access import signed_in
from tracker.core.db import db, writing
from tracker.domain.errors import RuleError
from tracker.domain.sign_in import SignInEnd
from tracker.features.accounts.forms import EndForm, PasswordForm
from tracker.features.accounts.pages import account_page, password_page, refused_sentence
from tracker.features.accounts.queries import lock_limits, open_sign_ins, password_rules, user_by_name
from tracker.features.accounts.services import (
    NewPassword,
    confirm_password,
    end_sign_in,
    end_sign_ins,
    prepare_password,
    try_password,
)
from tracker.features.accounts.services import change_password as put_password
from tracker.features.accounts.views.door import asked_page, is_due, present_sign_in

Answer = Response | str | tuple[str, int]


def add_views(bp: Blueprint) -> None:
    """Give the room's blueprint these pages."""
    bp.add_url_rule("/account", view_func=account)
    bp.add_url_rule("/account/password", view_func=change_password, methods=["GET", "POST"])
    bp.add_url_rule("/account/sign-ins/end", view_func=end_one, methods=["POST"])
    bp.add_url_rule("/account/sign-ins/end-others", view_func=end_others, methods=["POST"])


@signed_in
def account() -> Response | str:
    """Who is signed in, and where; a page that wakes up asks so for the user whom it was made for."""
    if request.args.get("user", str(current_user.id)) != str(current_user.id):
        return redirect(url_for(".account"), 303)
    page = account_page(current_user, open_sign_ins(current_user), _this_id(), password_rules())
    return render_template("accounts/account.html", page=page)


@signed_in
def change_password() -> Answer:
    """Change one's own password, which ends every other sign-in at once."""
    form = PasswordForm()
    if form.validate_on_submit() and _is_confirmed(form):
        try:
            _put(prepare_password(current_user, form.password.data or ""))
        except RuleError as error:
            form.show_error(error)
        else:
            flash(gettext("The password is changed. You are signed out everywhere else."), "success")
            asked = request.values.get("next")
            return redirect(asked_page() if asked else url_for(".account"), 303)
    page = password_page(current_user, password_rules(), is_due=is_due(), next=request.values.get("next", ""))
    shown = render_template("accounts/password.html", page=page, form=form)
    return (shown, 422) if request.method == "POST" else shown


@signed_in
def end_one() -> Response:
    """End one sign-in of one's own, as of a browser that was left open elsewhere."""
    form = EndForm()
    if not form.validate_on_submit():
        abort(404)
    with writing():
        chosen = form.sign_in.data or ""
        end_sign_in(current_user, chosen, end=SignInEnd.ELSEWHERE, actor=current_user)
        db.session.commit()
    flash(gettext("That browser is signed out."), "success")
    return redirect(url_for(".account"), 303)


@signed_in
def end_others() -> Response:
    """End every sign-in of one's own but this one."""
    with writing():
        end_sign_ins(current_user, except_id=_this_id(), end=SignInEnd.ELSEWHERE, actor=current_user)
        db.session.commit()
    flash(gettext("You are signed out everywhere else."), "success")
    return redirect(url_for(".account"), 303)


def _is_confirmed(form: PasswordForm) -> bool:
    """Whether the present password is right; a wrong one is counted like a refused sign-in."""
    attempt = try_password(current_user.username, form.present.data or "")
    with writing():
        confirmed = confirm_password(attempt, actor=current_user)
        db.session.commit()
    if not confirmed:
        form.present.errors = [refused_sentence(lock_limits())]
    return confirmed


def _put(new: NewPassword) -> None:
    with writing():
        user = user_by_name(current_user.username)
        if user is not None:
            put_password(user, new, keep=_this_id(), actor=current_user)
            db.session.commit()


def _this_id() -> str:
    found = present_sign_in()
    return found.id if found is not None else ""
