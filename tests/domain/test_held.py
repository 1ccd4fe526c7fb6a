"""What a unit adds to one that held it for some of the time, by hand and by the definitions."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.domain.held import held_differences
from tracker.domain.measures import Measure
from tracker.domain.places import ALWAYS, Stay, is_held
from tracker.domain.rollup import WHOLE, Difference, Reported, ValueState, differences

ENDS = [date(2022, 1, 31), date(2022, 2, 28), date(2022, 3, 31), date(2022, 4, 30)]
JAN, FEB, MAR, APR = ENDS
V, NA = ValueState.VALUE, ValueState.NOT_APPLICABLE
MID_FEB, MID_MAR = date(2022, 2, 10), date(2022, 3, 15)


def said(*entries: tuple[date, int | None], category: int = WHOLE) -> list[Reported]:
    """Values by period; None says not applicable."""
    return [
        Reported(category, day, NA if value is None else V, value or 0, 0 if value is None else 4)
        for day, value in entries
    ]


def at(found: dict[tuple[int, date], Difference], day: date, category: int = WHOLE) -> tuple[int, ...]:
    """Value, covered and not applicable on a data date, and who reported in its last period."""
    total = Difference()
    for (of, when), difference in found.items():
        if of == category and when <= day:
            total += difference
    last = max((ended for ended in ENDS if ended <= day), default=day)
    reported = sum(d.reported for (of, when), d in found.items() if of == category and last <= when <= day)
    return total.value, total.covered, total.not_applicable, reported


# A unit said 5 in January, 7 in February, 9 in March, and moved away in the middle of February.
BEFORE, AFTER = (Stay(None, MID_FEB),), (Stay(MID_FEB, None),)
SERIES = said((JAN, 5), (FEB, 7), (MAR, 9))


def test_a_stock_leaves_on_the_day_and_joins_on_the_day() -> None:
    old = held_differences(Measure.STOCK, SERIES, BEFORE, ENDS)
    new = held_differences(Measure.STOCK, SERIES, AFTER, ENDS)
    # day:                    31 Jan        9 Feb         10 Feb        28 Feb        31 Mar
    days = (JAN, date(2022, 2, 9), MID_FEB, FEB, MAR)
    assert [at(old, day) for day in days] == [
        (5, 1, 0, 1),
        (5, 1, 0, 1),
        (0, 0, 0, 0),
        (0, 0, 0, 0),
        (0, 0, 0, 0),
    ]
    assert [at(new, day) for day in days] == [
        (0, 0, 0, 0),
        (0, 0, 0, 0),
        (5, 1, 0, 1),
        (7, 1, 0, 1),
        (9, 1, 0, 1),
    ]
    assert old[WHOLE, MID_FEB] == Difference(-5, -4, -1, 0, -1)
    assert new[WHOLE, MID_FEB] == Difference(5, 4, 1, 0, 1)


def test_a_flow_stays_where_its_period_ended_and_goes_on_covering_it() -> None:
    old = held_differences(Measure.FLOW, SERIES, BEFORE, ENDS)
    new = held_differences(Measure.FLOW, SERIES, AFTER, ENDS)
    days = (JAN, MID_FEB, FEB, MAR)
    assert [at(old, day)[:3] for day in days] == [(5, 1, 0), (5, 1, 0), (5, 1, 0), (5, 1, 0)]
    assert [at(new, day)[:3] for day in days] == [(0, 0, 0), (0, 0, 0), (7, 1, 0), (16, 1, 0)]
    # Who reported in January is asked of the units that stand here on the day.
    assert [at(old, day)[3] for day in days] == [1, 0, 0, 0]
    assert [at(new, day)[3] for day in days] == [0, 1, 1, 1]


def test_a_unit_that_does_not_apply_takes_that_along() -> None:
    series = said((JAN, 5), (FEB, None), (APR, 6))
    moved = (Stay(MID_MAR, None),)
    for measure, stayed in ((Measure.STOCK, (0, 0, 0, 0)), (Measure.FLOW, (5, 1, 0, 0))):
        old = held_differences(measure, series, (Stay(None, MID_MAR),), ENDS)
        new = held_differences(measure, series, moved, ENDS)
        assert at(old, FEB)[2] == 1
        assert at(old, MID_MAR) == stayed
        assert at(new, MID_MAR) == (0, 0, 1, 0)
        assert at(new, APR) == (6, 1, 0, 1)


def test_on_the_last_day_of_a_period_the_period_counts_at_the_new_place() -> None:
    old = held_differences(Measure.FLOW, SERIES, (Stay(None, FEB),), ENDS)
    new = held_differences(Measure.FLOW, SERIES, (Stay(FEB, None),), ENDS)
    assert [at(old, day) for day in (JAN, FEB)] == [(5, 1, 0, 1), (5, 1, 0, 0)]
    assert [at(new, day) for day in (JAN, FEB)] == [(0, 0, 0, 0), (7, 1, 0, 1)]


def test_moving_away_and_back_leaves_a_gap_and_nothing_else() -> None:
    stays = (Stay(None, MID_FEB), Stay(MID_MAR, None))
    stock = held_differences(Measure.STOCK, SERIES, stays, ENDS)
    flow = held_differences(Measure.FLOW, SERIES, stays, ENDS)
    days = (JAN, MID_FEB, FEB, MID_MAR, MAR)
    assert [at(stock, day)[0] for day in days] == [5, 0, 0, 7, 9]
    assert [at(flow, day)[0] for day in days] == [5, 5, 5, 5, 14]
    assert [at(stock, day)[3] for day in days] == [1, 0, 0, 1, 1]


def test_categories_move_together_and_the_unit_is_counted_once() -> None:
    series = said((JAN, 2), category=1) + said((JAN, 3), (FEB, None), category=2)
    new = held_differences(Measure.STOCK, series, AFTER, ENDS)
    assert [at(new, MID_FEB, of) for of in (WHOLE, 1, 2)] == [(5, 1, 0, 1), (2, 1, 0, 1), (3, 1, 0, 1)]
    assert [at(new, FEB, of) for of in (WHOLE, 1, 2)] == [(2, 1, 0, 0), (2, 1, 0, 0), (0, 0, 1, 0)]


def test_a_value_said_elsewhere_does_not_cover_a_flow_here() -> None:
    series = said((JAN, 5), category=1) + said((FEB, None), category=2)
    found = held_differences(Measure.FLOW, series, AFTER, ENDS)
    # One category has a value, so the unit is expected; but nothing of it stands in the total here.
    assert at(found, FEB) == (0, 0, 0, 0)


values = st.one_of(st.none(), st.integers(0, 9))
entries = st.lists(st.tuples(st.sampled_from(ENDS), st.integers(0, 2), values), unique_by=lambda e: e[:2])
bounds = st.lists(st.dates(date(2022, 1, 1), date(2022, 5, 1)), max_size=3, unique=True).map(sorted)


def series_of(drawn: list[tuple[date, int, int | None]], categories: bool) -> list[Reported]:
    found = [
        Reported(
            category if categories else WHOLE, day, NA if v is None else V, v or 0, 0 if v is None else 9
        )
        for day, category, v in drawn
        if categories is (category != WHOLE)
    ]
    return sorted(found, key=lambda e: (e.category, e.ends_on))


@settings(max_examples=200, deadline=None)
@given(measure=st.sampled_from(Measure), drawn=entries, categories=st.booleans())
def test_whoever_always_held_it_gets_the_plain_differences(
    measure: Measure, drawn: list[tuple[date, int, int | None]], categories: bool
) -> None:
    series = series_of(drawn, categories)
    assert held_differences(measure, series, ALWAYS, ENDS) == differences(measure, series)


@settings(max_examples=300, deadline=None)
@given(measure=st.sampled_from(Measure), drawn=entries, categories=st.booleans(), days=bounds)
@pytest.mark.parametrize("begins_held", [True, False])
def test_every_day_holds_what_the_definition_says(
    begins_held: bool,
    measure: Measure,
    drawn: list[tuple[date, int, int | None]],
    categories: bool,
    days: list[date],
) -> None:
    series = series_of(drawn, categories)
    edges = [None, *days, None]
    runs = [Stay(first, last) for first, last in pairwise(edges)]
    stays = tuple(run for place, run in enumerate(runs) if (place % 2 == 0) is begins_held)
    found = held_differences(measure, series, stays, ENDS)
    for day in sorted({*days, *ENDS, date(2022, 1, 15), date(2022, 4, 15)}):
        for category in {WHOLE} if not categories else {WHOLE, 1, 2}:
            mine = [e for e in series if category in (WHOLE, e.category) and e.ends_on <= day]
            assert at(found, day, category) == by_definition(measure, mine, stays, day), (day, category)


def by_definition(
    measure: Measure, series: list[Reported], stays: tuple[Stay, ...], day: date
) -> tuple[int, ...]:
    here = is_held(stays, day)
    latest = {e.category: e for e in sorted(series, key=lambda e: e.ends_on)}
    values = [e for e in latest.values() if e.state is V]
    added = [e for e in series if e.state is V and is_held(stays, e.ends_on)]
    last = max((ended for ended in ENDS if ended <= day), default=None)
    reported = int(here and any(e.ends_on == last and e.state is V for e in series))
    out = int(here and bool(latest) and not values)
    if measure is Measure.FLOW:
        return sum(e.value for e in added), int(bool(added)), out, reported
    return (sum(e.value for e in values) if here else 0), int(here and bool(values)), out, reported
