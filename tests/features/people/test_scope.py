"""An administrator of a part of the tree: neither sees, changes, grants nor guesses what lies outside."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.kit import make
from tests.kit.databases import SqliteShelf
from tests.kit.house import House
from tests.kit.visitor import Answer, Visitor
from tracker.core.db import db, writing
from tracker.domain.roles import Role
from tracker.features.accounts.services import grant_role

ACTS = (
    "label",
    "disable",
    "enable",
    "grants",
    "grants/{number}/end",
    "grants/{number}/remove",
    "code",
    "code/withdraw",
)


@pytest.fixture
def place(sqlite: SqliteShelf) -> Iterator[House]:
    """The small township: administrators of the whole and of A, users at A, at B, and at both."""
    with sqlite.house("blank") as house:
        with house.inside():
            make.small_plan()
            for name, role, unit in (
                ("top", "administrator", "T"),
                ("adm-a", "administrator", "A"),
                ("rep-a", "reporter", "A1"),
                ("rep-b", "reporter", "B"),
                ("both", "reporter", "A"),
                ("nothing", "reporter", "A"),
            ):
                make.add_sample_user(name, role, unit)
            make.take_roles("nothing")
            with writing():
                grant_role(make.user_of("both"), Role.REPORTER, make.unit_of("B"), actor=make.HOUSE)
                db.session.commit()
        yield house


def sent(visitor: Visitor) -> dict[str, str]:
    """Everything that the forms about users could want."""
    return {
        "csrf_token": visitor.token(),
        "version": "1",
        "reason": "Because.",
        "name-label": "x",
        "role": "official",
        "unit": "A",
        "sure": "y",
        "end1-ends_on": "2022-03-03",
    }


def same(answer: Answer, name: str) -> tuple[int, str]:
    """What an answer says, but for the name that was asked for and the token of the session."""
    body = re.sub(r'(name="csrf_token" value=)"[^"]*"', r"\1", answer.body.decode())
    return answer.status, body.replace(name, "?")


def states(place: House) -> list[tuple[str, str, int, int, str]]:
    """Everything that administrators change, of every user."""
    with place.inside():
        names = ("top", "adm-a", "rep-a", "rep-b", "both", "nothing")
        users = [make.user_of(name) for name in names]
        return [(u.username, u.label, u.version, len(u.grants), u.password_hash) for u in users]


def test_the_list_has_only_who_holds_something_inside(place: House) -> None:
    page = place.visitor("adm-a").get("/people").page
    listed = {link["href"] for link in page.root.one("table").all("a")}
    assert listed == {f"/people/users/{name}" for name in ("adm-a", "rep-a", "both")}
    assert "Unit B" not in page.text
    assert "Also holds roles outside your area" in page.text
    assert {option["value"] for option in page.root.one("select", name="unit").all("option")} == {
        "",
        "A",
        "A1",
        "A2",
    }
    everyone = place.visitor("top").get("/people").page.root.one("table").text
    assert "nothing" in everyone
    assert "rep-b" in everyone


@pytest.mark.parametrize(
    "query", ["unit=B", "unit=T", "q=rep-b", "role=reporter", "state=active", "unit=B&role=reporter"]
)
def test_no_filter_reaches_outside(place: House, query: str) -> None:
    main = place.visitor("adm-a").get(f"/people?{query}").page.root.one("main").text
    assert "rep-b" not in main.replace("q=rep-b", "")
    assert "Unit B" not in main


@pytest.mark.parametrize("name", ["rep-b", "top", "nothing"])
def test_a_user_outside_answers_like_one_that_does_not_exist(place: House, name: str) -> None:
    visitor = place.visitor("adm-a")
    before = states(place)
    for path in ("", "/rights", "/rights?unit=A"):
        there, nowhere = (
            same(visitor.send("GET", f"/people/users/{who}{path}"), who) for who in (name, "no-such")
        )
        assert there == nowhere
        assert there[0] == 404
    fields = sent(visitor)
    for act in ACTS:
        there, nowhere = (
            same(visitor.send("POST", f"/people/users/{who}/{act.format(number=1)}", data=fields), who)
            for who in (name, "no-such")
        )
        assert there == nowhere, act
        assert there[0] == 404
    assert states(place) == before


def test_a_user_with_roles_outside_too_can_be_read_in_part_and_not_changed(place: House) -> None:
    visitor = place.visitor("adm-a")
    page = visitor.get("/people/users/both").page
    assert "Unit A" in page.root.one("main").text
    assert "Unit B" not in page.text
    # Not even the record of what was given outside is there.
    assert " B" not in page.root.one("ol", class_="history").text
    assert page.root.one("main").all("form") == []
    rights = visitor.get("/people/users/both/rights").page
    assert "Unit B" not in rights.text
    before = states(place)
    with place.inside():
        numbers = [grant.id for grant in make.user_of("both").grants]
    for act in ACTS:
        for number in numbers:
            fields = {**sent(visitor), f"end{number}-ends_on": "2022-03-03"}
            answer = visitor.send("POST", f"/people/users/both/{act.format(number=number)}", data=fields)
            assert answer.status == 400, act
            assert "higher unit" in answer.page.text
    assert states(place) == before
    # Whoever is over both can.
    top = place.visitor("top")
    assert top.send("POST", "/people/users/both/label", data=sent(top)).status == 303


@pytest.mark.parametrize("unit", ["B", "T", "NO"])
def test_roles_are_given_inside_only(place: House, unit: str) -> None:
    visitor = place.visitor("adm-a")
    before = states(place)
    visitor.post("/people/users/rep-a/grants", {**sent(visitor), "unit": unit}, status=404)
    new = {**sent(visitor), "label": "x", "username": "sneaked", "unit": unit}
    visitor.post("/people/invite", new, status=404)
    assert states(place) == before
    visitor.get("/people/users/sneaked", status=404)
    visitor.post("/people/users/rep-a/grants", {**sent(visitor), "unit": "A2"})


def test_a_role_of_another_user_is_not_reached_through_ones_own(place: House) -> None:
    visitor = place.visitor("adm-a")
    with place.inside():
        foreign = make.user_of("rep-b").grants[0].id
    fields = {**sent(visitor), f"end{foreign}-ends_on": "2022-03-03"}
    before = states(place)
    for act in ("end", "remove"):
        answer = visitor.send("POST", f"/people/users/rep-a/grants/{foreign}/{act}", data=fields)
        assert answer.status in {404, 422}
    assert states(place) == before


def test_ones_own_page_has_no_forms_and_takes_none(place: House) -> None:
    visitor = place.visitor("top")
    page = visitor.get("/people/users/top").page
    assert "This is you" in page.text
    assert page.root.one("main").all("form") == []
    before = states(place)
    for act in ACTS:
        number = 1
        answer = visitor.send("POST", f"/people/users/top/{act.format(number=number)}", data=sent(visitor))
        assert answer.status == 422, act
    assert states(place) == before


@pytest.mark.parametrize("name", ["rep-a", "rep-b"])
def test_who_manages_nobody_gets_no_page_and_no_link(place: House, name: str) -> None:
    visitor = place.visitor(name)
    for path in ("/people", "/people/invite", "/people/users/rep-a", f"/people/users/{name}/rights"):
        visitor.get(path, status=403)
    assert "/people" not in {link["href"] for link in visitor.get("/reports").page.root.all("a")}
    assert "Reporter" in visitor.get("/my-rights").page.root.one("main").text
