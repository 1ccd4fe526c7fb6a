"""The life of a report through its services: what each step does, refuses, and leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from tests.kit import make
from tests.kit.house import House
from tracker.core.audit import HOUSE, AuditRecord
from tracker.core.db import db, writing
from tracker.domain.errors import RuleError, StaleError
from tracker.domain.review import ReportState
from tracker.domain.rollup import ValueState
from tracker.features.plans.models import Period
from tracker.features.progress.models import Balance
from tracker.features.reports.models import Entry, EntryRevision, Report
from tracker.features.reports.services import (
    SheetError,
    approve_report,
    find_differences,
    reopen_report,
    return_report,
    save_report,
    submit_report,
    withdraw_report,
)

JAN, FEB, MAR = "2022-01", "2022-02", "2022-03"
END = date(2022, 4, 30)


@pytest.fixture
def plan(hamlet: House) -> House:
    """A house with the small plan and nothing reported."""
    return hamlet


def step(unit: str, period: str, do: Callable[..., None], *given: object, **named: object) -> None:
    """Take one step with a report and commit it."""
    with writing():
        do(make.sheet_of(unit, period), *given, actor=HOUSE, **named)
        db.session.commit()


def actual(code: str, unit: str = "T", day: date = END) -> object:
    """An indicator's figure at a unit."""
    return make.standings_at(unit, day)[code].position.actual


def messages(error: SheetError) -> str:
    return " ".join(str(found) for found in error.by_cell.values())


def test_a_report_goes_from_draft_to_approved_and_only_then_counts(plan: House) -> None:
    with plan.inside():
        make.save("A1", JAN, {"F": "2.5", "SC/甲": "4", "R": "3/4"})
        assert make.sheet_of("A1", JAN).state is ReportState.DRAFT
        make.submit("A1", JAN)
        assert make.sheet_of("A1", JAN).state is ReportState.SUBMITTED
        assert actual("F") is None
        make.approve("A1", JAN)
        assert make.sheet_of("A1", JAN).state is ReportState.APPROVED
        for unit in ("A1", "A", "T"):
            assert (actual("F", unit), actual("SC", unit), actual("R", unit)) == (Decimal("2.5"), 4, 75)
        assert actual("F", "B") is None


@pytest.mark.parametrize(
    ("state", "refused"),
    [
        ("new", {"withdraw", "return", "approve", "reopen", "submit"}),
        ("draft", {"withdraw", "return", "approve", "reopen"}),
        ("submitted", {"save", "submit", "reopen"}),
        ("returned", {"withdraw", "return", "approve", "reopen"}),
        ("approved", {"save", "submit", "withdraw", "return", "approve"}),
    ],
)
def test_each_state_refuses_the_steps_that_do_not_follow(plan: House, state: str, refused: set[str]) -> None:
    with plan.inside():
        if state != "new":
            make.save("A", JAN, {"S": "1"})
        if state in {"submitted", "returned", "approved"}:
            make.submit("A", JAN)
        if state == "returned":
            step("A", JAN, return_report, "why", version=make.sheet_of("A", JAN).version)
        if state == "approved":
            make.approve("A", JAN)
        before = (make.sheet_of("A", JAN), list(db.session.scalars(select(AuditRecord.id))))
        seen = {"version": before[0].version}
        steps: dict[str, Callable[[], None]] = {
            "save": lambda: step("A", JAN, save_report, [], **seen),
            "submit": lambda: step("A", JAN, submit_report),
            "withdraw": lambda: step("A", JAN, withdraw_report),
            "return": lambda: step("A", JAN, return_report, "why", **seen),
            "approve": lambda: step("A", JAN, approve_report, **seen),
            "reopen": lambda: step("A", JAN, reopen_report, "why", **seen),
        }
        for name in refused:
            with pytest.raises(RuleError):
                steps[name]()
        assert (make.sheet_of("A", JAN), list(db.session.scalars(select(AuditRecord.id)))) == before


@pytest.mark.parametrize(
    ("cell", "said", "sentence"),
    [
        ("F", "-1", "negative"),
        ("F", "1.25", "decimal places"),
        ("S", "1.5", "whole numbers"),
        ("S", "10000000000", "too large"),
        ("S", "Infinity", "not a number"),
        ("R", "5/4", "larger than the whole"),
        ("R", "0/0", "above 0"),
        ("R", "3", "both numbers"),
        ("R", "1.5/4", "whole numbers"),
        ("M", "101/100", "larger than the whole"),
        ("S", "n/a", "why this does not apply"),
    ],
)
def test_a_hard_rule_refuses_the_cell_and_saves_nothing(
    plan: House, cell: str, said: str, sentence: str
) -> None:
    with plan.inside():
        with pytest.raises(SheetError) as raised:
            make.save("A", JAN, {"C": "1", cell: said})
        assert list(raised.value.by_cell) == [make.cell_key(make.sheet_of("A", JAN), cell)]
        assert sentence in messages(raised.value)
        assert db.session.scalars(select(Report)).all() == []
        assert db.session.scalars(select(Entry)).all() == []


def test_a_running_total_is_kept_as_its_increase_and_may_not_fall(plan: House) -> None:
    with plan.inside():
        make.approved("A", JAN, {"RT": "10"})
        with pytest.raises(SheetError) as raised:
            make.save("A", FEB, {"RT": "9"})
        assert "cannot be below the last one, 10" in messages(raised.value)
        make.approved("A", FEB, {"RT": "14"})
        values = db.session.scalars(select(Entry.value).order_by(Entry.ends_on)).all()
        assert values == [10, 4]
        assert actual("RT") == 14


def test_odd_values_need_a_reason_before_they_can_be_handed_in(plan: House) -> None:
    with plan.inside():
        make.aim_for("C", "A", "100")
        make.approved("A", JAN, {"S": "9", "F": "2"})
        make.approved("A", FEB, {"F": "2"})
        make.save("A", MAR, {"S": "8", "F": "7", "C": "51"})
        with pytest.raises(SheetError) as raised:
            make.submit("A", MAR)
        sheet = make.sheet_of("A", MAR)
        assert set(raised.value.by_cell) == {make.cell_key(sheet, name) for name in ("S", "F", "C")}
        assert sheet.state is ReportState.DRAFT
        make.save("A", MAR, {"S": "8", "F": "7", "C": "51"}, reason="because")
        make.submit("A", MAR)
        assert make.sheet_of("A", MAR).state is ReportState.SUBMITTED


def test_not_applicable_leaves_the_unit_out_of_sums_ratios_and_completeness(plan: House) -> None:
    with plan.inside():
        make.approved("A", JAN, {"S": "5", "R": "1/2"})
        make.approved("B", JAN, {"S": "7", "R": "1/1"})
        make.approved("B", FEB, {"S": "n/a", "R": "n/a"}, reason="closed")
        found = make.standings_at("T", date(2022, 2, 28))
        assert (found["S"].position.actual, found["R"].position.actual) == (5, 50)
        cover = found["S"].coverage
        # Four units report the indicator; one is out, and none has said anything in February.
        assert (cover.reported, cover.expected, cover.not_applicable, cover.covered) == (0, 3, 1, 1)


def test_zero_not_reported_and_not_applicable_stay_apart(plan: House) -> None:
    with plan.inside():
        make.approved("A1", JAN, {"S": "0"})
        make.approved("A2", JAN, {"S": "n/a"}, reason="none here")
        rows = {unit: make.standings_at(unit, END)["S"] for unit in ("A1", "A2", "B")}
    assert [rows[unit].position.actual for unit in rows] == [0, None, None]
    assert [rows[unit].coverage.not_applicable for unit in rows] == [0, 1, 0]


def test_a_stock_is_carried_forward_and_summed_over_its_categories(plan: House) -> None:
    with plan.inside():
        make.approved("A", JAN, {"SC/甲": "3", "SC/乙": "4"})
        make.approved("A", MAR, {"SC/乙": "6"})
        days = (date(2022, 1, 31), date(2022, 2, 28), date(2022, 3, 31))
        assert [actual("SC", "T", day) for day in days] == [7, 7, 9]


def test_an_earlier_month_approved_later_does_not_touch_what_came_after(plan: House) -> None:
    with plan.inside():
        make.approved("A", MAR, {"S": "6", "F": "1"})
        make.approved("A", JAN, {"S": "3", "F": "2"})
        days = (date(2022, 1, 31), date(2022, 2, 28), date(2022, 3, 31))
        assert [actual("S", "T", day) for day in days] == [3, 3, 6]
        assert [actual("F", "T", day) for day in days] == [2, 2, 3]


@pytest.mark.parametrize("later", ["n/a", "7", ""])
def test_what_was_said_longer_ago_than_the_last_period_still_decides(plan: House, later: str) -> None:
    with plan.inside():
        said = {"SC/甲": "5", "SC/乙": "3", "FC/甲": "1", "FC/乙": "n/a", "S": "4"}
        make.approved("A1", JAN, said, reason="核实")
        make.approved("A1", FEB, {"SC/甲": "6", "FC/甲": "n/a", "F": "1"}, reason="核实")
        make.approved("A1", MAR, {"SC/甲": later, "FC/甲": later, "S": later, "F": "2"}, reason="核实")
        assert list(find_differences()) == []
        wanted = {"n/a": 3, "7": 10, "": 9}[later]
        assert actual("SC") == wanted
        step("A1", MAR, reopen_report, "再看", version=make.sheet_of("A1", MAR).version)
        assert list(find_differences()) == []
        assert (actual("SC"), actual("S"), actual("FC")) == (9, 4, 1)


def test_reopening_takes_exactly_the_report_out_of_the_figures(plan: House) -> None:
    with plan.inside():
        make.approved("A", JAN, {"S": "5", "F": "1", "R": "1/2", "FC/甲": "2"})
        before = kept_balances()
        make.approved("A", FEB, {"S": "6", "F": "1.5", "R": "2/2", "FC/乙": "9"})
        assert kept_balances() != before
        step("A", FEB, reopen_report, "wrong", version=make.sheet_of("A", FEB).version)
        assert kept_balances() == before
        sheet = make.sheet_of("A", FEB)
        assert (sheet.state, sheet.report and sheet.report.reason) == (ReportState.RETURNED, "wrong")
        assert list(find_differences()) == []


def kept_balances() -> dict[tuple[object, ...], tuple[int, ...]]:
    rows = db.session.execute(select(*Balance.__table__.columns)).all()
    return {tuple(row[:5]): tuple(row[5:]) for row in rows if any(row[5:])}


def test_every_revision_is_kept_with_who_and_when_it_counted(plan: House) -> None:
    with plan.inside():
        make.add_sample_user("rita", "reporter", "A")
        rita = make.user_of("rita")
        make.save("A", JAN, {"S": "5"}, actor=rita)
        make.save("A", JAN, {"S": "5"}, actor=rita)  # Nothing changed, so nothing is kept twice.
        make.save("A", JAN, {"S": "6"}, actor=rita)
        make.save("A", JAN, {"S": "n/a"}, reason="gone", actor=rita)
        make.save("A", JAN, {"S": ""}, actor=rita)
        make.save("A", JAN, {"S": "7"}, actor=rita)
        make.submit("A", JAN, actor=rita)
        make.approve("A", JAN)
        rows = db.session.scalars(select(EntryRevision).order_by(EntryRevision.number)).all()
        assert [(row.number, row.state, row.value, row.reason) for row in rows] == [
            (1, ValueState.VALUE, 5, None),
            (2, ValueState.VALUE, 6, None),
            (3, ValueState.NOT_APPLICABLE, None, "gone"),
            (4, None, None, None),
            (5, ValueState.VALUE, 7, None),
        ]
        assert {row.entered_by_id for row in rows} == {rita.id}
        assert [row.approved_at is not None for row in rows] == [False, False, False, False, True]
        step("A", JAN, reopen_report, "why", version=make.sheet_of("A", JAN).version)
        db.session.expire_all()
        last = db.session.scalars(select(EntryRevision).where(EntryRevision.number == 5)).one()
        assert last.approved_at is not None
        assert last.uncounted_at is not None


def test_an_older_version_is_refused_and_changes_nothing(plan: House) -> None:
    with plan.inside():
        make.save("A", JAN, {"S": "5"})
        sheet = make.sheet_of("A", JAN)
        draft = [make.draft_of(sheet, "S", "9")]
        for version in (sheet.version - 1, sheet.version + 1, -1):
            with pytest.raises(StaleError):
                step("A", JAN, save_report, draft, version=version)
        make.submit("A", JAN)
        for do in (approve_report, lambda sheet, **named: return_report(sheet, "why", **named)):
            with pytest.raises(StaleError):
                step("A", JAN, do, version=sheet.version)
        assert db.session.scalars(select(Entry.value)).all() == [5]
        assert make.sheet_of("A", JAN).state is ReportState.SUBMITTED


def test_a_locked_period_takes_no_change_and_no_decision(plan: House) -> None:
    with plan.inside():
        make.save("A", JAN, {"S": "5"})
        make.submit("A", JAN)
        make.save("B", JAN, {"S": "5"})
        with writing():
            db.session.execute(update(Period).where(Period.code == JAN).values(is_locked=True))
            db.session.commit()
        for unit, do, given in (
            ("B", save_report, ([],)),
            ("B", submit_report, ()),
            ("A", withdraw_report, ()),
        ):
            named = {"version": make.sheet_of(unit, JAN).version} if do is save_report else {}
            with pytest.raises(RuleError, match="locked"):
                step(unit, JAN, do, *given, **named)
        for decide, given in ((approve_report, ()), (return_report, ("why",))):
            with pytest.raises(RuleError, match="locked"):
                step("A", JAN, decide, *given, version=make.sheet_of("A", JAN).version)
        assert actual("S") is None


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_returning_and_reopening_need_a_reason(plan: House, reason: str) -> None:
    with plan.inside():
        make.save("A", JAN, {"S": "5"})
        make.submit("A", JAN)
        with pytest.raises(RuleError, match="Give a reason"):
            step("A", JAN, return_report, reason, version=make.sheet_of("A", JAN).version)
        make.approve("A", JAN)
        with pytest.raises(RuleError, match="Give a reason"):
            step("A", JAN, reopen_report, reason, version=make.sheet_of("A", JAN).version)
        assert actual("S") == 5


def test_an_empty_report_cannot_be_handed_in(plan: House) -> None:
    with plan.inside():
        make.save("A", JAN, {})
        with pytest.raises(RuleError, match="Nothing is filled in"):
            make.submit("A", JAN)


def test_a_withdrawn_report_can_be_changed_and_handed_in_again(plan: House) -> None:
    with plan.inside():
        make.save("A", JAN, {"S": "5"})
        make.submit("A", JAN)
        step("A", JAN, withdraw_report)
        make.approved("A", JAN, {"S": "6"})
        assert actual("S") == 6


def test_a_returned_report_keeps_its_reason_until_it_is_handed_in_again(plan: House) -> None:
    with plan.inside():
        make.save("A", JAN, {"S": "5"})
        make.submit("A", JAN)
        step("A", JAN, return_report, "too many", version=make.sheet_of("A", JAN).version)
        make.save("A", JAN, {"S": "4"})
        report = make.sheet_of("A", JAN).report
        assert report is not None
        assert (report.state, report.reason) == (ReportState.RETURNED, "too many")
        make.submit("A", JAN)
        report = make.sheet_of("A", JAN).report
        assert report is not None
        assert report.reason is None


def test_each_step_leaves_its_record_in_the_same_transaction(plan: House) -> None:
    with plan.inside():
        before = len(db.session.scalars(select(AuditRecord)).all())
        make.save("A", JAN, {"S": "5"})
        # A step that is not committed leaves neither a change nor a record.
        with pytest.raises(RuntimeError, match="not committed"), writing():
            submit_report(make.sheet_of("A", JAN), actor=HOUSE)
        records = db.session.scalars(select(AuditRecord).order_by(AuditRecord.id)).all()[before:]
        assert [(row.action, row.subject) for row in records] == [("report.save", "report P/A 2022-01")]
        assert "S: — → 5" in records[0].difference
        assert make.sheet_of("A", JAN).state is ReportState.DRAFT
