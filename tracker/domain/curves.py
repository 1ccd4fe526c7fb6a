"""Planned curves: how much of the whole is to be done by the end of each month of a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tracker.domain.errors import N_, RuleError
from tracker.domain.numbers import round_half_up
from tracker.domain.periods import Frequency, periods_of

PERCENT_PLACES = 2
"""Decimal places of a planned share in percent; shares are kept with two more."""


def curve_days(starts_on: date, ends_on: date) -> list[date]:
    """The days for which a plan has a point: the end of each month, and the plan's last day."""
    return [span.ends_on for span in periods_of(starts_on, ends_on, Frequency.MONTH)]


def even_curve(days: Sequence[date]) -> dict[date, Decimal]:
    """The same share each month, rounded to what is kept; the last is exactly 1."""
    return {
        day: round_half_up(Fraction(place, len(days)), PERCENT_PLACES + 2)
        for place, day in enumerate(days, start=1)
    }


def curve_errors(points: Mapping[date, Decimal], *, last: date) -> dict[date, RuleError]:
    """What is wrong with planned cumulative shares (0 to 1), by day; empty for a sound curve.

    A month without a point keeps the share before it. ``last`` is the plan's last day.
    """
    found: dict[date, RuleError] = {}
    before = Decimal(0)
    for day in sorted(points):
        share = points[day]
        if not 0 <= share <= 1:
            found[day] = RuleError(N_("A share lies between 0 and 100."))
        elif share < before:
            found[day] = RuleError(
                N_("The share is cumulative and cannot fall. Enter at least %(least)s."),
                least=f"{(before * 100).normalize():f}",
            )
        before = max(before, min(share, Decimal(1)))
    if last not in found and points.get(last) != 1:
        found[last] = RuleError(N_("By the end of the plan everything is to be done. Enter 100."))
    return found
