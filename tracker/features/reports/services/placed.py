"""Posting where places have changed: each unit above gets what stands below it on each day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from tracker.domain.held import held_differences
from tracker.domain.places import Line, Places, Stay, line_on, settled, stays_of, units_held_alike
from tracker.domain.rollup import Difference, between, differences
from tracker.features.org.queries import UnitRow
from tracker.features.places.queries import places_of_unit
from tracker.features.plans.queries import PlanRow, all_plans
from tracker.features.progress.services import post_differences
from tracker.features.reports.queries import ReportHandle
from tracker.features.reports.queries.counted import Series
from tracker.features.reports.queries.placed import (
    CountedSeries,
    counted_of_units,
    period_ends,
    reports_since,
)
from tracker.features.reports.services.steps import add_tallies

Posting = dict[tuple[int, int, date], Difference]


def has_changed_places(unit: UnitRow) -> bool:
    """Whether the unit has not always stood where it stands, or will not always be."""
    return unit.placed_on is not None or unit.retired_on is not None


def post_changes(report: ReportHandle, changed: Mapping[int, Series]) -> None:
    """Post a change of the counted entries of a report to its unit and to every unit that held it."""
    if has_changed_places(report.unit):
        post_by_places(report.unit, report.plan, changed)
        return
    day = report.period.ends_on
    posting: Posting = {}
    for indicator_id, series in changed.items():
        made = between(
            differences(series.measure, series.before, since=day),
            differences(series.measure, series.after, since=day),
        )
        posting |= {(indicator_id, *key): difference for key, difference in made.items()}
    post_differences(report.unit.line, report.plan.id, posting)


def post_by_places(unit: UnitRow, plan: PlanRow, changed: Mapping[int, Series]) -> None:
    """Post a change of the unit's counted entries to every unit that held it, as far as it held it."""
    ends = period_ends(plan.id)
    for stays, holders in units_held_alike(settled(places_of_unit(unit), plan.ends_on)).items():
        posting: Posting = {}
        for indicator_id, series in changed.items():
            made = between(
                held_differences(series.measure, series.before, stays, ends),
                held_differences(series.measure, series.after, stays, ends),
            )
            posting |= {(indicator_id, *key): difference for key, difference in made.items()}
        post_differences(holders, plan.id, posting)


def repost_units(before: Mapping[int, Places], after: Mapping[int, Places], *, since: date) -> None:
    """Move what the units have said to where they stand now, for every day from ``since`` on.

    ``before`` and ``after`` hold the places of the same units by id; up to ``since`` they are equal.
    """
    for plan in all_plans():
        if plan.ends_on >= since:
            _repost_figures(plan, before, after)
    _repost_tallies(before, after, since)


def _repost_figures(plan: PlanRow, before: Mapping[int, Places], after: Mapping[int, Places]) -> None:
    ends = period_ends(plan.id)
    postings: dict[int, Posting] = defaultdict(dict)
    for series in counted_of_units(plan.id, after):
        was, is_ = (stays_of(settled(places[series.unit_id], plan.ends_on)) for places in (before, after))
        made: dict[tuple[tuple[Stay, ...], tuple[Stay, ...]], Posting] = {}
        for holder in sorted({*was, *is_}):
            change = was.get(holder, ()), is_.get(holder, ())
            if change[0] == change[1]:
                continue
            if change not in made:
                made[change] = _change(series, *change, ends)
            posting = postings[holder]
            for key, difference in made[change].items():
                posting[key] = posting.get(key, Difference()) + difference
    for holder in sorted(postings):
        post_differences([holder], plan.id, {key: d for key, d in postings[holder].items() if d})


def _change(series: CountedSeries, was: tuple[Stay, ...], is_: tuple[Stay, ...], ends: list[date]) -> Posting:
    made = between(
        held_differences(series.measure, series.entries, was, ends),
        held_differences(series.measure, series.entries, is_, ends),
    )
    return {(series.indicator_id, *key): difference for key, difference in made.items()}


def _repost_tallies(before: Mapping[int, Places], after: Mapping[int, Places], since: date) -> None:
    moved: dict[tuple[int, int, str], int] = defaultdict(int)
    for report in reports_since(after, since):
        lines: tuple[tuple[Line, int], ...] = (
            (line_on(before[report.unit_id], report.ends_on), -1),
            (line_on(after[report.unit_id], report.ends_on), 1),
        )
        for line, by in lines:
            for unit_id in line:
                moved[unit_id, report.period_id, report.state] += by
    add_tallies({key: by for key, by in moved.items() if by})
