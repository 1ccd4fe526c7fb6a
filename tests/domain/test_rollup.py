"""Differences that add up over time and up the tree, for values and for counts of units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.measures import Measure
from tracker.domain.periods import last_day_of_month
from tracker.domain.rollup import WHOLE, Difference, Key, Reported, ValueState, between, differences

VALUE, OUT = ValueState.VALUE, ValueState.NOT_APPLICABLE
JAN, FEB, MAR, APR, MAY, JUN = (last_day_of_month(date(2022, month, 1)) for month in range(1, 7))
MONTHS = [JAN, FEB, MAR, APR, MAY, JUN]


def said(day: date, value: int, denominator: int = 0, category: int = WHOLE) -> Reported:
    return Reported(category, day, VALUE, value, denominator)


def out(day: date, category: int = WHOLE) -> Reported:
    return Reported(category, day, OUT)


def upto(found: Mapping[Key, Difference], as_of: date, category: int = WHOLE) -> Difference:
    total = Difference()
    for (key, ends_on), difference in found.items():
        if key == category and ends_on <= as_of:
            total += difference
    return total


def levels(found: Mapping[Key, Difference], days: Iterable[date], category: int = WHOLE) -> list[int]:
    return [upto(found, day, category).value for day in days]


def counts(found: Mapping[Key, Difference], day: date) -> tuple[int, int]:
    total = upto(found, day)
    return total.covered, total.not_applicable


# Flow


def test_a_flow_adds_up_its_periods() -> None:
    # LC01, new parking spaces: 752, then 752 + 555 = 1307, then 1307 + 604 = 1911
    found = differences(Measure.FLOW, [said(JAN, 752), said(FEB, 555), said(MAR, 604)])
    assert levels(found, (JAN, FEB, MAR, APR)) == [752, 1307, 1911, 1911]


def test_a_flow_that_is_not_reported_in_a_period_adds_nothing_and_stays_covered() -> None:
    found = differences(Measure.FLOW, [said(JAN, 10), said(MAR, 5)])
    assert levels(found, (JAN, FEB, MAR)) == [10, 10, 15]
    assert upto(found, FEB).covered == 1
    assert (WHOLE, FEB) not in found


def test_a_flow_keeps_what_it_added_when_it_becomes_not_applicable() -> None:
    found = differences(Measure.FLOW, [said(JAN, 10), out(FEB)])
    assert levels(found, (JAN, FEB, MAR)) == [10, 10, 10]
    assert counts(found, JAN) == (1, 0)
    assert counts(found, FEB) == (1, 1)  # in the total, and out from now on


def test_a_flow_that_was_never_applicable_is_out_until_it_reports() -> None:
    found = differences(Measure.FLOW, [out(JAN), said(MAR, 7)])
    assert counts(found, JAN) == (0, 1)
    assert counts(found, FEB) == (0, 1)
    assert counts(found, MAR) == (1, 0)
    assert levels(found, (JAN, MAR)) == [0, 7]


def test_a_zero_is_covered_and_differs_from_silence() -> None:
    found = differences(Measure.FLOW, [said(JAN, 0)])
    assert found == {(WHOLE, JAN): Difference(0, 0, covered=1, not_applicable=0, reported=1)}
    assert differences(Measure.FLOW, []) == {}


# Stock


def test_a_stock_stores_the_change_and_carries_the_last_value_forward() -> None:
    found = differences(Measure.STOCK, [said(JAN, 16), said(MAR, 20), said(APR, 19)])
    assert {day: row.value for (_, day), row in found.items()} == {JAN: 16, MAR: 4, APR: -1}
    assert levels(found, MONTHS) == [16, 16, 20, 19, 19, 19]


def test_a_stock_that_did_not_change_still_counts_as_reported() -> None:
    found = differences(Measure.STOCK, [said(JAN, 16), said(FEB, 16)])
    assert found[WHOLE, FEB] == Difference(reported=1)
    assert upto(found, FEB).covered == 1


def test_a_stock_leaves_the_total_when_it_becomes_not_applicable_and_returns_when_it_reports() -> None:
    found = differences(Measure.STOCK, [said(JAN, 16), out(MAR), said(MAY, 3)])
    assert levels(found, MONTHS) == [16, 16, 0, 0, 3, 3]
    assert [counts(found, day) for day in MONTHS] == [(1, 0), (1, 0), (0, 1), (0, 1), (1, 0), (1, 0)]
    assert found[WHOLE, MAR] == Difference(-16, 0, covered=-1, not_applicable=1, reported=0)


def test_saying_not_applicable_twice_changes_nothing_the_second_time() -> None:
    found = differences(Measure.STOCK, [said(JAN, 16), out(FEB), out(MAR)])
    assert (WHOLE, MAR) not in found


# Ratio and milestone


@pytest.mark.parametrize("measure", [Measure.RATIO, Measure.MILESTONE])
def test_a_share_carries_both_of_its_parts(measure: Measure) -> None:
    found = differences(measure, [said(JAN, 0, 3), said(MAR, 2, 3), said(APR, 4, 4)])
    at = {day: upto(found, day) for day in (JAN, FEB, MAR, APR)}
    assert [(row.value, row.denominator) for row in at.values()] == [(0, 3), (0, 3), (2, 3), (4, 4)]


def test_units_shares_add_their_parts_and_silent_or_excused_units_are_in_neither() -> None:
    # (1 + 2) / (3 + 2) = 60 %, not the mean of 33.3 % and 100 %; the third says nothing, the fourth is out
    units = [[said(JAN, 1, 3)], [said(JAN, 2, 2)], [], [said(JAN, 9, 9), out(FEB)]]
    total = Difference()
    for entries in units:
        total += upto(differences(Measure.RATIO, entries), FEB)
    assert (total.value, total.denominator) == (3, 5)
    assert (total.covered, total.not_applicable) == (2, 1)


def test_an_excused_share_comes_back_whole() -> None:
    found = differences(Measure.RATIO, [said(JAN, 1, 3), out(FEB), said(MAR, 2, 4)])
    assert [upto(found, day).denominator for day in (JAN, FEB, MAR)] == [3, 0, 4]
    assert [upto(found, day).value for day in (JAN, FEB, MAR)] == [1, 0, 2]


# Categories


def test_categories_keep_their_own_levels_and_add_up_to_the_whole() -> None:
    # self-governing 1, self-entertaining 2, volunteer 3 teams; later 2 teams of the first
    entries = [
        said(JAN, 3, category=1),
        said(JAN, 4, category=2),
        said(JAN, 5, category=3),
        said(MAR, 6, category=1),
    ]
    found = differences(Measure.STOCK, entries)
    assert levels(found, (JAN, MAR)) == [12, 15]  # 3 + 4 + 5; 6 + 4 + 5
    assert levels(found, (JAN, MAR), category=1) == [3, 6]
    assert levels(found, (JAN, MAR), category=2) == [4, 4]


def test_a_unit_is_counted_once_however_many_categories_it_reports() -> None:
    found = differences(Measure.STOCK, [said(JAN, 3, category=c) for c in (1, 2, 3)])
    assert found[WHOLE, JAN] == Difference(9, 0, covered=1, not_applicable=0, reported=1)
    assert found[1, JAN].value == 3


@pytest.mark.parametrize("measure", [Measure.STOCK, Measure.RATIO])
def test_one_category_out_leaves_the_unit_covered_by_the_others(measure: Measure) -> None:
    entries = [said(JAN, 3, 5, category=1), said(JAN, 4, 5, category=2), out(FEB, category=1)]
    found = differences(measure, entries)
    assert counts(found, FEB) == (1, 0)
    assert upto(found, FEB).value == 4
    assert upto(found, FEB).denominator == 5
    assert upto(found, FEB, category=1).value == 0


def test_a_unit_is_out_when_its_last_category_is_and_back_with_the_first() -> None:
    entries = [
        said(JAN, 3, category=1),
        said(JAN, 4, category=2),
        out(FEB, category=1),
        out(MAR, category=2),
        said(APR, 5, category=2),
    ]
    found = differences(Measure.STOCK, entries)
    assert levels(found, (JAN, FEB, MAR, APR)) == [7, 4, 0, 5]
    assert [counts(found, day) for day in (JAN, FEB, MAR, APR)] == [(1, 0), (1, 0), (0, 1), (1, 0)]


def test_a_flow_with_categories_keeps_every_categorys_sum() -> None:
    entries = [said(JAN, 3, category=1), said(JAN, 4, category=2), out(FEB, category=1), out(FEB, category=2)]
    found = differences(Measure.FLOW, entries)
    assert levels(found, (JAN, FEB)) == [7, 7]
    assert levels(found, (FEB,), category=1) == [3]
    assert counts(found, FEB) == (1, 1)


@pytest.mark.parametrize("measure", [Measure.STOCK, Measure.RATIO])
def test_each_category_tells_zero_silence_and_not_applicable_apart(measure: Measure) -> None:
    entries = [said(JAN, 0, 5, category=1), said(JAN, 4, 5, category=2), out(FEB, category=2)]
    found = differences(measure, entries)
    standing = {c: (upto(found, FEB, c).covered, upto(found, FEB, c).not_applicable) for c in (1, 2, 3)}
    assert standing == {1: (1, 0), 2: (0, 1), 3: (0, 0)}  # zero; not applicable; said nothing


# Reported in this very period


def test_reported_counts_the_period_and_not_what_is_carried_forward() -> None:
    found = differences(Measure.STOCK, [said(JAN, 5), out(FEB), said(MAR, 5)])
    assert found[WHOLE, JAN].reported == 1
    assert found[WHOLE, FEB].reported == 0
    assert found[WHOLE, MAR].reported == 1


# Arithmetic of differences

SMALL = st.integers(-(10**12), 10**12)
DIFFERENCES = st.builds(Difference, SMALL, SMALL, SMALL, SMALL, SMALL)


@given(DIFFERENCES, DIFFERENCES, DIFFERENCES)
def test_differences_add_like_numbers(a: Difference, b: Difference, c: Difference) -> None:
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a + Difference() == a
    assert a + -a == Difference()
    assert bool(a) == (a != Difference())


# What always holds

CATEGORIES = st.sampled_from([1, 2, 3])
STATES = st.sampled_from([VALUE, VALUE, VALUE, OUT])


@st.composite
def histories(draw: st.DrawFn) -> list[Reported]:
    """A unit's entries in any order: each category at most once per period, or no categories at all."""
    categories = [WHOLE] if draw(st.booleans()) else [1, 2, 3]
    cells = [(category, day) for category in categories for day in MONTHS]
    chosen = draw(st.lists(st.sampled_from(cells), unique=True))
    return [
        Reported(category, day, state, value, whole) if state is VALUE else Reported(category, day, state)
        for category, day in chosen
        for state, value, whole in [(draw(STATES), draw(st.integers(-50, 10**14)), draw(st.integers(0, 99)))]
    ]


def latest(entries: list[Reported], category: int, as_of: date) -> Reported | None:
    column = [e for e in entries if e.category == category and e.ends_on <= as_of]
    return max(column, key=lambda e: e.ends_on, default=None)


@given(histories(), st.sampled_from(MONTHS))
def test_the_differences_of_a_flow_add_up_to_the_sum_of_its_values(
    entries: list[Reported], as_of: date
) -> None:
    found = differences(Measure.FLOW, entries)
    past = [e for e in entries if e.ends_on <= as_of]
    assert upto(found, as_of).value == sum(e.value for e in past)
    assert upto(found, as_of).denominator == sum(e.denominator for e in past)


@given(
    st.sampled_from([Measure.STOCK, Measure.RATIO, Measure.MILESTONE]), histories(), st.sampled_from(MONTHS)
)
def test_the_sum_of_differences_is_the_latest_value(
    measure: Measure, entries: list[Reported], as_of: date
) -> None:
    found = differences(measure, entries)
    last = [latest(entries, category, as_of) for category in {e.category for e in entries}]
    assert upto(found, as_of).value == sum(e.value for e in last if e)
    assert upto(found, as_of).denominator == sum(e.denominator for e in last if e)
    for entry in last:
        if entry:
            assert upto(found, as_of, entry.category).value == entry.value


@given(st.sampled_from(Measure), histories(), st.sampled_from(MONTHS))
def test_counts_say_what_the_entries_say(measure: Measure, entries: list[Reported], as_of: date) -> None:
    total = upto(differences(measure, entries), as_of)
    past = [e for e in entries if e.ends_on <= as_of]
    last = [e for c in {e.category for e in past} if (e := latest(past, c, as_of))]
    assert total.not_applicable == int(bool(last) and all(e.state is OUT for e in last))
    ever = any(e.state is VALUE for e in past)
    now = any(e.state is VALUE for e in last)
    assert total.covered == int(now if measure.carries_forward else ever)
    assert total.reported == len({e.ends_on for e in past if e.state is VALUE})


@given(st.sampled_from(Measure), histories(), st.randoms())
def test_the_order_of_entries_does_not_matter(
    measure: Measure, entries: list[Reported], chance: Random
) -> None:
    shuffled = list(entries)
    chance.shuffle(shuffled)
    assert differences(measure, shuffled) == differences(measure, entries)


@given(st.sampled_from(Measure), histories())
def test_categories_add_up_to_the_whole_in_every_period(measure: Measure, entries: list[Reported]) -> None:
    if {e.category for e in entries} == {WHOLE}:
        return
    found = differences(measure, entries)
    for day in MONTHS:
        parts = sum(upto(found, day, category).value for category in (1, 2, 3))
        assert parts == upto(found, day).value


@given(st.sampled_from(Measure), histories(), histories())
def test_what_lies_between_turns_before_into_after(
    measure: Measure, first: list[Reported], second: list[Reported]
) -> None:
    before, after = differences(measure, first), differences(measure, second)
    change = between(before, after)
    assert all(change.values())  # no empty rows are written
    reached = {
        key: row
        for key in {*before, *change}
        if (row := before.get(key, Difference()) + change.get(key, Difference()))
    }
    assert reached == after
    assert between(after, after) == {}


@given(st.sampled_from(Measure), histories())
def test_empty_rows_are_never_stored(measure: Measure, entries: list[Reported]) -> None:
    assert all(differences(measure, entries).values())


@given(
    measure=st.sampled_from(Measure),
    before=st.dictionaries(
        st.tuples(st.integers(1, 2), st.sampled_from(MONTHS)),
        st.tuples(st.sampled_from(ValueState), st.integers(0, 5)),
    ),
    day=st.sampled_from(MONTHS),
    put=st.dictionaries(st.integers(1, 2), st.tuples(st.sampled_from(ValueState), st.integers(0, 5))),
)
def test_the_differences_from_the_changed_day_on_give_the_same_change_as_the_whole_series(
    measure: Measure,
    before: dict[tuple[int, date], tuple[ValueState, int]],
    day: date,
    put: dict[int, tuple[ValueState, int]],
) -> None:
    after = {key: held for key, held in before.items() if key[1] != day}
    after |= {(category, day): held for category, held in put.items()}
    old, new = (
        [Reported(category, when, state, value, 1) for (category, when), (state, value) in held.items()]
        for held in (before, after)
    )
    whole = between(differences(measure, old), differences(measure, new))
    seen = between(
        differences(measure, decisive(old, day), since=day),
        differences(measure, decisive(new, day), since=day),
    )
    assert seen == whole


def decisive(entries: list[Reported], day: date) -> list[Reported]:
    """The entries from a day on, and of each category's past the last value and the last word."""
    kept = [entry for entry in entries if entry.ends_on >= day]
    past = sorted((entry for entry in entries if entry.ends_on < day), key=lambda entry: entry.ends_on)
    return kept + list({(entry.category, entry.state): entry for entry in past}.values())


@given(st.sampled_from(Measure), histories(), st.sampled_from(MONTHS))
def test_differences_since_a_day_are_the_whole_ones_from_that_day_on(
    measure: Measure, entries: list[Reported], day: date
) -> None:
    whole = {key: found for key, found in differences(measure, entries).items() if key[1] >= day}
    assert differences(measure, decisive(entries, day), since=day) == whole
