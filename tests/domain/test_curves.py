"""Planned curves, and targets split over a tree, worked by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tracker.domain.curves import curve_days, curve_errors, even_curve
from tracker.domain.periods import shift_years
from tracker.domain.splits import sums_below

DAYS = [date(2022, 1, 31), date(2022, 2, 28), date(2022, 3, 15)]


def points(*shares: str | None) -> dict[date, Decimal]:
    """A curve of these shares; None: a blank month."""
    return {day: Decimal(share) for day, share in zip(DAYS, shares, strict=True) if share is not None}


def test_a_curve_has_a_point_for_each_month_and_ends_with_the_plan() -> None:
    assert curve_days(date(2022, 1, 10), date(2022, 3, 15)) == DAYS


def test_an_even_curve_is_rounded_and_ends_at_the_whole() -> None:
    assert list(even_curve(DAYS).values()) == [Decimal("0.3333"), Decimal("0.6667"), Decimal(1)]
    assert curve_errors(even_curve(DAYS), last=DAYS[-1]) == {}


@pytest.mark.parametrize(
    ("shares", "wrong"),
    [
        (("0", "0.5", "1"), []),
        ((None, "0.5", "1"), []),
        (("0.5", "0.5", "1"), []),
        (("0.5", "0.4", "1"), [1]),
        (("0.5", None, "0.9"), [2]),
        (("0.5", "0.6", None), [2]),
        (("-0.1", "1.1", "1"), [0, 1]),
        (("0.9", "0.8", "0.7"), [1, 2]),
        ((None, None, None), [2]),
    ],
)
def test_a_curve_rises_to_the_whole(shares: tuple[str | None, ...], wrong: list[int]) -> None:
    assert sorted(curve_errors(points(*shares), last=DAYS[-1])) == [DAYS[place] for place in wrong]


def test_a_fallen_share_is_told_what_would_do() -> None:
    error = curve_errors(points("0.5", "0.4", "1"), last=DAYS[-1])[DAYS[1]]
    assert "at least 50." in str(error)


@pytest.mark.parametrize(
    ("day", "years", "moved"),
    [
        ("2022-01-01", 1, "2023-01-01"),
        ("2022-12-31", 1, "2023-12-31"),
        ("2023-02-28", 1, "2024-02-29"),
        ("2024-02-29", 1, "2025-02-28"),
        ("2024-02-28", 1, "2025-02-28"),
        ("2022-06-15", 3, "2025-06-15"),
    ],
)
def test_the_last_day_of_a_month_stays_the_last(day: str, years: int, moved: str) -> None:
    assert shift_years(date.fromisoformat(day), years) == date.fromisoformat(moved)


def test_a_unit_counts_with_its_own_target_or_with_the_sum_below() -> None:
    # 1 has 2 and 5; 2 has 3 and 4. 2 has no target of its own, so 1 adds up 30 + 12 and 7.
    parents = {1: None, 2: 1, 3: 2, 4: 2, 5: 1}
    own = {1: Decimal(50), 3: Decimal(30), 4: Decimal(12), 5: Decimal(7)}
    assert sums_below([1, 2, 3, 4, 5], parents, own) == {1: Decimal(49), 2: Decimal(42)}
    # With one of its own it counts with that, whatever its parts come to.
    assert sums_below([1, 2, 3, 4, 5], parents, own | {2: Decimal(40)}) == {1: Decimal(47), 2: Decimal(42)}
    # A target of nothing is a target; units without any are left out.
    assert sums_below([1, 2, 3, 4, 5], parents, {4: Decimal(0)}) == {1: Decimal(0), 2: Decimal(0)}
    assert sums_below([1, 2, 3, 4, 5], parents, {}) == {}
