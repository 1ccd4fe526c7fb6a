"""Where do we stand: positions from the balances, the one answer behind page, sheet, API and CLI."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from sqlalchemy import select

from tracker.core.db import db
from tracker.domain.measures import Measure, ratio_factor
from tracker.domain.numbers import PLACES
from tracker.domain.progress import Aim, Calendar, Position, position
from tracker.domain.rollup import Difference
from tracker.domain.schedule import schedule_progress
from tracker.features.org.queries import UnitRow
from tracker.features.plans.queries import AimRow, IndicatorRow, indicators_of
from tracker.features.progress.models import Balance
from tracker.features.progress.queries.clock import Clockwork
from tracker.features.progress.queries.figures import (
    AMOUNTS,
    aims_at,
    category_totals,
    series_of_indicator,
    series_of_unit,
)


@dataclass(frozen=True)
class Coverage:
    """Units behind a figure: reported in the last period, asked for it, not applicable, and counted in it.

    ``reporters`` are asked in general; ``is_asked`` says whether they are for the last period as well.
    """

    reported: int
    reporters: int
    not_applicable: int
    covered: int
    is_asked: bool = True

    @property
    def expected(self) -> int:
        """Units that were to report; where nobody was asked, those that did."""
        return self.reporters if self.is_asked else min(self.reported, self.reporters)

    @property
    def missing(self) -> int:
        """Units that were to report and have not."""
        return self.expected - self.reported

    @property
    def is_not_applicable(self) -> bool:
        """Whether every unit that reports the figure has said that it does not apply."""
        return self.not_applicable > 0 and not self.covered and self.reporters <= 0


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


def standings(unit: UnitRow, clock: Clockwork) -> list[Standing]:
    """The indicators that the unit has to do with, in the plan's order. A fixed number of statements.

    Those are the ones that it or a unit below reports, has reported, or has a target for.
    """
    aims = aims_at([unit.id], clock)
    series = series_of_unit(unit.id, clock)
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
    aims = aims_at(ids, clock, indicator.id)
    found = series_of_indicator(indicator, ids, clock)
    return [
        UnitStanding(unit, judge(indicator, aims.get((unit.id, indicator.id)), found.get(unit.id, {}), clock))
        for unit in units
    ]


def category_actuals(unit: UnitRow, indicator: IndicatorRow, clock: Clockwork) -> dict[int, Fraction | None]:
    """The actual of each category of an indicator at a unit, by category id."""
    found = category_totals(unit.id, indicator, clock)
    return {category_id: actual_of(indicator, total) for category_id, total in found.items()}


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
            reported,
            aim.reporters - total.not_applicable,
            total.not_applicable,
            total.covered,
            last is None or last.is_expected,
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


def plan_balances(
    plan_id: int, unit_ids: Collection[int] | None = None
) -> dict[tuple[int, int, int, int], Difference]:
    """All balances of a plan that are not zero, for checking: by (unit, indicator, category, day ordinal)."""
    query = select(
        Balance.unit_id, Balance.indicator_id, Balance.category_id, Balance.ends_on, *AMOUNTS
    ).where(Balance.plan_id == plan_id)
    if unit_ids is not None:
        query = query.where(Balance.unit_id.in_(sorted(unit_ids)))
    found = {
        (unit_id, indicator_id, category_id, ends_on.toordinal()): Difference(*amounts)
        for unit_id, indicator_id, category_id, ends_on, *amounts in db.session.execute(query)
    }
    return {key: difference for key, difference in found.items() if difference}
