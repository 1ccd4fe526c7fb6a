"""A page of the audit log takes about the same steps however long the log is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from tests.kit.databases import SqliteShelf
from tests.kit.house import close_house, open_house
from tests.scale.counting import counted_steps
from tracker.core.access import WHOLE_HOUSE, Hold, Scope
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.roles import Role
from tracker.features.audit.queries import Asked, chain_facts, find_records
from tracker.features.org.models import UnitKind
from tracker.features.org.queries import UnitRow, units_by_code
from tracker.features.org.services import add_unit

FEW, MANY = 2_000, 40_000
WINDOW = 1_000
DAY = date(2022, 1, 1)
PER_DAY = 50

FILL = """
WITH RECURSIVE n (id) AS (SELECT {first} UNION ALL SELECT id + 1 FROM n WHERE id < {last})
INSERT INTO audit_records
  (id, at, actor_name, action, subject, unit_id, difference, previous_hash, hash)
SELECT id, strftime('%Y-%m-%d %H:%M:%S.000000', '2021-12-31 16:00:00', '+' || (id * 1728) || ' seconds'),
  CASE WHEN id % 45 = 7 THEN 'rare' ELSE 'common' END,
  CASE WHEN id % 60 = 7 THEN 'user.grant' ELSE 'report.save' END,
  'report ' || id, CASE id % 300 WHEN 1 THEN NULL WHEN 2 THEN 3 ELSE 2 END, 'I01: 1 → 2', '', ''
FROM n
"""
"""Fifty records a day; some of somebody else, of another action, and few of the second unit."""


def fill(first: int, last: int) -> None:
    """Records with these numbers; nothing here looks at their hashes."""
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text(FILL.format(first=first, last=last)))
        connection.execute(text(f"UPDATE audit_chain SET last_number = {last}"))


def asked(name: str, last: int) -> tuple[Scope, Asked, int | None]:
    """What each kind of page asks for; the days asked for lie in the middle of the log."""
    below = Scope((Hold(Role.AUDITOR, units_by_code()["B"].path),))
    middle = DAY + timedelta(days=last // PER_DAY // 2)
    unit: UnitRow = units_by_code()["B"]
    return {
        "all": (WHOLE_HOUSE, Asked(), None),
        "a later page": (WHOLE_HOUSE, Asked(), last // 2),
        "a rare person": (WHOLE_HOUSE, Asked(who=("rare",)), last // 2),
        "a rare action": (WHOLE_HOUSE, Asked(action="user.grant"), None),
        "one day": (WHOLE_HOUSE, Asked(since=middle, until=middle), None),
        "one day and action": (WHOLE_HOUSE, Asked(middle, middle, action="report.save"), None),
        "text that is nowhere": (WHOLE_HOUSE, Asked(subject="nowhere"), None),
        "a unit": (WHOLE_HOUSE, Asked(unit=unit), None),
        "an auditor of a unit": (below, Asked(), None),
    }[name]


PAGES = (
    "all",
    "a later page",
    "a rare person",
    "a rare action",
    "one day",
    "one day and action",
    "text that is nowhere",
    "a unit",
    "an auditor of a unit",
)


@pytest.fixture(scope="module")
def steps(
    sqlite: SqliteShelf, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, int], dict[str, int]]:
    """Steps of each page, in a short log and in a long one."""
    house = open_house("sqlite", tmp_path_factory.mktemp("house"), sqlite.empty())
    with house.inside():
        upgrade()
        with writing():
            add_unit("A", "A", UnitKind.TOWNSHIP, parent_code=None, actor=HOUSE)
            add_unit("C", "C", UnitKind.COMMUNITY, parent_code="A", actor=HOUSE)
            add_unit("B", "B", UnitKind.COMMUNITY, parent_code="A", actor=HOUSE)
            db.session.commit()
        first = chain_facts().end.number + 1
        fill(first, FEW)
        few = {name: _steps(house.app, name, FEW) for name in PAGES}
        fill(FEW + 1, MANY)
        many = {name: _steps(house.app, name, MANY) for name in PAGES}
    close_house(house)
    return few, many


def _steps(app: Flask, name: str, last: int) -> int:
    scope, wanted, before = asked(name, last)

    def ask() -> int:
        db.session.rollback()
        return len(find_records(scope, wanted, before=before, limit=20, window=WINDOW).rows)

    found = ask()
    assert bool(found) is (name != "text that is nowhere"), "the page shows nothing, so nothing is measured"
    with counted_steps(app) as counted:
        ask()
    return counted.total()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_takes_as_many_steps_in_a_long_log(
    steps: tuple[dict[str, int], dict[str, int]], page: str
) -> None:
    """Twenty times the records, hardly more steps: reading everything would take twenty times as many."""
    few, many = steps[0][page], steps[1][page]
    assert many < 1.5 * few + 200, (few, many)
