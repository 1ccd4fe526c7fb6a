"""What a sheet would make of an indicator: its total, its rate and its signal at the period's end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from tracker.domain.measures import Measure, ratio_factor
from tracker.domain.progress import Aim, Calendar, Position, position
from tracker.domain.rollup import ValueState
from tracker.domain.schedule import schedule_progress
from tracker.features.reports.queries.sheet import Cell, ReportHandle


class CellContent(Protocol):
    """What stands, or is to stand, in a cell."""

    @property
    def state(self) -> ValueState | None:
        """Whether it is a value; None where the cell is blank."""

    @property
    def value(self) -> Decimal | None:
        """The value or the numerator, as it is stored."""

    @property
    def denominator(self) -> Decimal | None:
        """The denominator."""


@dataclass(frozen=True)
class Prospect:
    """An indicator at the end of the sheet's period, were the sheet approved as it stands.

    ``entered`` is the sum of what the sheet's own cells say. ``position`` is None where the sheet
    alone does not decide it: without a target, or with units below that report as well.
    """

    entered: Decimal | None
    actual: Fraction | None
    position: Position | None


def prospect_of(sheet: ReportHandle, cells: Sequence[tuple[Cell, CellContent | None]]) -> Prospect:
    """The prospect of one indicator: its cells in the sheet, each with what stands in it."""
    cell = cells[0][0]
    indicator, aim = cell.indicator, cell.aim
    said = [content.value for _, content in cells if content and content.value is not None]
    actual = _actual(indicator.measure, cells)
    if actual is not None and indicator.measure.has_denominator:
        actual *= ratio_factor(indicator.unit_of_measure)
    found = None
    if aim is not None and aim.aim.target is not None and aim.reporters <= 1:
        found = position(
            actual=actual,
            aim=Aim(aim.aim.target, aim.aim.baseline),
            direction=indicator.direction,
            schedule_share=schedule_progress(
                indicator.schedule,
                starts_on=sheet.plan.starts_on,
                ends_on=sheet.plan.ends_on,
                as_of=sheet.period.ends_on,
                curve=indicator.curve,
            ),
            limits=sheet.plan.limits,
            # How many periods are left decides only what is needed in each of them, which is not asked here.
            calendar=Calendar(sheet.period.ends_on, indicator.due_on, 0),
        )
    return Prospect(sum(said, Decimal(0)) if said else None, actual, found)


def _actual(measure: Measure, cells: Sequence[tuple[Cell, CellContent | None]]) -> Fraction | None:
    """The figure with this period's values, in shares of one for what has a denominator."""
    values: list[Decimal] = []
    wholes: list[Decimal] = []
    for cell, content in cells:
        if measure is Measure.FLOW:
            values += cell.earlier_values
        is_silent = content is None or content.state is None
        stands = cell.last if is_silent and measure.carries_forward else content
        if stands is not None and stands.value is not None:
            values.append(stands.value)
            wholes.append(stands.denominator or Decimal(0))
    if not values:
        return None
    total = Fraction(sum(values, Decimal(0)))
    if not measure.has_denominator:
        return total
    whole = Fraction(sum(wholes, Decimal(0)))
    return total / whole if whole else None
