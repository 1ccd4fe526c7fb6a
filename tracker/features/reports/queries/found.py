"""Cells that a search leads to: indicators by what they are called, in the sheet that is asked for now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, func, or_, select

from tracker.core.access import Scope
from tracker.core.db import db
from tracker.core.pinyin import answers_to
from tracker.domain.review import ReportState
from tracker.domain.roles import Permission
from tracker.features.org.models import OrgUnit
from tracker.features.org.queries import UNIT_COLUMNS, UnitRow
from tracker.features.plans.models import Assignment, Category, Indicator, Initiative, Period, Pillar, Plan
from tracker.features.plans.queries import PERIOD_COLUMNS, Name, PeriodRow, is_asked, open_periods
from tracker.features.reports.models import Report
from tracker.features.reports.queries.lists import below_plan
from tracker.features.reports.queries.sheet import CellKey

TO_FILL = (ReportState.NOT_STARTED, ReportState.DRAFT, ReportState.RETURNED)


@dataclass(frozen=True)
class FoundCell:
    """An indicator in a unit's sheet; ``key`` is its first cell."""

    indicator: Name
    unit: UnitRow
    plan_code: str
    period: PeriodRow
    state: ReportState
    key: CellKey


def find_cells(
    scope: Scope, permission: Permission, text: str, *, today: date, limit: int
) -> list[FoundCell]:
    """The indicators that units in scope report and that are found, each in the sheet to be filled now.

    That is the last period that has ended, while its report is still to be handed in; after that the
    one that runs. Locked periods, and plans that are over and done, lead nowhere. By the order of the
    plan, then of the tree.
    """
    ids = _indicators(scope, permission, text) if text else ()
    if not ids:
        return []
    rows = db.session.execute(
        select(
            *UNIT_COLUMNS,
            *PERIOD_COLUMNS,
            Plan.code.label("plan_code"),
            Report.state.label("state"),
            Indicator.id.label("indicator_id"),
            Indicator.name.label("indicator"),
            Indicator.name_en.label("indicator_en"),
            _first_category().label("category_id"),
        )
        .select_from(Assignment)
        .join(OrgUnit, OrgUnit.id == Assignment.unit_id)
        .join(Indicator, Indicator.id == Assignment.indicator_id)
        .join(Initiative, Initiative.id == Indicator.initiative_id)
        .join(Pillar, Pillar.id == Initiative.pillar_id)
        .join(Plan, Plan.id == Indicator.plan_id)
        .join(Period, Period.plan_id == Plan.id)
        .outerjoin(Report, (Report.unit_id == OrgUnit.id) & (Report.period_id == Period.id))
        .where(
            Assignment.indicator_id.in_(bindparam("found", ids, expanding=True, literal_execute=True)),
            Period.id.in_(_latest_periods(today)),
            scope.clause(permission, OrgUnit.path),
            is_asked(Period.ends_on),
            or_(OrgUnit.retired_on.is_(None), OrgUnit.retired_on > Period.ends_on),
            or_(Plan.ends_on >= today, Report.id.is_(None), Report.state.in_(TO_FILL)),
            below_plan(),
        )
        .order_by(
            Pillar.position,
            Initiative.position,
            Indicator.position,
            Indicator.id,
            OrgUnit.path,
            Period.ends_on,
        )
        # No more than two periods of a plan are looked at.
        .limit(2 * limit)
    )
    cells = [_cell(row) for row in rows]
    pairs = groupby(cells, lambda cell: (cell.unit.id, cell.key))
    return [_asked_now(list(either), today) for _, either in pairs][:limit]


def _indicators(scope: Scope, permission: Permission, text: str) -> tuple[int, ...]:
    """The ids of the indicators that are found among those that units in scope report."""
    reported = (
        select(Assignment.indicator_id)
        .join(OrgUnit, OrgUnit.id == Assignment.unit_id)
        .where(scope.clause(permission, OrgUnit.path))
    )
    rows = db.session.execute(
        select(Indicator.id, Indicator.code, Indicator.name, Indicator.name_en)
        .where(Indicator.id.in_(reported))
        .order_by(Indicator.id)
    )
    return tuple(row.id for row in rows if answers_to(text, row.code, row.name, row.name_en))


def _latest_periods(today: date) -> list[int]:
    """Of each plan, the open period that began last and the open one that ended last."""
    rows = db.session.execute(
        select(Period.id, Period.plan_id, Period.ends_on)
        .where(Period.starts_on <= today, open_periods())
        .order_by(Period.ends_on)
    ).all()
    begun = {row.plan_id: row.id for row in rows}
    ended = {row.plan_id: row.id for row in rows if row.ends_on < today}
    return sorted({*begun.values(), *ended.values()})


def _first_category() -> ColumnElement[int]:
    """The first category of an indicator, 0 where it has none."""
    first = (
        select(Category.id)
        .where(Category.indicator_id == Indicator.id)
        .order_by(Category.position)
        .limit(1)
        .correlate(Indicator)
        .scalar_subquery()
    )
    found: ColumnElement[int] = func.coalesce(first, 0)
    return found


def _asked_now(cells: list[FoundCell], today: date) -> FoundCell:
    """Of one cell in up to two periods, the one to be filled now."""
    first = cells[0]
    is_due = first.period.is_expected and first.period.ends_on < today
    return first if is_due and first.state in TO_FILL else cells[-1]


def _cell(row: Row[*tuple[Any, ...]]) -> FoundCell:
    unit_ends = len(UNIT_COLUMNS)
    return FoundCell(
        indicator=Name(row.indicator, row.indicator_en),
        unit=UnitRow(*row[:unit_ends]),
        plan_code=row.plan_code,
        period=PeriodRow(*row[unit_ends : unit_ends + len(PERIOD_COLUMNS)]),
        state=row.state or ReportState.NOT_STARTED,
        key=(row.indicator_id, row.category_id),
    )
