"""What counts: approved entries, for posting to the balances and for checking them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import BigInteger, ColumnElement, bindparam, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from tracker.core.db import db
from tracker.domain.measures import Measure
from tracker.domain.rollup import WHOLE, Reported, ValueState
from tracker.features.plans.models import Indicator
from tracker.features.reports.models import Entry


def raw(column: InstrumentedAttribute[Decimal | None]) -> ColumnElement[int]:
    """The integer as it is kept, 0 for none: no decimal is made of it only to be taken apart again."""
    return func.coalesce(type_coerce(column, BigInteger), 0)


_SERIES = (
    select(
        Entry.report_id,
        Entry.indicator_id,
        Indicator.measure,
        Entry.category_id,
        Entry.ends_on,
        Entry.counted_state,
        raw(Entry.counted_value),
        raw(Entry.counted_denominator),
        Entry.state,
        raw(Entry.value),
        raw(Entry.denominator),
    )
    .join(Indicator, Indicator.id == Entry.indicator_id)
    .where(Entry.unit_id == bindparam("unit"), Entry.plan_id == bindparam("plan"))
)
"""A unit's entries of a plan, counted and entered; made once, since every approval asks for it."""


@dataclass
class Series:
    """One indicator's counted entries at a unit, as they are and as they are going to be."""

    measure: Measure
    before: list[Reported]
    after: list[Reported]


def counted_before_and_after(
    unit_id: int, plan_id: int, report_id: int, *, counts: bool
) -> dict[int, Series]:
    """Counted entries by indicator, before and after a report comes to count, or ceases to.

    Read in one statement; values are scaled integers.
    """
    rows = db.session.connection().execute(_SERIES, {"unit": unit_id, "plan": plan_id})
    found: dict[int, Series] = {}
    for report, indicator_id, measure, category, day, counted, value, whole, state, new, new_whole in rows:
        series = found.setdefault(indicator_id, Series(measure, [], []))
        entry = None if counted is None else Reported(category or WHOLE, day, counted, value, whole)
        if entry is not None:
            series.before.append(entry)
        if report == report_id:
            # The whole report changes together: what it holds now counts, or nothing of it does.
            entry = Reported(category or WHOLE, day, state, new, new_whole) if counts and state else None
        if entry is not None:
            series.after.append(entry)
    return found


def counted_of_plan(plan_id: int) -> dict[tuple[int, int], list[Reported]]:
    """All counted entries of a plan by (unit id, indicator id), for checking the balances."""
    rows = db.session.execute(
        select(
            Entry.unit_id,
            Entry.indicator_id,
            Entry.category_id,
            Entry.ends_on,
            Entry.counted_state,
            raw(Entry.counted_value),
            raw(Entry.counted_denominator),
        ).where(Entry.plan_id == plan_id, Entry.counted_state.is_not(None))
    )
    found: dict[tuple[int, int], list[Reported]] = defaultdict(list)
    for unit_id, indicator_id, category, day, state, value, whole in rows:
        if state is not None:
            found[unit_id, indicator_id].append(Reported(category or WHOLE, day, state, value, whole))
    return found


def reasons_not_applicable(indicator_id: int, unit_ids: Sequence[int], as_of: date) -> dict[int, str]:
    """Why an indicator does not apply, by unit: the latest counted reason up to the data date."""
    rows = db.session.execute(
        select(Entry.unit_id, Entry.reason)
        .where(
            Entry.indicator_id == indicator_id,
            Entry.unit_id.in_(unit_ids),
            Entry.ends_on <= as_of,
            Entry.counted_state == ValueState.NOT_APPLICABLE,
        )
        .order_by(Entry.ends_on)
    )
    return {unit_id: reason or "" for unit_id, reason in rows}
