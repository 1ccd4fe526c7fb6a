"""What people and programs see when something is refused or fails: one page, one JSON shape."""

from __future__ import annotations

import uuid
from contextlib import suppress

from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Response as BaseResponse

from tracker.core.db import db
from tracker.core.failures import UNREACHABLE, Failure, failure_of
from tracker.core.i18n import language, say
from tracker.core.preferences import LANGUAGES
from tracker.core.refusals import record_refusal
from tracker.domain.errors import N_, NotFoundError, RuleError, StaleError

Answer = tuple[Response | str, int]

_TEXTS: dict[int, tuple[str, str, str]] = {
    400: (
        N_("This request could not be read"),
        N_("Something in the address or the form is not as it should be."),
        N_("Go back, check what you entered, and send it again."),
    ),
    401: (
        N_("Please sign in"),
        N_("This address needs a signed-in user."),
        N_("Sign in in a new tab, then go back here: what you typed is still in the page. Send it again."),
    ),
    403: (
        N_("You may not do this"),
        N_("Your role does not include this page."),
        N_("Ask your administrator if you need it for your work."),
    ),
    404: (
        N_("Nothing is here"),
        N_("The address is wrong, or what it names lies outside what you may see."),
        N_("Check the address, or start again from the first page."),
    ),
    405: (
        N_("This address cannot be opened this way"),
        N_("It only takes what a form sends."),
        N_("Start again from the first page."),
    ),
    413: (
        N_("This is too large"),
        N_("The form holds more than the server accepts. Nothing was saved."),
        N_("Go back: what you typed is still in the page. Shorten it and send it again."),
    ),
    500: (
        N_("Something went wrong on our side"),
        N_("The error was written to the log. Nothing was half saved."),
        N_("Try again. If it happens again, tell your administrator the number below."),
    ),
    503: (UNREACHABLE.title, UNREACHABLE.text, UNREACHABLE.advice),
}
_CODES = {
    400: "bad_request",
    401: "not_signed_in",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    500: "server_error",
    503: "unavailable",
}


MOST_FIELDS = 20_000
"""Fields that a form may have: far more than the largest report."""


def problem(
    status: int,
    message: str | None = None,
    field: str | None = None,
    *,
    code: str | None = None,
    failure: Failure | None = None,
) -> Answer:
    """The answer for a failed request: JSON below /api, a page elsewhere.

    ``code`` is the word for programs, where that of the status does not say enough.
    """
    title, standard, advice = _words(status, failure)
    if request.path.startswith("/api/"):
        error = {"code": code or _CODES.get(status, "bad_request"), "message": message or standard}
        return jsonify(error=error | ({"field": field} if field else {})), status
    page = render_template(
        "errors/error.html",
        code=status,
        title=title,
        message=message or standard,
        advice=advice,
        request_id=request_id() if status >= 500 else None,
    )
    return page, status


def _words(status: int, failure: Failure | None) -> tuple[str, str, str]:
    """Title, sentence and advice in the language being spoken."""
    texts = (failure.title, failure.text, failure.advice) if failure else _TEXTS.get(status, _TEXTS[400])
    title, standard, advice = (gettext(text) for text in texts)
    return title, standard, advice


def request_id() -> str:
    """A short number by which a failed request is found in the log."""
    if "request_id" not in g:
        g.request_id = uuid.uuid4().hex[:10]
    known: str = g.request_id
    return known


def init_errors(app: Flask) -> None:
    """Register the handlers."""
    app.before_request(_refuse_unreadable)
    app.register_error_handler(NotFoundError, lambda error: problem(404, say(error)))
    app.register_error_handler(StaleError, lambda error: problem(409, say(error)))
    app.register_error_handler(RuleError, lambda error: problem(400, say(error), error.field))
    app.register_error_handler(
        CSRFError,
        lambda error: problem(
            400,
            gettext("This form is too old or came from elsewhere. Open the page again and send it again."),
        ),
    )
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Exception, _failed)


def _refuse_unreadable() -> Answer | None:
    """Refuse what no honest form holds, before anything is looked up.

    Databases refuse a NUL, and millions of tiny fields would cost a server its memory.
    """
    if (
        request.mimetype == "application/x-www-form-urlencoded"
        and request.get_data().count(b"&") > MOST_FIELDS
    ):
        return problem(413)
    texts = [request.path, *request.args, *request.args.values(), *request.form, *request.form.values()]
    return problem(400) if any("\0" in text for text in texts) else None


def _refused(error: HTTPException) -> BaseResponse | Answer:
    """Redirects of the router pass; everything else becomes our page."""
    code = error.code or 500
    if code == 403:
        record_refusal()
    if isinstance(error, MethodNotAllowed):
        return _wrong_method(error)
    return problem(code) if code >= 400 else error.get_response()


def _wrong_method(error: MethodNotAllowed) -> BaseResponse:
    """What the address takes instead, in words and in the header that programs read (RFC 9110, 15.5.6)."""
    is_read = request.method in {"GET", "HEAD"}
    said = None if is_read else gettext("It can only be read; it takes nothing that is sent to it.")
    answer = make_response(problem(405, said))
    answer.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return answer


def _failed(error: Exception) -> Answer:
    """503 with its cause where database or disk have failed, 500 where the program has."""
    with suppress(SQLAlchemyError):
        db.session.rollback()
    _log(error)
    failure = failure_of(error)
    return _without_database(503 if failure else 500, failure)


def _without_database(status: int, failure: Failure | None) -> Answer:
    """The usual answer, or a plain page when even the frame of a page cannot be read."""
    try:
        return problem(status, failure=failure)
    except SQLAlchemyError:
        with suppress(SQLAlchemyError):
            db.session.rollback()
        title, standard, advice = _words(status, failure)
        return (
            f'<!doctype html><html lang="{LANGUAGES[language()]}"><meta charset="utf-8">'
            f"<title>{escape(title)}</title><body><h1>{escape(title)}</h1>"
            f"<p>{escape(standard)}</p><p>{escape(advice)}</p><p>{request_id()}</p></body></html>",
            status,
        )


def _log(error: Exception) -> None:
    current_app.logger.error(
        "request %s %s %s failed", request_id(), request.method, request.path, exc_info=error
    )


def not_signed_in() -> BaseResponse | Answer:
    """Programs get the JSON error; people get the sign-in page and come back afterwards."""
    if request.path.startswith("/api/"):
        return problem(401)
    if request.method != "GET":
        return problem(401, gettext("You are signed out, so nothing was saved."))
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), 303)
