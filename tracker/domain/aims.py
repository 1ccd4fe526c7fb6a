"""What is derived for a unit from those below it, day by day: sums of aims, and who reports.

Amounts are scaled integers. What holds is a function of the day, kept as the days on which it changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

T = TypeVar("T")

Span = tuple[date, date]
"""First day, and first day after."""


@dataclass(frozen=True)
class AimState:
    """What holds at a unit for an indicator on a day; ``reporters`` at or below it."""

    target: int | None = None
    baseline: int | None = None
    below_target: int | None = None
    below_baseline: int | None = None
    reporters: int = 0

    def __bool__(self) -> bool:
        return self.target is not None or self.below_target is not None or self.reporters != 0

    @property
    def effective(self) -> tuple[int | None, int | None]:
        """The unit's own target and baseline, or else the sums of those below."""
        if self.target is not None:
            return self.target, self.baseline
        return self.below_target, self.below_baseline


def with_below(own: AimState, below: Iterable[AimState], *, is_additive: bool) -> AimState:
    """The state of a unit with what the units right below give it."""
    targets, baselines, reporters = [], [], own.reporters
    for state in below:
        target, baseline = state.effective
        if target is not None:
            targets.append(target)
            if baseline is not None:
                baselines.append(baseline)
        reporters += state.reporters
    return replace(
        own,
        below_target=sum(targets) if targets and is_additive else None,
        below_baseline=sum(baselines) if baselines and is_additive else None,
        reporters=reporters,
    )


def in_force(changes: Sequence[tuple[date, T]], day: date) -> T | None:
    """Of what was set, in the order of recording, what holds on the day: the latest day's, recorded last."""
    found: tuple[date, T] | None = None
    for change in changes:
        if change[0] <= day and (found is None or change[0] >= found[0]):
            found = change
    return found[1] if found else None


def spans_of(days: Sequence[date], last: date, state_on: Callable[[date], T]) -> list[tuple[Span, T]]:
    """The states of the days as runs, equal neighbours joined, those that say nothing left out."""
    runs: list[tuple[Span, T]] = []
    for day, until in zip(days, [*days[1:], last], strict=True):
        state = state_on(day)
        if runs and runs[-1][1] == state and runs[-1][0][1] == day:
            runs[-1] = ((runs[-1][0][0], until), state)
        elif state:
            runs.append(((day, until), state))
    return runs


def state_on(runs: Sequence[tuple[Span, T]], day: date) -> T | None:
    """The state that holds on the day."""
    return next((state for (first, until), state in runs if first <= day < until), None)
