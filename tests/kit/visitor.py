"""A visitor with a browser: every page that is opened is checked, and nothing may be left uncommitted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.datastructures import Headers

from tests.kit.page import Form, Page, faults

LEFT_OVER = "X-Left-Uncommitted"
"""The header in which a house of the tests says what a request has left uncommitted."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Headers
    body: bytes

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        return self.headers.get("Location", "")

    @property
    def is_page(self) -> bool:
        """Whether this is HTML."""
        return self.headers.get("Content-Type", "").startswith("text/html")

    @cached_property
    def page(self) -> Page:
        """The page."""
        assert self.is_page, f"{self.status} {self.headers.get('Content-Type')}"
        return Page(self.body.decode())

    @cached_property
    def json(self) -> Any:
        """The JSON."""
        return json.loads(self.body)


class Visitor:
    """Someone with a browser of their own, on the machine that serves."""

    def __init__(self, app: Flask, *, language: str = "en") -> None:
        self.client = app.test_client()
        self.client.set_cookie("language", language)

    def get(self, path: str, *, status: int = 200, **options: Any) -> Answer:
        """Open an address."""
        return self.send("GET", path, status=status, **options)

    def post(
        self, path: str, fields: Mapping[str, Any] | None = None, *, status: int = 303, **options: Any
    ) -> Answer:
        """Send fields to an address, as they are."""
        return self.send("POST", path, status=status, data=fields or {}, **options)

    def submit(
        self, form: Form, fields: Mapping[str, Any] | None = None, *, at: str = "", status: int = 303
    ) -> Answer:
        """Send a form of a page with some fields changed; ``at`` is the page's own address."""
        return self.post(form.action or at, {**form.fields, **(fields or {})}, status=status)

    def follow(self, answer: Answer, *, status: int = 200) -> Answer:
        """Go where a redirect leads, which must be on this site."""
        parts = urlsplit(answer.location)
        assert answer.status in {302, 303}, answer.status
        assert not parts.netloc, answer.location
        return self.get(answer.location, status=status)

    def send(self, method: str, path: str, *, status: int | None = None, **options: Any) -> Answer:
        """Send a request and check what comes back; ``status`` None takes any but a failure of the server."""
        response = self.client.open(path, method=method, **options)
        answer = Answer(response.status_code, response.headers, response.get_data())
        told = f"{method} {path}: {answer.status}"
        assert LEFT_OVER not in answer.headers, f"{told} left uncommitted: {answer.headers[LEFT_OVER]}"
        if status is None:
            assert answer.status < 500, f"{told}\n{answer.body[:2000].decode(errors='replace')}"
        else:
            assert answer.status == status, f"{told}, not {status}\n{_words(answer)[:2000]}"
        policy = answer.headers.get("Content-Security-Policy", "")
        assert "default-src 'none'" in policy, told
        assert "unsafe" not in policy, told
        if answer.is_page and answer.status not in {301, 302, 303, 308}:
            assert not faults(answer.page), (told, faults(answer.page))
        return answer

    def token(self) -> str:
        """The token of this session, taken from a page as a browser would."""
        answer = self.get("/no-such-page", status=404)
        tokens = answer.page.root.all("input", name="csrf_token")
        if not tokens:
            tokens = self.get("/sign-in").page.root.all("input", name="csrf_token")
        return tokens[0]["value"]

    def sign_in(self, username: str) -> Answer:
        """Sign in as a sample user, with the token of the page that offers it."""
        fields = self.get("/sign-in").page.form("").fields
        return self.post("/sign-in/sample", {"csrf_token": fields["csrf_token"], "username": username})

    def sign_out(self) -> Answer:
        """Sign out from whatever page."""
        return self.post("/sign-out", {"csrf_token": self.token()})


def _words(answer: Answer) -> str:
    return answer.page.text if answer.is_page else answer.body.decode(errors="replace")
