"""The names under which the server may be asked: a page that was lured to it under another is refused."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, current_app, request
from flask_babel import gettext
from werkzeug.sansio.utils import host_is_trusted

from tracker.core.errors import Answer, problem

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
"""The names of the machine itself."""


def site_address() -> str:
    """The address that people type for this site, without a slash at its end; empty where none is set."""
    return str(current_app.config["SITE_ADDRESS"]).strip().rstrip("/")


def is_loopback(address: str) -> bool:
    """Whether an address works only on the machine that serves."""
    host = (urlsplit(address).hostname or "").casefold()
    return host in {"localhost", "::1"} or host.startswith("127.")


def init_hosts(app: Flask) -> None:
    """Check the name of every request first of all."""
    app.before_request(_refuse_strange_name)


def trust_only(app: Flask, host: str) -> None:
    """Unless names are set, take only the machine's own where only the machine itself can ask.

    A page in a browser on that machine could otherwise reach the server under a name of its own
    making, and read what it answers.
    """
    if not app.config["HOSTS"].strip() and host in {"127.0.0.1", "::1", "localhost"}:
        app.config["HOSTS"] = " ".join(LOOPBACK)


def _refuse_strange_name() -> Answer | None:
    names = str(current_app.config["HOSTS"]).replace(",", " ").split()
    if not names or host_is_trusted(request.host, names):
        return None
    return problem(
        400,
        gettext("This server does not answer under this name. Its operator can add it to the setting HOSTS."),
    )
