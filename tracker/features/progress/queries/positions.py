"""Where do we stand: positions from the balances, the one answer behind page, sheet, API and CLI."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from sqlalchemy import func, select

from tracker.core.db import db
from tracker.domain.measures import Measure, ratio_factor
from tracker.domain.numbers import PLACES
from tracker.domain.progress import Aim, Calendar, Position, position
from tracker.domain.rollup import WHOLE, Difference
from tracker.domain.schedule import schedule_progress
from tracker.features.org.queries import UnitRow
from tracker.features.plans.queries import (
    AimRow,
    IndicatorRow,
    PeriodRow,
    PlanRow,
    aims_of,
    indicators_of,
    periods_of_plan,
)
from tracker.features.progress.models import Balance

_AMOUNTS = (
    Balance.value,
    Balance.denominator,
    Balance.covered,
    Balance.not_applicable,
    Balance.reported,
)


@dataclass(frozen=True)
class Coverage:
    """Units behind a figure: reported in the last period, expected to, not applicable, and counted in it."""

    reported: int
    expected: int
    not_applicable: int
    covered: int

    @property
    def is_not_applicable(self) -> bool:
        """Whether every unit that reports the figure has said that it does not apply."""
        return self.not_applicable > 0 and not self.covered and self.expected <= 0


@dataclass(frozen=True)
class Standing:
    """An indicator at a unit on a data date.

    ``history`` holds the actual at the end of each period up to the data date; ``increase`` is the
    change within the last of them; ``total`` the summed differences (scaled integers) themselves.
    """

    indicator: IndicatorRow
    position: Position
    coverage: Coverage
    increase: Fraction | None
    history: tuple[Fraction | None, ...]
    total: Difference

    @property
    def has_figure(self) -> bool:
        """Whether anything that was said stands in the figure: what has moved away leaves nothing behind."""
        return bool(replace(self.total, reported=0))


@dataclass(frozen=True)
class UnitStanding:
    """One indicator at one of several units."""

    unit: UnitRow
    standing: Standing


@dataclass(frozen=True)
class Clockwork:
    """The plan's calendar on a data date, shared by all of its positions."""

    plan: PlanRow
    as_of: date
    periods: tuple[PeriodRow, ...]

    @property
    def day(self) -> date:
        """The data date within the plan: places and targets after its end change nothing in it."""
        return min(max(self.as_of, self.plan.starts_on), self.plan.ends_on)

    @property
    def ended(self) -> tuple[PeriodRow, ...]:
        """Periods that belong to the data date."""
        return tuple(period for period in self.periods if period.ends_on <= self.as_of)

    @property
    def last(self) -> PeriodRow | None:
        """The latest period that belongs to the data date."""
        return self.ended[-1] if self.ended else None


def clockwork(plan: PlanRow, as_of: date) -> Clockwork:
    """The plan's calendar on a data date."""
    return Clockwork(plan, as_of, tuple(periods_of_plan(plan.id)))


def standings(unit: UnitRow, clock: Clockwork) -> list[Standing]:
    """The indicators that the unit has to do with, in the plan's order. A fixed number of statements.

    Those are the ones that it or a unit below reports, has reported, or has a target for.
    """
    aims = aims_of([unit.id], clock.plan.id, as_of=clock.day)
    series = _series(unit.id, clock)
    found = [
        judge(indicator, aims.get((unit.id, indicator.id)), series.get(indicator.id, {}), clock)
        for indicator in indicators_of(clock.plan, as_of=clock.day)
        if indicator.id in series or (unit.id, indicator.id) in aims
    ]
    return [each for each in found if each.has_figure or _concerns(aims.get((unit.id, each.indicator.id)))]


def _concerns(aim: AimRow | None) -> bool:
    return aim is not None and (aim.reporters > 0 or aim.aim.target is not None)


def standings_by_unit(
    indicator: IndicatorRow, units: Sequence[UnitRow], clock: Clockwork
) -> list[UnitStanding]:
    """One indicator at several units, in their order."""
    ids = [unit.id for unit in units]
    aims = aims_of(ids, clock.plan.id, as_of=clock.day, indicator_id=indicator.id)
    found: dict[int, dict[date, Difference]] = defaultdict(dict)
    for unit_id, ends_on, *amounts in db.session.execute(
        select(Balance.unit_id, Balance.ends_on, *_AMOUNTS).where(
            Balance.unit_id.in_(ids),
            Balance.plan_id == clock.plan.id,
            Balance.category_id == WHOLE,
            Balance.indicator_id == indicator.id,
            Balance.ends_on <= clock.as_of,
        )
    ):
        found[unit_id][ends_on] = Difference(*amounts)
    return [
        UnitStanding(unit, judge(indicator, aims.get((unit.id, indicator.id)), found[unit.id], clock))
        for unit in units
    ]


def totals_by_unit(unit_ids: Collection[int], clock: Clockwork) -> dict[tuple[int, int], Difference]:
    """Summed differences up to the data date by (unit id, indicator id), in one statement."""
    rows = db.session.execute(
        select(Balance.unit_id, Balance.indicator_id, *(func.sum(amount) for amount in _AMOUNTS))
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


def category_actuals(unit: UnitRow, indicator: IndicatorRow, clock: Clockwork) -> dict[int, Fraction | None]:
    """The actual of each category of an indicator at a unit, by category id."""
    rows = db.session.execute(
        select(
            Balance.category_id,
            func.sum(Balance.value),
            func.sum(Balance.denominator),
            func.sum(Balance.covered),
        )
        .where(
            Balance.unit_id == unit.id,
            Balance.plan_id == clock.plan.id,
            Balance.category_id.in_([category.id for category in indicator.categories]),
            Balance.indicator_id == indicator.id,
            Balance.ends_on <= clock.as_of,
        )
        .group_by(Balance.category_id)
    )
    return {
        category_id: actual_of(indicator, Difference(int(value), int(denominator), int(covered)))
        for category_id, value, denominator, covered in rows
    }


def actual_of(indicator: IndicatorRow, total: Difference) -> Fraction | None:
    """The figure that summed differences stand for, in the unit of measure; None without any value."""
    if indicator.measure.has_denominator:
        if not total.denominator:
            return None
        return Fraction(total.value, total.denominator) * ratio_factor(indicator.unit_of_measure)
    return Fraction(total.value, 10**PLACES) if total.covered else None


def judge(
    indicator: IndicatorRow, aim: AimRow | None, series: Mapping[date, Difference], clock: Clockwork
) -> Standing:
    """Position, coverage and history from one unit's differences by last day of period."""
    aim = aim or AimRow(Aim(), 0)
    total, later = Difference(), sorted(series, reverse=True)
    history: list[Fraction | None] = []
    for period in clock.ended:
        while later and later[-1] <= period.ends_on:
            total = total + series[later.pop()]
        history.append(actual_of(indicator, total))
    # Units can come and go after the last period has ended; then the figure is that of the day itself.
    for day in reversed(later):
        total = total + series[day]
    last = clock.last
    reported = sum(found.reported for day, found in series.items() if last and day >= last.ends_on)
    return Standing(
        indicator=indicator,
        position=position(
            actual=actual_of(indicator, total) if history else None,
            aim=aim.aim,
            direction=indicator.direction,
            schedule_share=schedule_progress(
                indicator.schedule,
                starts_on=clock.plan.starts_on,
                ends_on=clock.plan.ends_on,
                as_of=clock.as_of,
                curve=indicator.curve,
            ),
            limits=clock.plan.limits,
            calendar=Calendar(clock.as_of, indicator.due_on, len(clock.periods) - len(clock.ended)),
        ),
        coverage=Coverage(
            reported, aim.reporters - total.not_applicable, total.not_applicable, total.covered
        ),
        increase=_increase(indicator, history),
        history=tuple(history),
        total=total,
    )


def _increase(indicator: IndicatorRow, history: Sequence[Fraction | None]) -> Fraction | None:
    """The last period's own change; a figure that is the first one is an increase only for flows."""
    if not history or history[-1] is None:
        return None
    before = history[-2] if len(history) > 1 else None
    if before is None:
        return history[-1] if indicator.measure is Measure.FLOW else None
    return history[-1] - before


def _series(unit_id: int, clock: Clockwork) -> dict[int, dict[date, Difference]]:
    found: dict[int, dict[date, Difference]] = defaultdict(dict)
    for indicator_id, ends_on, *amounts in db.session.execute(
        select(Balance.indicator_id, Balance.ends_on, *_AMOUNTS).where(
            Balance.unit_id == unit_id,
            Balance.plan_id == clock.plan.id,
            Balance.category_id == WHOLE,
            Balance.ends_on <= clock.as_of,
        )
    ):
        found[indicator_id][ends_on] = Difference(*amounts)
    return found


def plan_balances(plan_id: int, unit_ids: Collection[int] | None = None) -> dict[tuple[int, ...], Difference]:
    """All balances of a plan that are not zero, for checking: by (unit, indicator, category, day ordinal)."""
    query = select(
        Balance.unit_id, Balance.indicator_id, Balance.category_id, Balance.ends_on, *_AMOUNTS
    ).where(Balance.plan_id == plan_id)
    if unit_ids is not None:
        query = query.where(Balance.unit_id.in_(sorted(unit_ids)))
    found = {
        (unit_id, indicator_id, category_id, ends_on.toordinal()): Difference(*amounts)
        for unit_id, indicator_id, category_id, ends_on, *amounts in db.session.execute(query)
    }
    return {key: difference for key, difference in found.items() if difference}
