"""An administrator moves, retires, restores and merges units on the pages, and sees first what that does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import Shelf
from tests.kit import make
from tests.kit.house import House
from tests.kit.page import Page
from tests.kit.visitor import Answer, Visitor
from tracker.features.reports.services import find_differences


@pytest.fixture
def house(sqlite: Shelf) -> Iterator[House]:
    """The small plan with administrators of the township and of one community."""
    with sqlite.house("blank") as house:
        with house.inside():
            make.small_plan()
            for name, role, unit in (
                ("chief", "administrator", "T"),
                ("of-a", "administrator", "A"),
                ("official-a", "official", "A"),
            ):
                make.add_sample_user(name, role, unit)
            make.approved("A1", "2022-01", {"F": "10", "S": "5"})
            make.approved("B", "2022-01", {"F": "2", "S": "9"})
            make.aim_for("S", "A", "20")
            make.aim_for("S", "B", "10")
        yield house


def ask(visitor: Visitor, kind: str, unit: str = "A1", **asked: str) -> Page:
    """Look at a preview."""
    told = {"day": "2022-02-10", "reason": "because", **asked}
    address = "&".join(f"{name}={value}" for name, value in told.items())
    return visitor.get(f"/units/{unit}/{kind}?{address}").page


def confirm(visitor: Visitor, page: Page, address: str, *, status: int = 303) -> Answer:
    """Do what is shown."""
    return visitor.submit(page.form(address, method="post"), status=status)


def unit_of(house: House, code: str) -> str:
    with house.inside():
        return make.unit_of(code).path


def test_a_move_is_shown_before_it_is_done(house: House) -> None:
    visitor = house.visitor("chief")
    path = unit_of(house, "A1")
    page = ask(visitor, "move", other="B")
    assert "Nothing has been saved yet" in page.text
    assert "Units that report: 3 → 2." in page.text
    assert "9 → 14" in page.text
    assert unit_of(house, "A1") == path
    answer = confirm(visitor, page, "/units/A1/move")
    assert answer.location.endswith("/units/A1")
    assert unit_of(house, "A1") != path
    landed = visitor.follow(answer).page.text
    assert "Every figure follows" in landed
    assert "Stands here since 10 February 2022" in landed
    with house.inside():
        assert list(find_differences()) == []
    overview = visitor.get("/overview?unit=B&as_of=2022-02-28").page.text
    assert "has stood here since 10 February 2022" in overview
    # A's official no longer finds the unit, and is told that its figures are in the total.
    seen = house.visitor("official-a").get("/overview?unit=A&as_of=2022-01-31").page.text
    assert "Figures of units that have since moved away are included." in seen
    assert "Unit A1" not in seen


def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(house: House) -> None:
    visitor = house.visitor("chief")
    for asked, said in (
        ("other=A1&day=2022-02-10&reason=x", "cannot stand below itself"),
        ("other=B&day=2022-02-30&reason=x", "not a day"),
        ("other=B&day=2022-02-10&reason=", "Give a reason"),
        ("other=&day=2022-02-10&reason=x", "Choose the other unit"),
    ):
        answer = visitor.get(f"/units/A1/move?{asked}", status=422)
        assert said in answer.page.text, asked
        assert asked.split("day=")[1][:10] in answer.page.source


def test_a_tree_that_changed_meanwhile_is_not_changed_unseen(house: House) -> None:
    visitor, other = house.visitor("chief"), house.visitor("chief")
    mine, theirs = ask(visitor, "move", other="B"), ask(other, "move", other="B", day="2022-02-01")
    confirm(other, theirs, "/units/A1/move")
    answer = confirm(visitor, mine, "/units/A1/move", status=422)
    assert "stands there already" in answer.page.text or "has changed since" in answer.page.text


def test_retiring_can_be_taken_back_on_the_same_page(house: House) -> None:
    visitor = house.visitor("chief")
    page = ask(visitor, "retire")
    assert "Units that report: 3 → 2." in page.text
    confirm(visitor, page, "/units/A1/retire")
    overview = visitor.get("/overview?unit=A&as_of=2022-02-28").page.text
    assert "Unit A1 stood here until 10 February 2022" in overview
    assert "retired from 10 February 2022" in visitor.get("/overview?unit=A1&as_of=2022-01-31").page.text
    page = visitor.get("/units/A1/retire").page
    visitor.submit(page.form("/units/A1/retire", method="post"), {"reason": "a slip"})
    with house.inside():
        assert make.unit_of("A1").retired_on is None
        assert list(find_differences()) == []


def test_a_retired_unit_is_marked_and_offers_nothing_new(house: House) -> None:
    visitor = house.visitor("chief")
    offers = ("Add a unit below", "Invite a user", "Record a new figure", "Merge into another unit")
    page = visitor.get("/units/A1").page.text
    assert all(offer in page for offer in offers)
    landed = visitor.follow(confirm(visitor, ask(visitor, "retire"), "/units/A1/retire")).page.text
    assert "Retired from 10 February 2022 on" in landed
    assert not [offer for offer in offers if offer in landed]
    assert "Restore the unit" in landed
    for address in ("/units", "/units/A"):
        assert "Retired from 10 February 2022 on" in visitor.get(address).page.text
    answer = visitor.get("/units/A/retire?day=2022-02-10&reason=x", status=422)
    assert "Unit A2 (A2)" in answer.page.text


def test_a_merger_tells_what_becomes_of_the_targets(house: House) -> None:
    visitor = house.visitor("chief")
    page = ask(visitor, "merge", unit="A", other="B")
    assert "30 from 10 February 2022" in page.text
    confirm(visitor, page, "/units/A/merge")
    page = visitor.get("/units/A/retire").page
    assert "It was merged into Unit B on 10 February 2022." in page.text
    overview = visitor.get("/overview?unit=A&as_of=2022-01-31").page.text
    assert "merged into Unit B" in overview
    with house.inside():
        assert list(find_differences()) == []


def test_who_manages_only_one_side_finds_nothing(house: House) -> None:
    visitor = house.visitor("of-a")
    visitor.get("/units/A1/move")
    # A itself stands below T, which is not theirs; B is not theirs either.
    visitor.get("/units/A/move", status=404)
    visitor.get("/units/B/retire", status=404)
    visitor.get("/units/A1/move?other=B&day=2022-02-10&reason=x", status=404)
    house.visitor("official-a").get("/units/A1/move", status=403)
