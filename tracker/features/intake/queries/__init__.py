"""Reading batches, through a scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, or_, select

from tracker.core.access import Scope
from tracker.core.db import db
from tracker.domain.errors import N_, NotFoundError
from tracker.domain.review import ReportState
from tracker.domain.roles import Permission
from tracker.features.accounts.models import User
from tracker.features.intake.models import IntakeBatch, IntakeRevision
from tracker.features.intake.queries.workbooks import (
    WorkbookPlace,
    get_workbook_place,
    usual_place,
    workbook_places,
)
from tracker.features.org.models import OrgUnit
from tracker.features.org.queries import UNIT_COLUMNS, UnitRow
from tracker.features.plans.queries import Name

__all__ = [
    "BatchRow",
    "TraceRow",
    "WorkbookPlace",
    "batch_list",
    "count_batches",
    "get_batch",
    "get_workbook_place",
    "traces_of",
    "usual_place",
    "workbook_places",
]


@dataclass(frozen=True)
class BatchRow:
    """An import as pages show it."""

    id: int
    file_name: str
    digest: str
    made_by_id: int | None
    made_by: Name | None
    made_at: datetime
    into: ReportState
    because: str | None
    reports: int
    units: int
    new: int
    changed: int
    unchanged: int
    stale: int
    withdrawn_at: datetime | None
    unit: UnitRow

    @property
    def subject(self) -> str:
        """The batch's name in the audit log."""
        return f"import {self.id}"


_COLUMNS = (
    IntakeBatch.id,
    IntakeBatch.file_name,
    IntakeBatch.digest,
    IntakeBatch.made_by_id,
    User.label,
    User.label_en,
    IntakeBatch.made_at,
    IntakeBatch.into,
    IntakeBatch.because,
    IntakeBatch.reports,
    IntakeBatch.units,
    IntakeBatch.new,
    IntakeBatch.changed,
    IntakeBatch.unchanged,
    IntakeBatch.stale,
    IntakeBatch.withdrawn_at,
)


def _visible(scope: Scope, user_id: int | None) -> ColumnElement[bool]:
    """One's own imports, as long as one may still import there, and all where one reviews."""
    return or_(
        scope.clause(Permission.REVIEW_REPORTS, OrgUnit.path),
        (IntakeBatch.made_by_id == user_id) & scope.clause(Permission.IMPORT_REPORTS, OrgUnit.path),
    )


def count_batches(scope: Scope, user_id: int | None) -> int:
    """How many imports there are to be seen."""
    query = (
        select(func.count(IntakeBatch.id))
        .join(OrgUnit, OrgUnit.id == IntakeBatch.unit_id)
        .where(_visible(scope, user_id))
    )
    return int(db.session.execute(query).scalar_one())


def batch_list(scope: Scope, user_id: int | None, *, limit: int, offset: int) -> list[BatchRow]:
    """The imports, the latest first."""
    rows = db.session.execute(
        select(*_COLUMNS, *UNIT_COLUMNS)
        .join(OrgUnit, OrgUnit.id == IntakeBatch.unit_id)
        .outerjoin(User, User.id == IntakeBatch.made_by_id)
        .where(_visible(scope, user_id))
        .order_by(IntakeBatch.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_batch_row(row) for row in rows]


def get_batch(scope: Scope, user_id: int | None, batch_id: int) -> BatchRow:
    """The import of this number. Raises :class:`NotFoundError` when there is none to be seen."""
    row = db.session.execute(
        select(*_COLUMNS, *UNIT_COLUMNS)
        .join(OrgUnit, OrgUnit.id == IntakeBatch.unit_id)
        .outerjoin(User, User.id == IntakeBatch.made_by_id)
        .where(IntakeBatch.id == batch_id, _visible(scope, user_id))
    ).first()
    if row is None:
        raise NotFoundError(N_("There is no such import."))
    return _batch_row(row)


def _batch_row(row: Row[*tuple[Any, ...]]) -> BatchRow:
    own, who = len(_COLUMNS), _COLUMNS.index(User.label)
    name = Name(row[who], row[who + 1]) if row[who] is not None else None
    unit = UnitRow(*row[own:])
    return BatchRow(*row[:who], name, *row[who + 2 : own], unit)  # type: ignore[call-arg]  # a row's length is not known to mypy


@dataclass(frozen=True, slots=True)
class TraceRow:
    """What an import did to an entry: wrote the revision of this number, or only confirmed it."""

    number: int
    is_written: bool
    was_carried: bool


def traces_of(batch_id: int) -> dict[int, TraceRow]:
    """What the import did to each entry, by the entry's id."""
    rows = db.session.execute(
        select(
            IntakeRevision.entry_id,
            IntakeRevision.number,
            IntakeRevision.is_written,
            IntakeRevision.was_carried,
        ).where(IntakeRevision.batch_id == batch_id)
    )
    return {
        entry_id: TraceRow(number, is_written, was_carried)
        for entry_id, number, is_written, was_carried in rows
    }
