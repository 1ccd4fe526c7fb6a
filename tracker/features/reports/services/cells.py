"""Writing cells: what stands in them now, and a revision of each, for one sheet or for thousands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, insert, select, update

from tracker.core.audit import Actor
from tracker.core.db import db
from tracker.domain.numbers import plain
from tracker.domain.rollup import WHOLE, ValueState
from tracker.features.reports.models import Entry, EntryRevision
from tracker.features.reports.queries import Cell, CellKey, EntryRow, ReportHandle
from tracker.features.reports.services.drafts import CellDraft

Changed = Sequence[tuple[Cell, CellDraft]]
"""Cells with what is to stand in them, already checked."""


@dataclass(frozen=True, slots=True)
class WrittenSheet:
    """Cells of a report that exists by now."""

    sheet: ReportHandle
    report_id: int
    changed: Changed


_ENTRY = cast(Table, Entry.__table__)
_REVISION = cast(Table, EntryRevision.__table__)
_CONTENT = ("state", "value", "denominator", "reason", "note")
_ADD, _ADD_REVISION = insert(_ENTRY), insert(_REVISION)
_CHANGE = (
    update(_ENTRY)
    .where(_ENTRY.c.id == bindparam("its_id"))
    .values({name: bindparam(name) for name in (*_CONTENT, "revision")})
)
_BATCH = 500
"""Sheets whose entries are looked up together."""


def write_cells(
    sheets: Sequence[WrittenSheet], *, actor: Actor, moment: datetime, counts: bool = False
) -> list[tuple[int, int]]:
    """Write the cells and their revisions, and return (entry id, number) of each revision.

    With ``counts`` what is written to reports that are new counts at once; the caller posts it, and has
    the other reports count by :func:`tracker.features.reports.services.review.mark_counted`.
    """
    runs = [sheets[start : start + _BATCH] for start in range(0, len(sheets), _BATCH)]
    return [made for run in runs for made in _write(run, actor, moment, counts)]


def _write(
    sheets: Sequence[WrittenSheet], actor: Actor, moment: datetime, counts: bool
) -> list[tuple[int, int]]:
    # By table and connection: the session would treat each row as an object of its own.
    connection = db.session.connection()
    fresh = [row for written in sheets for row in _new_rows(written, counts)]
    if fresh:
        connection.execute(_ADD, fresh)
    known = [
        {"its_id": cell.entry.id, "revision": cell.entry.revision + 1, **_content(draft)}
        for written in sheets
        for cell, draft in written.changed
        if cell.entry is not None
    ]
    if known:
        connection.execute(_CHANGE, known)
    ids = _entry_ids([written.report_id for written in sheets if written.changed])
    revisions = [
        {
            "entry_id": ids[written.report_id, cell.key],
            "number": cell.entry.revision + 1 if cell.entry else 1,
            "entered_by_id": actor.id,
            "entered_at": moment,
            **(_approval(written, actor, moment) if counts else {}),
            **_content(draft),
        }
        for written in sheets
        for cell, draft in written.changed
    ]
    if revisions:
        connection.execute(_ADD_REVISION, revisions)
    return [(cast(int, row["entry_id"]), cast(int, row["number"])) for row in revisions]


def _approval(written: WrittenSheet, actor: Actor, moment: datetime) -> dict[str, object]:
    is_new = written.sheet.report is None
    return {"approved_by_id": actor.id if is_new else None, "approved_at": moment if is_new else None}


def _new_rows(written: WrittenSheet, counts: bool) -> Iterator[dict[str, object]]:
    sheet = written.sheet
    for cell, draft in written.changed:
        if cell.entry is None:
            yield {
                "report_id": written.report_id,
                "unit_id": sheet.unit.id,
                "plan_id": sheet.plan.id,
                "indicator_id": cell.indicator.id,
                "category_id": cell.category.id if cell.category else None,
                "ends_on": sheet.period.ends_on,
                "revision": 1,
                **(_counted(draft, sheet.report is None) if counts else {}),
                **_content(draft),
            }


def _counted(draft: CellDraft, is_new: bool) -> dict[str, object]:
    return {
        "counted_state": draft.state if is_new else None,
        "counted_value": draft.value if is_new else None,
        "counted_denominator": draft.denominator if is_new else None,
    }


def _content(draft: CellDraft) -> dict[str, object]:
    return {
        "state": draft.state,
        "value": draft.value,
        "denominator": draft.denominator,
        "reason": draft.reason,
        "note": draft.note,
    }


def _entry_ids(report_ids: Sequence[int]) -> dict[tuple[int, CellKey], int]:
    rows = db.session.execute(
        select(Entry.report_id, Entry.indicator_id, Entry.category_id, Entry.id).where(
            Entry.report_id.in_(report_ids)
        )
    )
    return {
        (report_id, (indicator_id, category_id or WHOLE)): entry_id
        for report_id, indicator_id, category_id, entry_id in rows
    }


def cell_changes(changed: Changed) -> Mapping[str, tuple[object, object]]:
    """What changed, as the audit log keeps it: by the cell's name, before and after."""
    return {cell_name(cell): (cell_text(cell.entry), cell_text(draft)) for cell, draft in changed}


def cell_name(cell: Cell) -> str:
    """The indicator's code, and its category."""
    return f"{cell.indicator.code} {cell.category.name}" if cell.category else cell.indicator.code


def cell_text(content: EntryRow | CellDraft | None) -> str | None:
    """What stands in a cell, in one line; None when it says nothing."""
    if content is None or content.state is None:
        return None
    note = f" ({content.note})" if content.note else ""
    if content.state is ValueState.NOT_APPLICABLE:
        return f"n/a: {content.reason}{note}"
    whole = "" if content.denominator is None else f"/{plain(content.denominator)}"
    return f"{plain(content.value) if content.value is not None else ''}{whole}{note}"
