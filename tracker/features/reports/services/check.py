"""Comparing what is derived with what it is derived from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from tracker.domain.places import line_on
from tracker.domain.rollup import Difference, differences
from tracker.features.org.queries import units_by_code
from tracker.features.places.queries import places_of
from tracker.features.plans.queries import all_plans, derived_differences, indicators_of
from tracker.features.progress.queries import plan_balances
from tracker.features.reports.queries import counted_of_plan, tallies_from_reports, tallies_kept


def find_differences() -> Iterator[str]:
    """One line for everything derived that is not what entries, reports, targets and assignments make it."""
    codes = {unit.id: unit.code for unit in units_by_code().values()}
    places = places_of()
    for plan in all_plans():
        yield from derived_differences(plan, places, codes)
        indicators = {indicator.id: indicator for indicator in indicators_of(plan)}
        wanted: dict[tuple[int, ...], Difference] = defaultdict(Difference)
        for (unit_id, indicator_id), entries in counted_of_plan(plan.id).items():
            for (category_id, ends_on), found in differences(
                indicators[indicator_id].measure, entries
            ).items():
                for above in line_on(places[unit_id], ends_on):
                    key = (above, indicator_id, category_id, ends_on.toordinal())
                    wanted[key] = wanted[key] + found
        kept = plan_balances(plan.id)
        for at in sorted({*wanted, *kept}):
            want, have = wanted.get(at, Difference()), kept.get(at, Difference())
            if want != have:
                day = date.fromordinal(at[3])
                where = f"{plan.code} {codes[at[0]]} {indicators[at[1]].code} category {at[2]} {day}"
                yield f"balance {where}: kept {have}, from entries {want}"
    tallied, counted = tallies_kept(), tallies_from_reports()
    for tally in sorted({*tallied, *counted}):
        if tallied.get(tally, 0) != counted.get(tally, 0):
            yield (
                f"tally unit {codes[tally[0]]} period {tally[1]} {tally[2].value}: "
                f"kept {tallied.get(tally, 0)}, from reports {counted.get(tally, 0)}"
            )
