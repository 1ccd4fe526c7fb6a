"""What the cells of a report held when it was returned."""

from __future__ import annotations

from sqlalchemy import and_, func, select

from tracker.core.db import db
from tracker.domain.review import ReportState
from tracker.domain.rollup import WHOLE
from tracker.features.reports.models import Entry, EntryRevision
from tracker.features.reports.queries.sheet import CellKey, EntryRow, Sheet


def contents_when_returned(sheet: Sheet) -> dict[CellKey, EntryRow | None]:
    """What each cell held at the last return, if it was asked for then or has changed since; None: nothing.

    Without a statement for a report that was never returned, or that is approved.
    """
    approved = sheet.state is ReportState.APPROVED
    if sheet.report is None or sheet.report.reviewed_at is None or approved:
        return {}
    then = func.coalesce(Entry.returned_revision, 0)
    rows = db.session.execute(
        select(
            Entry.indicator_id,
            Entry.category_id,
            Entry.id,
            Entry.ends_on,
            EntryRevision.state,
            EntryRevision.value,
            EntryRevision.denominator,
            EntryRevision.reason,
            EntryRevision.note,
            EntryRevision.number,
        )
        .outerjoin(EntryRevision, and_(EntryRevision.entry_id == Entry.id, EntryRevision.number == then))
        .where(
            Entry.report_id == sheet.report.id,
            (Entry.revision > then) | Entry.return_reason.is_not(None),
        )
    ).all()
    return {
        (indicator_id, category_id or WHOLE): None if rest[-1] is None else EntryRow(*rest)
        for indicator_id, category_id, *rest in rows
    }
