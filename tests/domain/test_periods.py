"""Calendar periods of a plan, and the months that have ended by a data date."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.errors import RuleError
from tracker.domain.periods import (
    Frequency,
    PeriodState,
    last_day_of_month,
    months_between,
    period_state,
    periods_of,
    whole_months,
)

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@st.composite
def plans(draw: st.DrawFn) -> tuple[date, date]:
    first = draw(DAYS)
    return first, first + timedelta(days=draw(st.integers(0, 1500)))


@pytest.mark.parametrize(
    ("frequency", "codes"),
    [
        (Frequency.MONTH, [f"2022-{month:02d}" for month in range(1, 13)]),
        (Frequency.QUARTER, ["2022-Q1", "2022-Q2", "2022-Q3", "2022-Q4"]),
        (Frequency.HALF_YEAR, ["2022-H1", "2022-H2"]),
        (Frequency.YEAR, ["2022"]),
    ],
)
def test_a_calendar_year_is_cut_into_whole_periods(frequency: Frequency, codes: list[str]) -> None:
    spans = periods_of(date(2022, 1, 1), date(2022, 12, 31), frequency)
    assert [span.code for span in spans] == codes
    assert len(spans) * frequency.months == 12


def test_first_and_last_quarter_are_shortened_to_the_plan() -> None:
    spans = periods_of(date(2022, 2, 15), date(2022, 7, 10), Frequency.QUARTER)
    assert [(s.code, s.starts_on, s.ends_on) for s in spans] == [
        ("2022-Q1", date(2022, 2, 15), date(2022, 3, 31)),
        ("2022-Q2", date(2022, 4, 1), date(2022, 6, 30)),
        ("2022-Q3", date(2022, 7, 1), date(2022, 7, 10)),
    ]


def test_half_years_turn_at_the_end_of_june() -> None:
    spans = periods_of(date(2021, 6, 30), date(2022, 7, 1), Frequency.HALF_YEAR)
    assert [(s.code, s.ends_on) for s in spans] == [
        ("2021-H1", date(2021, 6, 30)),
        ("2021-H2", date(2021, 12, 31)),
        ("2022-H1", date(2022, 6, 30)),
        ("2022-H2", date(2022, 7, 1)),
    ]


def test_a_plan_of_one_day_has_one_period() -> None:
    day = date(2024, 2, 29)
    for frequency in Frequency:
        assert [(s.starts_on, s.ends_on) for s in periods_of(day, day, frequency)] == [(day, day)]


def test_a_plan_may_end_on_the_last_day_there_is() -> None:
    assert [s.code for s in periods_of(date(9999, 1, 1), date.max, Frequency.YEAR)] == ["9999"]


def test_a_plan_that_ends_before_it_starts_is_refused_at_its_last_day() -> None:
    with pytest.raises(RuleError) as caught:
        periods_of(date(2022, 1, 2), date(2022, 1, 1), Frequency.MONTH)
    assert caught.value.field == "ends_on"


@given(plans(), st.sampled_from(Frequency))
def test_periods_cover_every_day_of_the_plan_once(plan: tuple[date, date], frequency: Frequency) -> None:
    spans = periods_of(*plan, frequency)
    assert spans[0].starts_on == plan[0]
    assert spans[-1].ends_on == plan[1]
    for earlier, later in pairwise(spans):
        assert later.starts_on == earlier.ends_on + timedelta(days=1)
        assert earlier.ends_on == last_day_of_month(earlier.ends_on)
        assert earlier.ends_on.month % frequency.months == 0
    assert len({span.code for span in spans}) == len(spans)
    assert sorted(spans, key=lambda span: span.code) == spans


def test_the_last_day_of_february_follows_the_leap_year() -> None:
    assert last_day_of_month(date(2023, 2, 1)) == date(2023, 2, 28)
    assert last_day_of_month(date(2024, 2, 29)) == date(2024, 2, 29)
    assert last_day_of_month(date(1900, 2, 5)) == date(1900, 2, 28)


@pytest.mark.parametrize(
    ("as_of", "months"),
    [
        (date(2021, 12, 31), 0),
        (date(2022, 1, 1), 0),
        (date(2022, 1, 30), 0),
        (date(2022, 1, 31), 1),
        (date(2022, 6, 29), 5),
        (date(2022, 11, 30), 11),
        (date(2022, 12, 30), 11),
        (date(2022, 12, 31), 12),
        (date(2023, 3, 31), 12),
    ],
)
def test_a_month_counts_from_its_last_day_on(as_of: date, months: int) -> None:
    assert whole_months(date(2022, 1, 1), date(2022, 12, 31), as_of) == months


@pytest.mark.parametrize(
    ("as_of", "months"),
    [
        (date(2022, 3, 14), 0),  # the day before the plan
        (date(2022, 3, 15), 0),
        (date(2022, 3, 31), 1),  # the shortened first month ends like any other
        (date(2022, 12, 14), 9),  # March ... November
        (date(2022, 12, 15), 10),  # the plan's own last day ends its last month
        (date(2022, 12, 31), 10),
    ],
)
def test_a_plan_from_mid_march_to_mid_december_has_ten_months(as_of: date, months: int) -> None:
    plan = date(2022, 3, 15), date(2022, 12, 15)
    assert months_between(*plan) == 10
    assert whole_months(*plan, as_of) == months


@given(plans(), DAYS)
def test_whole_months_equal_the_monthly_periods_that_have_ended(plan: tuple[date, date], as_of: date) -> None:
    spans = periods_of(*plan, Frequency.MONTH)
    assert months_between(*plan) == len(spans)
    assert whole_months(*plan, as_of) == sum(span.ends_on <= as_of for span in spans)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2022, 5, 31), PeriodState.NOT_BEGUN),
        (date(2022, 6, 1), PeriodState.RUNNING),
        (date(2022, 6, 30), PeriodState.RUNNING),
        (date(2022, 7, 1), PeriodState.DUE),
        # The deadline falls at the end of its day.
        (date(2022, 7, 5), PeriodState.DUE),
        (date(2022, 7, 6), PeriodState.PAST_DUE),
    ],
)
def test_where_june_stands_when_it_is_due_on_5_july(today: date, state: PeriodState) -> None:
    june = (date(2022, 6, 1), date(2022, 6, 30), date(2022, 7, 5))
    assert period_state(*june, is_locked=False, today=today) is state
    assert period_state(*june, is_locked=True, today=today) is PeriodState.LOCKED
