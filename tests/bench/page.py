"""Calling a page the way a server does, with the session of someone who has signed in."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app


def sign_in(app: Flask, username: str, password: str) -> dict[str, str]:
    """The headers of a signed-in session, got the way a person gets them."""
    client = app.test_client()
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    assert found is not None
    form = {"csrf_token": found[1], "username": username, "password": password}
    assert client.post("/sign-in", data=form).status_code == 303
    # The first page puts the secret of its forms into the session, which later pages then share.
    assert client.get("/", follow_redirects=True).status_code == 200
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    return {"Cookie": f"{name}={cookie.value}"}


def caller(app: Flask, address: str, headers: dict[str, str]) -> Callable[[], bytes]:
    """A call of the application as a server makes it, without a network; it returns the body."""
    environ = EnvironBuilder(path=address, headers=headers).get_environ()

    def call() -> bytes:
        answer, status, _ = run_wsgi_app(app, dict(environ), buffered=True)
        assert status == "200 OK", status
        return b"".join(answer)

    return call
