"""Who holds roles at a unit: on its page, with terms, and those from above told apart."""

from __future__ import annotations

from datetime import date

import pytest

from tests.kit import make
from tests.kit.house import House
from tests.kit.page import Page
from tests.kit.visitor import Visitor
from tracker.core.access import Scope
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.holdings import Term
from tracker.domain.roles import Role
from tracker.features.accounts.services import grant_role
from tracker.features.org.queries import holders_of


@pytest.fixture
def house(hamlet: House) -> House:
    """The small township on 3 March 2022 with somebody at every level."""
    with hamlet.inside():
        for name, role, unit in (
            ("boss", "administrator", "T"),
            ("of-a", "administrator", "A"),
            ("leader", "official", "T"),
            ("checker", "reviewer", "A"),
            ("teller", "reporter", "A1"),
            ("other", "reporter", "A2"),
        ):
            make.add_sample_user(name, role, unit)
        give("deputy", "A1", Term(date(2022, 4, 1), date(2022, 4, 30)))
        give("former", "A1", Term(date(2022, 1, 1), date(2022, 3, 4)))
        make.tell_on(date(2022, 3, 5))
    return hamlet


def give(name: str, unit: str, term: Term) -> None:
    """Somebody who reports for a time, beside a role at B."""
    make.add_sample_user(name, "reporter", "B")
    with writing():
        grant_role(make.user_of(name), Role.REPORTER, make.unit_of(unit), term=term, actor=HOUSE)
        db.session.commit()


def told(visitor: Visitor, unit: str) -> dict[str, list[str]]:
    """The users of each table, by its caption."""
    page = visitor.get(f"/units/{unit}").page
    return {
        caption.text: [link.text for link in rows(table) if "/people/users/" in link["href"]]
        for table in page.root.all("table")
        for caption in table.all("caption")
        if "oles" in caption.text
    }


def rows(table: Page) -> list[Page]:
    return table.all("a")


def test_own_roles_stand_apart_from_those_held_further_up(house: House) -> None:
    boss = house.visitor("boss")
    assert told(boss, "A1") == {
        "Who holds roles here": ["deputy", "teller"],
        # The nearest unit comes first.
        "Roles held further up": ["of-a", "checker", "boss", "leader"],
    }
    text = boss.get("/units/A1").page.text
    for said in ("held at Unit A", "held at Unit T", "1 April 2022 to 30 April 2022", "Not yet"):
        assert said in text, said
    assert "former" not in text
    assert "4 roles held further up count here as well" in text


def test_an_administrator_of_a_part_sees_nobody_above_it(house: House) -> None:
    visitor = house.visitor("of-a")
    assert told(visitor, "A1")["Roles held further up"] == ["of-a", "checker"]
    assert told(visitor, "A") == {"Who holds roles here": ["of-a", "checker"]}


def test_a_unit_without_roles_of_its_own_says_so(house: House) -> None:
    with house.inside():
        make.take_roles("other")
    text = house.visitor("boss").get("/units/A2").page.text
    assert "Nobody holds a role at this unit itself." in text


def test_who_manages_no_users_learns_nothing(house: House) -> None:
    with house.inside():
        scope: Scope = make.user_of("checker").scope_on(date(2022, 3, 5))
        assert holders_of(scope, make.unit_of("A1")) == []


def test_who_is_switched_off_is_shown_as_such(house: House) -> None:
    boss = house.visitor("boss")
    boss.post(
        "/people/users/teller/disable",
        {"csrf_token": boss.token(), "version": "1", "reason": "Left."},
    )
    page = boss.get("/units/A1").page
    line = next(row for row in page.root.all("tr") if "teller" in row.text)
    assert "Disabled" in line.text
