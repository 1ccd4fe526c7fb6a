"""The position of an indicator at a unit on a data date: rates, gap and signal, exact until shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from tracker.domain.measures import Direction

UNUSUALLY_HIGH = Fraction(115)
"""Percent of completion above which a figure is marked 'unusually high, please check'."""


class Signal(StrEnum):
    """Where an indicator stands; in the order in which signals are listed."""

    COMPLETED = "completed"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    BEHIND = "behind"
    NO_DATA = "no_data"
    NO_TARGET = "no_target"


@dataclass(frozen=True)
class Aim:
    """What a unit is to reach.

    ``is_sum`` says that the unit has no target of its own and ``target`` adds up those below it;
    ``below`` is what those below add up to where the unit has its own and they differ.
    """

    target: Fraction | None = None
    baseline: Fraction | None = None
    is_sum: bool = False
    below: Fraction | None = None


@dataclass(frozen=True)
class Limits:
    """Gaps in percentage points from which an indicator is on track (amber) or at risk (red)."""

    amber: Fraction = Fraction(0)
    red: Fraction = Fraction(-10)


@dataclass(frozen=True)
class Calendar:
    """The days that a judgement needs: data date, due date, and how many periods are still to come."""

    as_of: date
    due_on: date
    periods_left: int


@dataclass(frozen=True)
class Position:
    """Actual and target in the unit of measure, rates in percent, gap in points; None: undefined."""

    actual: Fraction | None
    target: Fraction | None
    baseline: Fraction | None
    completion_rate: Fraction | None
    schedule_rate: Fraction
    gap: Fraction | None
    signal: Signal
    is_overdue: bool
    is_unusually_high: bool
    is_ceiling: bool
    remaining: Fraction | None
    needed_per_period: Fraction | None
    target_is_sum: bool
    targets_below: Fraction | None


def position(
    *,
    actual: Fraction | None,
    aim: Aim,
    direction: Direction,
    schedule_share: Fraction,
    limits: Limits,
    calendar: Calendar,
) -> Position:
    """Judge one figure against its aim and the calendar; every page, sheet and answer shows this.

    ``schedule_share`` is the share (0 to 1) that should be done by the data date.
    """
    is_ceiling = direction is Direction.AT_MOST and aim.baseline is None
    rate = _completion(actual, aim)
    schedule_rate = schedule_share * 100
    gap = None
    if rate is not None:
        gap = schedule_rate - rate if is_ceiling else rate - schedule_rate
    reached = _reached(actual, aim, direction)
    is_overdue = reached is False and not is_ceiling and calendar.as_of > calendar.due_on
    remaining = None if actual is None or aim.target is None else aim.target - actual
    # Above a ceiling no amount per period could be right, so none is named.
    still_to_do = reached is is_ceiling
    return Position(
        actual=actual,
        target=aim.target,
        baseline=aim.baseline,
        completion_rate=rate,
        schedule_rate=schedule_rate,
        gap=gap,
        signal=_signal(
            actual,
            aim,
            reached=reached,
            is_ceiling=is_ceiling,
            gap=gap,
            limits=limits,
            is_overdue=is_overdue,
        ),
        is_overdue=is_overdue,
        is_unusually_high=rate is not None and rate > UNUSUALLY_HIGH,
        is_ceiling=is_ceiling,
        remaining=remaining,
        needed_per_period=(
            remaining / calendar.periods_left
            if remaining is not None and still_to_do and calendar.periods_left
            else None
        ),
        target_is_sum=aim.is_sum,
        targets_below=aim.below,
    )


def _completion(actual: Fraction | None, aim: Aim) -> Fraction | None:
    if actual is None or aim.target is None:
        return None
    baseline = aim.baseline or Fraction(0)
    way = aim.target - baseline
    return (actual - baseline) / way * 100 if way else None


def _reached(actual: Fraction | None, aim: Aim, direction: Direction) -> bool | None:
    """Whether the target is met; None where either side is missing. A ceiling is 'met' while it holds."""
    if actual is None or aim.target is None:
        return None
    return actual >= aim.target if direction is Direction.AT_LEAST else actual <= aim.target


def _signal(
    actual: Fraction | None,
    aim: Aim,
    *,
    reached: bool | None,
    is_ceiling: bool,
    gap: Fraction | None,
    limits: Limits,
    is_overdue: bool,
) -> Signal:
    if actual is None:
        return Signal.NO_DATA
    if aim.target is None:
        return Signal.NO_TARGET
    if reached and not is_ceiling:
        return Signal.COMPLETED
    if is_overdue or (is_ceiling and not reached):
        return Signal.BEHIND
    if gap is None:
        # The target equals the baseline, so no share of the way exists: what holds is on track.
        return Signal.ON_TRACK if reached else Signal.BEHIND
    if gap >= limits.amber:
        return Signal.ON_TRACK
    return Signal.AT_RISK if gap >= limits.red else Signal.BEHIND


def sum_aims(aims: list[Aim]) -> Aim:
    """The aim of a parent that has none of its own: the sum of those below it that have one."""
    targets = [aim.target for aim in aims if aim.target is not None]
    if not targets:
        return Aim()
    baselines = [aim.baseline for aim in aims if aim.target is not None and aim.baseline is not None]
    return Aim(sum(targets, Fraction(0)), sum(baselines, Fraction(0)) if baselines else None, is_sum=True)
