"""What a unit's entries add to a unit above that held it for some of the time.

A unit above that always held it gets the differences of :mod:`tracker.domain.rollup`. One that held it
for a stay gets what stands in the figures of those days: on any data date it has exactly the levels,
and the counts, of the units that stand below it on that day. Flows are never taken back: what a unit
added in periods that ended during the stay remains.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from tracker.domain.measures import Measure
from tracker.domain.places import Stay, is_held
from tracker.domain.rollup import WHOLE, Difference, Key, Reported, ValueState

Series = Mapping[int, Sequence[Reported]]


def held_differences(
    measure: Measure, entries: Iterable[Reported], stays: Sequence[Stay], period_ends: Sequence[date]
) -> dict[Key, Difference]:
    """The differences of one unit's counted entries at a unit that held it during ``stays``.

    ``period_ends`` are the last days of the plan's periods. With one stay without beginning
    and end the result is that of :func:`tracker.domain.rollup.differences`.
    """
    series: dict[int, list[Reported]] = {}
    for entry in sorted(entries, key=lambda e: e.ends_on):
        series.setdefault(entry.category, []).append(entry)
    result: dict[Key, Difference] = defaultdict(Difference)
    for category, column in series.items():
        for day, amount in _amounts(measure, column, stays):
            for key in {category, WHOLE}:
                result[key, day] += amount
    for category, columns in ({c: {c: column} for c, column in series.items()} | {WHOLE: series}).items():
        for day, count in _counts(measure, columns, stays, period_ends):
            result[category, day] += count
    return {key: found for key, found in result.items() if found}


def _amounts(
    measure: Measure, column: Sequence[Reported], stays: Sequence[Stay]
) -> Iterator[tuple[date, Difference]]:
    if not measure.carries_forward:
        for entry in column:
            if entry.state is ValueState.VALUE and is_held(stays, entry.ends_on):
                yield entry.ends_on, Difference(entry.value, entry.denominator)
        return
    level = held = Difference()
    said = {entry.ends_on: entry for entry in column}
    for day in _days(said, stays):
        if day in said:
            entry = said[day]
            there = entry.state is ValueState.VALUE
            level = Difference(entry.value, entry.denominator) if there else Difference()
        now = level if is_held(stays, day) else Difference()
        yield day, now + -held
        held = now


def _counts(
    measure: Measure, series: Series, stays: Sequence[Stay], period_ends: Sequence[date]
) -> Iterator[tuple[date, Difference]]:
    """A unit is counted where it is held; a flow goes on covering the totals that it has added to."""
    by_day: dict[date, list[Reported]] = {}
    for column in series.values():
        for entry in column:
            by_day.setdefault(entry.ends_on, []).append(entry)
    spoke = {day for day, said in by_day.items() if any(e.state is ValueState.VALUE for e in said)}
    said: dict[int, ValueState] = {}
    before = Difference()
    was_held = False
    for day in _days(by_day, stays):
        said |= {entry.category: entry.state for entry in by_day.get(day, ())}
        has_value = ValueState.VALUE in said.values()
        held = is_held(stays, day)
        if measure.carries_forward:
            covered = int(held and has_value)
        else:
            covered = int(before.covered or (held and day in spoke))
        now = Difference(0, 0, covered, int(held and bool(said) and not has_value))
        reported = int(held and day in spoke)
        if held is not was_held and day not in by_day:
            reported = _reported_meanwhile(day, spoke, period_ends) * (1 if held else -1)
        yield day, now + -before + Difference(reported=reported)
        before, was_held = now, held


def _reported_meanwhile(day: date, spoke: set[date], period_ends: Sequence[date]) -> int:
    """Whether the unit reported in the last period, when that ended before the day of the change.

    Who has reported is asked of the units that stand below on the data date, so between two ends of
    periods the count goes with the unit. On the very last day of a period there is nothing to take
    along: that period counts where the unit stands on that day.
    """
    last = max((ended for ended in period_ends if ended <= day), default=day)
    return int(last != day and last in spoke)


def _days(said: Mapping[date, object], stays: Sequence[Stay]) -> list[date]:
    return sorted({*said, *(day for stay in stays for day in stay.bounds)})
