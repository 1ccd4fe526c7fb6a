"""What a browser carries of a sign-in, and where its requests come from."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, session

from tracker.domain.browsers import browser_words

_TOKEN = "sign_in"


@dataclass(frozen=True)
class Visit:
    """Where a sign-in comes from: the address and, in short words, the browser."""

    source: str | None
    browser: str


def carried_token() -> str | None:
    """The token that this browser carries."""
    token = session.get(_TOKEN)
    return token if isinstance(token, str) else None


def carry_token(token: str) -> None:
    """Give the browser a fresh cookie with this token and nothing of what it carried before."""
    session.clear()
    session.permanent = True
    session[_TOKEN] = token


def this_visit() -> Visit:
    """Where this request comes from."""
    source = request.remote_addr
    return Visit(source[:64] if source else None, browser_words(request.user_agent.string))
