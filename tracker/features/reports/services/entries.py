"""Writing the cells of a sheet: values as new revisions, and texts that could not be read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from tracker.core.audit import Actor
from tracker.core.clock import now
from tracker.core.db import db
from tracker.domain.errors import N_, StaleError
from tracker.domain.numbers import plain
from tracker.domain.review import ReportState
from tracker.domain.rollup import ValueState
from tracker.features.reports.models import Entry, EntryDraft, EntryRevision, Report
from tracker.features.reports.queries import Cell, CellKey, CorrectionRow, DraftRow, EntryRow, Sheet
from tracker.features.reports.services.drafts import CellDraft
from tracker.features.reports.services.steps import write_version

SAVED_MEANWHILE = N_("Someone saved this sheet while you were filling it in. Compare, then save again.")

Changes = Sequence[tuple[Cell, CellDraft]]


def write_report(sheet: Sheet, state: ReportState) -> int:
    """Write the report's row, made when it is the first save; its id."""
    if sheet.report is not None:
        write_version(sheet.report, state=state)
        return sheet.report.id
    report = Report(unit_id=sheet.unit.id, period_id=sheet.period.id, state=state, version=1)
    db.session.add(report)
    try:
        db.session.flush()
    except IntegrityError as error:
        # On PostgreSQL two people can both find the report not started; the second is told.
        raise StaleError(SAVED_MEANWHILE) from error
    return report.id


def write_values(
    sheet: Sheet,
    report_id: int,
    changed: Changes,
    *,
    actor: Actor,
    carried: Collection[CellKey] = (),
) -> None:
    """Write what is to stand in the cells, each as a new revision; a text that stood there goes.

    Of the cells in ``carried`` the value is still to be confirmed by somebody.
    """
    if not changed:
        return
    moment = now()
    fresh = [
        (cell, {**_content(draft), "revision": 1, "is_carried": cell.key in carried})
        for cell, draft in changed
        if cell.entry is None
    ]
    _add_entries(sheet, report_id, fresh)
    known = [
        {
            "id": cell.entry.id,
            **_content(draft),
            "revision": cell.entry.revision + 1,
            "is_carried": cell.key in carried,
        }
        for cell, draft in changed
        if cell.entry is not None
    ]
    if known:
        db.session.execute(update(Entry), known)
    ids = _entry_ids(report_id)
    _drop_drafts([cell.entry for cell, _ in changed if cell.entry])
    db.session.execute(
        insert(EntryRevision),
        [
            {
                "entry_id": ids[cell.key],
                "number": cell.entry.revision + 1 if cell.entry else 1,
                "entered_by_id": actor.id,
                "entered_at": moment,
                **_content(draft),
            }
            for cell, draft in changed
        ],
    )


def write_texts(
    sheet: Sheet, report_id: int, typed: Mapping[CellKey, tuple[Cell, DraftRow]], *, actor: Actor
) -> None:
    """Keep what was typed beside the value that stands in the cell, which stays what it is."""
    if not typed:
        return
    cells = [cell for cell, _ in typed.values()]
    fresh: list[tuple[Cell, dict[str, object]]] = [
        (cell, {"revision": 0}) for cell in cells if cell.entry is None
    ]
    _add_entries(sheet, report_id, fresh)
    ids = _entry_ids(report_id)
    _drop_drafts([cell.entry for cell in cells if cell.entry])
    moment = now()
    db.session.execute(
        insert(EntryDraft),
        [
            {"entry_id": ids[key], "typed_by_id": actor.id, "typed_at": moment, **asdict(text)}
            for key, (_, text) in typed.items()
        ],
    )
    _touch([ids[key] for key in typed])


def settle_cells(cells: Sequence[Cell]) -> None:
    """Take the text and the mark of a carried value away: what stands in the cells is what is meant."""
    entries = [cell.entry for cell in cells if cell.entry]
    _drop_drafts(entries)
    ids = [entry.id for entry in entries]
    db.session.execute(update(Entry).where(Entry.id.in_(ids)).values(is_carried=False))
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


def _add_entries(sheet: Sheet, report_id: int, fresh: Sequence[tuple[Cell, dict[str, object]]]) -> None:
    if fresh:
        db.session.execute(
            insert(Entry),
            [
                {
                    "report_id": report_id,
                    "unit_id": sheet.unit.id,
                    "plan_id": sheet.plan.id,
                    "indicator_id": cell.indicator.id,
                    "category_id": cell.category.id if cell.category else None,
                    "ends_on": sheet.period.ends_on,
                    **content,
                }
                for cell, content in fresh
            ],
        )


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


def _entry_ids(report_id: int) -> dict[CellKey, int]:
    rows = db.session.execute(
        select(Entry.indicator_id, Entry.category_id, Entry.id).where(Entry.report_id == report_id)
    )
    return {(indicator_id, category_id or 0): entry_id for indicator_id, category_id, entry_id in rows}
