"""Corrections of figures that count, and everything that a cell has ever held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, false, func, or_, select
from sqlalchemy.orm import aliased

from tracker.core.access import Scope, within
from tracker.core.db import db
from tracker.domain.review import Outcome, Reviewer, Step
from tracker.domain.roles import Permission
from tracker.domain.rollup import WHOLE, ValueState
from tracker.features.accounts.models import User
from tracker.features.org.models import OrgUnit
from tracker.features.plans.models import Category, Indicator, Period, Plan
from tracker.features.plans.queries import Name, open_periods
from tracker.features.reports.models import Correction, EntryRevision, Report
from tracker.features.reports.queries.deciding import Owner, able_to, decided_from
from tracker.features.reports.queries.sheet import CellKey, ReportHandle


@dataclass(frozen=True)
class CorrectionRow:
    """A correction and what became of it; a person is none for the house itself."""

    id: int
    key: CellKey
    revision: int
    state: ValueState | None
    value: Decimal | None
    denominator: Decimal | None
    reason: str
    outcome: Outcome
    proposed_at: datetime
    proposed_by_id: int | None
    proposed_by: Name | None
    decided_at: datetime | None
    decided_by: Name | None
    decision: str | None

    @property
    def note(self) -> None:
        """A correction leaves the note of its cell as it is."""
        return


@dataclass(frozen=True)
class RevisionRow:
    """What a cell held at one time, and from when until when it counted."""

    number: int
    state: ValueState | None
    value: Decimal | None
    denominator: Decimal | None
    reason: str | None
    note: str | None
    entered_at: datetime
    entered_by: Name | None
    approved_at: datetime | None
    approved_by: Name | None
    uncounted_at: datetime | None


@dataclass(frozen=True)
class WaitingRow:
    """A correction in the reviewer's queue; nothing can be decided while its period ``is_locked``."""

    plan_code: str
    period_code: str
    unit: Name
    unit_code: str
    indicator: Name
    category: Name | None
    key: CellKey
    reason: str
    proposed_at: datetime
    is_locked: bool


def corrections_of(report: ReportHandle, key: CellKey) -> list[CorrectionRow]:
    """Every correction that was ever proposed for a cell, the first one first."""
    return _read(_of_cell(report, key)) if report.report else []


def waiting_corrections(report: ReportHandle) -> list[CorrectionRow]:
    """The corrections of a report that wait for review."""
    if report.report is None:
        return []
    return _read(_ROWS.where(Correction.report_id == report.report.id, Correction.outcome == Outcome.WAITING))


def waiting_correction(report: ReportHandle, key: CellKey | None = None) -> CorrectionRow | None:
    """The correction that waits for a cell, or for any cell of the report."""
    found = waiting_corrections(report)
    return next((row for row in found if key is None or row.key == key), None)


def reports_with_corrections(report_ids: Sequence[int]) -> set[int]:
    """Those of the reports of which a correction waits for review."""
    return set(
        db.session.scalars(
            select(Correction.report_id).where(
                Correction.report_id.in_(report_ids), Correction.outcome == Outcome.WAITING
            )
        )
    )


def correction_deciders(report: ReportHandle, corrections: Sequence[CorrectionRow]) -> list[Reviewer]:
    """Who can approve the one of these corrections that waits, in a review of two steps."""
    waiting = next((found for found in corrections if found.outcome is Outcome.WAITING), None)
    # Whoever proposes a correction has looked at the figure as the first of two.
    return able_to(Step.APPROVE, report, seen_by=waiting.proposed_by_id) if waiting else []


def revisions_of(entry_id: int) -> list[RevisionRow]:
    """Everything that a cell has held, the first one first."""
    rows = db.session.execute(
        select(
            EntryRevision.number,
            EntryRevision.state,
            EntryRevision.value,
            EntryRevision.denominator,
            EntryRevision.reason,
            EntryRevision.note,
            EntryRevision.entered_at,
            _One.label,
            _One.label_en,
            EntryRevision.approved_at,
            _Two.label,
            _Two.label_en,
            EntryRevision.uncounted_at,
        )
        .outerjoin(_One, _One.id == EntryRevision.entered_by_id)
        .outerjoin(_Two, _Two.id == EntryRevision.approved_by_id)
        .where(EntryRevision.entry_id == entry_id)
        .order_by(EntryRevision.number)
    )
    return [
        RevisionRow(*row[:7], _name(row[7], row[8]), row[9], _name(row[10], row[11]), row[12]) for row in rows
    ]


def corrections_below(paths: Sequence[str]) -> ScalarSelect[int]:
    """How many corrections wait at or below these units, to be asked along with something else.

    In a locked period none can be decided; where reports are reviewed in two steps, only the office does.
    """
    return (
        select(func.count())
        .select_from(Correction)
        .join(Report, Report.id == Correction.report_id)
        .join(OrgUnit, OrgUnit.id == Report.unit_id)
        .join(Period, Period.id == Report.period_id)
        .join(Plan, Plan.id == Period.plan_id)
        .join(Owner, Owner.id == Plan.unit_id)
        .where(Correction.outcome == Outcome.WAITING, _is_decided_from(paths))
        .scalar_subquery()
    )


def _is_decided_from(paths: Sequence[str]) -> ColumnElement[bool]:
    """Whether a waiting correction can be decided by whoever reviews at these units."""
    here = or_(false(), *(within(OrgUnit.path, path) for path in paths))
    return and_(open_periods(), here, or_(Plan.review_steps == 1, decided_from(paths)))


def correction_queue(scope: Scope, permission: Permission, *, limit: int) -> list[WaitingRow]:
    """The corrections that wait for review: first those that this scope can decide, then the oldest first."""
    is_mine = case((_is_decided_from(scope.paths(Permission.REVIEW_REPORTS)), 0), else_=1)
    rows = db.session.execute(
        select(
            Plan.code,
            Period.code,
            OrgUnit.name,
            OrgUnit.name_en,
            OrgUnit.code,
            Indicator.name,
            Indicator.name_en,
            Category.name,
            Category.name_en,
            Correction.indicator_id,
            Correction.category_id,
            Correction.reason,
            Correction.proposed_at,
            open_periods(),
        )
        .select_from(Correction)
        .join(Report, Report.id == Correction.report_id)
        .join(OrgUnit, OrgUnit.id == Report.unit_id)
        .join(Period, Period.id == Report.period_id)
        .join(Plan, Plan.id == Period.plan_id)
        .join(Owner, Owner.id == Plan.unit_id)
        .join(Indicator, Indicator.id == Correction.indicator_id)
        .outerjoin(Category, Category.id == Correction.category_id)
        .where(Correction.outcome == Outcome.WAITING, scope.clause(permission, OrgUnit.path))
        .order_by(is_mine, Correction.proposed_at, Correction.id)
        .limit(limit)
    )
    return [
        WaitingRow(
            row[0],
            row[1],
            Name(row[2], row[3]),
            row[4],
            Name(row[5], row[6]),
            _name(row[7], row[8]),
            (row[9], row[10] or WHOLE),
            row[11],
            row[12],
            is_locked=not row[13],
        )
        for row in rows
    ]


_One = aliased(User)
_Two = aliased(User)
_ROWS: Any = (
    select(
        Correction.id,
        Correction.indicator_id,
        Correction.category_id,
        Correction.revision,
        Correction.state,
        Correction.value,
        Correction.denominator,
        Correction.reason,
        Correction.outcome,
        Correction.proposed_at,
        Correction.proposed_by_id,
        _One.label,
        _One.label_en,
        Correction.decided_at,
        _Two.label,
        _Two.label_en,
        Correction.decision,
    )
    .outerjoin(_One, _One.id == Correction.proposed_by_id)
    .outerjoin(_Two, _Two.id == Correction.decided_by_id)
    .order_by(Correction.id)
)


def _of_cell(report: ReportHandle, key: CellKey) -> Any:
    assert report.report is not None  # Asked only of a report that exists.
    return _ROWS.where(
        Correction.report_id == report.report.id,
        Correction.indicator_id == key[0],
        Correction.category_id.is_not_distinct_from(key[1] or None),
    )


def _read(query: Any) -> list[CorrectionRow]:
    return [
        CorrectionRow(
            id=row[0],
            key=(row[1], row[2] or WHOLE),
            revision=row[3],
            state=row[4],
            value=row[5],
            denominator=row[6],
            reason=row[7],
            outcome=row[8],
            proposed_at=row[9],
            proposed_by_id=row[10],
            proposed_by=_name(row[11], row[12]),
            decided_at=row[13],
            decided_by=_name(row[14], row[15]),
            decision=row[16],
        )
        for row in db.session.execute(query)
    ]


def _name(label: str | None, label_en: str | None) -> Name | None:
    return None if label is None else Name(label, label_en)
