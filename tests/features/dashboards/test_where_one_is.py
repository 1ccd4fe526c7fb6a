"""The main navigation says where one is: at one place, and at the one that is there for this user."""

from __future__ import annotations

import pytest

from tests.kit import make
from tests.kit.house import House

SHEET = "/reports/P/A/2022-01"


@pytest.fixture
def plan(hamlet: House) -> House:
    """The small plan with a reporter, a reviewer, and somebody who is both at different units."""
    with hamlet.inside():
        make.add_sample_user("rita", "reporter", "A")
        make.add_sample_user("rex", "reviewer", "T")
        make.save("A", "2022-01", {"F": "1"})
    return hamlet


@pytest.mark.parametrize(
    ("who", "path", "place"),
    [
        ("rita", "/reports", "Reporting"),
        ("rita", SHEET, "Reporting"),
        ("rita", "/import/figures", "Reporting"),
        ("rita", "/import/batches", "Reporting"),
        ("rita", f"{SHEET}/evidence/F", "Reporting"),
        ("rex", f"{SHEET}/evidence/F", "Review"),
        ("rex", "/import/figures", "Review"),
        ("rex", "/review", "Review"),
        ("rex", "/review/P/A/2022-01", "Review"),
        ("rex", "/urging", "Review"),
        ("rex", "/overview", "Overview"),
        ("rex", "/indicators/F?unit=T", "Overview"),
        ("rita", "/account", None),
    ],
)
def test_one_place_is_marked_as_the_one_where_somebody_is(
    plan: House, who: str, path: str, place: str | None
) -> None:
    page = plan.visitor(who).get(path).page
    for bar in page.root.all("nav", class_="nav"):
        marked = [link.text for link in bar.all("a", **{"aria-current": "page"})]
        assert marked == ([place] if place else [])
