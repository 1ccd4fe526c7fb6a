"""Writing cells, of one sheet or of thousands: values as new revisions, and texts that could not be read."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, delete, insert, select, update

from tracker.core.audit import Actor
from tracker.core.clock import now
from tracker.core.db import db
from tracker.domain.numbers import plain
from tracker.domain.rollup import WHOLE, ValueState
from tracker.features.reports.models import Entry, EntryDraft, EntryRevision
from tracker.features.reports.queries import (
    Cell,
    CellKey,
    CorrectionRow,
    DraftRow,
    EntryRow,
    ReportHandle,
    Sheet,
)
from tracker.features.reports.services.drafts import CellDraft

Changes = Sequence[tuple[Cell, CellDraft]]
"""Cells with what is to stand in them, already checked."""


@dataclass(frozen=True, slots=True)
class WrittenSheet:
    """Cells of a report that exists by now; those in ``carried`` are still to be confirmed by somebody."""

    sheet: ReportHandle
    report_id: int
    changed: Changes
    carried: Collection[CellKey] = ()


_ENTRY = cast(Table, Entry.__table__)
_CONTENT = ("state", "value", "denominator", "reason", "note")
_ADD, _ADD_REVISION = insert(_ENTRY), insert(cast(Table, EntryRevision.__table__))
_CHANGE = (
    update(_ENTRY)
    .where(_ENTRY.c.id == bindparam("its_id"))
    .values({name: bindparam(name) for name in (*_CONTENT, "revision", "is_carried")})
)
_BATCH = 500
"""Sheets whose entries are looked up together."""


def write_values(
    sheets: Sequence[WrittenSheet], *, actor: Actor, moment: datetime | None = None, counts: bool = False
) -> list[tuple[int, int]]:
    """Write what is to stand in the cells, each as a new revision; a text that stood there goes.

    Returns (entry id, number) of each revision. With ``counts`` what is written to reports that are new
    counts at once; the caller posts it, and has the other reports count by
    :func:`tracker.features.reports.services.review.mark_counted`.
    """
    runs = [sheets[start : start + _BATCH] for start in range(0, len(sheets), _BATCH)]
    return [made for run in runs for made in _write(run, actor, moment or now(), counts)]


def _write(
    sheets: Sequence[WrittenSheet], actor: Actor, moment: datetime, counts: bool
) -> list[tuple[int, int]]:
    _add_entries([row for written in sheets for row in _new_rows(written, counts)])
    # By table and connection: the session would treat each row as an object of its own.
    connection = db.session.connection()
    known = [
        {
            "its_id": cell.entry.id,
            "revision": cell.entry.revision + 1,
            "is_carried": cell.key in written.carried,
            **_content(draft),
        }
        for written in sheets
        for cell, draft in written.changed
        if cell.entry is not None
    ]
    if known:
        connection.execute(_CHANGE, known)
    _drop_drafts([cell.entry for written in sheets for cell, _ in written.changed if cell.entry])
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


def _new_rows(written: WrittenSheet, counts: bool) -> Iterator[dict[str, object]]:
    for cell, draft in written.changed:
        if cell.entry is None:
            yield {
                **_place(written.sheet, written.report_id, cell),
                "revision": 1,
                "is_carried": cell.key in written.carried,
                **(_counted(draft, written.sheet.report is None) if counts else {}),
                **_content(draft),
            }


def _counted(draft: CellDraft, is_new: bool) -> dict[str, object]:
    return {
        "counted_state": draft.state if is_new else None,
        "counted_value": draft.value if is_new else None,
        "counted_denominator": draft.denominator if is_new else None,
    }


def _approval(written: WrittenSheet, actor: Actor, moment: datetime) -> dict[str, object]:
    is_new = written.sheet.report is None
    return {"approved_by_id": actor.id if is_new else None, "approved_at": moment if is_new else None}


def write_texts(
    sheet: Sheet, report_id: int, typed: Mapping[CellKey, tuple[Cell, DraftRow]], *, actor: Actor
) -> None:
    """Keep what was typed beside the value that stands in the cell, which stays what it is."""
    if not typed:
        return
    cells = [cell for cell, _ in typed.values()]
    _add_entries([{**_place(sheet, report_id, cell), "revision": 0} for cell in cells if cell.entry is None])
    ids = _entry_ids([report_id])
    _drop_drafts([cell.entry for cell in cells if cell.entry])
    moment = now()
    db.session.execute(
        insert(EntryDraft),
        [
            {"entry_id": ids[report_id, key], "typed_by_id": actor.id, "typed_at": moment, **asdict(text)}
            for key, (_, text) in typed.items()
        ],
    )
    _touch([ids[report_id, key] for key in typed])


def settle_cells(cells: Sequence[Cell]) -> None:
    """Take the text and the mark of a carried value away: what stands in the cells is what is meant."""
    entries = [cell.entry for cell in cells if cell.entry]
    if not entries:
        return
    _drop_drafts(entries)
    ids = [entry.id for entry in entries]
    db.session.execute(update(Entry).where(Entry.id.in_(ids)).values(is_carried=False))
    _touch(ids)


def unsettle_cells(cells: Sequence[Cell]) -> None:
    """Have somebody confirm again what was carried over into the cells."""
    ids = [cell.entry.id for cell in cells if cell.entry]
    if ids:
        db.session.execute(update(Entry).where(Entry.id.in_(ids)).values(is_carried=True))
        _touch(ids)


def cell_name(cell: Cell) -> str:
    """A cell's name in the audit log."""
    return f"{cell.indicator.code} {cell.category.name}" if cell.category else cell.indicator.code


def cell_text(content: EntryRow | CellDraft | CorrectionRow | None) -> str | None:
    """What a cell holds, for the audit log; None for nothing."""
    if content is None or content.state is None:
        return None
    note = f" ({content.note})" if content.note else ""
    if content.state is ValueState.NOT_APPLICABLE:
        return f"n/a: {content.reason}{note}"
    whole = "" if content.denominator is None else f"/{plain(content.denominator)}"
    return f"{plain(content.value) if content.value is not None else ''}{whole}{note}"


def cell_changes(changed: Changes) -> dict[str, tuple[object, object]]:
    """What changed, as the audit log keeps it: by the cell's name, before and after."""
    return {cell_name(cell): (cell_text(cell.entry), cell_text(draft)) for cell, draft in changed}


def _place(sheet: ReportHandle, report_id: int, cell: Cell) -> dict[str, object]:
    return {
        "report_id": report_id,
        "unit_id": sheet.unit.id,
        "plan_id": sheet.plan.id,
        "indicator_id": cell.indicator.id,
        "category_id": cell.category.id if cell.category else None,
        "ends_on": sheet.period.ends_on,
    }


def _add_entries(fresh: Sequence[dict[str, object]]) -> None:
    if fresh:
        db.session.connection().execute(_ADD, fresh)


def _drop_drafts(entries: Sequence[EntryRow]) -> None:
    ids = [entry.id for entry in entries if entry.draft is not None]
    if ids:
        db.session.execute(delete(EntryDraft).where(EntryDraft.entry_id.in_(ids)))


def _touch(ids: Sequence[int]) -> None:
    db.session.execute(update(Entry).where(Entry.id.in_(ids)).values(touched=Entry.touched + 1))


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
