"""A plan's calendar on a data date, and what was known of its figures on an earlier day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tracker.domain.rollup import Difference
from tracker.features.plans.queries import AimRow, PeriodRow, PlanRow, periods_of_plan

Column = tuple[int, int]
"""(indicator id, category id or 0)."""


@dataclass(frozen=True)
class Known:
    """Figures and aims as they stood at the end of an earlier day, in place of those that are kept now.

    ``balances`` holds the differences by unit id, column and last day of the period, like the balances
    themselves; ``approved`` how many reports at or below a unit counted for a period; ``reasons`` why an
    indicator did not apply, by unit and indicator id.
    """

    day: date
    balances: Mapping[int, Mapping[Column, Mapping[date, Difference]]]
    aims: Mapping[tuple[int, int], AimRow]
    approved: Mapping[tuple[int, date], int]
    reasons: Mapping[tuple[int, int], str]

    def column(self, unit_id: int, column: Column) -> Mapping[date, Difference]:
        """The differences of one column at a unit."""
        return self.balances.get(unit_id, {}).get(column, {})


@dataclass(frozen=True)
class Clockwork:
    """The plan's calendar on a data date, shared by all of its positions."""

    plan: PlanRow
    as_of: date
    periods: tuple[PeriodRow, ...]
    known: Known | None = None

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
