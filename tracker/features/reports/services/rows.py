"""The reports' rows, of one report or of thousands: made, or written if nobody has written them since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.exc import IntegrityError

from tracker.core.db import db
from tracker.domain.errors import N_, StaleError
from tracker.domain.review import ReportState
from tracker.features.reports.models import Report
from tracker.features.reports.queries import ReportHandle

CHANGED = N_("The report has changed since you opened it. Look at it again before you decide.")
SAVED_MEANWHILE = N_("Someone saved this sheet while you were filling it in. Compare, then save again.")

_REPORT = cast(Table, Report.__table__)
_MAKE = insert(_REPORT).returning(_REPORT.c.id, sort_by_parameter_order=True)
_WRITE = update(_REPORT).where(_REPORT.c.id == bindparam("its_id"), _REPORT.c.version == bindparam("seen"))
"""Sets whatever columns it is given; made once."""


def write_report(sheet: ReportHandle, state: ReportState) -> int:
    """Write the report's row, made when it is the first save; its id."""
    return write_rows([(sheet, {"state": state})])[0]


def write_rows(rows: Sequence[tuple[ReportHandle, Mapping[str, object]]]) -> list[int]:
    """Make or write the rows of reports, each with the columns beside it; their ids in the same order.

    All name the same columns. Raises :class:`StaleError` where a row is not the version that was read,
    or has been made since: on PostgreSQL two people can have read the same, and only the first one writes.
    """
    connection = db.session.connection()
    known = [
        {
            "its_id": sheet.report.id,
            "seen": sheet.report.version,
            "version": sheet.report.version + 1,
            **values,
        }
        for sheet, values in rows
        if sheet.report is not None
    ]
    if known:
        # Of one row by itself every driver says whether it was written, of many at once not each.
        written = connection.execute(_WRITE, known if len(known) > 1 else known[0])
        if written.rowcount not in ({1} if len(known) == 1 else {len(known), -1}):
            raise StaleError(CHANGED)
    new = [
        {"unit_id": sheet.unit.id, "period_id": sheet.period.id, "version": 1, **values}
        for sheet, values in rows
        if sheet.report is None
    ]
    made = iter(_make(new) if new else [])
    return [next(made) if sheet.report is None else sheet.report.id for sheet, _ in rows]


def _make(new: list[dict[str, object]]) -> list[int]:
    try:
        return list(db.session.connection().execute(_MAKE, new).scalars())
    except IntegrityError as error:
        # On PostgreSQL two people can both find the report not started; the second is told.
        raise StaleError(SAVED_MEANWHILE) from error
