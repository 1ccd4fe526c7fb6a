"""An instance that was set up before the calendar: its plans and periods get sound values."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import select, text

from tests.conftest import Shelf
from tests.kit.house import House, close_house, open_house
from tracker.core.access import WHOLE_HOUSE
from tracker.core.db import db
from tracker.features.calendar.models import CalendarDay
from tracker.features.calendar.queries import notices, work_calendar
from tracker.features.periods.queries import managed_periods, managed_plans
from tracker.features.plans.queries import all_plans, get_period
from tracker.features.reports.queries import ReportHandle, lock_refusal

BEFORE = "0001"

OLD = (
    "INSERT INTO org_units (id, code, name, kind, path) VALUES (1, 'LC', '李村镇', 'township', '1/')",
    "INSERT INTO plans (id, code, name, unit_id, starts_on, ends_on, frequency, amber_limit, red_limit) "
    "VALUES (1, 'P', '方案', 1, '2022-01-01', '2022-02-28', 'month', 0, -100000)",
    "INSERT INTO periods (id, plan_id, code, starts_on, ends_on, due_on, is_locked) "
    "VALUES (1, 1, '2022-01', '2022-01-01', '2022-01-31', '2022-02-05', true)",
    "INSERT INTO periods (id, plan_id, code, starts_on, ends_on, due_on, is_locked) "
    "VALUES (2, 1, '2022-02', '2022-02-01', '2022-02-28', '2022-03-05', false)",
)
"""Rows as the first schema held them: due five calendar days after the month."""


def old_house(shelf: Shelf, folder: Path, kind: str) -> House:
    """A house at the first schema with one plan, brought to the present one."""
    house = open_house(kind, folder, shelf.empty())
    with house.inside():
        upgrade(revision=BEFORE)
        for statement in OLD:
            db.session.execute(text(statement))
        db.session.commit()
        upgrade()
    return house


def test_an_older_instance_keeps_its_due_dates_and_gets_the_calendar(shelf: Shelf, tmp_path: Path) -> None:
    house = old_house(shelf, tmp_path, type(shelf).__name__)
    with house.inside():
        (plan,) = managed_plans(WHOLE_HOUSE)
        january, february = managed_periods(plan)
        assert plan.due_workdays == 5
        # Nobody becomes late, or gets more time, by an update alone.
        assert (january.due_on, february.due_on) == (date(2022, 2, 5), date(2022, 3, 5))
        for period in (january, february):
            assert (period.due_by_hand, period.lock_reason, period.version) == (False, None, 0)
        # What was locked stays locked, and the sentence does without a reason.
        assert (january.is_locked, february.is_locked) == (True, False)
        handle = ReportHandle(plan.unit, all_plans()[0], get_period(plan.id, january.code), None)
        assert "This period is locked. An administrator of" in str(lock_refusal(handle))
        assert work_calendar().published == set(notices())
        assert len(db.session.scalars(select(CalendarDay.day)).all()) == 180
    close_house(house)
