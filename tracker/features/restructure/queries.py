"""What has to be known before a unit is moved, retired or merged."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from tracker.core.access import Scope
from tracker.domain.errors import N_, NotFoundError
from tracker.domain.places import Line
from tracker.domain.roles import Permission
from tracker.features.org.queries import UnitRow, ancestors, get_unit
from tracker.features.places.queries import subtree
from tracker.features.plans.queries import PlanRow, all_plans
from tracker.features.reports.queries import ReportOfUnit, reports_since

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
