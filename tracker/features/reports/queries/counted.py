"""What counts: approved entries, for posting to the balances and for checking them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, select

from tracker.core.db import db, scale
from tracker.domain.rollup import WHOLE, Reported, ValueState
from tracker.features.reports.models import Entry


def counted_series(unit_id: int, plan_id: int) -> dict[int, list[Reported]]:
    """The unit's counted entries of a plan by indicator, in scaled integers."""
    found: dict[int, list[Reported]] = defaultdict(list)
    for (_, indicator_id), entry in _counted(and_(Entry.unit_id == unit_id, Entry.plan_id == plan_id)):
        found[indicator_id].append(entry)
    return found


def counted_of_plan(plan_id: int) -> dict[tuple[int, int], list[Reported]]:
    """All counted entries of a plan by (unit id, indicator id), for checking the balances."""
    found: dict[tuple[int, int], list[Reported]] = defaultdict(list)
    for key, entry in _counted(Entry.plan_id == plan_id):
        found[key].append(entry)
    return found


def _counted(condition: ColumnElement[bool]) -> list[tuple[tuple[int, int], Reported]]:
    rows = db.session.execute(
        select(
            Entry.unit_id,
            Entry.indicator_id,
            Entry.category_id,
            Entry.ends_on,
            Entry.counted_state,
            Entry.counted_value,
            Entry.counted_denominator,
        ).where(condition, Entry.counted_state.is_not(None))
    )
    return [
        (
            (unit_id, indicator_id),
            Reported(
                category_id or WHOLE, ends_on, state, scale(value or Decimal(0)), scale(whole or Decimal(0))
            ),
        )
        for unit_id, indicator_id, category_id, ends_on, state, value, whole in rows
        if state is not None
    ]


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
