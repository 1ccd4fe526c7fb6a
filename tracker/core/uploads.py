"""Files that are sent: how large a form may be, and the file of a form that asks for one."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, request

from tracker.domain.errors import N_, RuleError

P = ParamSpec("P")
R = TypeVar("R")


def takes_files(view: Callable[P, R]) -> Callable[P, R]:
    """Let forms for this view be as large as EVIDENCE_REQUEST_MB says."""
    view.takes_files = True  # type: ignore[attr-defined]  # a mark on a view
    return view


def init_uploads(app: Flask) -> None:
    """Set the limit of each request before anything of it is read; so this comes before all other hooks."""

    @app.before_request
    def limit() -> None:
        if getattr(current_app.view_functions.get(request.endpoint or ""), "takes_files", False):
            request.max_content_length = int(current_app.config["EVIDENCE_REQUEST_MB"]) * 1024 * 1024


def sent_file() -> tuple[str, bytes]:
    """Name and content of the one file that a form asks for; raises :class:`RuleError` when there is none."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise RuleError(N_("Choose a file first."), field="file")
    return sent.filename, sent.read()
