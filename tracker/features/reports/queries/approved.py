"""A sheet as it stands on what was approved before it, since only approved figures count."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from tracker.core.db import db
from tracker.features.reports.models import Entry
from tracker.features.reports.queries.sheet import Cell, EntryRow, Sheet


def on_approved(sheet: Sheet) -> Sheet:
    """The sheet with its own figures as they are, and of earlier periods only those that count."""
    ids = [row.id for cell in sheet.cells for row in cell.earlier]
    rows = db.session.execute(
        select(Entry.id, Entry.counted_state, Entry.counted_value, Entry.counted_denominator).where(
            Entry.id.in_(ids), Entry.counted_state.is_not(None)
        )
    )
    counted = {row.id: row for row in rows}

    def earlier(cell: Cell) -> tuple[EntryRow, ...]:
        found = [(row, counted.get(row.id)) for row in cell.earlier]
        return tuple(
            replace(
                row,
                state=one.counted_state,
                value=one.counted_value,
                denominator=one.counted_denominator,
                draft=None,
            )
            for row, one in found
            if one is not None
        )

    return replace(sheet, cells=tuple(replace(cell, earlier=earlier(cell)) for cell in sheet.cells))
