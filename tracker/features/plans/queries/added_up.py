"""Aims and numbers of reporters of one day, added up through the tree of that day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from tracker.domain.aims import AimState
from tracker.domain.places import Line
from tracker.features.plans.queries.facts import Counted, UnitIndicator


def states_on_day(
    lines: Mapping[int, Line],
    asked: set[UnitIndicator],
    own: Mapping[UnitIndicator, AimState],
    indicators: Mapping[int, Counted],
) -> dict[UnitIndicator, AimState]:
    """Every state that says something on one day."""
    reporters: dict[UnitIndicator, int] = defaultdict(int)
    for unit_id, indicator_id in asked:
        for above in lines[unit_id]:
            reporters[above, indicator_id] += 1
    below: dict[UnitIndicator, list[tuple[int, int | None]]] = defaultdict(list)
    found: dict[UnitIndicator, AimState] = {}

    def settle(unit_id: int, indicator_id: int) -> None:
        key = unit_id, indicator_id
        targets = [target for target, _ in below[key]]
        baselines = [baseline for _, baseline in below[key] if baseline is not None]
        mine = own.get(key, AimState())
        state = AimState(
            mine.target,
            mine.baseline,
            sum(targets) if targets else None,
            sum(baselines) if baselines else None,
            reporters.get(key, 0),
        )
        if state:
            found[key] = state
        target, baseline = state.effective
        line = lines.get(unit_id, ())
        if target is not None and len(line) > 1 and indicators[indicator_id].is_additive:
            below[line[-2], indicator_id].append((target, baseline))

    # From the lowest units up, each after everything below it; who is no more adds to nobody.
    concerned = {unit_id for unit_id, _ in {*own, *reporters}}
    concerned |= {above for unit_id in concerned for above in lines.get(unit_id, ())}
    for unit_id in sorted(concerned, key=lambda unit: -len(lines.get(unit, ()))):
        for indicator_id in indicators:
            settle(unit_id, indicator_id)
    return found
