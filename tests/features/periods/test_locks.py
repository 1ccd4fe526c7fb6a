"""Locking and reopening: what a locked period refuses, who may lock, and how it is reopened."""

from __future__ import annotations

import pytest

from tests.features.periods.test_due_dates import records
from tests.kit import make
from tests.kit.house import House
from tests.kit.visitor import Visitor
from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.errors import RuleError, StaleError
from tracker.features.periods.queries import get_managed_period, get_managed_plan, managed_periods
from tracker.features.periods.services import (
    lock_past_periods,
    lock_period,
    reopen_period,
    reopen_periods,
    set_due_date,
)
from tracker.features.reports.services import (
    approve_report,
    reopen_report,
    return_report,
    save_report,
    submit_report,
    withdraw_report,
)

PLAN = "LC-2022"
BASE = f"/plans/{PLAN}/periods"
JUNE = "2022-06"
WHY = "数据已上报"
SENTENCE = r"This period is locked \(数据已上报\)\. An administrator of .* can reopen it\."


def act(do: object, reason: str, code: str = JUNE, version: int | None = None) -> None:
    """Lock or reopen one period of the sample."""
    with writing():
        plan = get_managed_plan(WHOLE_HOUSE, PLAN)
        period = get_managed_period(plan, code)
        do(plan, period, reason, version=period.version if version is None else version, actor=HOUSE)  # type: ignore[operator]  # two services of like signature
        db.session.commit()


def step(unit: str, do: object, *more: object, versioned: bool) -> None:
    """One step of a June report."""
    with writing():
        sheet = make.sheet_of(unit, JUNE, plan=PLAN)
        named = {"version": sheet.version} if versioned else {}
        do(sheet, *more, **named, actor=HOUSE)  # type: ignore[operator]  # two services of like signature
        db.session.commit()


DRAFT, WAITING, DONE = "LC07", "LC03", "LC01"
"""In the sample's story: June is a draft, waits for review, is approved."""

STEPS = [
    pytest.param(DRAFT, save_report, ([],), True, id="save"),
    pytest.param(DRAFT, submit_report, (), False, id="submit"),
    pytest.param(WAITING, withdraw_report, (), False, id="withdraw"),
    pytest.param(WAITING, approve_report, (), True, id="approve"),
    pytest.param(WAITING, return_report, ("why",), True, id="return"),
    pytest.param(DONE, reopen_report, ("why",), True, id="reopen"),
]


@pytest.mark.parametrize(("unit", "do", "more", "versioned"), STEPS)
def test_a_locked_period_refuses_every_step_until_it_is_reopened(
    story: House, unit: str, do: object, more: tuple[object, ...], versioned: bool
) -> None:
    with story.inside():
        before = make.sheet_of(unit, JUNE, plan=PLAN)
        act(lock_period, WHY)
        with pytest.raises(RuleError, match=SENTENCE):
            step(unit, do, *more, versioned=versioned)
        after = make.sheet_of(unit, JUNE, plan=PLAN)
        assert (after.state, after.version) == (before.state, before.version)
        act(reopen_period, "补报")
        step(unit, do, *more, versioned=versioned)


def test_locking_and_reopening_leave_their_records(story: House) -> None:
    with story.inside():
        act(lock_period, WHY)
        act(reopen_period, "补报")
        act(lock_period, "")
        unit = make.unit_of("LC").id
        subject = f"period {PLAN} {JUNE}"
        assert records("period.lock") == [
            (subject, unit, f"locked: no → yes\nreason: — → {WHY}"),
            (subject, unit, "locked: no → yes\nreason: — → —"),
        ]
        assert records("period.reopen") == [(subject, unit, "locked: yes → no\nreason: — → 补报")]
        with pytest.raises(RuleError, match=r"locked\. An administrator"):
            step(DRAFT, submit_report, versioned=False)


def test_what_cannot_be_locked_or_reopened_says_why(story: House) -> None:
    with story.inside():
        with pytest.raises(RuleError, match="not ended yet"):
            act(lock_period, WHY, "2022-07")
        with pytest.raises(RuleError, match="open already"):
            act(reopen_period, "x")
        act(lock_period, WHY)
        with pytest.raises(RuleError, match="locked already"):
            act(lock_period, WHY)
        with pytest.raises(RuleError, match="Say why") as refused:
            act(reopen_period, "")
        assert refused.value.field == "reason"
        with pytest.raises(RuleError, match="Reopen it before"), writing():
            plan = get_managed_plan(WHOLE_HOUSE, PLAN)
            june = get_managed_period(plan, JUNE)
            set_due_date(plan, june, june.due_on, "x", version=june.version, actor=HOUSE)
        for do in (lock_period, reopen_period):
            with pytest.raises(StaleError):
                act(do, "x", version=0)


def test_all_past_periods_are_locked_and_one_that_is_still_due_is_not(story: House) -> None:
    def locked() -> list[str]:
        return [period.code for period in managed_periods(plan) if period.is_locked]

    with story.inside():
        plan = get_managed_plan(WHOLE_HOUSE, PLAN)
        with writing():
            assert lock_past_periods(plan, WHY, actor=HOUSE) == 5
            assert lock_past_periods(plan, WHY, actor=HOUSE) == 0
            db.session.commit()
        # June has ended, but its reports may come in until tomorrow.
        assert locked() == [f"2022-0{month}" for month in range(1, 6)]
        with pytest.raises(RuleError, match="Say why"), writing():
            reopen_periods(plan, "", actor=HOUSE)
        with writing():
            assert reopen_periods(plan, "更正", actor=HOUSE) == 5
            db.session.commit()
        assert locked() == []
        assert len(records("period.lock")) == len(records("period.reopen")) == 5


# Through the pages


@pytest.fixture
def keeper(story: House) -> Visitor:
    """The administrator of the whole township."""
    return story.visitor("guanli")


def send(keeper: Visitor, step: str, reason: str, status: int = 303) -> str:
    """Lock or reopen June on its page; what the page says then."""
    path = f"{BASE}/{JUNE}"
    form = keeper.get(path).page.form(f"{path}/{step}")
    answer = keeper.submit(form, {f"{step}-reason": reason}, status=status)
    return (keeper.follow(answer) if status == 303 else answer).page.text


def to_do(visitor: Visitor) -> int:
    """The number at the top of every page."""
    return int(visitor.get("/overview").page.root.one("a", class_="bar__todo").one("span").text)


def test_everyone_reads_that_june_is_locked_and_nothing_goes_through(story: House, keeper: Visitor) -> None:
    reporter, reviewer = story.visitor("donghu"), story.visitor("chuangjianban")
    sheet, waiting = f"/reports/{PLAN}/{DRAFT}/{JUNE}", f"/review/{PLAN}/{WAITING}/{JUNE}"
    done = f"/review/{PLAN}/{DONE}/{JUNE}"
    own = reporter.get(sheet).page.form("")
    approve, give_back = (reviewer.get(waiting).page.form(f"{waiting}/{do}") for do in ("approve", "return"))
    reopen = reviewer.get(done).page.form(f"{done}/reopen")
    todo = [
        int(v.get("/overview").page.root.one("a", class_="bar__todo").one("span").text)
        for v in (reporter, reviewer)
    ]
    assert "The period is locked" in send(keeper, "lock", WHY)
    sentence = f"This period is locked ({WHY}). An administrator of Licun Township can reopen it."

    # The forms that were open before are refused, and nothing typed is lost.
    cell = next(name for name in own.fields if name.endswith("-note"))
    for action in ("save", "submit"):
        answer = reporter.submit(own, {cell: "kept", "action": action}, at=sheet, status=422)
        assert sentence in answer.page.messages
        assert answer.page.form("").fields[cell] == "kept"
    assert sentence in reviewer.follow(reviewer.submit(approve)).page.messages
    assert sentence in reviewer.submit(give_back, {"reason": "x"}, status=422).page.messages
    assert sentence in reviewer.submit(reopen, {"reason": "x"}, status=422).page.messages

    # The pages say so and offer nothing; nothing of it is to do any more.
    for visitor, path in ((reporter, sheet), (reviewer, waiting), (reviewer, done)):
        page = visitor.get(path).page
        assert sentence in page.text
        assert not page.root.all("button", name="action")
        assert not [form for form in page.root.all("form") if form["action"].startswith("/review/")]
    for visitor, path in ((reporter, "/reports"), (reviewer, "/review")):
        row = next(row for row in visitor.get(path).page.root.all("tr") if "June 2022" in row.text)
        assert "Locked" in row.text
        assert "day left" not in row.text
    after = [
        int(v.get("/overview").page.root.one("a", class_="bar__todo").one("span").text)
        for v in (reporter, reviewer)
    ]
    assert after == [todo[0] - 1, todo[1] - 1]
    assert "本填报期已锁定（数据已上报）" in reporter.get(f"{sheet}?lang=zh").page.text

    # Reopening needs a reason, and lets the same steps through.
    assert "Say why" in send(keeper, "reopen", " ", 422)
    send(keeper, "reopen", "补报")
    assert sentence not in reporter.get(sheet).page.text
    reporter.submit(own, {cell: "kept", "action": "save"}, at=sheet)
    reviewer.submit(approve)
    assert "Approved" in reviewer.get(waiting).page.text


def test_all_past_periods_are_locked_and_reopened_on_the_page_of_the_plan(keeper: Visitor) -> None:
    page = keeper.get(BASE).page
    answer = keeper.follow(keeper.submit(page.form(f"{BASE}/lock"), {"lock-reason": WHY}))
    assert "5 periods were locked" in answer.page.messages
    assert f"Locked: {WHY}" in answer.page.text
    form = answer.page.form(f"{BASE}/reopen")
    refused = keeper.submit(form, {"reopen-reason": ""}, status=422)
    assert "Say why" in refused.page.text
    answer = keeper.follow(keeper.submit(form, {"reopen-reason": "更正"}))
    assert "5 periods were reopened" in answer.page.messages


def test_the_list_says_where_each_period_stands_and_how_many_reports_are_in(keeper: Visitor) -> None:
    rows = {row.one("th").text: row.text for row in keeper.get(BASE).page.root.all("tr")[1:]}
    said = {name.split(" ")[0]: text for name, text in rows.items()}
    assert "Past due" in said["May"]
    assert "9 of 9" in said["May"]
    assert "missing" not in said["May"]
    assert "To be handed in" in said["June"]
    assert "8 of 9" in said["June"]
    assert "1 missing" in said["June"]
    assert "Running" in said["July"]
    assert "0 of 9" in said["July"]
    assert "Not begun" in said["August"]


def test_two_who_decide_about_the_same_period_do_not_overwrite_each_other(
    story: House, keeper: Visitor
) -> None:
    path = f"{BASE}/{JUNE}"
    old = keeper.get(path).page.form(f"{path}/due-date")
    form = keeper.get(path).page.form(f"{path}/lock")
    send(story.visitor("guanli"), "lock", WHY)
    for stale in (form, old):
        fields = {"due_on": "2022-07-08", "reason": "x"} if stale is old else {"lock-reason": "x"}
        answer = keeper.submit(stale, fields, status=409)
        assert "Someone changed this period" in answer.page.messages
    with story.inside():
        june = get_managed_period(get_managed_plan(WHOLE_HOUSE, PLAN), JUNE)
        assert (june.lock_reason, june.version) == (WHY, 1)


@pytest.mark.parametrize("unit", ["LC01", "LC03"])
def test_only_administrators_of_the_plans_unit_reach_its_periods(small: House, unit: str) -> None:
    with small.inside():
        make.add_sample_user("below", "administrator", unit)
        version = get_managed_period(get_managed_plan(WHOLE_HOUSE, PLAN), JUNE).version
    visitor = small.visitor("below")
    fields = {
        "csrf_token": visitor.token(),
        "version": str(version),
        "lock-version": str(version),
        "reason": "x",
        "lock-reason": "x",
        "reopen-reason": "x",
        "due_on": "2022-07-08",
        "due_workdays": "9",
        "marks": "",
    }
    for path in (BASE, f"{BASE}/{JUNE}", f"/due-dates?plan={PLAN}"):
        visitor.get(path, status=404)
    for path in ("rule", "lock", "reopen", f"{JUNE}/due-date", f"{JUNE}/lock", f"{JUNE}/reopen"):
        visitor.post(f"{BASE}/{path}", fields, status=404)
    visitor.post(f"/due-dates?plan={PLAN}", fields, status=404)
    page = visitor.get("/due-dates").page
    assert "There is no plan here yet" in page.text
    assert PLAN not in page.text
    with small.inside():
        plan = get_managed_plan(WHOLE_HOUSE, PLAN)
        assert plan.due_workdays == 3
        assert all(period.version == 0 for period in managed_periods(plan))


@pytest.mark.parametrize("path", ["/plans/NO/periods", f"{BASE}/2099-01", "/plans/NO/periods/2022-06"])
def test_a_plan_or_period_that_does_not_exist_is_not_found(small: House, path: str) -> None:
    small.visitor("guanli").get(path, status=404)
