"""How one unit's reported values become differences that can be summed up the tree and over time.

Every unit of the tree holds, per indicator, category and period, the sum of these differences of
the units below it. Adding the differences of all periods up to a data date gives the figure at
that date for all four measures: a flow adds its values, a stock or ratio adds the change against
the value it replaces. The same holds for the counts of units behind a figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple, Self

from tracker.domain.measures import Measure

WHOLE = 0
"""The category key of an indicator's total over all of its categories."""


class ValueState(StrEnum):
    """The two things a unit can say; saying nothing is 'not reported' and leaves no row."""

    VALUE = "value"
    NOT_APPLICABLE = "not_applicable"


class Reported(NamedTuple):
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


def differences(
    measure: Measure, entries: Iterable[Reported], *, since: date | None = None
) -> dict[Key, Difference]:
    """The differences of one unit's counted entries of one indicator, in any order of entries.

    Categories get rows of their own, with their own counts of units; their amounts add up to the
    row of :data:`WHOLE`, where a unit is counted once. Entries of an indicator without categories
    carry category WHOLE.

    With ``since`` only the differences from that day on. Of the entries before it, each category's
    last value and its last word decide; the others may be left out.
    """
    ordered = sorted(entries, key=_day)
    if not ordered or (since is not None and ordered[-1].ends_on < since):
        return {}
    first = since or date.min
    series: dict[int, list[Reported]] = {}
    for entry in ordered:
        series.setdefault(entry.category, []).append(entry)
    sums: dict[Key, list[int]] = {}
    for category, column in series.items():
        keys = (WHOLE,) if category == WHOLE else (WHOLE, category)
        for ends_on, value, denominator in _amounts(measure, column):
            if ends_on >= first:
                for key in keys:
                    row = sums.setdefault((key, ends_on), [0] * 5)
                    row[0] += value
                    row[1] += denominator
    for category, column in {**series, WHOLE: ordered}.items():
        for ends_on, *counts in _counts(measure, column):
            if ends_on >= first:
                sums.setdefault((category, ends_on), [0] * 5)[2:] = counts
    return {key: Difference(*row) for key, row in sums.items() if any(row)}


def _day(entry: Reported) -> date:
    return entry.ends_on


def _amounts(measure: Measure, column: list[Reported]) -> Iterator[tuple[date, int, int]]:
    """What each entry of one category adds to value and denominator."""
    value = denominator = 0
    for entry in column:
        if entry.state is ValueState.NOT_APPLICABLE:
            if measure.carries_forward:
                yield entry.ends_on, -value, -denominator
                value = denominator = 0
            continue
        yield entry.ends_on, entry.value - value, entry.denominator - denominator
        if measure.carries_forward:
            value, denominator = entry.value, entry.denominator


def _counts(measure: Measure, entries: list[Reported]) -> Iterator[tuple[date, int, int, int]]:
    """What each period's entries, one for each category, add to covered, not applicable and reported.

    A unit covers a figure while any category has a value in it, and is out when all that spoke said so.
    A flow keeps what it added before, so its unit goes on covering the total.
    """
    said: dict[int, ValueState] = {}
    covered = out = 0
    for ends_on, group in groupby(entries, key=_day):
        words = {entry.category: entry.state for entry in group}
        said |= words
        now_out = int(ValueState.VALUE not in said.values())
        kept = covered if not measure.carries_forward else 0
        now_covered = max(kept, 1 - now_out)
        yield ends_on, now_covered - covered, now_out - out, int(ValueState.VALUE in words.values())
        covered, out = now_covered, now_out


def between(before: Mapping[Key, Difference], after: Mapping[Key, Difference]) -> dict[Key, Difference]:
    """What must be added so that ``before`` becomes ``after``; keys without a change are left out."""
    if not before:
        return dict(after)
    keys = [key for key in {*before, *after} if before.get(key) != after.get(key)]
    return {key: after.get(key, Difference()) + -before.get(key, Difference()) for key in keys}
