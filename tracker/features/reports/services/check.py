"""Comparing what is derived with what it is derived from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tracker.domain.rollup import Difference
from tracker.features.org.queries import units_by_code
from tracker.features.places.queries import places_of
from tracker.features.plans.queries import all_plans, derived_differences, indicators_of
from tracker.features.progress.queries import plan_balances
from tracker.features.reports.queries import (
    counted_of_plan,
    counted_otherwise,
    tallies_from_reports,
    tallies_kept,
)
from tracker.features.reports.queries.rebuilt import rebuilt_balances


def find_differences() -> Iterator[str]:
    """One line for everything derived that is not what entries, reports, targets and assignments make it."""
    codes = {unit.id: unit.code for unit in units_by_code().values()}
    places = places_of()
    for plan in all_plans():
        yield from derived_differences(plan, places, codes)
        indicators = {indicator.id: indicator for indicator in indicators_of(plan)}
        measures = {indicator_id: indicator.measure for indicator_id, indicator in indicators.items()}
        wanted = rebuilt_balances(plan, counted_of_plan(plan.id), measures, places)
        kept = plan_balances(plan.id)
        for at in sorted({*wanted, *kept}):
            want, have = wanted.get(at, Difference()), kept.get(at, Difference())
            if want != have:
                where = f"{plan.code} {codes[at[0]]} {indicators[at[1]].code} category {at[2]}"
                where = f"{where} {date.fromordinal(at[3])}"
                yield f"balance {where}: kept {have}, from entries {want}"
    yield from (f"revision {line}" for line in counted_otherwise())
    tallied, counted = tallies_kept(), tallies_from_reports()
    for tally in sorted({*tallied, *counted}):
        if tallied.get(tally, 0) != counted.get(tally, 0):
            yield (
                f"tally unit {codes[tally[0]]} period {tally[1]} {tally[2].value}: "
                f"kept {tallied.get(tally, 0)}, from reports {counted.get(tally, 0)}"
            )
