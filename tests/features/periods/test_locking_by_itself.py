"""Periods lock themselves some working days after their due dates; the days are worked out by hand.

Due 5 working days after the end: 11 February, 7 March, 8 April (3 to 5 April are off, 2 April is worked).
Three working days later: 16 February, 10 March, 13 April 2022. The story stands on 3 March.
"""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from tests.kit import make
from tests.kit.accounts import records
from tests.kit.house import House
from tests.kit.visitor import Visitor
from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE, AuditRecord
from tracker.core.db import db, writing
from tracker.domain.errors import RuleError, StaleError
from tracker.features.calendar.services import DayDraft, add_day
from tracker.features.periods.queries import ManagedPeriod, due_changes, get_managed_plan, managed_periods
from tracker.features.periods.services import recompute_due_dates, reopen_period, set_due_date, set_lock_rule
from tracker.features.reports.queries import count_unfinished
from tracker.features.reports.services import find_differences

BASE = f"/plans/{make.PLAN}/periods"
SHEET = f"/reports/{make.PLAN}/A1/2022-02"


@pytest.fixture
def house(hamlet: House) -> House:
    """The small plan with an administrator and a reporter, and the rule of three working days."""
    with hamlet.inside():
        make.add_sample_user("boss", "administrator", "T")
        make.add_sample_user("teller", "reporter", "A1")
        put_rule(3)
    return hamlet


def put_rule(workdays: int | None, *, seen: int | None = None) -> None:
    with writing():
        set_lock_rule(get_managed_plan(WHOLE_HOUSE, make.PLAN), workdays, seen=seen, actor=HOUSE)
        db.session.commit()


def periods() -> dict[str, ManagedPeriod]:
    return {one.code: one for one in managed_periods(get_managed_plan(WHOLE_HOUSE, make.PLAN))}


def locked() -> list[str]:
    return [code for code, one in periods().items() if one.is_locked]


def reopen(code: str) -> None:
    with writing():
        plan, period = get_managed_plan(WHOLE_HOUSE, make.PLAN), periods()[code]
        reopen_period(plan, period, "One figure was wrong.", version=period.version, actor=HOUSE)
        db.session.commit()


def test_a_period_is_open_through_its_day_and_locked_from_the_next(house: House) -> None:
    with house.inside():
        # January would have been locked on 16 February: the rule locks nothing before the end of today.
        days = [one.open_until for one in periods().values()][:3]
        assert days == [date(2022, 3, 3), date(2022, 3, 10), date(2022, 4, 13)]
        assert locked() == []
        make.save("A1", "2022-01", {"F": "1"})
        make.tell_on(date(2022, 3, 10))
        assert locked() == ["2022-01"]
        make.save("A1", "2022-02", {"F": "2"})
        make.tell_on(date(2022, 3, 11))
        assert locked() == ["2022-01", "2022-02"]
        with pytest.raises(RuleError, match="locked itself at the end of 2022-03-10"):
            make.save("A1", "2022-02", {"F": "3"})
        # Told of an earlier day again, it is what it was then: nothing has been written.
        make.tell_on(date(2022, 3, 10))
        assert locked() == ["2022-01"]


def test_what_is_locked_is_no_longer_counted_as_to_be_done(house: House) -> None:
    with house.inside():
        path = make.unit_of("A1").path
        counts = []
        for day in (date(2022, 3, 3), date(2022, 3, 4), date(2022, 3, 11)):
            make.tell_on(day)
            counts.append(count_unfinished([path], until=date(2022, 3, 31)))
        # January, February and March; without January; March alone.
        assert counts == [3, 2, 1]
        assert list(find_differences()) == []


def test_what_was_reopened_stays_open_whatever_the_rule_says(house: House) -> None:
    with house.inside():
        make.tell_on(date(2022, 3, 11))
        reopen("2022-02")
        make.save("A1", "2022-02", {"F": "3"})
        put_rule(1, seen=3)
        make.tell_on(date(2022, 12, 31))
        assert locked() == ["2022-01", "2022-03", "2022-04"]


def test_another_rule_opens_nothing_that_is_locked(house: House) -> None:
    with house.inside():
        make.tell_on(date(2022, 3, 11))
        put_rule(None, seen=3)
        assert locked() == ["2022-01", "2022-02"]
        make.tell_on(date(2022, 12, 31))
        assert locked() == ["2022-01", "2022-02"]
        with pytest.raises(StaleError):
            put_rule(5, seen=3)


def test_the_day_follows_a_due_date_that_is_changed(house: House) -> None:
    with house.inside():
        with writing():
            plan, period = get_managed_plan(WHOLE_HOUSE, make.PLAN), periods()["2022-02"]
            day = date(2022, 3, 9)
            set_due_date(plan, period, day, "Late holidays.", version=period.version, actor=HOUSE)
            db.session.commit()
        # 10, 11 and 14 March.
        assert periods()["2022-02"].open_until == date(2022, 3, 14)


def test_pages_say_when_and_let_it_be_reopened(house: House) -> None:
    boss, teller = house.visitor("boss"), house.visitor("teller")
    assert "Locks itself at the end of 10 March 2022" in boss.get(BASE).page.text
    for path in ("/reports", SHEET):
        assert "locks at the end of 10 March 2022" in teller.get(path).page.text
    with house.inside():
        make.tell_on(date(2022, 3, 11))
    assert "locked itself at the end of 10 March 2022" in teller.get(SHEET).page.text
    page = boss.get(f"{BASE}/2022-02").page
    form = page.form(f"{BASE}/2022-02/reopen")
    boss.submit(form, {"reopen-reason": ""}, status=422)
    boss.submit(form, {"reopen-reason": "One figure was wrong."})
    assert "stays open until it is locked by hand" in boss.get(BASE).page.text
    with house.inside():
        said = db.session.scalars(select(AuditRecord).where(AuditRecord.action == "period.reopen")).one()
        assert "One figure was wrong." in said.difference


@pytest.mark.parametrize(("typed", "status"), [("", 303), ("0", 303), ("7", 303), ("61", 422), ("-1", 422)])
def test_the_rule_is_set_on_the_page(house: House, typed: str, status: int) -> None:
    boss: Visitor = house.visitor("boss")
    form = boss.get(BASE).page.form(f"{BASE}/lock-rule")
    assert form.fields["by-itself-lock_workdays"] == "3"
    answer = boss.submit(form, {"by-itself-lock_workdays": typed}, status=status)
    if status == 422:
        assert "from 0 to 60" in answer.page.text
        assert f'value="{typed}"' in answer.body.decode()
    else:
        # Whoever looked at the rule before it changed is told so.
        boss.submit(form, {"by-itself-lock_workdays": "9"}, status=409)
    with house.inside():
        rules = select(func.count()).where(AuditRecord.action == "plan.lock_rule")
        assert db.session.scalar(rules) == (2 if status == 303 else 1)


def take_off(day: date) -> None:
    with writing():
        add_day(DayDraft(day, False, "洪水"), actor=HOUSE)
        db.session.commit()


def test_the_days_follow_the_calendar_also_where_the_due_date_was_set_by_hand(house: House) -> None:
    with house.inside():
        with writing():
            plan, march = get_managed_plan(WHOLE_HOUSE, make.PLAN), periods()["2022-03"]
            day = date(2022, 4, 11)
            set_due_date(plan, march, day, "Holidays.", version=march.version, actor=HOUSE)
            db.session.commit()
        assert periods()["2022-03"].open_until == date(2022, 4, 14)
        take_off(date(2022, 3, 9))
        take_off(date(2022, 4, 13))
        plan = get_managed_plan(WHOLE_HOUSE, make.PLAN)
        found = {one.period.code: (one.due_on, one.open_until) for one in due_changes([plan])}
        assert found == {
            "2022-02": (date(2022, 3, 7), date(2022, 3, 11)),
            "2022-03": (date(2022, 4, 11), date(2022, 4, 15)),
        }
        with writing():
            changes = due_changes([plan])
            recompute_due_dates([plan], [one.mark for one in changes], actor=HOUSE)
            db.session.commit()
        assert due_changes([plan]) == []
        assert periods()["2022-02"].open_until == date(2022, 3, 11)
        assert periods()["2022-03"].due_by_hand


def test_the_same_rule_once_more_follows_the_calendar_and_the_record_says_which_days(house: House) -> None:
    with house.inside():
        take_off(date(2022, 3, 9))
        put_rule(3, seen=3)
        said = [row.difference for row in records("plan.lock_rule")]
        assert "open_until 2022-02: — → 2022-03-10" in said[0]
        assert said[1] == "open_until 2022-02: 2022-03-10 → 2022-03-11"
        put_rule(3, seen=3)
        assert len(records("plan.lock_rule")) == 2
        make.tell_on(date(2022, 3, 12))
        reopen("2022-02")
        assert "open_until: 2022-03-11 → —" in records("period.reopen")[0].difference


@pytest.mark.parametrize("version", ["garbage", "-1", "", "3"])
def test_what_is_no_rule_is_never_the_one_that_was_seen(house: House, version: str) -> None:
    with house.inside():
        put_rule(None, seen=3)
    boss = house.visitor("boss")
    form = boss.get(BASE).page.form(f"{BASE}/lock-rule")
    sent = {"by-itself-version": version, "by-itself-lock_workdays": "5"}
    boss.submit(form, sent, at=BASE, status=409)
    boss.submit(form, {"by-itself-lock_workdays": "5"}, at=BASE)


@pytest.mark.parametrize(("language", "day"), [("zh", "2022年3月10日"), ("en", "10 March 2022")])
def test_the_refusal_names_the_day_as_pages_do(house: House, language: str, day: str) -> None:
    with house.inside():
        make.tell_on(date(2022, 3, 11))
    assert day in house.visitor("teller", language=language).get(SHEET).page.text
