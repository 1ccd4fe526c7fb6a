"""What a figure is made of: the part of each unit that stands, or stood, right below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from tracker.core.db import db
from tracker.domain.measures import Measure
from tracker.domain.rollup import WHOLE, Difference
from tracker.features.places.queries import Former
from tracker.features.plans.models import Indicator
from tracker.features.plans.queries import indicators_of
from tracker.features.progress.models import Balance
from tracker.features.progress.queries.clock import Clockwork


@dataclass(frozen=True)
class PassingPart:
    """What a unit that came or went during the plan has in the figures of the unit above it.

    ``is_here`` says whether it stands below on the data date; ``by_indicator`` holds what it has in each
    figure on that date, by indicator id: its level while it is here, and of a flow what it added in
    the periods that ended while it was here.
    """

    former: Former
    is_here: bool
    by_indicator: dict[int, Difference]


def passing_parts(formers: Sequence[Former], clock: Clockwork) -> list[PassingPart]:
    """The parts of units that came or went, in one statement, or in none when nothing has changed."""
    if not formers:
        return []
    ids = sorted({former.unit_id for former in formers})
    found: dict[int, list[tuple[int, Measure, date, Difference]]] = defaultdict(list)
    for unit_id, indicator_id, measure, day, difference in _differences(ids, clock):
        found[unit_id].append((indicator_id, measure, day, difference))
    return [_part(former, found[former.unit_id], clock) for former in formers]


def _differences(ids: list[int], clock: Clockwork) -> Iterator[tuple[int, int, Measure, date, Difference]]:
    if clock.known is not None:
        measures = {indicator.id: indicator.measure for indicator in indicators_of(clock.plan)}
        for unit_id in ids:
            for (indicator_id, category), by_day in clock.known.balances.get(unit_id, {}).items():
                for day, difference in by_day.items() if category == WHOLE else ():
                    yield unit_id, indicator_id, measures[indicator_id], day, difference
        return
    rows = db.session.execute(
        select(
            Balance.unit_id,
            Balance.indicator_id,
            Indicator.measure,
            Balance.ends_on,
            Balance.value,
            Balance.denominator,
            Balance.covered,
            Balance.not_applicable,
            Balance.reported,
        )
        .join(Indicator, Indicator.id == Balance.indicator_id)
        .where(
            Balance.unit_id.in_(ids),
            Balance.plan_id == clock.plan.id,
            Balance.category_id == WHOLE,
            Balance.ends_on <= clock.as_of,
        )
    )
    for unit_id, indicator_id, measure, day, *amounts in rows:
        yield unit_id, indicator_id, measure, day, Difference(*amounts)


def _part(
    former: Former, rows: Sequence[tuple[int, Measure, date, Difference]], clock: Clockwork
) -> PassingPart:
    is_here = clock.day in former.stay
    sums: dict[int, Difference] = defaultdict(Difference)
    for indicator_id, measure, day, difference in rows:
        if is_here if measure.carries_forward else day in former.stay:
            sums[indicator_id] += difference
    flows = {indicator_id for indicator_id, measure, *_ in rows if not measure.carries_forward}
    return PassingPart(
        former,
        is_here,
        {key: _covering(total) if key in flows else total for key, total in sums.items()},
    )


def _covering(total: Difference) -> Difference:
    """A flow covers the figures here when anything was reported here, whatever it covered elsewhere."""
    return Difference(total.value, total.denominator, int(total.reported > 0), 0, total.reported)
