"""Reading reports: one sheet with everything its cells need, lists, and what the balances should be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select

from tracker.core.access import Scope
from tracker.core.audit import AuditRecord
from tracker.core.db import db, scale
from tracker.domain.errors import N_, NotFoundError
from tracker.domain.review import ReportState
from tracker.domain.roles import Permission
from tracker.domain.rollup import WHOLE, Reported, ValueState
from tracker.features.accounts.models import User
from tracker.features.org.models import OrgUnit
from tracker.features.org.queries import UnitRow, get_unit
from tracker.features.plans.models import Assignment, Indicator, Period, Plan, PlanReach
from tracker.features.plans.queries import (
    AimRow,
    CategoryRow,
    IndicatorRow,
    Name,
    PeriodRow,
    PlanRow,
    aims_of,
    assigned_to,
    get_plan,
    indicators_of,
    periods_of_plan,
)
from tracker.features.reports.models import Entry, Report, ReportTally

CellKey = tuple[int, int]
"""(indicator id, category id or 0)."""


@dataclass(frozen=True)
class EntryRow:
    """What one cell holds."""

    id: int
    ends_on: date
    state: ValueState | None
    value: Decimal | None
    denominator: Decimal | None
    reason: str | None
    note: str | None
    revision: int

    @property
    def content(self) -> tuple[object, ...]:
        """What the next revision would have to differ in."""
        return (self.state, self.value, self.denominator, self.reason, self.note)


@dataclass(frozen=True)
class ReportRow:
    """Where a sheet stands in its life."""

    id: int
    state: ReportState
    version: int
    reason: str | None
    submitted_at: datetime | None
    reviewed_at: datetime | None


@dataclass(frozen=True)
class Cell:
    """One cell of a sheet: its entry, and those of earlier periods in order."""

    indicator: IndicatorRow
    category: CategoryRow | None
    aim: AimRow | None
    entry: EntryRow | None
    earlier: tuple[EntryRow, ...]

    @property
    def key(self) -> CellKey:
        """The cell's place in the sheet."""
        return self.indicator.id, self.category.id if self.category else WHOLE

    @property
    def earlier_values(self) -> list[Decimal]:
        """Earlier values, the silent and not applicable periods left out."""
        return [row.value for row in self.earlier if row.value is not None]

    @property
    def total_before(self) -> Decimal:
        """The running total up to the period before."""
        return sum(self.earlier_values, Decimal(0))

    @property
    def last(self) -> EntryRow | None:
        """The latest earlier entry that says something."""
        return next((row for row in reversed(self.earlier) if row.state is not None), None)


@dataclass(frozen=True)
class Sheet:
    """One unit's report for one period. ``report`` is None until something is saved."""

    unit: UnitRow
    plan: PlanRow
    period: PeriodRow
    report: ReportRow | None
    cells: tuple[Cell, ...]

    @property
    def state(self) -> ReportState:
        """Where the report stands."""
        return self.report.state if self.report else ReportState.NOT_STARTED

    @property
    def version(self) -> int:
        """The version that a writer must have seen."""
        return self.report.version if self.report else 0

    @property
    def filled(self) -> int:
        """Cells that say something."""
        return sum(1 for cell in self.cells if cell.entry and cell.entry.state is not None)

    @property
    def subject(self) -> str:
        """The report's name in the audit log."""
        return f"report {self.plan.code}/{self.unit.code} {self.period.code}"


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


@dataclass(frozen=True)
class HistoryRow:
    """A step in the life of a report."""

    at: datetime
    action: str
    actor: Name
    reason: str | None


def get_sheet(
    scope: Scope, permission: Permission, *, plan_code: str, unit_code: str, period_code: str
) -> Sheet:
    """The sheet, started or not. Raises :class:`NotFoundError` when out of scope or not reported there."""
    unit = get_unit(scope, permission, unit_code)
    plan = get_plan(unit, as_of=None, code=plan_code)
    period = next((p for p in periods_of_plan(plan.id) if p.code == period_code), None)
    assigned = assigned_to(unit.id, plan.id)
    if period is None or not assigned:
        raise NotFoundError(N_("There is no such report."))
    report = db.session.execute(
        select(
            Report.id, Report.state, Report.version, Report.reason, Report.submitted_at, Report.reviewed_at
        ).where(Report.unit_id == unit.id, Report.period_id == period.id)
    ).first()
    aims = aims_of([unit.id], plan.id)
    entries = _entries(unit.id, plan.id, period.ends_on)
    cells = []
    for indicator in indicators_of(plan):
        if indicator.id not in assigned:
            continue
        for category in indicator.categories or (None,):
            rows = entries[indicator.id, category.id if category else WHOLE]
            now = rows[-1] if rows and rows[-1].ends_on == period.ends_on else None
            earlier = tuple(row for row in rows if row.ends_on < period.ends_on)
            cells.append(Cell(indicator, category, aims.get((unit.id, indicator.id)), now, earlier))
    return Sheet(unit, plan, period, ReportRow(*report) if report else None, tuple(cells))


def _entries(unit_id: int, plan_id: int, until: date) -> dict[CellKey, list[EntryRow]]:
    found: dict[CellKey, list[EntryRow]] = defaultdict(list)
    for indicator_id, category_id, *rest in db.session.execute(
        select(
            Entry.indicator_id,
            Entry.category_id,
            Entry.id,
            Entry.ends_on,
            Entry.state,
            Entry.value,
            Entry.denominator,
            Entry.reason,
            Entry.note,
            Entry.revision,
        )
        .where(Entry.unit_id == unit_id, Entry.plan_id == plan_id, Entry.ends_on <= until)
        .order_by(Entry.ends_on)
    ):
        found[indicator_id, category_id or WHOLE].append(EntryRow(*rest))
    return found


def counted_series(unit_id: int, plan_id: int) -> dict[int, list[Reported]]:
    """The unit's counted entries of a plan by indicator, in scaled integers."""
    found: dict[int, list[Reported]] = defaultdict(list)
    for (_, indicator_id), entry in _counted(and_(Entry.unit_id == unit_id, Entry.plan_id == plan_id)):
        found[indicator_id].append(entry)
    return found


def counted_of_plan(plan_id: int) -> dict[tuple[int, int], list[Reported]]:
    """All counted entries of a plan by (unit id, indicator id), for checking the balances."""
    found: dict[tuple[int, int], list[Reported]] = defaultdict(list)
    for key, entry in _counted(Entry.plan_id == plan_id):
        found[key].append(entry)
    return found


def _counted(condition: ColumnElement[bool]) -> list[tuple[tuple[int, int], Reported]]:
    rows = db.session.execute(
        select(
            Entry.unit_id,
            Entry.indicator_id,
            Entry.category_id,
            Entry.ends_on,
            Entry.counted_state,
            Entry.counted_value,
            Entry.counted_denominator,
        ).where(condition, Entry.counted_state.is_not(None))
    )
    return [
        (
            (unit_id, indicator_id),
            Reported(
                category_id or WHOLE, ends_on, state, scale(value or Decimal(0)), scale(whole or Decimal(0))
            ),
        )
        for unit_id, indicator_id, category_id, ends_on, state, value, whole in rows
    ]


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
            period=PeriodRow(*row[7:14]),
            state=ReportState(row.state or ReportState.NOT_STARTED),
            submitted_at=row.submitted_at,
            reason=row.reason,
            filled=filled.get(row.report_id, 0),
            total=row.total,
        )
        for row in rows
    ]


def count_reports(
    scope: Scope, permission: Permission, *, until: date, states: Sequence[ReportState] = ()
) -> int:
    """How many rows :func:`report_list` has in all."""
    query = _listed(scope, permission, until, states).subquery()
    return int(db.session.execute(select(func.count()).select_from(query)).scalar_one())


def count_states(scope: Scope, permission: Permission, *, until: date) -> dict[ReportState, int]:
    """How many reports stand in each state."""
    listed = _listed(scope, permission, until, ()).subquery()
    rows = db.session.execute(select(listed.c.state, func.count()).group_by(listed.c.state))
    return {ReportState(state or ReportState.NOT_STARTED): int(count) for state, count in rows}


def _listed(
    scope: Scope, permission: Permission, until: date, states: Sequence[ReportState]
) -> Select[tuple[object, ...]]:
    """Every (reporting unit, begun period) in scope with its report, if there is one."""
    total = (
        select(func.count())
        .select_from(Assignment)
        .join(Indicator, Indicator.id == Assignment.indicator_id)
        .where(Assignment.unit_id == OrgUnit.id, Indicator.plan_id == Period.plan_id)
        .correlate(OrgUnit, Period)
        .scalar_subquery()
    )
    reporting = (
        select(Assignment.unit_id, Indicator.plan_id)
        .join(Indicator, Indicator.id == Assignment.indicator_id)
        .distinct()
        .subquery()
    )
    query = (
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
        .where(Period.starts_on <= until, scope.clause(permission, OrgUnit.path))
    )
    if states:
        wanted: list[ColumnElement[bool]] = [Report.state.in_(states)]
        if ReportState.NOT_STARTED in states:
            wanted.append(Report.id.is_(None))
        query = query.where(or_(*wanted))
    return query


def _filled(report_ids: Sequence[int]) -> dict[int, int]:
    """Indicators that say something, by report."""
    rows = db.session.execute(
        select(Entry.report_id, func.count(func.distinct(Entry.indicator_id)))
        .where(Entry.report_id.in_(report_ids), Entry.state.is_not(None))
        .group_by(Entry.report_id)
    )
    return {report_id: int(count) for report_id, count in rows}


def tallies(period_ids: Sequence[int], unit_ids: Sequence[int]) -> dict[tuple[int, ReportState], int]:
    """Reports at or below each unit by state, over the periods: by (unit id, state)."""
    rows = db.session.execute(
        select(ReportTally.unit_id, ReportTally.state, func.sum(ReportTally.reports))
        .where(ReportTally.unit_id.in_(unit_ids), ReportTally.period_id.in_(period_ids))
        .group_by(ReportTally.unit_id, ReportTally.state)
    )
    return {(unit_id, state): int(reports) for unit_id, state, reports in rows}


def count_submitted(paths: Sequence[str]) -> int:
    """Reports waiting for review at or below the units of these paths."""
    if not paths:
        return 0
    ids = _ids(paths)
    found = db.session.execute(
        select(func.coalesce(func.sum(ReportTally.reports), 0)).where(
            ReportTally.unit_id.in_(ids), ReportTally.state == ReportState.SUBMITTED
        )
    )
    return int(found.scalar_one())


def tallies_from_reports() -> dict[tuple[int, int, ReportState], int]:
    """What the tallies should be, counted from the reports themselves, for checking."""
    found: dict[tuple[int, int, ReportState], int] = defaultdict(int)
    for path, period_id, state in db.session.execute(
        select(OrgUnit.path, Report.period_id, Report.state).join(OrgUnit, OrgUnit.id == Report.unit_id)
    ):
        for unit_id in path.split("/")[:-1]:
            found[int(unit_id), period_id, state] += 1
    return dict(found)


def tallies_kept() -> dict[tuple[int, int, ReportState], int]:
    """The tallies as they stand, the empty ones left out."""
    rows = db.session.execute(
        select(ReportTally.unit_id, ReportTally.period_id, ReportTally.state, ReportTally.reports).where(
            ReportTally.reports != 0
        )
    )
    return {(unit_id, period_id, state): reports for unit_id, period_id, state, reports in rows}


def history_of(sheet: Sheet) -> list[HistoryRow]:
    """The steps of a report's life, the latest first; savings between them are left to the audit log."""
    rows = db.session.execute(
        select(
            AuditRecord.at,
            AuditRecord.action,
            func.coalesce(User.label, AuditRecord.actor_name),
            User.label_en,
            AuditRecord.difference,
        )
        .outerjoin(User, User.id == AuditRecord.actor_id)
        .where(AuditRecord.subject == sheet.subject, AuditRecord.action != "report.save")
        .order_by(AuditRecord.id.desc())
    )
    return [
        HistoryRow(at, action, Name(label, label_en), _reason_in(difference))
        for at, action, label, label_en, difference in rows
    ]


def _reason_in(difference: str) -> str | None:
    """The reason that a record of the audit log holds, if any."""
    _, found, rest = difference.partition("reason: ")
    return rest.partition(" → ")[2] if found else None


def count_unfinished(paths: Sequence[str], *, until: date) -> int:
    """Reports of periods begun by ``until``, at or below the units of these paths, not yet handed in."""
    ids = _ids(paths)
    begun = (
        select(Period.plan_id, func.count().label("periods"))
        .where(Period.starts_on <= until)
        .group_by(Period.plan_id)
        .subquery()
    )
    due = db.session.scalar(
        select(func.sum(PlanReach.reporters * begun.c.periods))
        .join(begun, begun.c.plan_id == PlanReach.plan_id)
        .where(PlanReach.unit_id.in_(ids))
    )
    done = db.session.scalar(
        select(func.sum(ReportTally.reports))
        .join(Period, Period.id == ReportTally.period_id)
        .where(
            ReportTally.unit_id.in_(ids),
            ReportTally.state.in_([ReportState.SUBMITTED, ReportState.APPROVED]),
            Period.starts_on <= until,
        )
    )
    return int(due or 0) - int(done or 0)


def _ids(paths: Sequence[str]) -> list[int]:
    return [int(path.rstrip("/").rsplit("/", 1)[-1]) for path in paths if path]


def reasons_not_applicable(indicator_id: int, unit_ids: Sequence[int], as_of: date) -> dict[int, str]:
    """Why an indicator does not apply, by unit: the latest counted reason up to the data date."""
    rows = db.session.execute(
        select(Entry.unit_id, Entry.reason)
        .where(
            Entry.indicator_id == indicator_id,
            Entry.unit_id.in_(unit_ids),
            Entry.ends_on <= as_of,
            Entry.counted_state == ValueState.NOT_APPLICABLE,
        )
        .order_by(Entry.ends_on)
    )
    return {unit_id: reason or "" for unit_id, reason in rows}
