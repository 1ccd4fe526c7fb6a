"""The API's one envelope, its one shape of errors, and the health check."""

from __future__ import annotations

import shutil

import pytest

from tests.kit.databases import PostgresShelf
from tests.kit.house import House

ADDRESS = "/api/v1/positions"


def test_the_envelope_says_what_it_is_about(library: House) -> None:
    answer = library.visitor("fenguan").get(f"{ADDRESS}?unit=LC&as_of=2022-06-30")
    assert answer.headers["Content-Type"] == "application/json"
    assert set(answer.json) == {"data", "meta"}
    coverage = answer.json["meta"].pop("coverage")
    assert set(coverage) == {row["indicator"] for row in answer.json["data"]}
    assert coverage["I02"] == {"reported": 2, "expected": 2, "not_applicable": 0}
    assert answer.json["meta"] == {
        "as_of": "2022-06-30",
        "count": 16,
        "plan": "LC-2022",
        "sample": True,
        "unit": "LC",
    }


@pytest.mark.parametrize(
    ("query", "status", "error"),
    [
        ("", 400, ("bad_request", "unit")),
        ("unit=LC", 400, ("bad_request", "as_of")),
        ("as_of=2022-06-30", 400, ("bad_request", "unit")),
        ("unit=LC&as_of=June", 400, ("bad_request", "as_of")),
        ("unit=NO&as_of=2022-06-30", 404, ("not_found", None)),
        ("unit=LC&as_of=2022-06-30&plan=NO", 404, ("not_found", None)),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_errors_have_one_shape(
    library: House, language: str, query: str, status: int, error: tuple[str, str | None]
) -> None:
    answer = library.visitor("fenguan", language=language).get(f"{ADDRESS}?{query}", status=status).json
    assert set(answer) == {"error"}
    assert (answer["error"]["code"], answer["error"].get("field")) == error
    assert answer["error"]["message"].isascii() is (language == "en")


def test_whoever_is_not_signed_in_gets_an_error_and_no_redirect(library: House) -> None:
    visitor = library.visitor()
    for path in (f"{ADDRESS}?unit=LC&as_of=2022-06-30", f"{ADDRESS}?unit=NO", ADDRESS):
        assert visitor.get(path, status=401).json["error"]["code"] == "not_signed_in"
    assert visitor.get("/api/v1/nothing", status=404).json["error"]["code"] == "not_found"


def test_an_address_to_read_says_that_it_takes_nothing(library: House) -> None:
    answer = library.visitor("fenguan").send("POST", ADDRESS)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.json["error"]["message"].startswith("It can only be read")
    page = library.visitor("fenguan").send("GET", "/review/approve")
    assert (page.status, page.headers["Allow"]) == (405, "OPTIONS, POST")
    assert "only takes what a form sends" in page.page.text


def test_words_in_answers_can_be_read_as_they_are(library: House) -> None:
    answer = library.visitor(language="zh").get(f"{ADDRESS}?unit=LC", status=401)
    assert "登录" in answer.body.decode()


def test_healthz_answers_without_signing_in(house: House) -> None:
    answer = house.visitor().get("/healthz")
    assert answer.json == {"status": "ok", "checks": {"database": True, "instance_folder": True}}


@pytest.mark.postgres
def test_healthz_says_when_the_folder_is_gone(postgres: PostgresShelf) -> None:
    # On PostgreSQL, because on SQLite the database would be gone with its folder.
    with postgres.house("blank") as house:
        shutil.rmtree(house.folder)
        answer = house.app.test_client().get("/healthz")
        assert answer.status_code == 503
        assert answer.json == {"status": "failing", "checks": {"database": True, "instance_folder": False}}
        house.folder.mkdir()
