"""What an indicator is: how its values add up, which way is good, what is planned by when."""

from __future__ import annotations

from enum import StrEnum


class Measure(StrEnum):
    """How values add up over time and over units."""

    FLOW = "flow"
    STOCK = "stock"
    RATIO = "ratio"
    MILESTONE = "milestone"

    @property
    def carries_forward(self) -> bool:
        """Whether a period that was not reported keeps the last value."""
        return self is not Measure.FLOW

    @property
    def has_denominator(self) -> bool:
        """Whether an entry consists of a numerator and a denominator."""
        return self in (Measure.RATIO, Measure.MILESTONE)

    @property
    def is_additive(self) -> bool:
        """Whether units' values, and so their targets, can be added."""
        return not self.has_denominator


class Direction(StrEnum):
    """Whether the target is to be reached or not to be passed."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class ReportedAs(StrEnum):
    """Whether staff type the period's increase or the running total since the plan's start."""

    INCREASE = "increase"
    RUNNING_TOTAL = "running_total"


class Origin(StrEnum):
    """Whether a sample's figures are the township's own or were made up to illustrate."""

    SEED = "seed"
    ILLUSTRATIVE = "illustrative"


def ratio_factor(unit_of_measure: str) -> int:
    """What a share of one is multiplied by to be shown in its unit of measure."""
    return {"%": 100, "‰": 1000}.get(unit_of_measure, 1)
