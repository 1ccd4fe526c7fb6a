"""The smallest browser that can sign in, open pages and send forms, over a connection that is kept open."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Mapping
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.bench.server import HOST

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Lost(Exception):
    """The connection broke before the whole answer was there."""


class Browser:
    """One person at a desk."""

    def __init__(self, port: int) -> None:
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.meet(port)

    def meet(self, port: int) -> None:
        """Talk to the server on this port from now on; the session is kept."""
        self._connection = http.client.HTTPConnection(HOST, port, timeout=20)

    def sign_in(self, username: str, page: str) -> None:
        """Enter by the sample's one click, and take the form's token from a page."""
        self.look("/sign-in")
        assert self.post("/sign-in/sample", {"username": username}, keep=True) == 303
        self.look(page)

    def sign_in_with(self, username: str, password: str) -> None:
        """Enter with a password."""
        self.look("/sign-in")
        assert self.post("/sign-in", {"username": username, "password": password}, keep=True) == 303

    def post(self, address: str, fields: Mapping[str, object], *, keep: bool = False) -> int:
        """Send a form; the status of the answer once all of it has arrived.

        Cookies that come back are kept only on demand, or the messages for the next page would
        pile up in a session that never opens one.
        """
        status, _ = self._ask("POST", address, urlencode({"csrf_token": self.token, **fields}), keep=keep)
        return status

    def post_json(self, address: str, said: object) -> tuple[int, str]:
        """Send what a script sends; status and text of the answer."""
        return self._ask("POST", address, json.dumps(said), keep=False, kind="application/json")

    def get(self, address: str) -> int:
        """Open a page, and forget it; the status of the answer."""
        return self._ask("GET", address, None, keep=False)[0]

    def look(self, address: str) -> str:
        """Open a page with a form, and take the form's token from it; the text of the page."""
        status, text = self._ask("GET", address, None, keep=True)
        found = _TOKEN.search(text)
        assert status == 200, f"{address} answered {status}"
        assert found is not None, f"{address} has no form"
        self.token = found[1]
        return text

    def _ask(
        self,
        method: str,
        address: str,
        body: str | None,
        *,
        keep: bool,
        kind: str = "application/x-www-form-urlencoded",
    ) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": kind, "X-CSRFToken": self.token}
        try:
            self._connection.request(method, address, body, headers)
            answer = self._connection.getresponse()
            text = answer.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise Lost from error
        if keep:
            for header in answer.headers.get_all("Set-Cookie") or []:
                self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(header).items()})
        return answer.status, text
