"""What kinds of indicators there are, and which properties follow from the kind."""

from __future__ import annotations

import pytest

from tracker.domain.measures import Measure, ratio_factor


@pytest.mark.parametrize(
    ("measure", "carries", "has_denominator", "is_additive"),
    [
        (Measure.FLOW, False, False, True),
        (Measure.STOCK, True, False, True),
        (Measure.RATIO, True, True, False),
        (Measure.MILESTONE, True, True, False),
    ],
)
def test_a_measure_says_how_its_values_add_up(
    measure: Measure, carries: bool, has_denominator: bool, is_additive: bool
) -> None:
    assert measure.carries_forward is carries
    assert measure.has_denominator is has_denominator
    assert measure.is_additive is is_additive


def test_a_share_is_shown_in_its_unit_of_measure() -> None:
    assert ratio_factor("%") == 100
    assert ratio_factor("‰") == 1000
    assert ratio_factor("人/户") == 1
