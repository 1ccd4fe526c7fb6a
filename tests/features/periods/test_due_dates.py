"""When reports are due: by the plan's rule and the calendar, by hand, and worked out again on request."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, update

from tests.kit import make
from tests.kit.house import House
from tests.kit.visitor import Visitor
from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE, AuditRecord
from tracker.core.clock import today
from tracker.core.db import db, writing
from tracker.domain.errors import RuleError, StaleError
from tracker.features.calendar.queries import get_day
from tracker.features.calendar.services import DayDraft, add_day, remove_day
from tracker.features.periods.queries import (
    due_changes,
    get_managed_period,
    get_managed_plan,
    managed_periods,
    managed_plans,
)
from tracker.features.periods.services import recompute_due_dates, set_due_date, set_due_rule
from tracker.features.plans.models import Period
from tracker.features.plans.services import create_plan

PLAN = "LC-2022"
BASE = f"/plans/{PLAN}/periods"

THIRD_WORKDAY = {
    "2022-01": date(2022, 2, 9),  # 31 January to 6 February off; 7, 8, 9 February
    "2022-02": date(2022, 3, 3),
    "2022-03": date(2022, 4, 6),  # 1 April, Saturday 2 April worked, 3 to 5 April off, 6 April
    "2022-04": date(2022, 5, 7),  # 1 to 4 May off; 5, 6 and the worked Saturday 7 May
    "2022-05": date(2022, 6, 6),  # 1, 2 June; 3 to 5 June off; Monday 6 June
    "2022-06": date(2022, 7, 5),  # Friday 1, Monday 4, Tuesday 5 July
    "2022-07": date(2022, 8, 3),
    "2022-08": date(2022, 9, 5),  # Thursday 1, Friday 2, Monday 5 September
    "2022-09": date(2022, 10, 10),  # 1 to 7 October off; Saturday 8, Sunday 9, Monday 10
    "2022-10": date(2022, 11, 3),
    "2022-11": date(2022, 12, 5),  # Thursday 1, Friday 2, Monday 5 December
    "2022-12": date(2023, 1, 5),  # 31 December to 2 January off; 3, 4, 5 January
}
"""The sample's months with the third working day after each, counted on a wall calendar."""

FIFTH_WORKDAY = {
    "2022-07": date(2022, 8, 5),
    "2022-08": date(2022, 9, 7),
    "2022-09": date(2022, 10, 12),
    "2022-10": date(2022, 11, 7),
    "2022-11": date(2022, 12, 7),
    "2022-12": date(2023, 1, 9),  # 3, 4, 5, 6 January, Monday the 9th
}


def due_dates() -> dict[str, date]:
    """The plan's due dates by period."""
    plan = get_managed_plan(WHOLE_HOUSE, PLAN)
    return {period.code: period.due_on for period in managed_periods(plan)}


def set_rule(workdays: int) -> None:
    """Give the plan another rule."""
    with writing():
        plan = get_managed_plan(WHOLE_HOUSE, PLAN)
        set_due_rule(plan, workdays, seen=plan.due_workdays, actor=HOUSE)
        db.session.commit()


def set_date(code: str, due_on: date, reason: str = "台风", version: int | None = None) -> None:
    """Give a period a due date by hand."""
    with writing():
        plan = get_managed_plan(WHOLE_HOUSE, PLAN)
        period = get_managed_period(plan, code)
        set_due_date(
            plan,
            period,
            due_on,
            reason,
            version=period.version if version is None else version,
            actor=HOUSE,
        )
        db.session.commit()


def recompute() -> int:
    """Work out again everything that would change."""
    with writing():
        plans = managed_plans(WHOLE_HOUSE)
        done = recompute_due_dates(plans, [change.mark for change in due_changes(plans)], actor=HOUSE)
        db.session.commit()
    return done


def records(action: str) -> list[tuple[str, int | None, str]]:
    """(subject, unit, difference) of the records of one action."""
    rows = db.session.execute(
        select(AuditRecord.subject, AuditRecord.unit_id, AuditRecord.difference)
        .where(AuditRecord.action == action)
        .order_by(AuditRecord.id)
    )
    return [(subject, unit_id, difference) for subject, unit_id, difference in rows]


def test_the_samples_months_are_due_on_the_third_working_day(library: House) -> None:
    with library.inside():
        assert due_dates() == THIRD_WORKDAY


def test_a_new_plan_is_due_on_the_fifth_working_day_unless_it_says_otherwise(house: House) -> None:
    with house.inside():
        unit = make.unit_of("LC")
        span = {"unit": unit, "starts_on": date(2022, 9, 1), "ends_on": date(2022, 9, 30), "actor": HOUSE}
        with writing():
            create_plan("A", "方案", **span)
            create_plan("B", "方案", due_workdays=0, **span)
            db.session.commit()
        with pytest.raises(RuleError, match="whole number"), writing():
            create_plan("C", "方案", due_workdays=61, **span)
        found = {
            plan.code: [period.due_on for period in managed_periods(plan)]
            for plan in managed_plans(WHOLE_HOUSE)
        }
    assert found["A"] == [date(2022, 10, 12)]
    assert found["B"] == [date(2022, 9, 30)]
    assert "C" not in found


def test_a_new_rule_changes_only_periods_that_are_not_yet_due_and_only_on_request(story: House) -> None:
    with story.inside():
        # June is due tomorrow and its date by the new rule is later; May and before are over.
        assert today() == date(2022, 7, 4)
        set_rule(5)
        assert due_dates() == THIRD_WORKDAY
        assert recompute() == 7
        past = {code: day for code, day in THIRD_WORKDAY.items() if code < "2022-06"}
        assert due_dates() == past | {"2022-06": date(2022, 7, 7)} | FIFTH_WORKDAY
        plan = get_managed_plan(WHOLE_HOUSE, PLAN)
        assert records("plan.due_rule") == [(f"plan {PLAN}", plan.unit.id, "due_workdays: 3 → 5")]
        said = records("period.recompute")
        assert len(said) == 7
        assert said[0] == (f"period {PLAN} 2022-06", plan.unit.id, "due: 2022-07-05 → 2022-07-07")
        assert due_changes([plan]) == []


def test_a_date_that_would_fall_into_the_past_stays(story: House) -> None:
    with story.inside():
        # The first working day after June is 1 July, which is over on 4 July.
        set_rule(1)
        codes = [change.period.code for change in due_changes(managed_plans(WHOLE_HOUSE))]
        assert codes == [f"2022-{month:02}" for month in range(7, 13)]
        set_rule(2)
        # Due today is not in the past.
        changes = due_changes(managed_plans(WHOLE_HOUSE))
        assert changes[0].due_on == date(2022, 7, 4)


def test_a_change_of_the_calendar_changes_the_periods_behind_it(story: House) -> None:
    with story.inside():
        with writing():
            day = date(2022, 10, 8)
            remove_day(day, version=get_day(day).version, actor=HOUSE)
            # A period that is over does not follow.
            add_day(DayDraft(date(2022, 3, 2), False, "停电"), actor=HOUSE)
            db.session.commit()
        assert due_dates() == THIRD_WORKDAY
        changes = due_changes(managed_plans(WHOLE_HOUSE))
        assert [(change.period.code, change.due_on) for change in changes] == [
            ("2022-09", date(2022, 10, 11))
        ]
        assert recompute() == 1
        assert due_dates() == THIRD_WORKDAY | {"2022-09": date(2022, 10, 11)}


def test_a_date_set_by_hand_and_a_locked_period_stay(story: House) -> None:
    with story.inside():
        set_date("2022-08", date(2022, 9, 20))
        with writing():
            db.session.execute(update(Period).where(Period.code == "2022-06").values(is_locked=True))
            db.session.commit()
        set_rule(5)
        recompute()
        assert due_dates()["2022-08"] == date(2022, 9, 20)
        assert due_dates()["2022-06"] == date(2022, 7, 5)
        assert due_dates()["2022-07"] == date(2022, 8, 5)
        # Setting the rule's own date by hand lets it follow the rule again.
        set_date("2022-08", date(2022, 9, 7))
        set_rule(3)
        recompute()
        assert due_dates()["2022-08"] == date(2022, 9, 5)


def test_what_would_change_must_be_what_was_shown(story: House) -> None:
    with story.inside():
        set_rule(5)
        plans = managed_plans(WHOLE_HOUSE)
        marks = [change.mark for change in due_changes(plans)]
        for shown in (marks[1:], [*marks, "1:0:2022-01-01"], []):
            with pytest.raises(StaleError), writing():
                recompute_due_dates(managed_plans(WHOLE_HOUSE), shown, actor=HOUSE)
        set_date("2022-08", date(2022, 9, 20))
        with pytest.raises(StaleError), writing():
            recompute_due_dates(managed_plans(WHOLE_HOUSE), marks, actor=HOUSE)
        assert due_dates() == THIRD_WORKDAY | {"2022-08": date(2022, 9, 20)}


def test_a_due_date_by_hand_needs_a_day_a_reason_and_the_version_that_was_seen(story: House) -> None:
    with story.inside():
        for due_on, reason, field in (
            (date(2022, 8, 30), "x", "due_on"),  # before August ends
            (date(2022, 9, 20), "", "reason"),
        ):
            with pytest.raises(RuleError) as refused:
                set_date("2022-08", due_on, reason)
            assert refused.value.field == field
        with pytest.raises(RuleError, match="in the past"):
            set_date("2022-06", date(2022, 7, 3))
        with pytest.raises(StaleError):
            set_date("2022-08", date(2022, 9, 20), version=7)
        assert due_dates() == THIRD_WORKDAY
        # Whoever is late already may be given more time, until today at least.
        set_date("2022-05", date(2022, 7, 4), "系统故障")
        assert records("period.due")[-1][2] == "due: 2022-06-06 → 2022-07-04\nreason: — → 系统故障"
        with pytest.raises(StaleError):
            set_date("2022-05", date(2022, 7, 8), version=0)


def test_two_who_change_the_rule_do_not_overwrite_each_other(story: House) -> None:
    with story.inside():
        set_rule(5)
        with pytest.raises(StaleError), writing():
            set_due_rule(get_managed_plan(WHOLE_HOUSE, PLAN), 7, seen=3, actor=HOUSE)
        assert get_managed_plan(WHOLE_HOUSE, PLAN).due_workdays == 5


# The pages


@pytest.fixture
def keeper(small: House) -> Visitor:
    """The administrator of the whole township."""
    return small.visitor("guanli")


def test_from_the_rule_to_the_new_due_dates(small: House, keeper: Visitor) -> None:
    form = keeper.get(BASE).page.form(f"{BASE}/rule")
    answer = keeper.submit(form, {"due_workdays": "six"}, status=422)
    assert "whole number from 0 to 60" in answer.page.text
    assert answer.page.form(f"{BASE}/rule").fields["due_workdays"] == "six"
    preview = keeper.follow(keeper.submit(form, {"due_workdays": "5"}))
    assert "7 July 2022 Thursday" in preview.page.text
    assert "7 due dates differ from the rule" in keeper.get(BASE).page.text
    assert "1 day left" in small.visitor("donghu").get("/reports").page.text
    send = preview.page.form(f"/due-dates?plan={PLAN}")
    done = keeper.follow(keeper.submit(send))
    assert "7 due dates were changed" in done.page.messages
    assert "No due date would change" in done.page.text
    assert "3 days left" in small.visitor("donghu").get("/reports").page.text
    assert "What would change is no longer" in keeper.submit(send, status=409).page.messages
    # The rule that was seen at first is no longer the one that stands.
    assert "Someone changed this rule" in keeper.submit(form, {"due_workdays": "9"}, status=409).page.messages


def test_a_period_is_given_another_due_date_on_its_page(small: House, keeper: Visitor) -> None:
    path = f"{BASE}/2022-06"
    page = keeper.get(path).page
    assert "5 July 2022 Tuesday" in page.text
    form = page.form(f"{path}/due-date")
    for fields, said in (
        ({"due_on": "8.7.", "reason": "x"}, "Enter a day"),
        ({"due_on": "2022-07-08", "reason": " "}, "Give a reason"),
        ({"due_on": "2022-07-08", "reason": "x" * 201}, "At most 200"),
        ({"due_on": "2022-06-29", "reason": "x"}, "has not ended by then"),
    ):
        again = keeper.submit(form, fields, status=422).page
        assert said in again.text
        assert again.form(f"{path}/due-date").fields["due_on"] == fields["due_on"]
    answer = keeper.follow(keeper.submit(form, {"due_on": "2022-07-08", "reason": "停电"}))
    row = next(row for row in answer.page.root.all("tr") if row.text.startswith("June 2022"))
    assert "8 July 2022 Friday set by hand" in row.text
    assert "4 days left" in small.visitor("donghu").get("/reports").page.text
    stale = keeper.submit(form, {"due_on": "2022-07-09", "reason": "x"}, status=409)
    assert "Someone changed this period" in stale.page.messages


def test_a_year_whose_days_are_assumed_is_named(small: House, keeper: Visitor) -> None:
    assert "assumed" not in keeper.get(BASE).page.text
    with small.inside(), writing():
        create_plan(
            "LC-2026",
            "方案",
            unit=make.unit_of("LC"),
            starts_on=date(2026, 12, 1),
            ends_on=date(2026, 12, 31),
            actor=HOUSE,
        )
        db.session.commit()
    page = keeper.get("/plans/LC-2026/periods").page
    assert "2027: not yet published, Monday to Friday assumed" in page.text
    assert "7 January 2027 Thursday" in page.text
