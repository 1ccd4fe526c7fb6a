"""For which units and periods a workbook with a sheet for each unit can be had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.core.access import Scope
from tracker.domain.errors import N_, NotFoundError
from tracker.domain.roles import Permission
from tracker.features.org.queries import UnitRow, get_unit, top_units
from tracker.features.plans.queries import PeriodRow, PlanRow, get_period, get_plan, periods_of_plan, plans_of

MOST = 60
"""Periods to choose from; older figures come from sheets of one's own."""


@dataclass(frozen=True)
class WorkbookPlace:
    """A unit with all below it, and a period of one of its plans."""

    unit: UnitRow
    plan: PlanRow
    period: PeriodRow

    @property
    def code(self) -> str:
        """What stands for it in an address."""
        return f"{self.unit.code}/{self.plan.code}/{self.period.code}"


def workbook_places(scope: Scope, permission: Permission, *, until: date) -> list[WorkbookPlace]:
    """The periods that have begun of all plans of the highest units in scope, the latest first.

    Of a plan that has not begun, its first period.
    """
    found = []
    for unit in top_units(scope, permission):
        for plan in plans_of(unit):
            periods = periods_of_plan(plan.id)
            begun = [one for one in periods if one.starts_on <= until]
            found += [WorkbookPlace(unit, plan, period) for period in begun or periods[:1]]
    return sorted(found, key=lambda one: one.period.ends_on, reverse=True)[:MOST]


def usual_place(places: Sequence[WorkbookPlace], day: date) -> WorkbookPlace | None:
    """The one that is mostly wanted: of the latest period that is over, or else has begun."""
    ended = (one for one in places if one.period.ends_on < day)
    return next(ended, next(iter(places), None))


def get_workbook_place(scope: Scope, permission: Permission, code: str) -> WorkbookPlace:
    """The place of this code. Raises :class:`NotFoundError` when there is none in scope."""
    parts = code.split("/")
    if len(parts) != 3:
        raise NotFoundError(N_("There is no such report."))
    unit = get_unit(scope, permission, parts[0])
    plan = get_plan(unit, as_of=None, code=parts[1])
    return WorkbookPlace(unit, plan, get_period(plan.id, parts[2]))
