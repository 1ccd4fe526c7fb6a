"""A plain sheet of figures: any order of columns, any usual names; refused cell by cell, never by halves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from tests.features.org.test_tree import records
from tests.kit import figures, make
from tests.kit.databases import SqliteShelf
from tests.kit.figures import plain
from tests.kit.house import House
from tests.kit.visitor import Visitor
from tracker.core.db import db
from tracker.features.progress.models import Balance
from tracker.features.reports.models import Entry
from tracker.features.reports.services import find_differences

JAN, FEB, MAR = "2022-01", "2022-02", "2022-03"
REPORTER, OTHER, REVIEWER = "rep-a", "rep-b", "review"


def small(house: House) -> None:
    """The small plan with a reporter at A, one at B and a reviewer at the top."""
    with house.inside():
        make.small_plan()
        make.add_sample_user(REPORTER, "reporter", "A")
        make.add_sample_user(OTHER, "reporter", "B")
        make.add_sample_user(REVIEWER, "reviewer", "T")


@pytest.fixture
def plan(blank: House) -> House:
    """A house with the small plan on either database."""
    small(blank)
    return blank


@pytest.fixture(scope="module")
def reader(sqlite: SqliteShelf) -> Iterator[Visitor]:
    """A reporter at A whose workbooks are all refused, so that the tests can share one."""
    with sqlite.house("blank") as house:
        small(house)
        with house.inside():
            make.approved("A", FEB, {"S": "5"})
        yield house.visitor(REPORTER)


def value(unit: str, period: str, code: str) -> Any:
    sheet = make.sheet_of(unit, period)
    return next(cell.entry and cell.entry.value for cell in sheet.cells if cell.indicator.code == code)


def test_columns_in_any_order_and_language_and_many_units_and_periods(plan: House) -> None:
    visitor = plan.visitor(REVIEWER)
    rows: list[list[object]] = [
        [1200, "S", "2022年1月", "A", "x"],
        ["３，５００", "存量", date(2022, 2, 28), "单位B", None],
        [3, "Stock", "2022/3", "unit a1", None],
        ["1.5万", "f", "202201", "a2", "y"],
    ]
    figures.confirmed(visitor, plain(*rows, head=["Value", "指标", "月份", "Unit", "Something"]))
    with plan.inside():
        assert [value("A", JAN, "S"), value("B", FEB, "S"), value("A1", MAR, "S")] == [1200, 3500, 3]
        assert value("A2", JAN, "F") == 15000
        assert list(find_differences()) == []


def test_the_running_totals_of_several_periods_come_in_together(plan: House) -> None:
    visitor = plan.visitor(REPORTER)
    content = plain(["A", "RT", MAR, None, 30], ["A", "RT", JAN, None, 10], ["A", "RT", FEB, None, 25])
    figures.confirmed(visitor, content)
    figures.confirmed(
        visitor, plain(["A", "RT", JAN, None, 12], ["A", "RT", FEB, None, 25], ["A", "RT", MAR, None, 30])
    )
    with plan.inside():
        assert [value("A", period, "RT") for period in (JAN, FEB, MAR)] == [12, 13, 5]
    falls = plain(["A", "RT", JAN, None, 26], ["A", "RT", FEB, None, 25], ["A", "RT", MAR, None, 30])
    said = figures.wrong(visitor, falls)
    assert "cannot be below the last one, 26" in said["E3"]
    assert (
        "later running total builds on this one"
        in figures.wrong(visitor, plain(["A", "RT", JAN, None, 9]))["E2"]
    )


WRONG: dict[str, tuple[list[object], dict[str, str]]] = {
    "a foreign unit": (["B", "S", JAN, None, 1], {"A2": "There is no unit B."}),
    "a unit that is none": (["X", "S", JAN, None, 1], {"A2": "There is no unit X."}),
    "no unit": ([None, "S", JAN, None, 1], {"A2": "This must not be empty."}),
    "an unknown indicator": (
        ["A", "ZZ", JAN, None, 1],
        {"B2": "There is no indicator ZZ in the plan of this period."},
    ),
    "another year": (["A", "S", "2021-01", None, 1], {"C2": "No plan of this unit has the period 2021-01."}),
    "no period": (
        ["A", "S", "soon", None, 1],
        {"C2": "“soon” is no period. Write it as 2022-06, 2022-Q2, 2022-H1 or 2022."},
    ),
    "a period that has not begun": (
        ["A", "S", "2022-04", None, 1],
        {"C2": "This period has not begun yet. It can be filled in from its first day on."},
    ),
    "an approved report": (
        ["A", "S", FEB, None, 1],
        {"C2": "This report is approved. A reviewer must reopen it before it can change."},
    ),
    "no category": (
        ["A", "SC", JAN, None, 1],
        {"D2": "This indicator is divided into 甲, 乙. Name one of them."},
    ),
    "an unknown category": (
        ["A", "SC", JAN, "丙", 1],
        {"D2": "There is no category 丙. Possible are: 甲, 乙."},
    ),
    "a category too many": (
        ["A", "S", JAN, "甲", 1],
        {"D2": "This indicator has no categories. Clear this cell."},
    ),
    "a word": (
        ["A", "S", JAN, None, "many"],
        {"E2": "This is not a number. Enter digits only, for example 1250."},
    ),
    "a fraction": (
        ["A", "S", JAN, None, 1.5],
        {"E2": "Only whole numbers are counted here, for example 12."},
    ),
    "below zero": (
        ["A", "S", JAN, None, -1],
        {"E2": "A negative number is not possible here. Enter 0 or more."},
    ),
    "too large": (
        ["A", "S", JAN, None, 10**10],
        {"E2": "This number is too large. Check the unit of measure; it must be below 10,000,000,000."},
    ),
    "a day for a number": (
        ["A", "S", JAN, None, date(2022, 1, 1)],
        {"E2": "This is not a number. Enter digits only, for example 1250."},
    ),
    "half a share": (["A", "R", JAN, None, 3], {"F2": "Enter both numbers, the part and the whole."}),
    "a share above one": (
        ["A", "R", JAN, None, 5, 4],
        {"E2": "The part, 5, is larger than the whole, 4. Check both numbers."},
    ),
    "a whole too many": (
        ["A", "S", JAN, None, 3, 4],
        {"F2": "This indicator has no whole. Clear this cell."},
    ),
    "not applicable without a reason": (
        ["A", "S", JAN, None, "不适用"],
        {"H2": "Say in a few words why this does not apply here."},
    ),
    "both at once": (
        ["A", "S", JAN, None, 3, None, "是", "x"],
        {"E2": "Either a number or 'not applicable', not both. Clear one of them."},
    ),
    "a note alone": (
        ["A", "S", JAN, None, None, None, None, None, "x"],
        {"I2": "There is no figure beside this note. Enter the figure, or clear the note."},
    ),
    "an odd word for yes": (
        ["A", "S", JAN, None, None, None, "maybe"],
        {"G2": "Write 是 (yes) here, or leave it empty."},
    ),
    "a long note": (
        ["A", "S", JAN, None, 1, None, None, None, "字" * 501],
        {"I2": "At most 500 characters. Please shorten it."},
    ),
}
"""A row below the Chinese headings, and exactly what is said at which cells."""


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_is_said_at_its_cell(reader: Visitor, kind: str) -> None:
    row, said = WRONG[kind]
    assert figures.wrong(reader, plain(row)) == said


def test_the_same_figure_twice_is_refused_at_the_second(reader: Visitor) -> None:
    said = figures.wrong(reader, plain(["A", "S", JAN, None, 1], ["a", "存量", "2022年1月", None, 2]))
    assert said == {"B3": "Row 2 of sheet Sheet1 is about the same figure. Keep one of the two."}


def test_one_wrong_row_keeps_everything_out(plan: House) -> None:
    visitor = plan.visitor(REPORTER)
    content = plain(["A", "S", JAN, None, 1], ["B", "S", JAN, None, 1])
    at, _ = figures.previewed(visitor, content)
    forged = visitor.post(at, {"csrf_token": visitor.token(), "fingerprint": "x"})
    figures.arrived(visitor, forged.location)
    with plan.inside():
        assert db.session.scalar(select(Entry.id)) is None


def test_only_who_reviews_takes_figures_over_as_approved_and_says_whence(plan: House) -> None:
    content = plain(["A", "S", JAN, None, 1])
    refused = figures.upload(plan.visitor(REPORTER), content, into="approved", because="x", status=422)
    assert "Choose what the reports are to become." in refused.page.text
    reviewer = plan.visitor(REVIEWER)
    assert "Say where" in figures.upload(reviewer, content, into="approved", status=422).page.text
    figures.confirmed(reviewer, content, into="approved", because="filed for 2021")
    with plan.inside():
        assert make.sheet_of("A", JAN).state == "approved"
        assert make.standings_at("T", date(2022, 1, 31))["S"].position.actual == 1
        assert list(find_differences()) == []
    assert [who for _, who, _ in records(plan, "report.import")] == [REVIEWER]
    assert "because: — → filed for 2021" in records(plan, "reports.import")[0][2]


def test_a_batch_is_withdrawn_as_if_it_had_never_been(plan: House) -> None:
    with plan.inside():
        make.save("A", JAN, {"S": "4"})
        make.approved("A", FEB, {"F": "2"})
        before = balances()
    reviewer = plan.visitor(REVIEWER)
    content = plain(["A", "S", JAN, None, 6], ["A", "F", JAN, None, "1.5"], ["B", "S", JAN, None, 2])
    page = figures.confirmed(reviewer, content, into="approved", because="filed")
    at = page.page.root.all("form")[-1]
    form = next(form for form in page.page.root.all("form") if form["action"].endswith("/withdraw"))
    assert at is not None
    with plan.inside():
        assert balances() != before
    visitor = plan.visitor(OTHER)
    visitor.post(form["action"], {"csrf_token": visitor.token()}, status=404)
    answer = reviewer.follow(reviewer.post(form["action"], {"csrf_token": reviewer.token()}))
    assert "What stood there before stands there again" in answer.page.messages
    with plan.inside():
        assert (value("A", JAN, "S"), value("A", JAN, "F"), value("B", JAN, "S")) == (4, None, None)
        assert make.sheet_of("A", JAN).state == "draft"
        assert balances() == before
        assert list(find_differences()) == []
    again = reviewer.follow(reviewer.post(form["action"], {"csrf_token": reviewer.token()}))
    assert "withdrawn already" in again.page.messages


def test_a_batch_whose_figures_went_on_is_not_withdrawn(plan: House) -> None:
    visitor = plan.visitor(REPORTER)
    page = figures.confirmed(visitor, plain(["A", "S", JAN, None, 6])).page
    form = next(form for form in page.root.all("form") if form["action"].endswith("/withdraw"))
    with plan.inside():
        make.save("A", JAN, {"S": "7"})
    answer = visitor.follow(visitor.post(form["action"], {"csrf_token": visitor.token()}))
    assert "the first of them S of A 2022-01" in answer.page.messages
    with plan.inside():
        assert value("A", JAN, "S") == Decimal(7)


def test_what_changed_after_the_preview_stops_the_import(plan: House) -> None:
    visitor = plan.visitor(REPORTER)
    at, answer = figures.previewed(visitor, plain(["A", "S", JAN, None, 6]))
    with plan.inside():
        make.save("A", JAN, {"S": "7"})
    _, page = figures.arrived(visitor, visitor.submit(answer.page.form(""), at=at).location)
    assert "Figures have changed since this preview was made" in page.page.text
    with plan.inside():
        assert value("A", JAN, "S") == 7
    figures.arrived(visitor, visitor.submit(page.page.form(""), at=at).location)
    with plan.inside():
        assert value("A", JAN, "S") == 6


def balances() -> set[tuple[object, ...]]:
    """All balances that are not nothing."""
    rows = db.session.execute(
        select(
            Balance.unit_id,
            Balance.indicator_id,
            Balance.category_id,
            Balance.ends_on,
            Balance.value,
            Balance.covered,
        )
    )
    return {tuple(row) for row in rows if row.value or row.covered}
