"""Saving some cells of a sheet, each by itself: who comes second to a cell is told, others go together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.core.audit import Actor
from tracker.domain.errors import RuleError, StaleError
from tracker.features.reports.queries import Cell, CellKey, DraftRow, Sheet
from tracker.features.reports.services.drafts import CellDraft, SheetError, check_stored, content_of, differs
from tracker.features.reports.services.entries import (
    WrittenSheet,
    settle_cells,
    write_texts,
    write_values,
)
from tracker.features.reports.services.fill import check_fillable, finish_save
from tracker.features.reports.services.rows import SAVED_MEANWHILE, write_report


@dataclass(frozen=True)
class CellSent:
    """One cell as somebody sent it: what they had seen there, what they typed, and what it says.

    ``read`` is None where what was typed says nothing; then ``error`` tells why. ``base`` is what
    they had found in the cell, where that is known: a cell left as it was found writes nothing.
    """

    key: CellKey
    seen: str
    typed: DraftRow
    read: CellDraft | None
    error: RuleError | None = None
    confirms: bool = False
    base: tuple[object, ...] | None = None


class Outcome(StrEnum):
    """What became of a cell that was sent."""

    SAVED = "saved"
    REFUSED = "refused"
    CONFLICT = "conflict"


class ConflictError(StaleError):
    """Cells that somebody else has filled since they were seen."""

    def __init__(self, keys: Sequence[CellKey]) -> None:
        super().__init__(SAVED_MEANWHILE)
        self.keys = tuple(keys)


def save_cells(sheet: Sheet, sent: Sequence[CellSent], *, actor: Actor) -> dict[CellKey, Outcome]:
    """Save each cell that can be saved; keep the text of what is refused; leave conflicts as they are.

    Raises :class:`RuleError` where nothing of the sheet can be saved now.
    """
    work = _sort(sheet, sent)
    work.write(actor)
    return work.outcomes


def save_sheet(sheet: Sheet, sent: Sequence[CellSent], *, actor: Actor) -> None:
    """Save all the cells or none: raises :class:`SheetError` or :class:`ConflictError` naming them.

    Cells that others have filled meanwhile and that were sent as they had been found stay theirs.
    """
    work = _sort(sheet, sent)
    if work.errors:
        raise SheetError(work.errors)
    conflicts = [key for key, outcome in work.outcomes.items() if outcome is Outcome.CONFLICT]
    if conflicts:
        raise ConflictError(conflicts)
    work.write(actor)


class _Work:
    """What has to be written, cell by cell."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.state = check_fillable(sheet)
        self.outcomes: dict[CellKey, Outcome] = {}
        self.errors: dict[CellKey, RuleError] = {}
        self.changed: list[tuple[Cell, CellDraft]] = []
        self.carried: set[CellKey] = set()
        self.settled: list[Cell] = []
        self.texts: dict[CellKey, tuple[Cell, DraftRow]] = {}

    def add(self, cell: Cell, sent: CellSent) -> None:
        stored, error = _judged(cell, sent)
        if error is not None:
            self.errors[cell.key] = error
        if _stands_already(cell, sent, stored):
            self.outcomes[cell.key] = Outcome.SAVED if error is None else Outcome.REFUSED
            # A mark is taken away only by somebody who has seen the cell as it is.
            if error is None and sent.confirms and cell.entry and cell.entry.is_carried:
                self.settled.append(cell)
        elif sent.seen != cell.seen:
            unchanged = stored is not None and sent.base == content_of(stored)
            self.outcomes[cell.key] = Outcome.SAVED if unchanged else Outcome.CONFLICT
        elif stored is None:
            self.outcomes[cell.key] = Outcome.REFUSED
            self.texts[cell.key] = cell, sent.typed
        else:
            self.outcomes[cell.key] = Outcome.SAVED
            if differs(cell, stored):
                self.changed.append((cell, stored))
                if _is_still_carried(cell, sent, stored):
                    self.carried.add(cell.key)
            else:
                self.settled.append(cell)

    def write(self, actor: Actor) -> None:
        if not (self.changed or self.settled or self.texts) and self.sheet.report is not None:
            return
        report_id = write_report(self.sheet, self.state)
        write_values([WrittenSheet(self.sheet, report_id, self.changed, self.carried)], actor=actor)
        write_texts(self.sheet, report_id, self.texts, actor=actor)
        settle_cells(self.settled)
        if self.changed or self.sheet.report is None:
            # A text that says nothing yet changes no figure, so it leaves no record.
            finish_save(self.sheet, self.state, self.changed, actor=actor)


def _sort(sheet: Sheet, sent: Sequence[CellSent]) -> _Work:
    work = _Work(sheet)
    cells: Mapping[CellKey, Cell] = {cell.key: cell for cell in sheet.cells}
    for one in sent:
        work.add(cells[one.key], one)
    return work


def _judged(cell: Cell, sent: CellSent) -> tuple[CellDraft | None, RuleError | None]:
    """What would be stored, or why nothing can be."""
    if sent.read is None:
        return None, sent.error
    try:
        return check_stored(cell, sent.read), None
    except RuleError as error:
        return None, error


def _is_still_carried(cell: Cell, sent: CellSent, stored: CellDraft) -> bool:
    """Whether only the note beside a value that was carried over has changed."""
    if sent.confirms or cell.entry is None or not cell.entry.is_carried:
        return False
    return content_of(stored)[:3] == cell.entry.content[:3]


def _stands_already(cell: Cell, sent: CellSent, stored: CellDraft | None) -> bool:
    """Whether the cell holds just what was sent, as after an answer that was lost on its way."""
    held = cell.entry.draft if cell.entry else None
    if stored is None:
        return held == sent.typed
    return held is None and not differs(cell, stored)
