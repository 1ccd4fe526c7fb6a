"""Headers of every answer: nothing is loaded from elsewhere, framed, guessed or cached by others."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Flask, Response, current_app, request

from tracker.core.visits import carried_token

P = ParamSpec("P")
R = TypeVar("R")

_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)

_FEATURES = ", ".join(
    f"{name}=()" for name in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
)
"""What no page of ours ever asks the browser for."""


def kept_for_going_back(view: Callable[P, R]) -> Callable[P, R]:
    """Let the browser keep the page, so that going back finds what was typed in it."""
    view.kept = True  # type: ignore[attr-defined]  # a mark on a view
    return view


def init_headers(app: Flask) -> None:
    """Add the headers to every answer."""

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", _FEATURES)
        if current_app.config["SESSION_COOKIE_SECURE"]:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if getattr(current_app.view_functions.get(request.endpoint or ""), "kept", False):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        elif _shows_what_was_refused(response):
            # Back asks the browser's cache for the answer to a form, which cannot be asked for again. The
            # cookie ends with the sign-in, so after signing out the kept answer is not used any more.
            response.headers.setdefault("Cache-Control", "private, no-cache")
            response.vary.add("Cookie")
        elif request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def _shows_what_was_refused(response: Response) -> bool:
    """Whether this is a refused form of somebody who is signed in; codes are only asked for before that."""
    return request.method == "POST" and response.status_code == 422 and carried_token() is not None
