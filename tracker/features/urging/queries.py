"""Reports that are missing, and who was reminded of them when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from tracker.core.access import Scope
from tracker.core.db import db
from tracker.domain.review import ReportState
from tracker.domain.roles import Permission
from tracker.features.org.queries import top_units
from tracker.features.plans.models import Period
from tracker.features.plans.queries import PeriodRow, PlanRow, periods_of_plan, plans_of
from tracker.features.reports.queries import ReportListRow, Wanted, begun_periods, report_list
from tracker.features.urging.models import Urge

MISSING = (ReportState.NOT_STARTED, ReportState.DRAFT, ReportState.RETURNED)
MOST = 1000
"""Reports on one page; a list of more is no list to urge from."""


@dataclass(frozen=True)
class DueDay:
    """A period of a plan with the day on which its reports are due."""

    plan: PlanRow
    period: PeriodRow


def latest_ended(scope: Scope, *, until: date) -> str | None:
    """The code of the latest period whose last day is over, which is the one to ask about."""
    asked = (Period.is_expected.is_(True), Period.ends_on < until)
    return next(iter(begun_periods(scope, Permission.REVIEW_REPORTS, *asked, until=until)), None)


def periods_to_urge(scope: Scope, *, until: date) -> list[str]:
    """The codes of the periods that have begun and are asked for, the latest first."""
    return begun_periods(scope, Permission.REVIEW_REPORTS, Period.is_expected.is_(True), until=until)


def missing_reports(scope: Scope, period_code: str, *, until: date) -> list[ReportListRow]:
    """The reports of a period that are asked for, not submitted and still can be, by state and unit."""
    rows = report_list(
        scope,
        Permission.REVIEW_REPORTS,
        until=until,
        states=MISSING,
        wanted=Wanted(period=period_code),
        limit=MOST,
    )
    return [row for row in rows if row.period.is_expected and not row.period.is_locked]


def last_urges(reports: Collection[tuple[int, int]]) -> dict[tuple[int, int], date]:
    """The day of the last reminder, by unit and period id, in one statement."""
    rows = db.session.execute(
        select(Urge.unit_id, Urge.period_id, func.max(Urge.urged_on))
        .where(
            Urge.unit_id.in_(sorted({unit_id for unit_id, _ in reports})),
            Urge.period_id.in_(sorted({period_id for _, period_id in reports})),
        )
        .group_by(Urge.unit_id, Urge.period_id)
    )
    return {(unit_id, period_id): urged_on for unit_id, period_id, urged_on in rows}


def due_days(scope: Scope, *, since: date) -> list[DueDay]:
    """The due days of the plans that concern the highest units in scope and have not ended, in order.

    Of a unit that is retired only those of periods that end before its day: it is asked for no others.
    """
    found = {
        (plan.id, period.id): DueDay(plan, period)
        for unit in top_units(scope, Permission.SEE_PROGRESS)
        for plan in plans_of(unit)
        if plan.ends_on >= since
        for period in periods_of_plan(plan.id)
        if period.is_expected and not period.is_locked and not unit.is_retired_on(period.ends_on)
    }
    return sorted(found.values(), key=lambda due: (due.period.due_on, due.plan.code))
