"""The overview takes the same steps of SQLite's virtual machine however long the history is."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.bench.page import caller, sign_in
from tests.bench.tree import AS_OF, PASSWORD, ROOT, House, Size, make_house
from tests.scale.counting import counted_steps
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.core.instance import mark_as_sample
from tracker.domain.roles import Role
from tracker.features.accounts.services import add_user, grant_role, judge_password
from tracker.features.org.queries import units_by_code

ONE_YEAR = Size("one year", (15,), 12, indicators=10)
FIVE_YEARS = Size("five years", (15,), 60, indicators=10)
ADDRESS = f"/overview?unit={ROOT}&as_of={AS_OF}"
ROLES = (Role.OFFICIAL, Role.REVIEWER, Role.REPORTER)


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, House]:
    """The same units with one year behind them, and with five."""
    # A remembered page asks for nothing but the version of the data, so here each is made anew.
    made = tuple(
        make_house(tmp_path_factory.mktemp("house"), size, REMEMBERED_PAGES=0)
        for size in (ONE_YEAR, FIVE_YEARS)
    )
    for house in made:
        with house.app.app_context(), writing():
            # Told on the data date, so that what is to do on that day belongs to the page as well.
            mark_as_sample(AS_OF)
            root = units_by_code()[ROOT]
            for role in ROLES:
                user = add_user(role.value, role.value, judge_password(role.value, PASSWORD), actor=HOUSE)
                grant_role(user, role, root, actor=HOUSE)
            db.session.commit()
    return made[0], made[1]


@pytest.mark.parametrize("role", ROLES)
def test_overview_takes_the_same_steps(houses: tuple[House, House], role: Role) -> None:
    """One year or five: statement by statement the same count."""
    young, old = (_steps(house, role.value) for house in houses)
    assert young.total() > 0
    differing = {text: (young[text], old[text]) for text in {*young, *old} if young[text] != old[text]}
    assert not differing, "\n".join(f"{one} -> {five}: {text}" for text, (one, five) in differing.items())


def _steps(house: House, username: str) -> Counter[str]:
    call = caller(house.app, ADDRESS, sign_in(house.app, username, PASSWORD))
    # The first call reads the schema, which costs steps of its own.
    call()
    with counted_steps(house.app) as found:
        call()
    return found
