"""Data quality: what is refused, and what is odd but may pass with a reason."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.checks import check_share, increase_of_running_total, odd_values
from tracker.domain.errors import RuleError
from tracker.domain.measures import Measure

AMOUNTS = st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False)


def odd(measure: Measure, value: str, earlier: tuple[str, ...] = (), target: str | None = None) -> list[str]:
    found = odd_values(
        measure,
        Decimal(value),
        earlier=[Decimal(text) for text in earlier],
        target=None if target is None else Decimal(target),
    )
    return [one.message % one.params for one in found]


def test_a_running_total_stands_for_its_increase() -> None:
    # 1307 by the end of February after 752 by the end of January: 555 in February
    assert increase_of_running_total(Decimal(1307), Decimal(752)) == 555
    assert increase_of_running_total(Decimal(752), Decimal(752)) == 0


def test_a_falling_running_total_is_refused_and_the_last_one_named() -> None:
    with pytest.raises(RuleError, match=r"Enter 752\.5 or more"):
        increase_of_running_total(Decimal(752), Decimal("752.5"))


@given(st.lists(AMOUNTS, min_size=1, max_size=12))
def test_increases_of_running_totals_add_up_to_the_last_total(increases: list[Decimal]) -> None:
    total = Decimal(0)
    stored = []
    for increase in increases:
        stored.append(increase_of_running_total(total + increase, total))
        total += increase
    assert stored == increases
    assert sum(stored) == total


def test_a_part_up_to_the_whole_is_a_share() -> None:
    check_share(Decimal(0), Decimal(3), may_exceed=False)
    check_share(Decimal(3), Decimal(3), may_exceed=False)


def test_a_part_above_the_whole_is_refused_unless_allowed() -> None:
    with pytest.raises(RuleError, match="The part, 4, is larger than the whole, 3"):
        check_share(Decimal(4), Decimal(3), may_exceed=False)
    check_share(Decimal(4), Decimal(3), may_exceed=True)


@pytest.mark.parametrize("whole", ["0", "-1"])
@pytest.mark.parametrize("may_exceed", [True, False])
def test_a_whole_of_nothing_is_refused_and_not_applicable_offered(whole: str, may_exceed: bool) -> None:
    with pytest.raises(RuleError, match="not applicable"):
        check_share(Decimal(0), Decimal(whole), may_exceed=may_exceed)


def test_figures_in_messages_carry_no_exponent() -> None:
    with pytest.raises(RuleError, match="1000, is larger than the whole, 100"):
        check_share(Decimal("1E+3"), Decimal("1E+2"), may_exceed=False)
    assert odd(Measure.STOCK, "5", ("1E+3",)) == ["Lower than the last value, 1000. Is something gone?"]


def test_a_falling_stock_is_odd_and_an_equal_or_rising_one_is_not() -> None:
    assert len(odd(Measure.STOCK, "15", ("18", "16"))) == 1
    assert odd(Measure.STOCK, "16", ("18", "16")) == []  # compared with the last, not the highest
    assert odd(Measure.STOCK, "17", ("18", "16")) == []
    assert odd(Measure.STOCK, "0") == []


def test_an_increase_above_three_times_the_usual_is_odd() -> None:
    # the usual one is the median: of 100, 900, 110 it is 110; three times 110 = 330
    earlier = ("100", "900", "110")
    assert odd(Measure.FLOW, "330", earlier) == []
    assert odd(Measure.FLOW, "331", earlier) == ["More than 3 times the usual increase, 110."]


def test_one_earlier_value_is_not_yet_usual() -> None:
    assert odd(Measure.FLOW, "1000", ("1",)) == []
    assert len(odd(Measure.FLOW, "1000", ("1", "1"))) == 1


def test_nothing_is_compared_with_a_usual_increase_of_nothing() -> None:
    assert odd(Measure.FLOW, "5", ("0", "0", "0", "7")) == []


def test_more_than_half_of_the_target_in_one_period_is_odd() -> None:
    assert odd(Measure.FLOW, "150", target="300") == []
    assert odd(Measure.FLOW, "150.01", target="300") == [
        "More than half of the year's target, 300, in one period."
    ]
    assert odd(Measure.FLOW, "5", target="0") == []


def test_both_oddities_of_a_flow_are_named() -> None:
    assert len(odd(Measure.FLOW, "200", ("10", "20"), "300")) == 2


@pytest.mark.parametrize("measure", [Measure.RATIO, Measure.MILESTONE])
def test_a_share_is_judged_by_its_own_rules_only(measure: Measure) -> None:
    assert odd(measure, "1", ("5", "5", "5"), "1") == []


def test_a_stock_may_rise_by_any_amount() -> None:
    assert odd(Measure.STOCK, "900", ("1", "2", "3"), "10") == []


@pytest.mark.parametrize(
    ("value", "earlier", "sentence"),
    [
        ("29", ["20", "9"], "total so far"),
        ("20", ["5", "20"], "same as the last"),
        ("9", ["20", "9"], None),
        ("12", ["20", "9"], None),
        ("12", [], None),
    ],
)
def test_a_total_typed_where_an_increase_belongs_is_noticed(
    value: str, earlier: list[str], sentence: str | None
) -> None:
    numbers = [Decimal(one) for one in earlier]
    found = odd_values(Measure.FLOW, Decimal(value), earlier=numbers, target=None, is_increase=True)
    assert [sentence in odd.message for odd in found] == ([True] if sentence else [])
    # Of a running total that was typed the increase is worked out, so it may well repeat.
    assert odd_values(Measure.FLOW, Decimal(value), earlier=numbers, target=None) == []
