"""Searching one's reports: by name, code and initials, what is one's own and nothing else."""

from __future__ import annotations

from datetime import date

import pytest

from tests.kit import make
from tests.kit.house import House
from tests.kit.page import Page
from tests.kit.visitor import Visitor
from tracker.core.access import WHOLE_HOUSE
from tracker.core.db import db, writing
from tracker.domain.review import ReportState
from tracker.domain.roles import Permission
from tracker.features.plans.models import Assignment, Indicator, Period
from tracker.features.reports.queries import FoundCell, find_cells

TODAY = date(2022, 3, 3)
"""The day of the small plan: January and February have ended, March runs."""


@pytest.fixture
def plan(hamlet: House) -> House:
    """The small plan, with a reporter at A, one at B and a reviewer of both."""
    with hamlet.inside():
        make.add_sample_user("reports-a", "reporter", "A")
        make.add_sample_user("reports-b", "reporter", "B")
        make.add_sample_user("reviews", "reviewer", "T")
    return hamlet


def cells(text: str, *, today: date = TODAY) -> list[FoundCell]:
    """What anybody who may see everything finds."""
    return find_cells(WHOLE_HOUSE, Permission.FILL_REPORTS, text, today=today, limit=50)


def leads_to(text: str, *, today: date = TODAY) -> dict[str, str]:
    """The period that each unit is led to."""
    return {cell.unit.code: cell.period.code for cell in cells(text, today=today)}


def links(page: Page) -> list[tuple[str, str]]:
    """The indicators that were found, with the units and periods they lead to."""
    return [
        (row.one("a").text, row.one("span", class_="todo__text").text)
        for row in page.root.all("li", class_="todo__row")
    ]


def units(page: Page) -> set[str]:
    """The units of the reports in the list."""
    rows = [(row.text, row.one("span", class_="rows__sub").text) for row in page.root.all("th", scope="row")]
    return {text.partition(period)[0].strip() for text, period in rows}


def search(visitor: Visitor, text: str, path: str = "/reports", name: str = "q") -> Page:
    return visitor.get(path, query_string={name: text}).page


@pytest.mark.parametrize("text", ["FLLL", "flll", "分类流", "Flow by", "FC", "ｆｃ"])
def test_an_indicator_leads_to_its_first_cell_in_the_sheet_that_is_asked_for(plan: House, text: str) -> None:
    visitor = plan.visitor("reports-a")
    page = search(visitor, text)
    assert links(page) == [("Flow by kind", f"Unit {unit} · February 2022") for unit in ("A", "A1", "A2")]
    href = page.root.all("a", class_="todo__unit")[0]["href"]
    path, _, anchor = href.partition("#")
    assert path == "/reports/P/A/2022-02"
    cell = visitor.get(path).page.root.one("input", id=anchor)
    assert cell["name"].startswith(anchor)
    labels = [each.text for each in visitor.get(path).page.root.all("label") if each["for"] == anchor]
    assert labels == ["Flow by kind, a (个)"]


def test_a_reporter_finds_their_own_units_and_no_others(plan: House) -> None:
    own, beside = plan.visitor("reports-a"), plan.visitor("reports-b")
    assert {unit for _, unit in links(search(own, "ll"))} == {
        f"Unit {unit} · February 2022" for unit in ("A", "A1", "A2")
    }
    assert {unit for _, unit in links(search(beside, "ll"))} == {"Unit B · February 2022"}
    for text in ("dwb", "单位B", "unit b"):
        page = search(own, text)
        assert "No unit and no indicator is called" in page.text
        assert page.root.all("table") == []
        assert search(beside, text).root.all("table")


def test_what_no_unit_in_scope_reports_is_not_found(plan: House) -> None:
    with plan.inside(), writing():
        stock = db.session.scalars(db.select(Indicator).where(Indicator.code == "S")).one()
        for row in db.session.scalars(db.select(Assignment).where(Assignment.indicator_id == stock.id)):
            if row.unit_id != make.unit_of("B").id:
                db.session.delete(row)
        db.session.commit()
    assert "Stock" not in {name for name, _ in links(search(plan.visitor("reports-a"), "cl"))}
    assert "Stock" in {name for name, _ in links(search(plan.visitor("reports-b"), "cl"))}


def test_units_are_found_by_name_code_and_initials_and_narrow_the_list(plan: House) -> None:
    visitor = plan.visitor("reports-a")
    assert units(search(visitor, "")) == {"Unit A", "Unit A1", "Unit A2"}
    for text in ("dwa1", "a1", "单位A1", "unit a1"):
        page = search(visitor, text)
        assert units(page) == {"Unit A1"}
        assert page.root.one("input", id="q")["value"] == text
    found = search(visitor, "dwa1")
    # What was searched for stays when another state is chosen.
    assert all("q=dwa1" in link["href"] for link in found.root.all("a", class_="filters__link"))
    assert next(link.text for link in found.root.all("a", class_="filters__link")) == "All 3"


def test_an_indicator_alone_leaves_the_list_of_reports_away(plan: House) -> None:
    page = search(plan.visitor("reports-a"), "ll")
    assert page.root.all("table") == []
    assert page.root.all("nav", class_="filters") == []


def test_the_search_leads_on_when_a_period_is_handed_in_or_locked(plan: House) -> None:
    with plan.inside():
        assert leads_to("S")["A"] == "2022-02"
        make.save("A", "2022-02", {"S": "1"})
        assert leads_to("S")["A"] == "2022-02"
        make.submit("A", "2022-02")
        found = {cell.unit.code: cell for cell in cells("S")}
        assert (found["A"].period.code, found["A"].state) == ("2022-03", ReportState.NOT_STARTED)
        assert (found["B"].period.code, found["B"].state) == ("2022-02", ReportState.NOT_STARTED)
        with writing():
            for period in db.session.scalars(db.select(Period).where(Period.code == "2022-02")):
                period.is_locked = True
            db.session.commit()
        # January has ended and is open; what has been returned or never started there is asked for.
        assert leads_to("S")["B"] == "2022-01"
        with writing():
            for period in db.session.scalars(db.select(Period)):
                period.is_locked = True
            db.session.commit()
        assert leads_to("S") == {}


def test_a_plan_that_is_over_leads_only_to_what_is_missing(plan: House) -> None:
    after = date(2022, 6, 1)
    with plan.inside():
        make.tell_on(after)
        make.save("A", "2022-04", {"S": "1"})
        make.submit("A", "2022-04")
        assert leads_to("S", today=after) == {"B": "2022-04", "A1": "2022-04", "A2": "2022-04"}


def test_an_indicator_is_not_found_where_it_is_no_longer_asked_for(plan: House) -> None:
    with plan.inside(), writing():
        flow = db.session.scalars(db.select(Indicator).where(Indicator.code == "F")).one()
        flow.retired_on = date(2022, 2, 1)
        db.session.commit()
    with plan.inside():
        assert {cell.indicator.name for cell in cells("l")} >= {"分类流量"}
        assert "流量" not in {cell.indicator.name for cell in cells("l")}


def test_more_than_fit_are_said_to_be_there(plan: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.features.reports.views.lists.MOST_FOUND", 2)
    page = search(plan.visitor("reports-a"), "S")
    assert len(links(page)) == 2
    assert "Type more of the name" in page.text


def test_the_reviewer_finds_reports_of_units_by_initials(plan: House) -> None:
    with plan.inside():
        for unit in ("A", "B"):
            make.save(unit, "2022-01", {"S": "1"})
            make.submit(unit, "2022-01")
    visitor = plan.visitor("reviews")
    for text in ("dwb", "B", "单位b"):
        assert units(search(visitor, text, "/review", "in_unit")) == {"Unit B"}
    page = search(visitor, "dwz", "/review", "in_unit")
    assert "No report of a unit called “dwz” is here." in page.text


@pytest.mark.parametrize("text", ["%", "_", "'; --", "<b>", "字" * 300, "x" * 300])
def test_odd_words_are_answered_with_a_sentence(plan: House, text: str) -> None:
    page = search(plan.visitor("reports-a", language="zh"), text)
    assert "没有名称或编码" in page.text
