"""Schedule progress: how much should be done by the data date, as an exact share."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.numbers import round_half_up
from tracker.domain.schedule import Schedule, schedule_progress

FIRST, LAST = date(2022, 1, 1), date(2022, 12, 31)

GREENING = [
    (date(2022, 3, 31), Fraction(30, 100)),
    (date(2022, 4, 30), Fraction(50, 100)),
    (date(2022, 5, 31), Fraction(60, 100)),
    (date(2022, 6, 30), Fraction(65, 100)),
    (date(2022, 10, 31), Fraction(90, 100)),
    (date(2022, 12, 31), Fraction(1)),
]
"""The curve of I03, greening spend, in the sample township."""


def share(schedule: Schedule, as_of: date, first: date = FIRST, last: date = LAST) -> Fraction:
    return schedule_progress(schedule, starts_on=first, ends_on=last, as_of=as_of, curve=GREENING)


def test_january_to_november_is_eleven_twelfths() -> None:
    # 11 / 12 = 91.666... %
    found = share(Schedule.MONTH, date(2022, 11, 30))
    assert found == Fraction(11, 12)
    assert str(round_half_up(found * 100, 1)) == "91.7"


def test_a_month_that_has_not_ended_does_not_count() -> None:
    assert share(Schedule.MONTH, date(2022, 6, 29)) == Fraction(5, 12)
    assert share(Schedule.MONTH, date(2022, 6, 30)) == Fraction(1, 2)


def test_a_plan_that_starts_mid_month_counts_that_month_as_one() -> None:
    # 15 March ... 31 December touches 10 months.
    first = date(2022, 3, 15)
    assert share(Schedule.MONTH, date(2022, 3, 30), first) == 0
    assert share(Schedule.MONTH, date(2022, 3, 31), first) == Fraction(1, 10)
    assert share(Schedule.MONTH, date(2022, 12, 31), first) == 1


def test_the_month_schedule_stays_within_nothing_and_all() -> None:
    assert share(Schedule.MONTH, date(2021, 6, 30)) == 0
    assert share(Schedule.MONTH, date(2024, 6, 15)) == 1


def test_the_day_schedule_counts_the_first_and_the_last_day() -> None:
    assert share(Schedule.DAY, FIRST) == Fraction(1, 365)
    # 31 + 28 + 31 + 30 + 31 + 30 = 181 days to the end of June
    assert share(Schedule.DAY, date(2022, 6, 30)) == Fraction(181, 365)
    assert share(Schedule.DAY, LAST) == 1


def test_the_day_schedule_clamps_before_and_after_the_plan() -> None:
    assert share(Schedule.DAY, date(2021, 12, 31)) == 0
    assert share(Schedule.DAY, date(2020, 1, 1)) == 0
    assert share(Schedule.DAY, date(2023, 1, 1)) == 1


def test_a_leap_year_has_366_days() -> None:
    found = share(Schedule.DAY, date(2024, 2, 29), date(2024, 1, 1), date(2024, 12, 31))
    assert found == Fraction(60, 366)


@pytest.mark.parametrize(
    ("as_of", "percent"),
    [
        (date(2022, 1, 31), 0),  # before the first point
        (date(2022, 3, 30), 0),  # the day before the first point
        (date(2022, 3, 31), 30),
        (date(2022, 4, 29), 30),  # no share for a part of the way to the next point
        (date(2022, 4, 30), 50),
        (date(2022, 9, 30), 65),  # summer: the last point reached is June
        (date(2022, 10, 31), 90),
        (date(2023, 5, 1), 100),
    ],
)
def test_a_curve_holds_the_last_point_reached(as_of: date, percent: int) -> None:
    assert share(Schedule.CURVE, as_of) * 100 == percent


def test_a_curve_without_points_plans_nothing() -> None:
    assert schedule_progress(Schedule.CURVE, starts_on=FIRST, ends_on=LAST, as_of=LAST) == 0


@pytest.mark.parametrize("as_of", [date(2021, 1, 1), FIRST, date(2022, 7, 1), date(2023, 1, 1)])
def test_what_must_hold_at_any_time_is_due_in_full_at_once(as_of: date) -> None:
    assert share(Schedule.NONE, as_of) == 1


def test_only_a_curve_schedule_reads_the_curve() -> None:
    flat = [(FIRST, Fraction(1))]
    for schedule in (Schedule.MONTH, Schedule.DAY):
        with_curve = schedule_progress(
            schedule, starts_on=FIRST, ends_on=LAST, as_of=date(2022, 2, 28), curve=flat
        )
        assert with_curve == share(schedule, date(2022, 2, 28)) < 1


@given(
    st.sampled_from(Schedule),
    st.dates(date(2000, 1, 1), date(2040, 1, 1)),
    st.integers(0, 800),
    st.integers(-900, 900),
    st.integers(0, 400),
)
def test_schedule_progress_is_a_share_and_never_falls(
    schedule: Schedule, first: date, length: int, offset: int, later: int
) -> None:
    last = first + timedelta(days=length)
    as_of = first + timedelta(days=offset)
    before = share(schedule, as_of, first, last)
    after = share(schedule, as_of + timedelta(days=later), first, last)
    assert 0 <= before <= after <= 1


@given(
    st.sampled_from([Schedule.MONTH, Schedule.DAY]),
    st.dates(date(2000, 1, 1), date(2040, 1, 1)),
    st.integers(0, 800),
)
def test_the_plan_is_due_in_full_on_its_last_day_and_not_at_all_before_it_starts(
    schedule: Schedule, first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    assert share(schedule, last, first, last) == 1
    assert share(schedule, first - timedelta(days=1), first, last) == 0
