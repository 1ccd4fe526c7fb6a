"""Writing what is derived up the tree: sums of targets, reporters of an indicator, reach of a plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import delete, insert

from tracker.core.db import db, unscale
from tracker.domain.aims import AimState, Span, in_force, spans_of, state_on, with_below
from tracker.domain.places import Line, Places, change_days, line_on
from tracker.features.places.queries import children_ever, places_of
from tracker.features.plans.models import FOREVER, PlanReach, Target
from tracker.features.plans.queries.facts import (
    Counted,
    PlanDays,
    UnitIndicator,
    assignments,
    counted_indicators,
    kept_reaches,
    kept_states,
    target_changes,
)


def refresh_derived(
    plan: PlanDays,
    unit_ids: Collection[int],
    indicator_ids: Collection[int] | None = None,
    *,
    reach: bool = True,
) -> None:
    """Write anew what is derived at these units for every day of the plan.

    The units must hold everything above a unit whose facts have changed, on any day of the plan; what
    is kept of the units right below them is taken as it stands. Without ``reach`` only targets are
    written, which is enough where nobody has come or gone.
    """
    units = set(unit_ids)
    indicators = counted_indicators(plan.id, indicator_ids)
    places = places_of(units | children_ever(units))
    facts = _Facts(plan, units, indicators, places, reach)
    days = facts.days()
    for day in days:
        facts.work_out(day)
    _write_targets(plan, units, indicators, days, facts.states)
    if reach:
        _write_reaches(plan, units, days, facts.reaches)


class _Facts:
    """Everything read once, and the states worked out of it day by day."""

    def __init__(
        self,
        plan: PlanDays,
        units: set[int],
        indicators: Mapping[int, Counted],
        places: Mapping[int, Places],
        reach: bool,
    ) -> None:
        self.plan, self.units, self.indicators, self.places = plan, units, indicators, places
        others = set(places) - units
        # Whether a unit reports anything at all is asked of every indicator of the plan.
        self.asked = counted_indicators(plan.id) if reach else indicators
        self.changes = target_changes(indicators, units)
        self.assigned: dict[int, set[int]] = defaultdict(set)
        for unit_id, indicator_id in assignments(self.asked, units):
            self.assigned[unit_id].add(indicator_id)
        self.kept = kept_states(indicators, others)
        self.kept_reaches = kept_reaches(plan.id, others) if reach else {}
        self.states: dict[UnitIndicator, dict[date, AimState]] = defaultdict(dict)
        self.reaches: dict[int, dict[date, int]] = defaultdict(dict)

    def days(self) -> list[date]:
        """The plan's first day, and those within it on which anything changes."""
        spans: list[Span] = [span for runs in self.kept.values() for span, _ in runs]
        spans += [span for runs in self.kept_reaches.values() for span, _ in runs]
        found = {day for span in spans for day in span} | change_days(self.places)
        found |= {day for each in self.asked.values() for day in each.asked.bounds}
        found |= {from_on for changes in self.changes.values() for from_on, _ in changes}
        first, last = self.plan.starts_on, self.plan.ends_on
        return [first, *sorted(day for day in found if first < day <= last)]

    def work_out(self, day: date) -> None:
        """What holds on the day, from the lowest units up."""
        lines = {unit_id: line_on(places, day) for unit_id, places in self.places.items()}
        below: dict[int, list[int]] = defaultdict(list)
        for unit_id, line in lines.items():
            if len(line) > 1:
                below[line[-2]].append(unit_id)
        for unit_id in sorted(self.units, key=lambda unit: -len(lines[unit])):
            self._work_out_unit(unit_id, lines[unit_id], below[unit_id], day)

    def _work_out_unit(self, unit_id: int, line: Line, below: list[int], day: date) -> None:
        asked = set()
        if self.plan.unit_id in line:
            asked = {each for each in self.assigned[unit_id] if day in self.asked[each].asked}
        for indicator_id, indicator in self.indicators.items():
            key = unit_id, indicator_id
            own = in_force(self.changes.get(key, ()), day) or AimState()
            own = replace(own, reporters=int(indicator_id in asked))
            children = [self._state(child, indicator_id, day) for child in below]
            self.states[key][day] = with_below(own, children, is_additive=indicator.is_additive)
        self.reaches[unit_id][day] = int(bool(asked)) + sum(self._reach(child, day) for child in below)

    def _state(self, unit_id: int, indicator_id: int, day: date) -> AimState:
        if unit_id in self.units:
            return self.states[unit_id, indicator_id][day]
        return state_on(self.kept.get((unit_id, indicator_id), ()), day) or AimState()

    def _reach(self, unit_id: int, day: date) -> int:
        if unit_id in self.units:
            return self.reaches[unit_id][day]
        return state_on(self.kept_reaches.get(unit_id, ()), day) or 0


def _write_targets(
    plan: PlanDays,
    units: set[int],
    indicators: Collection[int],
    days: list[date],
    states: Mapping[UnitIndicator, Mapping[date, AimState]],
) -> None:
    db.session.execute(
        delete(Target).where(
            Target.unit_id.in_(sorted(units)),
            Target.plan_id == plan.id,
            Target.indicator_id.in_(sorted(indicators)),
        )
    )
    rows = [
        {
            "unit_id": unit_id,
            "plan_id": plan.id,
            "indicator_id": indicator_id,
            "from_on": from_on,
            "until_on": until_on,
            "reporters": state.reporters,
            **{
                name: None if amount is None else unscale(amount)
                for name, amount in (
                    ("target", state.target),
                    ("baseline", state.baseline),
                    ("below_target", state.below_target),
                    ("below_baseline", state.below_baseline),
                )
            },
        }
        for (unit_id, indicator_id), by_day in sorted(states.items())
        for (from_on, until_on), state in spans_of(days, FOREVER, by_day.__getitem__)
    ]
    if rows:
        db.session.execute(insert(Target), rows)


def _write_reaches(
    plan: PlanDays, units: set[int], days: list[date], reaches: Mapping[int, Mapping[date, int]]
) -> None:
    db.session.execute(
        delete(PlanReach).where(PlanReach.plan_id == plan.id, PlanReach.unit_id.in_(sorted(units)))
    )
    rows = [
        {
            "plan_id": plan.id,
            "unit_id": unit_id,
            "from_on": from_on,
            "until_on": until_on,
            "reporters": reporters,
        }
        for unit_id, by_day in sorted(reaches.items())
        for (from_on, until_on), reporters in spans_of(days, FOREVER, by_day.__getitem__)
    ]
    if rows:
        db.session.execute(insert(PlanReach), rows)
