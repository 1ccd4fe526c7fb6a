"""Counted entries and reports of some units, for what follows when those units change their places."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select

from tracker.core.db import db
from tracker.domain.measures import Measure
from tracker.domain.review import ReportState
from tracker.domain.rollup import WHOLE, Reported
from tracker.features.plans.models import Assignment, Indicator, Period
from tracker.features.reports.models import Entry, Report
from tracker.features.reports.queries.counted import raw


@dataclass
class CountedSeries:
    """One indicator's counted entries at one unit."""

    unit_id: int
    indicator_id: int
    measure: Measure
    entries: list[Reported]


@dataclass(frozen=True)
class ReportOfUnit:
    """A report with the last day of its period."""

    unit_id: int
    plan_id: int
    period_id: int
    ends_on: date
    state: ReportState


def counted_of_units(plan_id: int, unit_ids: Collection[int]) -> list[CountedSeries]:
    """The counted entries of the units in one plan."""
    rows = db.session.execute(
        select(
            Entry.unit_id,
            Entry.indicator_id,
            Indicator.measure,
            Entry.category_id,
            Entry.ends_on,
            Entry.counted_state,
            raw(Entry.counted_value),
            raw(Entry.counted_denominator),
        )
        .join(Indicator, Indicator.id == Entry.indicator_id)
        .where(
            Entry.unit_id.in_(sorted(unit_ids)), Entry.plan_id == plan_id, Entry.counted_state.is_not(None)
        )
    )
    found: dict[tuple[int, int], CountedSeries] = {}
    for unit_id, indicator_id, measure, category, day, state, value, whole in rows:
        series = found.setdefault((unit_id, indicator_id), CountedSeries(unit_id, indicator_id, measure, []))
        if state is not None:
            series.entries.append(Reported(category or WHOLE, day, state, value, whole))
    return list(found.values())


def reports_since(unit_ids: Collection[int], day: date) -> list[ReportOfUnit]:
    """The reports of the units for periods that end on the day or later."""
    rows = db.session.execute(
        select(Report.unit_id, Period.plan_id, Report.period_id, Period.ends_on, Report.state)
        .join(Period, Period.id == Report.period_id)
        .where(Report.unit_id.in_(sorted(unit_ids)), Period.ends_on >= day)
        .order_by(Period.ends_on, Report.unit_id)
    )
    return [ReportOfUnit(*row) for row in rows]


def last_entry_of(indicator_id: int) -> date | None:
    """The last day of the latest period for which anybody has entered something for the indicator."""
    return db.session.scalar(
        select(func.max(Entry.ends_on))
        .join(Indicator, Indicator.id == Entry.indicator_id)
        .where(
            Entry.indicator_id == indicator_id,
            or_(Entry.state.is_not(None), Entry.counted_state.is_not(None)),
            # By unit and plan, so that the index on them serves.
            Entry.plan_id == Indicator.plan_id,
            Entry.unit_id.in_(select(Assignment.unit_id).where(Assignment.indicator_id == indicator_id)),
        )
    )


def period_ends(plan_id: int) -> list[date]:
    """The last days of a plan's periods, in order."""
    return list(
        db.session.scalars(select(Period.ends_on).where(Period.plan_id == plan_id).order_by(Period.ends_on))
    )
