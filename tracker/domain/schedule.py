"""Schedule progress (序时进度): how much should be done by the data date, as an exact share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction

from tracker.domain.periods import months_between, whole_months


class Schedule(StrEnum):
    """The shapes in which a plan spreads its target over time."""

    MONTH = "month"
    DAY = "day"
    CURVE = "curve"
    NONE = "none"


def schedule_progress(
    schedule: Schedule,
    *,
    starts_on: date,
    ends_on: date,
    as_of: date,
    curve: Sequence[tuple[date, Fraction]] = (),
) -> Fraction:
    """The share (0 to 1) of the plan that should be done by ``as_of``.

    ``curve`` holds (last day of a period, planned cumulative share) in the order of days; it is
    read for :attr:`Schedule.CURVE` only, and is 0 before its first point.
    """
    if schedule is Schedule.NONE:
        return Fraction(1)
    if schedule is Schedule.MONTH:
        return Fraction(whole_months(starts_on, ends_on, as_of), months_between(starts_on, ends_on))
    if schedule is Schedule.DAY:
        days = (ends_on - starts_on).days + 1
        elapsed = (as_of - starts_on).days + 1
        return Fraction(min(max(elapsed, 0), days), days)
    reached = [share for day, share in curve if day <= as_of]
    return reached[-1] if reached else Fraction(0)
