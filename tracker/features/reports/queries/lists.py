"""Lists of reports, started or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
)

from tracker.core.access import EVERYWHERE, Scope
from tracker.core.db import db
from tracker.domain.review import WAITING, ReportState
from tracker.domain.roles import Permission
from tracker.features.org.models import OrgUnit, UnitPlace
from tracker.features.org.queries import UNIT_COLUMNS, UnitRow, units_called
from tracker.features.plans.models import Assignment, Indicator, Period, Plan, PlanReach
from tracker.features.plans.queries import PERIOD_COLUMNS, PeriodRow, is_asked, open_periods
from tracker.features.reports.models import Entry, Report

MOST_PERIODS = 60
"""Periods to choose from in a list."""

_UNIT_ENDS = len(UNIT_COLUMNS)
_PERIOD_ENDS = _UNIT_ENDS + len(PERIOD_COLUMNS)


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
    report_id: int | None = None
    version: int = 0
    odd: int = 0
    handed_in_on: date | None = None
    returned_cells: int = 0

    @property
    def is_late(self) -> bool:
        """Whether it was first handed in after the end of its due day."""
        return self.period.is_late_on(self.handed_in_on)


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to: a period by its code, units by what was typed and the ids it has found."""

    period: str = ""
    unit: str = ""
    unit_ids: tuple[int, ...] = ()


def wanted_of(scope: Scope, permission: Permission, *, period: str = "", unit: str = "") -> Wanted:
    """What a list is asked for; units are found by name, code or the initials of their pinyin."""
    unit = unit.strip()
    return Wanted(period, unit, units_called(scope, permission, unit) if unit else ())


def report_list(
    scope: Scope,
    permission: Permission,
    *,
    until: date,
    states: Sequence[ReportState] = (),
    wanted: Wanted = Wanted(),
    limit: int,
    offset: int = 0,
) -> list[ReportListRow]:
    """Reports of periods that began by ``until``: returned first, then by what needs doing, latest period.

    Of those that wait for review, the ones with odd values come first.
    """
    state = func.coalesce(Report.state, literal(ReportState.NOT_STARTED.value))
    order = case(
        (state == ReportState.RETURNED.value, 0),
        (state.in_([each.value for each in WAITING]), 1),
        (state == ReportState.DRAFT.value, 2),
        (state == ReportState.NOT_STARTED.value, 3),
        else_=4,
    )
    odd_first = case((and_(Report.state.in_(WAITING), Report.odd > 0), 0), else_=1)
    rows = db.session.execute(
        _listed(scope, permission, until, states, wanted)
        .order_by(order, odd_first, Period.ends_on.desc(), OrgUnit.path)
        .limit(limit)
        .offset(offset)
    ).all()
    filled = _filled([row.report_id for row in rows if row.report_id is not None])
    nothing = (0, 0)
    return [
        ReportListRow(
            unit=UnitRow(*row[:_UNIT_ENDS]),
            plan_code=row.plan_code,
            period=PeriodRow(*row[_UNIT_ENDS:_PERIOD_ENDS]),
            state=ReportState(row.state or ReportState.NOT_STARTED),
            submitted_at=row.submitted_at,
            reason=row.reason,
            filled=filled.get(row.report_id, nothing)[0],
            total=row.total,
            report_id=row.report_id,
            version=row.version or 0,
            odd=row.odd or 0,
            handed_in_on=row.handed_in_on,
            returned_cells=filled.get(row.report_id, nothing)[1],
        )
        for row in rows
    ]


def count_states(
    scope: Scope, permission: Permission, *, until: date, wanted: Wanted = Wanted()
) -> dict[ReportState, int]:
    """How many reports stand in each state."""
    listed = _listed(scope, permission, until, (), wanted).subquery()
    rows = db.session.execute(select(listed.c.state, func.count()).group_by(listed.c.state))
    return {ReportState(state or ReportState.NOT_STARTED): int(count) for state, count in rows}


def begun_periods(
    scope: Scope, permission: Permission, *wanted_of: ColumnElement[bool], until: date
) -> list[str]:
    """The codes of the periods that have begun of plans to which units in scope report, the latest first.

    ``wanted_of`` narrows them.
    """
    paths = scope.paths(permission)
    below = PlanReach.unit_id.in_([int(path.rstrip("/").rsplit("/", 1)[-1]) for path in paths if path])
    reached = select(PlanReach.plan_id).where(true() if EVERYWHERE in paths else below)
    return list(
        db.session.scalars(
            select(Period.code)
            .where(Period.plan_id.in_(reached), Period.starts_on <= until, *wanted_of)
            .group_by(Period.code)
            .order_by(func.max(Period.ends_on).desc(), Period.code)
            .limit(MOST_PERIODS)
        )
    )


def periods_not_asked(scope: Scope, permission: Permission, *, until: date) -> list[str]:
    """The codes of open periods that have begun, but lie before the first one to report, the latest first."""
    return begun_periods(scope, permission, Period.is_expected.is_(False), open_periods(), until=until)


def _listed(
    scope: Scope, permission: Permission, until: date, states: Sequence[ReportState], wanted: Wanted
) -> Any:
    """Every (reporting unit, begun period) in scope with its report, if there is one.

    Of a period for which no reports are asked, those that were begun; all only when it is ``wanted``.
    """
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
            *UNIT_COLUMNS,
            *PERIOD_COLUMNS,
            Plan.code.label("plan_code"),
            Report.id.label("report_id"),
            Report.state.label("state"),
            Report.submitted_at,
            Report.reason,
            Report.version,
            Report.odd,
            Report.handed_in_on,
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
            or_(Report.id.is_not(None), and_(or_(reporting.c.always == 1, _asked()), below_plan())),
        )
    )
    if states:
        in_state: list[ColumnElement[bool]] = [Report.state.in_(states)]
        if ReportState.NOT_STARTED in states:
            in_state.append(Report.id.is_(None))
        query = query.where(or_(*in_state))
    if wanted.period:
        query = query.where(Period.code == wanted.period)
    else:
        query = query.where(or_(Report.id.is_not(None), Period.is_expected))
    if wanted.unit:
        # Written out, because databases allow fewer parameters than a county has units.
        ids: BindParameter[int] = bindparam(
            "wanted_units", wanted.unit_ids, expanding=True, literal_execute=True
        )
        query = query.where(OrgUnit.id.in_(ids))
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


def below_plan() -> ColumnElement[bool]:
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


def _filled(report_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Indicators that say something, and cells that are to be mended, by report."""
    says = case((Entry.state.is_not(None), Entry.indicator_id))
    rows = db.session.execute(
        select(Entry.report_id, func.count(func.distinct(says)), func.count(Entry.return_reason))
        .where(
            Entry.report_id.in_(report_ids), or_(Entry.state.is_not(None), Entry.return_reason.is_not(None))
        )
        .group_by(Entry.report_id)
    )
    return {report_id: (int(filled), int(returned)) for report_id, filled, returned in rows}
