"""The balances, made anew from the counted entries and the places of units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from tracker.domain.held import held_differences
from tracker.domain.measures import Measure
from tracker.domain.places import ALWAYS, Places, settled, units_held_alike
from tracker.domain.rollup import Difference, Reported, differences
from tracker.features.plans.queries import PlanRow
from tracker.features.reports.queries.placed import period_ends

Rebuilt = dict[tuple[int, int, int, int], Difference]
"""Differences by unit, indicator and category id, and the ordinal of the period's last day."""


def rebuilt_balances(
    plan: PlanRow,
    counted: Mapping[tuple[int, int], Sequence[Reported]],
    measures: Mapping[int, Measure],
    places: Mapping[int, Places],
) -> Rebuilt:
    """The balances of a plan; ``counted`` holds the counted entries by unit and indicator id."""
    wanted: Rebuilt = defaultdict(Difference)
    ends = period_ends(plan.id)
    held = {unit: units_held_alike(settled(found, plan.ends_on)) for unit, found in places.items()}
    for (unit_id, indicator_id), entries in counted.items():
        measure = measures[indicator_id]
        for stays, holders in held[unit_id].items():
            for (category_id, day), found in (
                differences(measure, entries)
                if stays == ALWAYS
                else held_differences(measure, entries, stays, ends)
            ).items():
                for holder in holders:
                    key = (holder, indicator_id, category_id, day.toordinal())
                    wanted[key] = wanted[key] + found
    return wanted
