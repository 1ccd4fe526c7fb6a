"""Which plan answers, and its periods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, or_, select

from tracker.core.clock import today
from tracker.core.db import db
from tracker.domain.errors import N_, NotFoundError
from tracker.domain.periods import Frequency, is_closed
from tracker.domain.places import Line
from tracker.domain.progress import Limits
from tracker.features.org.queries import UnitRow
from tracker.features.places.queries import line_of, units_ever_above
from tracker.features.plans.models import Period, Plan


@dataclass(frozen=True)
class PlanRow:
    """A plan as pages show it."""

    id: int
    code: str
    name: str
    name_en: str | None
    unit_id: int
    starts_on: date
    ends_on: date
    frequency: Frequency
    asks_why_behind: bool
    review_steps: int
    limits: Limits


@dataclass(frozen=True)
class PeriodRow:
    """A period of a plan."""

    id: int
    plan_id: int
    code: str
    starts_on: date
    ends_on: date
    due_on: date
    locked_by_hand: bool
    lock_reason: str | None
    open_until: date | None
    is_expected: bool

    @property
    def is_locked(self) -> bool:
        """Whether the period counts as locked today, by hand or by itself."""
        return is_closed(self.open_until, is_locked=self.locked_by_hand, today=today())

    def is_late_on(self, handed_in_on: date | None) -> bool:
        """Whether a report handed in on this day came after the end of the due day; none is not in yet."""
        return self.is_expected and handed_in_on is not None and handed_in_on > self.due_on


_PLAN = (
    Plan.id,
    Plan.code,
    Plan.name,
    Plan.name_en,
    Plan.unit_id,
    Plan.starts_on,
    Plan.ends_on,
    Plan.frequency,
    Plan.asks_why_behind,
    Plan.review_steps,
    Plan.amber_limit,
    Plan.red_limit,
)
_BY_CODE = select(*_PLAN).where(Plan.code == bindparam("code"))
PERIOD_COLUMNS = (
    Period.id,
    Period.plan_id,
    Period.code,
    Period.starts_on,
    Period.ends_on,
    Period.due_on,
    Period.is_locked,
    Period.lock_reason,
    Period.open_until,
    Period.is_expected,
)
"""What a :class:`PeriodRow` is made from."""

_PERIOD_BY_CODE = select(*PERIOD_COLUMNS).where(
    Period.plan_id == bindparam("plan"), Period.code == bindparam("code")
)


def open_periods() -> ColumnElement[bool]:
    """Of periods, those that do not count as locked today; the same as :attr:`PeriodRow.is_locked`."""
    return and_(Period.is_locked.is_(False), or_(Period.open_until.is_(None), Period.open_until >= today()))


def plans_of(unit: UnitRow, *wanted: ColumnElement[bool], line: Line | None = None) -> list[PlanRow]:
    """The plans of the unit and of the units above it: the nearest unit's first, then the latest.

    ``line`` holds the ids of the units to ask instead of those of its present place.
    """
    line = unit.line if line is None else line
    rows = db.session.execute(select(*_PLAN).where(Plan.unit_id.in_(line), *wanted)).all()
    plans = [_plan_row(row) for row in rows]
    nearness = {unit_id: depth for depth, unit_id in enumerate(line)}
    return sorted(plans, key=lambda p: (-nearness[p.unit_id], -p.starts_on.toordinal(), p.code))


def all_plans() -> list[PlanRow]:
    """Every plan of the house, by code."""
    rows = db.session.execute(select(*_PLAN).order_by(Plan.code)).all()
    return [_plan_row(row) for row in rows]


def _plan_row(row: Row[*tuple[Any, ...]]) -> PlanRow:
    *own, amber, red = row
    return PlanRow(*own, Limits(Fraction(amber), Fraction(red)))  # type: ignore[call-arg]  # a row's length is not known to mypy


def get_plan(unit: UnitRow, *, as_of: date | None, code: str | None = None) -> PlanRow:
    """The plan of this code, or the nearest that covers the data date, or else the latest.

    A unit that was moved keeps the plans of its earlier places by their codes, and for the data dates
    on which it stood there. Raises :class:`NotFoundError` when the unit has no such plan.
    """
    if code is not None:
        row = db.session.connection().execute(_BY_CODE, {"code": code}).first()
        plan = _plan_row(row) if row else None
        if plan is None or plan.unit_id not in units_ever_above(unit):
            raise NotFoundError(N_("There is no plan %(code)s for this unit."), code=code)
        return plan
    # The index on unit and last day passes over what has ended, so years gone by cost nothing.
    line = line_of(unit, as_of) if as_of else unit.line
    covering = plans_of(unit, Plan.ends_on >= as_of, Plan.starts_on <= as_of, line=line) if as_of else []
    plans = covering or plans_of(unit)
    if not plans:
        raise NotFoundError(N_("No plan covers this unit yet. An administrator sets one up first."))
    return plans[0]


def get_period(plan_id: int, code: str) -> PeriodRow:
    """The period of this code. Raises :class:`NotFoundError` when the plan has none."""
    row = db.session.connection().execute(_PERIOD_BY_CODE, {"plan": plan_id, "code": code}).first()
    if row is None:
        raise NotFoundError(N_("There is no such report."))
    return PeriodRow(*row)  # type: ignore[call-arg]  # a row's length is not known to mypy


def periods_of_plan(plan_id: int) -> list[PeriodRow]:
    """All periods of a plan, in order."""
    wanted = select(*PERIOD_COLUMNS).where(Period.plan_id == plan_id).order_by(Period.ends_on)
    rows = db.session.execute(wanted)
    return [PeriodRow(*row) for row in rows]  # type: ignore[call-arg]  # a row's length is not known to mypy
