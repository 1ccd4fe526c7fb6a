"""Pages after a unit was retired or merged: previews come true, and who is retired is named so."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.kit import make
from tests.kit.house import House
from tests.kit.page import Page
from tests.kit.tree_in_time import History
from tests.kit.visitor import Visitor
from tracker.core.audit import HOUSE
from tracker.core.db import db, taken_back, writing
from tracker.features.plans.models import Indicator
from tracker.features.plans.queries import assigned_units, reach_of
from tracker.features.progress.queries import Standing, clockwork, standings
from tracker.features.restructure.services import Change, Kind, Preview, try_change

DAY, TODAY = date(2022, 3, 15), date(2022, 4, 10)
ENDED = "Retired from 15 March 2022 on"
NEXT_YEAR = "P23"


@pytest.fixture
def town(hamlet: House) -> House:
    """Some figures and targets, and somebody for every role at the township."""
    with hamlet.inside():
        make.tell_on(TODAY)
        for name, role in (("chief", "administrator"), ("filler", "reporter"), ("checker", "reviewer")):
            make.add_sample_user(name, role, "T")
        for unit, target in (("A1", "10"), ("A2", "5"), ("B", "7"), ("A", "20")):
            make.aim_for("S", unit, target)
        make.approved("A1", "2022-01", {"F": "10", "S": "5"})
        make.approved("A1", "2022-02", {"F": "20", "S": "6"})
        make.approved("A", "2022-02", {"F": "3", "S": "4"})
        make.approved("B", "2022-02", {"F": "2", "S": "9"})
    return hamlet


def count_of(visitor: Visitor) -> int:
    """The number of the frame, what is to do."""
    return int(
        visitor.get("/overview").page.source.partition('<span class="count')[2].split(">")[1].split("<")[0]
    )


def rows_of(page: Page, text: str) -> list[str]:
    """The rows and items of lists that name a unit."""
    found = [one.text for tag in ("tr", "li") for one in page.root.all(tag)]
    return [row for row in found if text in row]


CHANGES = [
    (Kind.RETIRE, "A1", None, False),
    (Kind.RETIRE, "A2", None, False),
    (Kind.RETIRE, "A", None, True),
    (Kind.MERGE, "A", "B", False),
    (Kind.MERGE, "A1", "A2", False),
    (Kind.MOVE, "A1", "B", False),
]


@pytest.mark.parametrize(("kind", "unit", "other", "with_below"), CHANGES)
def test_what_a_preview_says_is_what_there_is_afterwards(
    town: House, kind: Kind, unit: str, other: str | None, with_below: bool
) -> None:
    with town.inside():
        row = make.unit_of(unit)
        change = Change(kind, row, make.unit_of(other) if other else None, DAY, with_below, "because")
        with taken_back():
            preview = try_change(change, actor=HOUSE)
        before = said(preview)
        assert [told[0] for told in before.values()] == [each.reporters_before for each in preview.units]
        with writing():
            try_change(change, actor=HOUSE)
            db.session.commit()
        for each in preview.units:
            reach, figures = said(preview)[each.unit.code]
            assert reach == each.reporters_after, each.unit.code
            for figure in each.figures:
                code = figure.standing.indicator.code
                assert heart(figure.before) == before[each.unit.code][1].get(code), (each.unit.code, code)
                assert heart(figure.after) == figures.get(code), (each.unit.code, code)
            differing = {code for code in figures if figures[code] != before[each.unit.code][1].get(code)}
            assert differing <= {figure.standing.indicator.code for figure in each.figures}


def said(preview: Preview) -> dict[str, tuple[int, dict[str, object]]]:
    """How many report, and each figure, at the units of a preview on its data date."""
    assert preview.plan is not None
    clock = clockwork(preview.plan, preview.as_of)
    return {
        each.unit.code: (
            reach_of(clock.plan.id, [each.unit.id], as_of=clock.day).get(each.unit.id, 0),
            {row.indicator.code: heart(row) for row in standings(make.unit_of(each.unit.code), clock)},
        )
        for each in preview.units
    }


def heart(row: Standing | None) -> object:
    """What a preview shows of a figure."""
    return None if row is None else (row.position.actual, row.position.target, row.coverage)


def test_the_number_in_the_frame_is_what_the_lists_behind_it_count(town: House) -> None:
    with town.inside():
        make.save("A2", "2022-01", {"F": "1"})
        make.submit("A2", "2022-01")
        History().retire("A2", DAY)
    filler, checker = town.visitor("filler"), town.visitor("checker")
    listed = filler.get("/reports?state=not_started").page.root.one("tbody").all("tr")
    # January of A and B, February of A2, and March and April of A, A1 and B.
    assert count_of(filler) == len(listed) == 9
    assert count_of(checker) == len(checker.get("/review").page.root.one("tbody").all("tr")) == 1


def test_who_is_retired_is_named_as_retired_wherever_older_periods_list_it(town: House) -> None:
    with town.inside():
        History().retire("A2", DAY)
    filler, checker = town.visitor("filler"), town.visitor("checker")
    for visitor, address in (
        (filler, "/reports"),
        (checker, "/review?state=all"),
        (checker, "/urging?in_period=2022-02"),
        (checker, "/overview?unit=A&as_of=2022-02-28"),
        (checker, "/indicators/S?unit=A&as_of=2022-02-28"),
    ):
        rows = rows_of(visitor.get(address).page, "Unit A2")
        assert rows, address
        assert all(ENDED in row for row in rows if "Unit A2" in row), (address, rows)
    assert ENDED in filler.get("/reports/P/A2/2022-02").page.text
    for address in ("/urging?in_period=2022-03", "/indicators/S?unit=A&as_of=2022-03-31"):
        assert "Unit A2" not in checker.get(address).page.text.replace("Unit A2 stood here until", ""), (
            address
        )


def test_the_tree_says_how_many_of_those_listed_are_retired(town: House) -> None:
    with town.inside():
        History().retire("A1", DAY)
        History().retire("B", date(2022, 5, 1))
    chief = town.visitor("chief")
    page = chief.get("/units").page
    assert "You manage 5 units. 1 of them is retired." in page.text
    told = [one.text for one in page.root.all("summary")]
    assert [text for text in told if "unit" in text and "below" in text] == [
        "4 units below, of which 1 retired: Unit T",
        "2 units below, of which 1 retired: Unit A",
    ]
    assert len(page.root.one("section", **{"aria-label": "Tree of units"}).all("a")) == 5
    found = chief.get("/units?q=A").page.root.one("tbody").text
    assert "(1 retired)" in found
    hint = chief.get("/units/A").page.root.one("section", **{"aria-labelledby": "below-title"})
    assert "2, of which 1 retired" in hint.text
    assert len(hint.all("li")) == 2


def test_both_pages_of_a_merger_name_the_other_and_what_went_over(town: House) -> None:
    chief = town.visitor("chief")
    assert "Merged units" not in chief.get("/units/B").page.text
    with town.inside():
        History().merge("A", "B", DAY)
    ended, going_on = (chief.get(f"/units/{code}").page for code in ("A", "B"))
    merged = {"aria-labelledby": "mergers-title"}
    assert "Unit B goes on for it from 15 March 2022" in ended.root.one("section", **merged).text
    told = going_on.root.one("section", **merged).text
    assert "Unit A taken over on 15 March 2022" in told
    assert "Unit A1, Unit A2" in told
    overview = "/overview?unit=B&as_of=2022-03-"
    assert "Unit A was merged into this unit on 15 March 2022" in chief.get(overview + "15").page.text
    assert "was merged into" not in chief.get(overview + "14").page.text
    below = going_on.root.one("section", **{"aria-labelledby": "below-title"})
    assert [one.text for one in below.all("a")] == ["Unit A1", "Unit A2"]


def test_the_grid_of_targets_tells_who_is_not_in_its_sums(town: House) -> None:
    with town.inside():
        History().retire("A1", DAY)
    chief = town.visitor("chief")
    rows = chief.get("/plans/P/indicators/S/targets").page.root.one("tbody").all("tr")
    (over,) = [row for row in rows if "A1" in row.one("th").text]
    assert ENDED in over.text
    assert "not in the sums" in over.text
    assert "data-over" in over.attributes
    (above,) = [row for row in rows if row.one("th").text.startswith("Unit AA")]
    assert "−15" in above.text
    # Saving the grid as it is changes nothing and trips over nothing.
    address = "/plans/P/indicators/S/targets"
    chief.submit(chief.get(address).page.form("", method="post"), at=address)


def test_all_units_of_a_kind_are_those_that_still_are(town: House) -> None:
    with town.inside():
        History().retire("A1", DAY)
    chief = town.visitor("chief")
    address = "/plans/P/indicators/R/units"
    page = chief.get(address).page
    assert ENDED in page.text
    chief.submit(page.form("", method="post"), {"unit": [], "kind": "community"}, at=address)
    assert "3 units report it" in chief.get("/plans/P/indicators/R").page.text
    with town.inside():
        ratio = db.session.scalars(select(Indicator).where(Indicator.code == "R")).one()
        assert make.unit_of("A1").id not in assigned_units(ratio)


def test_a_copy_of_the_plan_leaves_those_behind_who_are_no_more(town: House) -> None:
    with town.inside():
        History().retire("A1", DAY)
    chief = town.visitor("chief")
    page = chief.get("/plans/P/copy").page
    told = {"code": NEXT_YEAR, "name": "次年方案", "with_targets": "y"}
    chief.submit(page.form("", method="post"), told, at="/plans/P/copy")
    page = chief.get(f"/plans/{NEXT_YEAR}/indicators/S").page
    assert "3 units report it" in page.text
    assert "3 targets" in page.text
