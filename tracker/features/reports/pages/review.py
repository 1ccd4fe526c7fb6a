"""What a reviewer sees beside the figures of a report: what changed since it was returned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tracker.domain.review import Step, may
from tracker.features.reports.forms import return_field
from tracker.features.reports.pages.cells import CellView, PillarView, RowView, cell_label, entry_text
from tracker.features.reports.queries import CellKey, EntryRow, Sheet


@dataclass(frozen=True)
class Mended:
    """A cell that was to be mended, or that has changed since the report was returned."""

    name: str
    anchor: str
    asked: str | None
    before: str
    now: str
    changed: bool


@dataclass(frozen=True)
class ReturnInput:
    """The input for what is to be mended in a cell, with what is typed in it."""

    field: str
    typed: str


@dataclass(frozen=True)
class ReviewParts:
    """What the review page adds to the sheet; ``inputs`` by the id of the cell, only for those who review."""

    mended: tuple[Mended, ...]
    inputs: Mapping[str, ReturnInput]


def review_parts(
    sheet: Sheet,
    then: Mapping[CellKey, EntryRow | None],
    *,
    may_review: bool,
    typed: Mapping[CellKey, str] | None = None,
) -> ReviewParts:
    """``then`` holds what the cells held at the last return, ``typed`` reasons that were sent and refused."""
    can_return = may_review and may(Step.RETURN, sheet.state)
    return ReviewParts(
        mended=tuple(
            Mended(
                name=cell_label(cell),
                anchor=_anchor(cell.key),
                asked=cell.entry.return_reason if cell.entry else None,
                before=_said(entry_text(cell, then[cell.key]), then[cell.key]),
                now=_said(entry_text(cell, cell.entry), cell.entry),
                changed=_content(then[cell.key]) != _content(cell.entry),
            )
            for cell in sheet.cells
            if cell.key in then and _tells(then[cell.key], cell.entry)
        ),
        inputs={
            _anchor(cell.key): ReturnInput(return_field(cell.key), (typed or {}).get(cell.key, ""))
            for cell in sheet.cells
            if can_return
        },
    )


def told_by_approved(pillars: Sequence[PillarView], approved: Sequence[PillarView]) -> tuple[PillarView, ...]:
    """The rows with totals and last figures of the same rows on approved figures.

    Warnings stay those that the reporter was told, with the figures that were there.
    """

    def cell(own: CellView, other: CellView) -> CellView:
        return replace(own, previous_text=other.previous_text, change_text=other.change_text)

    def row(own: RowView, other: RowView) -> RowView:
        cells = tuple(cell(*pair) for pair in zip(own.cells, other.cells, strict=True))
        return replace(other, entered_text=own.entered_text, cells=cells)

    return tuple(
        replace(own, rows=tuple(row(*pair) for pair in zip(own.rows, other.rows, strict=True)))
        for own, other in zip(pillars, approved, strict=True)
    )


def _anchor(key: CellKey) -> str:
    return f"c{key[0]}-{key[1]}"


def _content(entry: EntryRow | None) -> tuple[object, ...]:
    return entry.content if entry else (None,) * 5


def _tells(before: EntryRow | None, now: EntryRow | None) -> bool:
    return bool(now and now.return_reason) or _content(before) != _content(now)


def _said(text: str, entry: EntryRow | None) -> str:
    """A figure with its reason and note, since these may be all that has changed."""
    more = [each for each in (entry.reason, entry.note) if each] if entry else []
    return f"{text} ({'; '.join(more)})" if more else text
