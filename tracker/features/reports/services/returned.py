"""What stands in a report when it goes back to its reporter, and which of its cells are to be mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy import Table, bindparam, insert, null, select, update

from tracker.core.db import db
from tracker.features.reports.models import Entry, EntryRevision
from tracker.features.reports.queries import CellKey, ReportHandle, Sheet

_ENTRY = cast(Table, Entry.__table__)
_REVISION = cast(Table, EntryRevision.__table__)
_CONTENT = ("state", "value", "denominator", "reason", "note", "entered_by_id", "entered_at")


def mark_returned(sheet: ReportHandle, asked: Mapping[CellKey, str]) -> None:
    """Keep at every cell what it held when it went back, and at the cells asked for the reason."""
    assert sheet.report is not None  # Only what was submitted or approved goes back.
    connection = db.session.connection()
    connection.execute(
        update(_ENTRY)
        .where(_ENTRY.c.report_id == sheet.report.id)
        .values(returned_revision=_ENTRY.c.revision, return_reason=null())
    )
    if not asked:
        return
    assert isinstance(sheet, Sheet)  # Reasons at cells come with the cells.
    written, blank = [], []
    for cell in sheet.cells:
        if cell.key not in asked:
            continue
        if cell.entry is not None:
            written.append({"its_id": cell.entry.id, "asked": asked[cell.key]})
            continue
        blank.append(
            {
                "report_id": sheet.report.id,
                "unit_id": sheet.unit.id,
                "plan_id": sheet.plan.id,
                "indicator_id": cell.indicator.id,
                "category_id": cell.category.id if cell.category else None,
                "ends_on": sheet.period.ends_on,
                "revision": 0,
                "returned_revision": 0,
                "return_reason": asked[cell.key],
            }
        )
    if written:
        connection.execute(
            update(_ENTRY).where(_ENTRY.c.id == bindparam("its_id")).values(return_reason=bindparam("asked")),
            written,
        )
    if blank:
        connection.execute(insert(_ENTRY), blank)


def begin_anew(report_ids: Sequence[int]) -> None:
    """Give every cell of the reports that counted a new revision to be approved, or the old one would be.

    A revision says from when until when it counted; with a second time the first would be forgotten.
    """
    connection = db.session.connection()
    counted = select(_REVISION.c.entry_id).where(
        _REVISION.c.entry_id == _ENTRY.c.id,
        _REVISION.c.number == _ENTRY.c.revision,
        _REVISION.c.approved_at.is_not(None),
    )
    again = select(
        _REVISION.c.entry_id, _REVISION.c.number + 1, *(_REVISION.c[name] for name in _CONTENT)
    ).where(
        _REVISION.c.entry_id == _ENTRY.c.id,
        _REVISION.c.number == _ENTRY.c.revision,
        _REVISION.c.approved_at.is_not(None),
        _ENTRY.c.report_id.in_(report_ids),
    )
    connection.execute(insert(_REVISION).from_select(["entry_id", "number", *_CONTENT], again))
    connection.execute(
        update(_ENTRY)
        .where(_ENTRY.c.report_id.in_(report_ids), counted.exists())
        .values(revision=_ENTRY.c.revision + 1)
    )
