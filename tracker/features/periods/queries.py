"""Reading a plan's periods for whoever manages the plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select

from tracker.core.access import Scope
from tracker.core.clock import today
from tracker.core.db import db
from tracker.domain.aims import state_on
from tracker.domain.errors import N_, NotFoundError
from tracker.domain.periods import PeriodState, is_closed, period_state
from tracker.domain.review import WAITING, ReportState
from tracker.domain.roles import Permission
from tracker.domain.workdays import WorkCalendar, last_open_day
from tracker.features.calendar.queries import work_calendar
from tracker.features.org.models import OrgUnit
from tracker.features.org.queries import UnitRow
from tracker.features.plans.models import Period, Plan
from tracker.features.plans.queries import kept_reaches, open_periods
from tracker.features.reports.queries import tallies_by_period


@dataclass(frozen=True)
class ManagedPlan:
    """A plan whose periods may be changed, with its unit and the rule of its due dates."""

    id: int
    code: str
    name: str
    name_en: str | None
    due_workdays: int
    lock_workdays: int | None
    unit: UnitRow


@dataclass(frozen=True)
class ManagedPeriod:
    """A period with everything that may be changed about it."""

    id: int
    code: str
    starts_on: date
    ends_on: date
    due_on: date
    due_by_hand: bool
    locked_by_hand: bool
    lock_reason: str | None
    open_until: date | None
    kept_open: bool
    version: int
    is_expected: bool

    @property
    def is_locked(self) -> bool:
        """Whether the period counts as locked today, by hand or by itself."""
        return is_closed(self.open_until, is_locked=self.locked_by_hand, today=today())

    @property
    def state(self) -> PeriodState:
        """Where the period stands today."""
        return period_state(
            self.starts_on,
            self.ends_on,
            self.due_on,
            is_locked=self.is_locked,
            today=today(),
            is_expected=self.is_expected,
        )

    @property
    def has_ended(self) -> bool:
        """Whether its last day is over."""
        return self.ends_on < today()


@dataclass(frozen=True)
class Returns:
    """How many of a period's reports are in, of those expected: none where nobody is asked."""

    approved: int
    waiting: int
    expected: int

    @property
    def received(self) -> int:
        """Reports that were handed in."""
        return self.approved + self.waiting

    @property
    def missing(self) -> int:
        """Reports that were not."""
        return max(0, self.expected - self.received)


@dataclass(frozen=True)
class DueChange:
    """A period whose due date or last open day is not what the rules and the calendar say today."""

    plan: ManagedPlan
    period: ManagedPeriod
    due_on: date
    open_until: date | None

    @property
    def mark(self) -> str:
        """What was looked at, so that nothing else is changed."""
        return f"{self.period.id}:{self.period.version}:{self.due_on}:{self.open_until}"


_PERIOD = (
    Period.id,
    Period.code,
    Period.starts_on,
    Period.ends_on,
    Period.due_on,
    Period.due_by_hand,
    Period.is_locked,
    Period.lock_reason,
    Period.open_until,
    Period.kept_open,
    Period.version,
    Period.is_expected,
)


def managed_plans(scope: Scope, *wanted: ColumnElement[bool]) -> list[ManagedPlan]:
    """The plans in scope, the latest first."""
    rows = db.session.execute(
        select(
            Plan.id,
            Plan.code,
            Plan.name,
            Plan.name_en,
            Plan.due_workdays,
            Plan.lock_workdays,
            OrgUnit.id,
            OrgUnit.code,
            OrgUnit.name,
            OrgUnit.name_en,
            OrgUnit.kind,
            OrgUnit.path,
        )
        .join(OrgUnit, OrgUnit.id == Plan.unit_id)
        .where(scope.clause(Permission.MANAGE_PLANS, OrgUnit.path), *wanted)
        .order_by(Plan.starts_on.desc(), OrgUnit.path, Plan.code)
    ).all()
    return [ManagedPlan(*row[:6], UnitRow(*row[6:])) for row in rows]  # type: ignore[call-arg]  # a row's length is not known to mypy


def get_managed_plan(scope: Scope, code: str) -> ManagedPlan:
    """The plan of this code. Raises :class:`NotFoundError` when there is none in scope."""
    found = managed_plans(scope, Plan.code == code)
    if not found:
        raise NotFoundError(N_("There is no plan %(code)s."), code=code)
    return found[0]


def managed_periods(plan: ManagedPlan) -> list[ManagedPeriod]:
    """The periods of the plan, in order."""
    rows = db.session.execute(select(*_PERIOD).where(Period.plan_id == plan.id).order_by(Period.ends_on))
    return [ManagedPeriod(*row) for row in rows]  # type: ignore[call-arg]  # a row's length is not known to mypy


def first_expected(periods: Sequence[ManagedPeriod]) -> ManagedPeriod:
    """The first period of a plan that is to be reported."""
    return next(period for period in periods if period.is_expected)


def get_managed_period(plan: ManagedPlan, code: str) -> ManagedPeriod:
    """The period of this code. Raises :class:`NotFoundError` when the plan has none."""
    row = db.session.execute(select(*_PERIOD).where(Period.plan_id == plan.id, Period.code == code)).first()
    if row is None:
        raise NotFoundError(N_("There is no period %(code)s in this plan."), code=code)
    return ManagedPeriod(*row)  # type: ignore[call-arg]  # a row's length is not known to mypy


def returns_of(plan: ManagedPlan, periods: Sequence[ManagedPeriod]) -> dict[int, Returns]:
    """How many reports of each period are in, by the period's id."""
    runs = kept_reaches(plan.id, [plan.unit.id]).get(plan.unit.id, ())
    counts = tallies_by_period([period.id for period in periods], plan.unit.id)
    return {
        period.id: Returns(
            counts.get((period.id, ReportState.APPROVED), 0),
            sum(counts.get((period.id, state), 0) for state in WAITING),
            (state_on(runs, period.ends_on) or 0) if period.is_expected else 0,
        )
        for period in periods
    }


def due_changes(plans: Sequence[ManagedPlan]) -> list[DueChange]:
    """The open periods whose days would change if they were worked out again, in the order of plans.

    Due dates change only where they are not yet due, and would not be due in the past either: nobody
    becomes late by a change of the calendar. One that was chosen by hand stays. The day at whose end a
    period locks itself follows its due date and the calendar, but never into the past.
    """
    calendar, day = work_calendar(), today()
    by_id = {plan.id: plan for plan in plans}
    rows: Iterable[Any] = db.session.execute(
        select(*_PERIOD, Period.plan_id)
        .where(Period.plan_id.in_(by_id), open_periods(), Period.is_expected)
        .order_by(Period.ends_on)
    )
    found: dict[int, list[DueChange]] = {plan.id: [] for plan in plans}
    for row in rows:
        plan, period = by_id[row.plan_id], ManagedPeriod(*row[:12])
        due_on = period.due_on
        if due_on >= day and not period.due_by_hand:
            by_rule = due_by_rule(plan, period.ends_on, calendar)
            due_on = by_rule if by_rule >= day else due_on
        open_until = last_day_of(plan, period, due_on, calendar)
        if (due_on, open_until) != (period.due_on, period.open_until):
            found[plan.id].append(DueChange(plan, period, due_on, open_until))
    return [change for of_plan in found.values() for change in of_plan]


def last_day_of(
    plan: ManagedPlan, period: ManagedPeriod, due_on: date, calendar: WorkCalendar
) -> date | None:
    """Until when the period is open with this due date; none where it does not lock itself."""
    if period.kept_open or not period.is_expected:
        return None
    return last_open_day(due_on, plan.lock_workdays, calendar, today())


def due_by_rule(plan: ManagedPlan, ends_on: date, calendar: WorkCalendar) -> date:
    """The day on which the plan's rule puts the due date of a period."""
    return calendar.add_workdays(ends_on, plan.due_workdays)
