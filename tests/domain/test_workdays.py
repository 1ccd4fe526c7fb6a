"""Working days over holidays and swapped days, with examples worked by hand on a calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.errors import RuleError
from tracker.domain.workdays import MOST_WORKDAYS, WorkCalendar, check_workdays

PLAIN = WorkCalendar()
NATIONAL_DAY_2022 = WorkCalendar(
    {date(2022, 10, day): day > 7 for day in range(1, 10)},
    frozenset({2022}),
)
"""1 to 7 October off; Saturday the 8th and Sunday the 9th worked instead."""

SPRING_2022 = WorkCalendar(
    {
        date(2022, 1, 29): True,
        date(2022, 1, 30): True,
        **{date(2022, 1, 31) + timedelta(days=passed): False for passed in range(7)},
    },
    frozenset({2022}),
)
"""Saturday 29 and Sunday 30 January worked; 31 January to 6 February off."""

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
CALENDARS = st.dictionaries(st.dates(date(2022, 1, 1), date(2022, 3, 31)), st.booleans()).map(WorkCalendar)


@pytest.mark.parametrize(
    ("day", "is_workday"),
    [
        (date(2022, 9, 30), True),  # Friday
        (date(2022, 10, 1), False),  # Saturday, off
        (date(2022, 10, 3), False),  # Monday, off
        (date(2022, 10, 7), False),  # Friday, off
        (date(2022, 10, 8), True),  # Saturday, worked
        (date(2022, 10, 9), True),  # Sunday, worked
        (date(2022, 10, 10), True),  # Monday
        (date(2022, 10, 15), False),  # the next Saturday
    ],
)
def test_a_swapped_day_is_worked_and_a_holiday_is_not(day: date, is_workday: bool) -> None:
    assert NATIONAL_DAY_2022.is_workday(day) is is_workday


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, date(2022, 9, 30)),
        (1, date(2022, 10, 8)),
        (2, date(2022, 10, 9)),
        (3, date(2022, 10, 10)),
        (5, date(2022, 10, 12)),
        (7, date(2022, 10, 14)),
        (8, date(2022, 10, 17)),
    ],
)
def test_working_days_after_september_2022(count: int, expected: date) -> None:
    assert NATIONAL_DAY_2022.add_workdays(date(2022, 9, 30), count) == expected


def test_without_the_notice_the_same_days_fall_into_the_holiday() -> None:
    assert PLAIN.add_workdays(date(2022, 9, 30), 1) == date(2022, 10, 3)
    assert PLAIN.add_workdays(date(2022, 9, 30), 5) == date(2022, 10, 7)


def test_a_period_that_ends_inside_a_holiday_is_counted_from_its_end() -> None:
    # January ends on a Monday that is off; the first working day is Monday, 7 February.
    assert SPRING_2022.add_workdays(date(2022, 1, 31), 1) == date(2022, 2, 7)
    assert SPRING_2022.add_workdays(date(2022, 1, 31), 5) == date(2022, 2, 11)
    # From Friday the 28th the two swapped days come first.
    assert SPRING_2022.add_workdays(date(2022, 1, 28), 2) == date(2022, 1, 30)
    assert SPRING_2022.add_workdays(date(2022, 1, 28), 3) == date(2022, 2, 7)


def test_working_days_of_a_month() -> None:
    # October 2022: 21 Mondays to Fridays, 5 of them off, 2 weekend days worked.
    assert PLAIN.workdays_between(date(2022, 10, 1), date(2022, 10, 31)) == 21
    assert NATIONAL_DAY_2022.workdays_between(date(2022, 10, 1), date(2022, 10, 31)) == 18


def test_years_without_a_notice_are_named() -> None:
    calendar = WorkCalendar({}, frozenset({2025, 2026}))
    assert calendar.unpublished(date(2026, 1, 1), date(2026, 12, 31)) == ()
    assert calendar.unpublished(date(2026, 12, 31), date(2027, 1, 8)) == (2027,)
    assert calendar.unpublished(date(2024, 6, 1), date(2028, 1, 1)) == (2024, 2027, 2028)


def test_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        PLAIN.add_workdays(date(2022, 1, 1), -1)


@pytest.mark.parametrize("count", [-1, MOST_WORKDAYS + 1])
def test_a_rule_has_limits(count: int) -> None:
    check_workdays(0)
    check_workdays(MOST_WORKDAYS)
    with pytest.raises(RuleError, match="0 to 60"):
        check_workdays(count)


@given(CALENDARS, st.dates(date(2021, 12, 1), date(2022, 3, 31)), st.integers(1, 30))
def test_exactly_so_many_working_days_lie_between(calendar: WorkCalendar, day: date, count: int) -> None:
    found = calendar.add_workdays(day, count)
    assert calendar.is_workday(found)
    assert calendar.workdays_between(day + timedelta(days=1), found) == count


@given(DAYS)
def test_five_working_days_of_plain_weeks_are_seven_days(day: date) -> None:
    assert PLAIN.add_workdays(day, 5) - day <= timedelta(days=7)
    assert PLAIN.add_workdays(day, 5).weekday() < 5
