"""A target that was changed during the plan: what is shown is what a change replaces, and nothing else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.kit import make
from tests.kit.house import House
from tests.kit.plan_books import changed_book, changes, confirmed, plan_book, previewed
from tests.kit.plans import NO_REASON, aim, indicator, own_targets
from tests.kit.visitor import Visitor
from tests.kit.workbooks import opened
from tracker.domain.errors import RuleError
from tracker.features.plans.queries import target_history
from tracker.features.plans.services import SplitError, Why
from tracker.features.reports.services import find_differences

P = make.PLAN
APRIL = date(2022, 4, 1)
TARGETS = f"/plans/{P}/indicators/F/targets"


@pytest.fixture
def boss(ready: House) -> Visitor:
    """The administrator of a township whose unit A is to reach 10, and from April on 20."""
    with ready.inside():
        make.add_sample_user("boss", "administrator", "T")
        make.aim_for("F", "A", "10")
        make.aim_for("F", "A", "20", from_on=APRIL)
    return ready.visitor("boss")


def by_day() -> list[tuple[date, Decimal | None]]:
    """What A is to reach, by the day from which it holds."""
    rows = target_history(make.unit_of("A").id, indicator("F").id)
    return [(row.from_on, row.target) for row in rows if not row.is_superseded]


BEFORE = [(date(2022, 1, 1), 10), (APRIL, 20)]


def test_a_workbook_replaces_the_target_that_its_preview_shows(ready: House, boss: Visitor) -> None:
    content = plan_book(目标分解=[["F", "A", None, 15, None]])
    at, answer = previewed(boss, content, plan=P)
    assert "Target: 20 → 15 Changed from 1 April 2022 on" in changes(answer)[0]
    form = answer.page.form("")
    for fields, name in (
        ({}, "reason"),
        ({"reason": "因镇党委决定"}, "from_on"),
        ({"reason": "因镇党委决定", "from_on": "2022-01-01"}, "from_on"),
        ({"reason": "因镇党委决定", "from_on": "2022-03-31"}, "from_on"),
    ):
        page = boss.submit(form, fields, at=at, status=422).page
        assert page.root.all("p", id=f"{name}-error"), (fields, page.text)
    assert "A target of Unit A was changed from 1 April 2022 on" in page.text
    with ready.inside():
        assert by_day() == BEFORE
    boss.submit(form, {"reason": "因镇党委决定", "from_on": "2022-04-01"}, at=at)
    with ready.inside():
        assert by_day() == [(date(2022, 1, 1), 10), (APRIL, 15)]
        assert make.standings_at("A", date(2022, 2, 28))["F"].position.target == 10
        assert list(find_differences()) == []
    # What was shown is what was done.
    assert changes(previewed(boss, content, plan=P)[1]) == []


def test_the_page_asks_for_a_day_and_refuses_one_before_the_later_change(ready: House, boss: Visitor) -> None:
    page = boss.get(TARGETS).page
    assert "target changed from 1 April 2022 on" in page.text
    form = page.form("")
    with ready.inside():
        cell = f"t{make.unit_of('A').id}-target"
    assert form.fields[cell] == "20"
    assert boss.submit(form, {cell: "15"}, at=TARGETS, status=422).page.root.all("p", id="reason-error")
    said = {cell: "15", "reason": "因镇党委决定", "from_on": "2022-02-01"}
    page = boss.submit(form, said, at=TARGETS, status=422).page
    assert "changed from 1 April 2022 on" in page.root.one("p", id=f"{cell}-error").text
    assert page.form("").fields[cell] == "15"
    with ready.inside():
        assert by_day() == BEFORE
    boss.submit(form, {**said, "from_on": "2022-04-15"}, at=TARGETS)
    with ready.inside():
        assert by_day() == [*BEFORE, (date(2022, 4, 15), 15)]
        assert own_targets("F") == {"A": Decimal(15)}


def test_only_a_target_that_was_changed_is_asked_for_a_later_day(ready: House, boss: Visitor) -> None:
    with ready.inside():
        assert aim("F", A="20", B="5") == 1
        assert aim("F", Why("决定", date(2022, 2, 1)), B="6") == 1
        with pytest.raises(RuleError) as refused:
            aim("F", NO_REASON, B="7")
        assert refused.value.field == "reason"
        with pytest.raises(SplitError):
            aim("F", Why("决定", date(2022, 3, 31)), A=None)
        assert by_day() == BEFORE
        # One that was taken away during the plan is set anew from that day on at the earliest.
        assert aim("F", Why("决定", APRIL), A=None) == 1
        with pytest.raises(SplitError):
            aim("F", Why("决定", date(2022, 3, 31)), A="9")
        assert aim("F", Why("决定", APRIL), A="9") == 1
        assert by_day() == [(date(2022, 1, 1), 10), (APRIL, 9)]


def test_the_workbook_names_the_day_of_the_later_change(ready: House, boss: Visitor) -> None:
    content = boss.get(f"/plans/{P}/export.xlsx").body
    sheet = opened(content)["Target split"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert rows[0][-1] == "Target changed from"
    found = next(row for row in rows if row[0] == "F" and row[3] == "A")
    assert (found[6], found[-1].date()) == (20, APRIL)
    _, answer = previewed(boss, content, plan=P)
    assert changes(answer) == []
    assert "not known" not in answer.page.text
    # Other targets of the same workbook hold from the plan's first day, as ever.
    other = changed_book(content, {("Target split", ("S", "T"), "Target"): 7})
    confirmed(boss, other, plan=P)
    with ready.inside():
        assert own_targets("S") == {"T": Decimal(7)}
        assert by_day() == BEFORE
