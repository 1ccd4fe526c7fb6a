"""Having everything that is derived follow a change of places."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

from tracker.domain.places import Places
from tracker.features.places.queries import places_of
from tracker.features.plans.queries import all_plans
from tracker.features.plans.services import refresh_derived
from tracker.features.reports.services import repost_units


@contextmanager
def following(unit_ids: Collection[int], *, since: date) -> Iterator[None]:
    """Change the places of these units inside; figures, tallies, targets and counts follow at the end.

    Nothing before ``since`` is touched, and no plan that has ended by then.
    """
    before = places_of(unit_ids)
    yield
    after = places_of(unit_ids)
    repost_units(before, after, since=since)
    held = {unit_id for places in (before, after) for unit_id in _holders(places)}
    for plan in all_plans():
        if plan.ends_on >= since:
            refresh_derived(plan, held)


def _holders(places: Mapping[int, Places]) -> set[int]:
    return {unit_id for found in places.values() for place in found for unit_id in place.line}
