"""Who wrote last into a cell, and what an earlier revision of it held."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from tracker.core.db import db
from tracker.features.accounts.models import User
from tracker.features.plans.queries import Name
from tracker.features.reports.models import Entry, EntryDraft, EntryRevision
from tracker.features.reports.queries.sheet import Cell, CellKey, Sheet


@dataclass(frozen=True)
class Written:
    """Who wrote and when; nobody, where the program itself did."""

    by: Name | None
    at: datetime


def last_writers(cells: Collection[Cell]) -> dict[CellKey, Written]:
    """The last writer of each cell, be it of a value or of a text that could not be read."""
    ids = {cell.entry.id: cell.key for cell in cells if cell.entry}
    values = (
        select(EntryRevision.entry_id, EntryRevision.entered_at, User.label, User.label_en)
        .join(Entry, (Entry.id == EntryRevision.entry_id) & (Entry.revision == EntryRevision.number))
        .outerjoin(User, User.id == EntryRevision.entered_by_id)
        .where(EntryRevision.entry_id.in_(ids))
    )
    texts = (
        select(EntryDraft.entry_id, EntryDraft.typed_at, User.label, User.label_en)
        .outerjoin(User, User.id == EntryDraft.typed_by_id)
        .where(EntryDraft.entry_id.in_(ids))
    )
    found: dict[CellKey, Written] = {}
    for statement in (values, texts):
        for entry_id, moment, label, label_en in db.session.execute(statement):
            by = Name(label, label_en) if label is not None else None
            found[ids[entry_id]] = Written(by, moment)
    return found


def contents_seen(sheet: Sheet, seen: Mapping[CellKey, str]) -> dict[CellKey, tuple[object, ...]]:
    """What cells held when they were seen, as far as they have changed since and it is known."""
    asked: dict[int, tuple[CellKey, int]] = {}
    found: dict[CellKey, tuple[object, ...]] = {}
    for cell in sheet.cells:
        revision = seen.get(cell.key, "").partition(".")[0]
        if cell.entry is None or seen.get(cell.key) == cell.seen or not _is_number(revision):
            continue
        if int(revision):
            asked[cell.entry.id] = cell.key, int(revision)
        else:
            found[cell.key] = (None,) * 5
    if not asked:
        return found
    rows = db.session.execute(
        select(
            EntryRevision.entry_id,
            EntryRevision.number,
            EntryRevision.state,
            EntryRevision.value,
            EntryRevision.denominator,
            EntryRevision.reason,
            EntryRevision.note,
        ).where(EntryRevision.entry_id.in_(asked))
    )
    for entry_id, number, *content in rows:
        key, wanted = asked[entry_id]
        if number == wanted:
            found[key] = tuple(content)
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
