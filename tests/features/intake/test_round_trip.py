"""Templates out and in again: what changed is shown and taken over, what others changed is left alone."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete

from tests.kit import figures, make
from tests.kit.house import House
from tests.kit.workbooks import opened
from tracker.core.db import db, writing
from tracker.domain.rollup import ValueState
from tracker.features.plans.models import Period
from tracker.features.reports.services import find_differences

JAN, FEB = "2022-01", "2022-02"


@pytest.fixture
def plan(hamlet: House) -> House:
    """A house with the small plan, a reporter at A and a reviewer at the top."""
    with hamlet.inside():
        make.add_sample_user("rep-a", "reporter", "A")
        make.add_sample_user("rep-b", "reporter", "B")
        make.add_sample_user("review", "reviewer", "T")
        make.aim_for("F", "A", "40")
        make.save("A", JAN, {"F": "2.5", "S": "4", "R": "3/4"})
    return hamlet


def template(house: House, user: str, unit: str = "A", period: str = JAN, language: str = "en") -> bytes:
    return figures.template(house.visitor(user, language=language), unit, period, make.PLAN)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_template_that_nobody_touched_changes_nothing(plan: House, language: str) -> None:
    content = template(plan, "rep-a", language=language)
    for reader in ("zh", "en"):
        _, answer = figures.previewed(plan.visitor("rep-a", language=reader), content)
        assert not answer.page.root.all("input", name="fingerprint"), answer.page.text
        assert not answer.page.root.all("section", class_="summary"), answer.page.text


def test_the_template_is_locked_but_for_its_entry_cells_and_explains_itself(plan: House) -> None:
    ws = opened(template(plan, "rep-a")).worksheets[0]
    head, columns = figures.head_of(ws)
    first = head + 1
    assert ws.protection.sheet
    assert ws.cell(first, columns["Indicator code"]).protection.locked
    assert not ws.cell(first, columns["Figure of this period"]).protection.locked
    assert ws.cell(first, columns["Whole (of a share)"]).protection.locked
    assert (
        ws.cell(first, columns["Figure of this period"]).value,
        ws.cell(first, columns["Target"]).value,
    ) == (2.5, 40)
    runs = [found for found in ws.column_dimensions.values() if found.hidden]
    hidden = {name for name, n in columns.items() if any(run.min <= n <= run.max for run in runs)}
    assert hidden == {"Code of the unit", "Period", "Plan code", "Stamp (do not change)"}
    kinds = {(rule.type, rule.formula1) for rule in ws.data_validations.dataValidation}
    assert kinds >= {("list", '"Yes"'), ("decimal", "0"), ("whole", "0")}


def test_what_is_filled_in_becomes_a_draft_with_its_history(plan: House) -> None:
    visitor = plan.visitor("rep-a")
    content = figures.filled(
        template(plan, "rep-a"),
        {
            ("F", "Figure of this period"): 3.5,
            ("S", "Note"): "counted anew",
            ("SC/a", "Figure of this period"): 7,
            ("M", "Not applicable"): "Yes",
            ("M", "Reason"): "no pilot here",
            ("RT", "Figure of this period"): "1,200",
        },
    )
    _, answer = figures.previewed(visitor, content)
    assert "New: 3, changed: 2, unchanged: 5, changed by others: 0, wrong: 0" in answer.page.text
    figures.confirmed(visitor, content)
    with plan.inside():
        sheet = make.sheet_of("A", JAN)
        said = {
            (cell.indicator.code, cell.category.name if cell.category else ""): cell.entry
            for cell in sheet.cells
            if cell.entry
        }
        assert sheet.state == "draft"
        assert (said["F", ""].value, said["F", ""].revision) == (make.Decimal("3.5"), 2)
        assert (said["S", ""].value, said["S", ""].note) == (4, "counted anew")
        assert said["SC", "甲"].value == 7
        assert said["M", ""].state is ValueState.NOT_APPLICABLE
        assert said["RT", ""].value == 1200
        assert list(find_differences()) == []
    _, again = figures.previewed(visitor, content)
    assert not again.page.root.all("input", name="fingerprint")


def test_what_others_changed_meanwhile_is_shown_and_not_overwritten(plan: House) -> None:
    content = figures.filled(
        template(plan, "rep-a"), {("F", "Figure of this period"): 9, ("S", "Figure of this period"): 6}
    )
    with plan.inside():
        # F is changed on both sides, R only on the server, S only in the workbook.
        make.save("A", JAN, {"F": "5", "R": "4/4"})
    visitor = plan.visitor("rep-a")
    at, answer = figures.previewed(visitor, content)
    assert "changed: 1, unchanged: 8, changed by others: 1, wrong: 0" in answer.page.text
    row = answer.page.root.one("section", **{"aria-labelledby": "stale-title"}).one("tbody")
    assert [cell.text for cell in row.all("td")][2:4] == ["5", "9"]
    marked = opened(visitor.get(f"{at}/marked.xlsx").body).worksheets[0]
    head, columns = figures.head_of(marked)
    assert "5 there, 9 here" in marked.cell(head + 1, columns["Figure of this period"]).comment.text
    figures.confirmed(visitor, content)
    with plan.inside():
        sheet = make.sheet_of("A", JAN)
        values = {cell.indicator.code: cell.entry.value for cell in sheet.cells if cell.entry}
        assert (values["F"], values["R"], values["S"]) == (5, 4, 6)


def test_a_workbook_of_all_units_has_a_sheet_for_each_and_comes_back_whole(plan: House) -> None:
    visitor = plan.visitor("review")
    content = visitor.get(f"/import/template.xlsx?place=T/{make.PLAN}/{JAN}").body
    assert opened(content).sheetnames == ["Unit A", "Unit A1", "Unit A2", "Unit B", "How to fill it in"]
    content = figures.filled(content, {("S", "Figure of this period"): 11}, sheet=1)
    content = figures.filled(content, {("S", "Figure of this period"): 12}, sheet=3)
    page = figures.confirmed(visitor, content, into="approved", because="filed for 2022").page
    assert "Units: 2, reports: 2, new figures: 2" in page.text
    with plan.inside():
        found = make.standings_at("T", date(2022, 1, 31))["S"].position.actual
        assert found == 23
        assert list(find_differences()) == []


def test_the_workbook_is_offered_for_every_period_that_has_begun(plan: House) -> None:
    with plan.inside():
        make.tell_on(date(2022, 2, 3))
    offered = plan.visitor("rep-a").get("/import/figures").page.root.one("select", name="place").all("option")
    assert [option["value"] for option in offered] == [f"A/{make.PLAN}/{FEB}", f"A/{make.PLAN}/{JAN}"]
    assert ["selected" in option.attributes for option in offered] == [False, True]
    assert offered[0].text.startswith("February 2022 · Unit A · ")
    usual = opened(plan.visitor("rep-a").get("/import/template.xlsx").body)
    assert "January 2022" in str(usual.worksheets[0]["A1"].value)


@pytest.mark.parametrize(
    "place", ["A", f"A/{make.PLAN}", f"A/{make.PLAN}/2022-13", f"B/{make.PLAN}/{JAN}", "A/X/Y/Z"]
)
def test_a_workbook_of_no_place_in_scope_is_not_found(plan: House, place: str) -> None:
    plan.visitor("rep-a").get(f"/import/template.xlsx?place={place}", status=404)


def test_without_a_plan_the_page_says_that_there_is_nothing_to_fill_in(blank: House) -> None:
    with blank.inside():
        make.small_plan()
        with writing():
            db.session.execute(delete(Period))
            db.session.commit()
        make.add_sample_user("rep-a", "reporter", "A")
    visitor = blank.visitor("rep-a")
    assert not visitor.get("/import/figures").page.root.all("select", name="place")
    assert visitor.get("/import/template.xlsx", status=303).location == "/import/figures"
    assert "nothing to fill in" in visitor.get("/import/figures").page.text
