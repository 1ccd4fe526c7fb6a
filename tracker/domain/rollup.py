"""How one unit's reported values become differences that can be summed up the tree and over time.

Every unit of the tree holds, per indicator, category and period, the sum of these differences of
the units below it. Adding the differences of all periods up to a data date gives the figure at
that date for all four measures: a flow adds its values, a stock or ratio adds the change against
the value it replaces. The same holds for the counts of units behind a figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
        return Difference(
            self.value + other.value,
            self.denominator + other.denominator,
            self.covered + other.covered,
            self.not_applicable + other.not_applicable,
            self.reported + other.reported,
        )

    def __neg__(self) -> Difference:
        return Difference(-self.value, -self.denominator, -self.covered, -self.not_applicable, -self.reported)

    def __bool__(self) -> bool:
        return bool(self.value or self.denominator or self.covered or self.not_applicable or self.reported)


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
            for key in ((category, ends_on), (WHOLE, ends_on)) if category != WHOLE else ((WHOLE, ends_on),):
                known = result.get(key)
                result[key] = amount if known is None else known + amount
    counted = {category: {category: column} for category, column in series.items()} | {WHOLE: series}
    for category, columns in counted.items():
        for ends_on, count in _counts(measure, columns):
            known = result.get((category, ends_on))
            result[(category, ends_on)] = count if known is None else known + count
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


def window(entries: Iterable[Reported], day: date) -> list[Reported]:
    """The entries that decide the differences from ``day`` on.

    Of each category's past only the last word and the last value matter: what was carried forward,
    and whether there ever was a value. A change at ``day`` makes the same change to the differences
    of this window as to those of the whole series.
    """
    last: dict[int, Reported] = {}
    last_value: dict[int, Reported] = {}
    kept: list[Reported] = []
    for entry in sorted(entries, key=lambda e: e.ends_on):
        if entry.ends_on >= day:
            kept.append(entry)
            continue
        last[entry.category] = entry
        if entry.state is ValueState.VALUE:
            last_value[entry.category] = entry
    past = {*last.values(), *last_value.values()}
    return sorted(past, key=lambda e: (e.ends_on, e.category)) + kept


def between(before: Mapping[Key, Difference], after: Mapping[Key, Difference]) -> dict[Key, Difference]:
    """What must be added so that ``before`` becomes ``after``; keys without a change are left out."""
    keys = [key for key in {*before, *after} if before.get(key) != after.get(key)]
    return {key: after.get(key, Difference()) + -before.get(key, Difference()) for key in keys}
