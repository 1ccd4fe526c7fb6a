"""What was known at the end of an earlier day: the figures from the revisions that counted then.

Where units stood, what indicators mean, and who reports what is as it is kept now; only what was entered,
approved and aimed at has moments of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import or_, select

from tracker.core.clock import end_of
from tracker.core.db import db
from tracker.domain.places import Places, line_on
from tracker.domain.rollup import WHOLE, Difference, Reported, ValueState
from tracker.features.org.queries import UnitRow
from tracker.features.places.queries import places_of
from tracker.features.plans.queries import indicators_of, known_aims
from tracker.features.progress.queries import Clockwork, Known
from tracker.features.reports.models import Entry, EntryRevision
from tracker.features.reports.queries.counted import raw
from tracker.features.reports.queries.rebuilt import rebuilt_balances

MOST_NAMED = 900
"""Units named in a statement; of more of them everything is read, and the others are passed over."""


@dataclass
class _Counted:
    """What counted at a moment, read once."""

    entries: dict[tuple[int, int], list[Reported]] = field(default_factory=lambda: defaultdict(list))
    reports: set[tuple[int, date]] = field(default_factory=set)
    reasons: dict[tuple[int, int], str] = field(default_factory=dict)


def known_at(unit: UnitRow, clock: Clockwork, day: date) -> Known:
    """Figures and aims of a unit, and of those that ever stood below it, as known at the end of ``day``.

    In a fixed number of statements, which read as much as was ever entered there.
    """
    until = end_of(day)
    everywhere = places_of()
    places = {
        unit_id: found
        for unit_id, found in everywhere.items()
        if any(unit.id in place.line for place in found)
    }
    counted = _counted(clock, places, until)
    measures = {indicator.id: indicator.measure for indicator in indicators_of(clock.plan)}
    balances: dict[int, dict[tuple[int, int], dict[date, Difference]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for (holder, indicator_id, category_id, ordinal), difference in rebuilt_balances(
        clock.plan, counted.entries, measures, places
    ).items():
        # What changed places after its last report ends where it left, after the data date perhaps.
        ends_on = date.fromordinal(ordinal)
        if difference and ends_on <= clock.as_of:
            balances[holder][indicator_id, category_id][ends_on] = difference
    return Known(
        day=day,
        balances=balances,
        aims=known_aims(clock.plan, everywhere, as_of=clock.day, until=until),
        approved=_approved(counted, places),
        reasons=counted.reasons,
    )


def _counted(clock: Clockwork, places: Mapping[int, Places], until: datetime) -> _Counted:
    query = (
        select(
            Entry.unit_id,
            Entry.indicator_id,
            Entry.category_id,
            Entry.ends_on,
            EntryRevision.state,
            raw(EntryRevision.value),
            raw(EntryRevision.denominator),
            EntryRevision.reason,
        )
        .join(EntryRevision, EntryRevision.entry_id == Entry.id)
        .where(
            Entry.plan_id == clock.plan.id,
            EntryRevision.approved_at < until,
            or_(EntryRevision.uncounted_at.is_(None), EntryRevision.uncounted_at >= until),
            EntryRevision.state.is_not(None),
        )
        .order_by(Entry.ends_on)
    )
    if len(places) <= MOST_NAMED:
        query = query.where(Entry.unit_id.in_(sorted(places)))
    found = _Counted()
    for unit_id, indicator_id, category, ends_on, state, value, whole, reason in db.session.execute(query):
        if unit_id not in places or state is None:
            continue
        found.entries[unit_id, indicator_id].append(Reported(category or WHOLE, ends_on, state, value, whole))
        found.reports.add((unit_id, ends_on))
        if state is ValueState.NOT_APPLICABLE and ends_on <= clock.as_of:
            found.reasons[unit_id, indicator_id] = reason or ""
    return found


def _approved(counted: _Counted, places: Mapping[int, Places]) -> dict[tuple[int, date], int]:
    """Nothing is submitted without a figure, so a report counted when any of its figures did."""
    found: dict[tuple[int, date], int] = defaultdict(int)
    for unit_id, ends_on in counted.reports:
        for above in line_on(places[unit_id], ends_on):
            found[above, ends_on] += 1
    return dict(found)
