"""Differences and aims as positions are made of them: as they are kept, or as they were known once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import func, select

from tracker.core.db import db
from tracker.domain.rollup import WHOLE, Difference
from tracker.features.plans.queries import AimRow, IndicatorRow, aims_of
from tracker.features.progress.models import Balance
from tracker.features.progress.queries.clock import Clockwork

AMOUNTS = (
    Balance.value,
    Balance.denominator,
    Balance.covered,
    Balance.not_applicable,
    Balance.reported,
)

BySpan = Mapping[date, Difference]
"""Differences by the last day of their period."""


def aims_at(
    unit_ids: Sequence[int], clock: Clockwork, indicator_id: int | None = None
) -> Mapping[tuple[int, int], AimRow]:
    """Aims on the data date by (unit id, indicator id)."""
    if clock.known is not None:
        return clock.known.aims
    return aims_of(unit_ids, clock.plan.id, as_of=clock.day, indicator_id=indicator_id)


def series_of_unit(unit_id: int, clock: Clockwork) -> Mapping[int, BySpan]:
    """A unit's differences up to the data date, by indicator id."""
    if clock.known is not None:
        columns = clock.known.balances.get(unit_id, {})
        return {indicator: found for (indicator, category), found in columns.items() if category == WHOLE}
    found: dict[int, dict[date, Difference]] = defaultdict(dict)
    for indicator_id, ends_on, *amounts in db.session.execute(
        select(Balance.indicator_id, Balance.ends_on, *AMOUNTS).where(
            Balance.unit_id == unit_id,
            Balance.plan_id == clock.plan.id,
            Balance.category_id == WHOLE,
            Balance.ends_on <= clock.as_of,
        )
    ):
        found[indicator_id][ends_on] = Difference(*amounts)
    return found


def series_of_indicator(
    indicator: IndicatorRow, unit_ids: Sequence[int], clock: Clockwork
) -> Mapping[int, BySpan]:
    """An indicator's differences up to the data date, by unit id."""
    if clock.known is not None:
        return {unit_id: clock.known.column(unit_id, (indicator.id, WHOLE)) for unit_id in unit_ids}
    found: dict[int, dict[date, Difference]] = defaultdict(dict)
    for unit_id, ends_on, *amounts in db.session.execute(
        select(Balance.unit_id, Balance.ends_on, *AMOUNTS).where(
            Balance.unit_id.in_(unit_ids),
            Balance.plan_id == clock.plan.id,
            Balance.category_id == WHOLE,
            Balance.indicator_id == indicator.id,
            Balance.ends_on <= clock.as_of,
        )
    ):
        found[unit_id][ends_on] = Difference(*amounts)
    return found


def totals_by_unit(unit_ids: Collection[int], clock: Clockwork) -> dict[tuple[int, int], Difference]:
    """Summed differences up to the data date by (unit id, indicator id), in one statement."""
    if clock.known is not None:
        return {
            (unit_id, indicator_id): _sum(found)
            for unit_id in unit_ids
            for indicator_id, found in series_of_unit(unit_id, clock).items()
        }
    rows = db.session.execute(
        select(Balance.unit_id, Balance.indicator_id, *(func.sum(amount) for amount in AMOUNTS))
        .where(
            Balance.unit_id.in_(sorted(unit_ids)),
            Balance.plan_id == clock.plan.id,
            Balance.category_id == WHOLE,
            Balance.ends_on <= clock.as_of,
        )
        .group_by(Balance.unit_id, Balance.indicator_id)
    )
    return {
        (unit_id, indicator_id): Difference(*map(int, amounts)) for unit_id, indicator_id, *amounts in rows
    }


def category_totals(unit_id: int, indicator: IndicatorRow, clock: Clockwork) -> dict[int, Difference]:
    """Summed value, denominator and coverage of an indicator's categories at a unit, by category id."""
    if clock.known is not None:
        columns = {
            each.id: clock.known.column(unit_id, (indicator.id, each.id)) for each in indicator.categories
        }
        return {category_id: _sum(found) for category_id, found in columns.items() if found}
    rows = db.session.execute(
        select(
            Balance.category_id,
            func.sum(Balance.value),
            func.sum(Balance.denominator),
            func.sum(Balance.covered),
        )
        .where(
            Balance.unit_id == unit_id,
            Balance.plan_id == clock.plan.id,
            Balance.category_id.in_([category.id for category in indicator.categories]),
            Balance.indicator_id == indicator.id,
            Balance.ends_on <= clock.as_of,
        )
        .group_by(Balance.category_id)
    )
    return {
        category_id: Difference(int(value), int(denominator), int(covered))
        for category_id, value, denominator, covered in rows
    }


def _sum(found: BySpan) -> Difference:
    return sum(found.values(), Difference())
