"""Under which names the server answers, and the headers that every answer carries."""

from __future__ import annotations

import pytest

from tests.kit.databases import SqliteShelf
from tracker.core.hosts import trust_only


@pytest.mark.parametrize(
    ("names", "asked", "status"),
    [
        ("", "anything.example", 200),
        ("tracker.example", "tracker.example", 200),
        ("tracker.example, 10.0.0.8", "10.0.0.8:8765", 200),
        ("tracker.example", "tracker.example.evil.example", 400),
        ("tracker.example", "127.0.0.1:8765", 400),
        (".tracker.example", "office.tracker.example", 200),
    ],
)
def test_only_the_names_that_were_set_are_answered(
    sqlite: SqliteShelf, names: str, asked: str, status: int
) -> None:
    with sqlite.house("story", HOSTS=names) as house:
        visitor = house.visitor()
        answer = visitor.get("/sign-in?lang=en", status=status, base_url=f"http://{asked}/")
        assert ("does not answer under this name" in answer.page.text) == (status == 400)
        refused = visitor.get(
            "/api/v1/positions", status=401 if status == 200 else 400, base_url=f"http://{asked}/"
        )
        assert refused.json["error"]["code"]


@pytest.mark.parametrize(
    ("host", "names", "kept"),
    [
        ("127.0.0.1", "", "localhost 127.0.0.1 [::1]"),
        ("127.0.0.1", "tracker.example", "tracker.example"),
        ("0.0.0.0", "", ""),
    ],
)
def test_on_loopback_only_the_machine_itself_is_meant(
    sqlite: SqliteShelf, host: str, names: str, kept: str
) -> None:
    with sqlite.house("story", HOSTS=names) as house:
        trust_only(house.app, host)
        assert house.app.config["HOSTS"] == kept


def test_every_answer_says_what_it_needs_nothing_of(sqlite: SqliteShelf) -> None:
    with sqlite.house("story") as house:
        for address, status in (("/sign-in", 200), ("/nowhere", 404), ("/healthz", 200)):
            headers = house.visitor().get(address, status=status).headers
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert "geolocation=()" in headers["Permissions-Policy"]
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
            assert "Strict-Transport-Security" not in headers


def test_behind_https_browsers_are_told_to_stay_there(sqlite: SqliteShelf) -> None:
    with sqlite.house("story", COOKIE_SECURE=True) as house:
        assert "max-age" in house.visitor().get("/sign-in").headers["Strict-Transport-Security"]
