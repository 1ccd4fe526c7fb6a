"""The position of an indicator: rates, gap and signal by hand-worked figures, and what always holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.measures import Direction
from tracker.domain.numbers import round_half_up
from tracker.domain.progress import Aim, Calendar, Limits, Position, Signal, position, sum_aims

DUE = date(2022, 12, 31)
AT_LEAST, AT_MOST = Direction.AT_LEAST, Direction.AT_MOST
Number = int | str | Fraction | None


def exact(number: Number) -> Fraction | None:
    return None if number is None else Fraction(number)


def judge(
    actual: Number,
    target: Number,
    *,
    baseline: Number = None,
    direction: Direction = AT_LEAST,
    share: Number = "1/2",
    limits: Limits = Limits(),  # noqa: B008 - frozen
    as_of: date = date(2022, 6, 30),
    left: int = 6,
) -> Position:
    return position(
        actual=exact(actual),
        aim=Aim(exact(target), exact(baseline)),
        direction=direction,
        schedule_share=Fraction(share or 0),
        limits=limits,
        calendar=Calendar(as_of, DUE, left),
    )


def shown(rate: Fraction | None) -> str:
    return "—" if rate is None else str(round_half_up(rate, 2))


# At least


def test_new_parking_spaces_in_january() -> None:
    # I01: 3757 / 24000 = 15.654... %; 1 of 12 months = 8.333... %; gap 7.3208... points
    found = judge(3757, 24000, share="1/12", as_of=date(2022, 1, 31), left=11)
    assert shown(found.completion_rate) == "15.65"
    assert shown(found.schedule_rate) == "8.33"
    assert shown(found.gap) == "7.32"
    assert found.signal is Signal.ON_TRACK
    assert found.remaining == 20243  # 24000 - 3757
    assert found.needed_per_period == Fraction(20243, 11)


def test_the_gap_is_taken_before_rounding() -> None:
    # 15.654166... - 8.333333... = 7.3208333...; the rounded rates would give 15.65 - 8.33 = 7.32 as well,
    # but 1/3 - 1/6 = 16.666... -> 16.67, where 33.33 - 16.67 would give 16.66
    assert shown(judge(1, 3, share="1/6").gap) == "16.67"


def test_cooperatives_are_measured_from_their_baseline() -> None:
    # I07, January: baseline 18, target 30, actual 16: (16 - 18) / (30 - 18) = -16.67 %
    found = judge(16, 30, baseline=18, share="1/12")
    assert shown(found.completion_rate) == "-16.67"
    assert shown(found.gap) == "-25.00"
    assert found.signal is Signal.BEHIND
    # June: 29 cooperatives: (29 - 18) / 12 = 91.67 %
    assert shown(judge(29, 30, baseline=18).completion_rate) == "91.67"


def test_completion_may_be_far_above_one_hundred() -> None:
    found = judge(640, 100)
    assert shown(found.completion_rate) == "640.00"
    assert shown(found.gap) == "590.00"
    assert found.signal is Signal.COMPLETED
    assert found.is_unusually_high


def test_completion_may_be_below_zero() -> None:
    # (8 - 10) / (20 - 10) = -20 %
    found = judge(8, 20, baseline=10)
    assert found.completion_rate == -20
    assert found.gap == -70
    assert found.signal is Signal.BEHIND


def test_reaching_the_target_exactly_completes_it() -> None:
    assert judge(100, 100, share=1).signal is Signal.COMPLETED
    assert judge("99.9999", 100, share=0).signal is Signal.ON_TRACK


def test_zero_is_a_value_and_nothing_is_not() -> None:
    assert judge(0, 100).signal is Signal.BEHIND
    assert judge(0, 100).completion_rate == 0
    none = judge(None, 100)
    assert none.signal is Signal.NO_DATA
    assert none.completion_rate is None
    assert none.gap is None
    assert none.remaining is None
    assert none.needed_per_period is None


def test_without_a_target_there_is_no_rate_gap_or_remainder() -> None:
    found = judge(752, None)
    assert found.signal is Signal.NO_TARGET
    assert (found.completion_rate, found.gap, found.remaining, found.needed_per_period) == (None,) * 4
    assert found.schedule_rate == 50


def test_without_value_and_target_the_missing_value_comes_first() -> None:
    assert judge(None, None).signal is Signal.NO_DATA


def test_a_target_equal_to_the_baseline_has_no_rate_but_is_reached_or_not() -> None:
    held = judge(20, 20, baseline=20)
    assert (held.completion_rate, held.gap, held.signal) == (None, None, Signal.COMPLETED)
    lost = judge(19, 20, baseline=20)
    assert (lost.completion_rate, lost.gap, lost.signal) == (None, None, Signal.BEHIND)
    assert lost.remaining == 1
    assert not lost.is_unusually_high


def test_a_target_of_nothing_equals_the_missing_baseline() -> None:
    found = judge(0, 0)
    assert (found.completion_rate, found.signal) == (None, Signal.COMPLETED)


# At most, with a baseline: a reduction


def test_a_reduction_uses_the_same_formula() -> None:
    # complaints from 80 down to 60; 70 now: (70 - 80) / (60 - 80) = 50 %
    found = judge(70, 60, baseline=80, direction=AT_MOST)
    assert found.completion_rate == 50
    assert found.gap == 0
    assert found.signal is Signal.ON_TRACK
    assert not found.is_ceiling
    assert found.remaining == -10
    assert found.needed_per_period == Fraction(-10, 6)


def test_a_reduction_that_is_reached_is_completed() -> None:
    assert judge(60, 60, baseline=80, direction=AT_MOST).signal is Signal.COMPLETED
    below = judge(55, 60, baseline=80, direction=AT_MOST)
    assert below.signal is Signal.COMPLETED
    assert below.completion_rate == 125  # -25 / -20


def test_a_reduction_that_went_the_wrong_way_is_below_zero() -> None:
    # (90 - 80) / (60 - 80) = -50 %
    found = judge(90, 60, baseline=80, direction=AT_MOST)
    assert found.completion_rate == -50
    assert found.signal is Signal.BEHIND


def test_a_reduction_can_be_overdue() -> None:
    found = judge(61, 60, baseline=80, direction=AT_MOST, share=1, as_of=date(2023, 1, 1))
    assert found.is_overdue
    assert found.signal is Signal.BEHIND


def test_a_reduction_to_its_own_baseline_holds_or_does_not() -> None:
    assert judge(80, 80, baseline=80, direction=AT_MOST).signal is Signal.COMPLETED
    assert judge(81, 80, baseline=80, direction=AT_MOST).signal is Signal.BEHIND


# At most, without a baseline: a ceiling


def test_complaints_in_january_use_up_their_ceiling_faster_than_the_year_passes() -> None:
    # I16: 8 / 60 = 13.33 % used; 1/12 = 8.33 %; gap 8.33 - 13.33 = -5
    found = judge(8, 60, direction=AT_MOST, share="1/12", left=11)
    assert found.is_ceiling
    assert shown(found.completion_rate) == "13.33"
    assert shown(found.gap) == "-5.00"
    assert found.signal is Signal.AT_RISK
    assert found.remaining == 52  # may still come
    assert found.needed_per_period == Fraction(52, 11)


def test_a_ceiling_used_up_exactly_is_not_broken_and_never_completed() -> None:
    found = judge(60, 60, direction=AT_MOST, share=1)
    assert found.gap == 0
    assert found.signal is Signal.ON_TRACK


def test_above_the_ceiling_is_behind_whatever_the_gap() -> None:
    # 61 / 60 used, all of the year over: gap -1.67 would be 'at risk'
    found = judge(61, 60, direction=AT_MOST, share=1)
    assert shown(found.gap) == "-1.67"
    assert found.signal is Signal.BEHIND
    assert judge(61, 60, direction=AT_MOST, share=1, limits=Limits(Fraction(-99), Fraction(-100))).signal is (
        Signal.BEHIND
    )


def test_a_ceiling_is_never_overdue_and_never_completed() -> None:
    after_due = date(2023, 1, 31)
    for actual in (0, 30, 60):
        found = judge(actual, 60, direction=AT_MOST, share=1, as_of=after_due)
        assert not found.is_overdue
        assert found.signal is Signal.ON_TRACK
    broken = judge(61, 60, direction=AT_MOST, share=1, as_of=after_due)
    assert not broken.is_overdue
    assert broken.signal is Signal.BEHIND


def test_a_ceiling_of_nothing_holds_at_nothing_only() -> None:
    held = judge(0, 0, direction=AT_MOST)
    assert (held.completion_rate, held.gap, held.signal) == (None, None, Signal.ON_TRACK)
    assert judge(1, 0, direction=AT_MOST).signal is Signal.BEHIND


def test_a_ceiling_without_value_or_target_says_so() -> None:
    assert judge(None, 60, direction=AT_MOST).signal is Signal.NO_DATA
    assert judge(5, None, direction=AT_MOST).signal is Signal.NO_TARGET


# Limits


@pytest.mark.parametrize(
    ("actual", "signal"),
    [
        (50, Signal.ON_TRACK),  # gap 0: the amber limit itself is on track
        ("49.99", Signal.AT_RISK),
        (40, Signal.AT_RISK),  # gap -10: the red limit itself is at risk
        ("39.99", Signal.BEHIND),
    ],
)
def test_a_limit_belongs_to_its_better_side(actual: Number, signal: Signal) -> None:
    assert judge(actual, 100).signal is signal


def test_limits_are_compared_before_rounding() -> None:
    # gap -0.0001 is shown as 0.00 and is still below the limit 0
    found = judge("49.9999", 100)
    assert shown(found.gap) == "0.00"
    assert found.signal is Signal.AT_RISK


def test_limits_belong_to_the_plan() -> None:
    limits = Limits(amber=Fraction(-5), red=Fraction(-20))
    assert judge(45, 100, limits=limits).signal is Signal.ON_TRACK
    assert judge(30, 100, limits=limits).signal is Signal.AT_RISK
    assert judge(29, 100, limits=limits).signal is Signal.BEHIND


@pytest.mark.parametrize(
    ("actual", "is_high"), [(114, False), (115, False), ("115.0001", True), (116, True), (640, True)]
)
def test_unusually_high_begins_above_115_percent(actual: Number, is_high: bool) -> None:
    found = judge(actual, 100)
    assert found.is_unusually_high is is_high
    assert found.signal is Signal.COMPLETED  # the mark is not a signal


# Due date


def test_an_unfinished_indicator_is_overdue_from_the_day_after_its_due_date() -> None:
    on_the_day = judge("99.9", 100, share="1/2", as_of=DUE)
    assert not on_the_day.is_overdue
    assert on_the_day.signal is Signal.ON_TRACK
    after = judge("99.9", 100, share="1/2", as_of=date(2023, 1, 1))
    assert after.is_overdue
    assert after.signal is Signal.BEHIND


def test_a_finished_or_unjudged_indicator_is_not_overdue() -> None:
    later = date(2023, 1, 1)
    assert not judge(100, 100, as_of=later).is_overdue
    assert not judge(None, 100, as_of=later).is_overdue
    assert not judge(5, None, as_of=later).is_overdue


def test_nothing_is_needed_per_period_once_reached_or_when_none_is_left() -> None:
    assert judge(100, 100).needed_per_period is None
    assert judge(50, 100, left=0).needed_per_period is None
    assert judge(50, 100, left=1).needed_per_period == 50


# Parents' targets


def test_a_parents_aim_adds_up_those_below() -> None:
    found = sum_aims([Aim(Fraction(5), Fraction(3)), Aim(Fraction(4), Fraction(2)), Aim()])
    assert found == Aim(Fraction(9), Fraction(5), is_sum=True)


def test_a_baseline_without_a_target_is_not_added() -> None:
    assert sum_aims([Aim(Fraction(5)), Aim(None, Fraction(2))]) == Aim(Fraction(5), None, is_sum=True)


def test_no_targets_below_give_no_aim() -> None:
    assert sum_aims([]) == Aim()
    assert sum_aims([Aim(), Aim()]) == Aim()


def test_a_position_says_where_its_target_comes_from() -> None:
    calendar = Calendar(date(2022, 6, 30), DUE, 6)
    found = position(
        actual=Fraction(1),
        aim=Aim(Fraction(9), is_sum=True, below=Fraction(8)),
        direction=AT_LEAST,
        schedule_share=Fraction(1, 2),
        limits=Limits(),
        calendar=calendar,
    )
    assert found.target_is_sum
    assert found.targets_below == 8


# What always holds

NUMBERS = st.one_of(st.none(), st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**4))
SHARES = st.fractions(min_value=0, max_value=1, max_denominator=366)
DATES = st.dates(date(2022, 1, 1), date(2023, 12, 31))


@given(
    actual=NUMBERS,
    target=NUMBERS,
    baseline=NUMBERS,
    direction=st.sampled_from(Direction),
    share=SHARES,
    as_of=DATES,
    left=st.integers(0, 12),
)
def test_every_position_is_consistent(
    *,
    actual: Fraction | None,
    target: Fraction | None,
    baseline: Fraction | None,
    direction: Direction,
    share: Fraction,
    as_of: date,
    left: int,
) -> None:
    found = judge(actual, target, baseline=baseline, direction=direction, share=share, as_of=as_of, left=left)
    assert (found.signal is Signal.NO_DATA) == (actual is None)
    assert (found.signal is Signal.NO_TARGET) == (actual is not None and target is None)
    assert (found.gap is None) == (found.completion_rate is None)
    assert found.is_overdue <= (found.signal is Signal.BEHIND)
    assert not (found.is_ceiling and (found.is_overdue or found.signal is Signal.COMPLETED))
    if found.gap is not None and found.completion_rate is not None:
        way = found.completion_rate - found.schedule_rate
        assert found.gap == (-way if found.is_ceiling else way)
    if found.signal is Signal.ON_TRACK and found.gap is not None:
        assert found.gap >= 0
    if found.needed_per_period is not None:
        assert found.needed_per_period * left == found.remaining


@given(
    st.fractions(min_value=0, max_value=100),
    st.fractions(min_value=0, max_value=100),
    st.fractions(min_value=1, max_value=100),
    SHARES,
)
def test_more_done_is_never_judged_worse(
    less: Fraction, added: Fraction, target: Fraction, share: Fraction
) -> None:
    order = [Signal.BEHIND, Signal.AT_RISK, Signal.ON_TRACK, Signal.COMPLETED]
    before, after = judge(less, target, share=share), judge(less + added, target, share=share)
    assert order.index(before.signal) <= order.index(after.signal)
    ceiling = [judge(value, target, direction=AT_MOST, share=share) for value in (less, less + added)]
    assert order.index(ceiling[0].signal) >= order.index(ceiling[1].signal)


@given(
    st.fractions(min_value=-1000, max_value=1000),
    st.fractions(min_value=-1000, max_value=1000),
    st.fractions(min_value=-1000, max_value=1000),
    SHARES,
)
def test_a_reduction_is_an_increase_seen_in_a_mirror(
    actual: Fraction, target: Fraction, baseline: Fraction, share: Fraction
) -> None:
    down = judge(actual, target, baseline=baseline, direction=AT_MOST, share=share)
    up = judge(-actual, -target, baseline=-baseline, direction=AT_LEAST, share=share)
    mirrored = replace(
        up,
        actual=down.actual,
        target=down.target,
        baseline=down.baseline,
        remaining=down.remaining,
        needed_per_period=down.needed_per_period,
    )
    assert down == mirrored
