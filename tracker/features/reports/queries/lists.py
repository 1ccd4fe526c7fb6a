"""Lists of reports, started or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, func, literal, or_, select

from tracker.core.access import Scope
from tracker.core.db import db
from tracker.domain.review import ReportState
from tracker.domain.roles import Permission
from tracker.features.org.models import OrgUnit, UnitPlace
from tracker.features.org.queries import UnitRow
from tracker.features.plans.models import Assignment, Indicator, Period, Plan
from tracker.features.plans.queries import PeriodRow, is_asked
from tracker.features.reports.models import Entry, Report


@dataclass(frozen=True)
class ReportListRow:
    """A report, started or not, in a list."""

    unit: UnitRow
    plan_code: str
    period: PeriodRow
    state: ReportState
    submitted_at: datetime | None
    reason: str | None
    filled: int
    total: int


def report_list(
    scope: Scope,
    permission: Permission,
    *,
    until: date,
    states: Sequence[ReportState] = (),
    limit: int,
    offset: int = 0,
) -> list[ReportListRow]:
    """Reports of periods that began by ``until``: returned first, then by what needs doing, latest period."""
    state = func.coalesce(Report.state, literal(ReportState.NOT_STARTED.value))
    order = case(
        (state == ReportState.RETURNED.value, 0),
        (state == ReportState.SUBMITTED.value, 1),
        (state == ReportState.DRAFT.value, 2),
        (state == ReportState.NOT_STARTED.value, 3),
        else_=4,
    )
    rows = db.session.execute(
        _listed(scope, permission, until, states)
        .order_by(order, Period.ends_on.desc(), OrgUnit.path)
        .limit(limit)
        .offset(offset)
    ).all()
    filled = _filled([row.report_id for row in rows if row.report_id is not None])
    return [
        ReportListRow(
            unit=UnitRow(*row[:6]),
            plan_code=row[6],
            period=PeriodRow(*row[7:16]),
            state=ReportState(row.state or ReportState.NOT_STARTED),
            submitted_at=row.submitted_at,
            reason=row.reason,
            filled=filled.get(row.report_id, 0),
            total=row.total,
        )
        for row in rows
    ]


def count_states(scope: Scope, permission: Permission, *, until: date) -> dict[ReportState, int]:
    """How many reports stand in each state."""
    listed = _listed(scope, permission, until, ()).subquery()
    rows = db.session.execute(select(listed.c.state, func.count()).group_by(listed.c.state))
    return {ReportState(state or ReportState.NOT_STARTED): int(count) for state, count in rows}


def _listed(scope: Scope, permission: Permission, until: date, states: Sequence[ReportState]) -> Any:
    """Every (reporting unit, begun period) in scope with its report, if there is one."""
    total = (
        select(func.count())
        .select_from(Assignment)
        .join(Indicator, Indicator.id == Assignment.indicator_id)
        .where(
            Assignment.unit_id == OrgUnit.id, Indicator.plan_id == Period.plan_id, is_asked(Period.ends_on)
        )
        .correlate(OrgUnit, Period)
        .scalar_subquery()
    )
    undated = and_(Indicator.from_on.is_(None), Indicator.retired_on.is_(None))
    reporting = (
        select(Assignment.unit_id, Indicator.plan_id, func.max(case((undated, 1), else_=0)).label("always"))
        .join(Indicator, Indicator.id == Assignment.indicator_id)
        .group_by(Assignment.unit_id, Indicator.plan_id)
        .subquery()
    )
    query: Any = (
        select(
            OrgUnit.id,
            OrgUnit.code,
            OrgUnit.name,
            OrgUnit.name_en,
            OrgUnit.kind,
            OrgUnit.path,
            Plan.code.label("plan_code"),
            Period.id.label("period_id"),
            Period.plan_id,
            Period.code.label("period_code"),
            Period.starts_on,
            Period.ends_on,
            Period.due_on,
            Period.is_locked,
            Period.lock_reason,
            Period.open_until,
            Report.id.label("report_id"),
            Report.state.label("state"),
            Report.submitted_at,
            Report.reason,
            total.label("total"),
        )
        .select_from(reporting)
        .join(OrgUnit, OrgUnit.id == reporting.c.unit_id)
        .join(Plan, Plan.id == reporting.c.plan_id)
        .join(Period, Period.plan_id == Plan.id)
        .outerjoin(Report, and_(Report.unit_id == OrgUnit.id, Report.period_id == Period.id))
        .where(
            Period.starts_on <= until,
            scope.clause(permission, OrgUnit.path),
            or_(OrgUnit.retired_on.is_(None), OrgUnit.retired_on > Period.ends_on),
            or_(Report.id.is_not(None), and_(or_(reporting.c.always == 1, _asked()), _below_plan())),
        )
    )
    if states:
        wanted: list[ColumnElement[bool]] = [Report.state.in_(states)]
        if ReportState.NOT_STARTED in states:
            wanted.append(Report.id.is_(None))
        query = query.where(or_(*wanted))
    return query


def _asked() -> ColumnElement[bool]:
    """Whether the unit is asked for an indicator that does not last for the whole plan."""
    return (
        select(literal(1))
        .select_from(Assignment)
        .join(Indicator, Indicator.id == Assignment.indicator_id)
        .where(
            Assignment.unit_id == OrgUnit.id, Indicator.plan_id == Period.plan_id, is_asked(Period.ends_on)
        )
        .correlate(OrgUnit, Period)
        .exists()
    )


def _below_plan() -> ColumnElement[bool]:
    """Whether the unit stands below the plan's unit when the period ends; only who was moved may not."""
    then = (
        select(UnitPlace.path)
        .where(UnitPlace.unit_id == OrgUnit.id, UnitPlace.until_on > Period.ends_on)
        .order_by(UnitPlace.until_on)
        .limit(1)
        .correlate(OrgUnit, Period)
        .scalar_subquery()
    )
    line = literal("/") + func.coalesce(then, OrgUnit.path)
    found = line.like(literal("%/") + cast(Plan.unit_id, String) + literal("/%"))
    return or_(OrgUnit.placed_on.is_(None), found)


def _filled(report_ids: Sequence[int]) -> dict[int, int]:
    """Indicators that say something, by report."""
    rows = db.session.execute(
        select(Entry.report_id, func.count(func.distinct(Entry.indicator_id)))
        .where(Entry.report_id.in_(report_ids), Entry.state.is_not(None))
        .group_by(Entry.report_id)
    )
    return {report_id: int(count) for report_id, count in rows}
