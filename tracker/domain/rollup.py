"""How one unit's reported values become differences that can be summed up the tree and over time.

Every unit of the tree holds, per indicator, category and period, the sum of these differences of
the units below it. Adding the differences of all periods up to a data date gives the figure at
that date for all four measures: a flow adds its values, a stock or ratio adds the change against
the value it replaces. The same holds for the counts of units behind a figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Self

from tracker.domain.measures import Measure

WHOLE = 0
"""The category key of an indicator's total over all of its categories."""


class ValueState(StrEnum):
    """The two things a unit can say; saying nothing is 'not reported' and leaves no row."""

    VALUE = "value"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Reported:
    """One counted entry. ``value`` and ``denominator`` are scaled integers."""

    category: int
    ends_on: date
    state: ValueState
    value: int = 0
    denominator: int = 0


@dataclass(frozen=True)
class Difference:
    """What a period adds to the figures of its unit and of every unit above.

    ``value`` and ``denominator`` are scaled integers. ``covered`` counts units whose value is in
    the figure, ``not_applicable`` those that said so and have not reported since; both are running
    counts. ``reported`` counts units that reported this very period.
    """

    value: int = 0
    denominator: int = 0
    covered: int = 0
    not_applicable: int = 0
    reported: int = 0

    def __add__(self, other: Self) -> Difference:
        return Difference(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def __neg__(self) -> Difference:
        return Difference(*(-getattr(self, f.name) for f in fields(self)))

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) for f in fields(self))


Key = tuple[int, date]
"""A category (or WHOLE) and the last day of a period."""


def differences(measure: Measure, entries: Iterable[Reported]) -> dict[Key, Difference]:
    """The differences of one unit's counted entries of one indicator, in any order of entries.

    Categories get rows of their own, with their own counts of units; their amounts add up to the
    row of :data:`WHOLE`, where a unit is counted once. Entries of an indicator without categories
    carry category WHOLE.
    """
    series: dict[int, list[Reported]] = {}
    for entry in sorted(entries, key=lambda e: e.ends_on):
        series.setdefault(entry.category, []).append(entry)
    result: dict[Key, Difference] = {}
    for category, column in series.items():
        for ends_on, amount in _amounts(measure, column):
            for key in {(category, ends_on), (WHOLE, ends_on)}:
                result[key] = result.get(key, Difference()) + amount
    counted = {category: {category: column} for category, column in series.items()} | {WHOLE: series}
    for category, columns in counted.items():
        for ends_on, count in _counts(measure, columns):
            result[(category, ends_on)] = result.get((category, ends_on), Difference()) + count
    return {key: found for key, found in result.items() if found}


def _amounts(measure: Measure, column: list[Reported]) -> Iterable[tuple[date, Difference]]:
    value = denominator = 0
    for entry in column:
        if entry.state is ValueState.NOT_APPLICABLE:
            if measure.carries_forward:
                yield entry.ends_on, Difference(-value, -denominator)
                value = denominator = 0
            continue
        yield entry.ends_on, Difference(entry.value - value, entry.denominator - denominator)
        if measure.carries_forward:
            value, denominator = entry.value, entry.denominator


def _counts(measure: Measure, series: Mapping[int, list[Reported]]) -> Iterable[tuple[date, Difference]]:
    """A unit covers a figure while any category has a value in it, and is out when all that spoke said so.

    A flow keeps what it added before, so its unit goes on covering the total.
    """
    said: dict[int, ValueState] = {}
    by_day: dict[date, list[Reported]] = {}
    for column in series.values():
        for entry in column:
            by_day.setdefault(entry.ends_on, []).append(entry)
    covered = out = 0
    for ends_on in sorted(by_day):
        said |= {entry.category: entry.state for entry in by_day[ends_on]}
        now_out = int(all(state is ValueState.NOT_APPLICABLE for state in said.values()))
        kept = covered if not measure.carries_forward else 0
        now_covered = max(kept, 1 - now_out)
        spoke = int(any(entry.state is ValueState.VALUE for entry in by_day[ends_on]))
        yield ends_on, Difference(0, 0, now_covered - covered, now_out - out, spoke)
        covered, out = now_covered, now_out


def between(before: Mapping[Key, Difference], after: Mapping[Key, Difference]) -> dict[Key, Difference]:
    """What must be added so that ``before`` becomes ``after``; keys without a change are left out."""
    changed = {
        key: after.get(key, Difference()) + -before.get(key, Difference()) for key in {*before, *after}
    }
    return {key: found for key, found in changed.items() if found}
