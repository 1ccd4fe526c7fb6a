"""What is kept up the tree beside the targets, worked out anew from what it is derived from.

Each day on which anything changes is looked at by itself: every unit that reports is counted along the
line in which it stands on that day, and aims are added up through the tree of that day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeVar

from tracker.domain.aims import AimState, Span, in_force, spans_of
from tracker.domain.places import Places, change_days, line_on
from tracker.features.plans.models import FOREVER
from tracker.features.plans.queries.added_up import states_on_day
from tracker.features.plans.queries.facts import (
    Counted,
    UnitIndicator,
    assignments,
    counted_indicators,
    kept_reaches,
    kept_states,
    target_changes,
)
from tracker.features.plans.queries.indicators import indicators_of
from tracker.features.plans.queries.plans import PlanRow

T = TypeVar("T")


def derived_differences(
    plan: PlanRow, places: Mapping[int, Places], codes: Mapping[int, str]
) -> Iterator[str]:
    """One line for every count of reporters, reach or sum of targets that is not what it should be.

    ``places`` holds where each unit stood when, ``codes`` its code, both by unit id.
    """
    indicators = counted_indicators(plan.id)
    changes, assigned = target_changes(indicators), assignments(indicators)
    days = _days(plan, indicators, changes, places)
    states: dict[UnitIndicator, dict[date, AimState]] = defaultdict(dict)
    reaches: dict[int, dict[date, int]] = defaultdict(dict)
    for day in days:
        lines = {unit_id: line for unit_id, found in places.items() if (line := line_on(found, day))}
        asked = {
            (unit_id, indicator_id)
            for unit_id, indicator_id in assigned
            if day in indicators[indicator_id].asked and plan.unit_id in lines.get(unit_id, ())
        }
        for unit_id in {unit_id for unit_id, _ in asked}:
            for above in lines[unit_id]:
                reaches[above][day] = reaches[above].get(day, 0) + 1
        own = {key: found for key, set_ in changes.items() if (found := in_force(set_, day))}
        for key, state in states_on_day(lines, asked, own, indicators).items():
            states[key][day] = state
    wanted = {key: _spans(days, by_day, AimState()) for key, by_day in states.items()}
    names = {indicator.id: indicator.code for indicator in indicators_of(plan)}
    kept = kept_states(indicators)
    for key in sorted({*wanted, *kept}):
        if wanted.get(key, []) != kept.get(key, []):
            where = f"{plan.code} {codes[key[0]]} {names[key[1]]}"
            yield from _said(where, kept.get(key, []), wanted.get(key, []))
    wanted_reaches = {unit_id: _spans(days, by_day, 0) for unit_id, by_day in reaches.items()}
    kept_of = kept_reaches(plan.id)
    for unit_id in sorted({*wanted_reaches, *kept_of}):
        have, want = kept_of.get(unit_id, []), wanted_reaches.get(unit_id, [])
        if have != want:
            yield f"reach {plan.code} {codes[unit_id]}: kept {_told(have)}, from assignments {_told(want)}"


def _days(
    plan: PlanRow,
    indicators: Mapping[int, Counted],
    changes: Mapping[UnitIndicator, list[tuple[date, AimState]]],
    places: Mapping[int, Places],
) -> list[date]:
    found = change_days(places)
    found |= {from_on for set_ in changes.values() for from_on, _ in set_}
    found |= {day for indicator in indicators.values() for day in indicator.asked.bounds}
    return [plan.starts_on, *sorted(day for day in found if plan.starts_on < day <= plan.ends_on)]


def _spans(days: list[date], by_day: Mapping[date, T], nothing: T) -> list[tuple[Span, T]]:
    return spans_of(days, FOREVER, lambda day: by_day.get(day, nothing))


def _said(
    where: str, kept: list[tuple[Span, AimState]], wanted: list[tuple[Span, AimState]]
) -> Iterator[str]:
    """What of a timeline differs: the reporters, the targets in force, or the sums of those below."""
    parts: tuple[tuple[str, str, Callable[[AimState], object]], ...] = (
        ("reporters", "from assignments", lambda state: state.reporters),
        ("target", "from its history", lambda state: (state.target, state.baseline)),
        ("targets below", "sums", lambda state: (state.below_target, state.below_baseline)),
    )
    told = False
    for name, source, part in parts:
        have, want = ([(span, part(state)) for span, state in runs] for runs in (kept, wanted))
        if have != want:
            told = True
            yield f"{name} {where}: kept {_told(have)}, {source} {_told(want)}"
    assert told, where


def _told(runs: Sequence[tuple[Span, object]]) -> str:
    return "; ".join(f"{value} from {span[0]} until {span[1]}" for span, value in runs) or "nothing"
