"""What has to be known before a unit is moved, retired or merged."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from tracker.core.access import Scope
from tracker.core.db import db
from tracker.domain.errors import N_, NotFoundError, StaleError
from tracker.domain.places import Line
from tracker.domain.roles import Permission
from tracker.features.org.queries import UnitRow, ancestors, get_unit
from tracker.features.places.queries import subtree
from tracker.features.plans.models import Indicator, Plan
from tracker.features.plans.queries import (
    PeriodRow,
    PlanRow,
    all_plans,
    periods_of_plan,
    stamp_of_indicator,
)
from tracker.features.reports.queries import ReportOfUnit, last_entry_of, reports_since

MANAGE = Permission.MANAGE_UNITS


def get_managed(scope: Scope, code: str) -> tuple[UnitRow, UnitRow | None]:
    """The unit and the one above it, none for the top unit.

    Raises :class:`NotFoundError` unless both lie where the person manages units: whoever holds the role
    at a unit alone cannot take that unit away from where others have put it.
    """
    unit = get_unit(scope, MANAGE, code)
    if len(unit.line) == 1:
        return unit, None
    above = ancestors(scope, MANAGE, unit)
    if not above or above[-1].id != unit.line[-2]:
        raise NotFoundError(N_("There is no unit %(code)s."), code=code)
    return unit, above[-1]


def units_to_choose(scope: Scope, unit: UnitRow) -> list[UnitRow]:
    """The units that could stand above another, or go on for it: neither it, nor below it, nor retired."""
    units = {row.id: row for path in scope.paths(MANAGE) for row in subtree(path)}
    return sorted(
        (row for row in units.values() if unit.id not in row.line and row.retired_on is None),
        key=lambda row: row.path,
    )


def tree_seen(unit: UnitRow, other: UnitRow | None) -> str:
    """What a preview depends on; when it differs, somebody has changed the tree since."""
    rows = [unit, *([other] if other else [])]
    return " ".join(f"{row.path}@{row.placed_on or ''}-{row.retired_on or ''}" for row in rows)


def plans_left(was: Line, is_: Line, since: date) -> list[PlanRow]:
    """Plans that covered a line and do not cover the other, as far as they last beyond the day."""
    return [
        plan
        for plan in all_plans()
        if plan.ends_on >= since and plan.unit_id in was and plan.unit_id not in is_
    ]


def reports_in(plans: Collection[PlanRow], unit_ids: Collection[int], since: date) -> list[ReportOfUnit]:
    """The units' reports of these plans for periods that end on the day or later."""
    ids = {plan.id for plan in plans}
    return [report for report in reports_since(unit_ids, since) if report.plan_id in ids] if ids else []


def periods_to_begin(plan: Plan, old: Indicator) -> list[PeriodRow]:
    """The periods with which another indicator can take this one's place: after all entered and locked ones.

    Not the plan's first one, since then the old one would never have been counted.
    """
    if old.retired_on is not None:
        return []
    last = max(day for day in (plan.starts_on, old.from_on, last_entry_of(old.id)) if day is not None)
    periods = periods_of_plan(plan.id)
    last = max([last, *(period.ends_on for period in periods if period.is_locked)])
    return [period for period in periods if period.starts_on > last]


def codes_of(plan: Plan) -> frozenset[str]:
    """The codes of the plan's indicators."""
    return frozenset(db.session.scalars(select(Indicator.code).where(Indicator.plan_id == plan.id)))


def indicator_seen(old: Indicator, version: str) -> None:
    """Raise :class:`StaleError` when the indicator is no longer what it was when it was looked at."""
    if stamp_of_indicator(old) != version:
        raise StaleError(
            N_("The indicator has changed since you looked. Open the page again before you decide.")
        )
