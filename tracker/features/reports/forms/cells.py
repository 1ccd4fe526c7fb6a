"""The report as a form: one small form per cell, read into drafts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, HiddenField, StringField

from tracker.core.i18n import say
from tracker.domain.errors import N_, RuleError
from tracker.domain.measures import ReportedAs
from tracker.domain.numbers import parse_number, plain
from tracker.domain.rollup import ValueState
from tracker.features.reports.queries import Cell, CellKey, DraftRow, Sheet
from tracker.features.reports.services import CellDraft, CellSent, check_stored

LONGEST_NOTE = 500
LONGEST_KEPT = 200
"""Characters that are kept of a number that could not be read."""


def cell_input(cell: Cell) -> str:
    """The beginning of the names of a cell's inputs."""
    return f"c{cell.key[0]}-{cell.key[1]}"


class CellForm(Form):
    """One cell: what is typed in it, as typed, and what is wrong with it."""

    value = StringField()
    whole = StringField()
    na = BooleanField(false_values=())
    reason = StringField()
    note = StringField()
    sure = BooleanField(false_values=())
    seen = HiddenField()

    def __init__(self, cell: Cell, sent: Any = None, **saved: object) -> None:
        super().__init__(sent, prefix=f"{cell_input(cell)}-", data=saved)
        self.cell = cell
        self.error: str | None = None

    @property
    def name(self) -> str:
        """The beginning of the names of the cell's inputs."""
        return cell_input(self.cell)

    def typed(self, field: str) -> str:
        """The text of one of the inputs; empty when it was not sent at all."""
        return self[field].data or ""

    @property
    def numbers(self) -> tuple[str, str]:
        """What is typed as value and as whole, without outer blanks."""
        return self.typed("value").strip(), self.typed("whole").strip()

    @property
    def is_silent(self) -> bool:
        """Whether nothing at all is in the cell."""
        return not (any(self.numbers) or self.na.data)

    def judged(self) -> tuple[CellDraft | None, RuleError | None]:
        """What would be stored, or why nothing can be: by the same rules as when saving."""
        try:
            return check_stored(self.cell, self.draft()), None
        except RuleError as error:
            return None, error

    def judge(self) -> None:
        """Say at the cell what is wrong with it, if anything is."""
        _, error = self.judged()
        self.error = say(error) if error else None

    def sent(self, base: tuple[object, ...] | None = None) -> CellSent:
        """The cell as it was sent; ``base`` is what had been found in it, where that is known."""
        read, error = None, None
        try:
            read = self.draft()
        except RuleError as found:
            error = found
        return CellSent(self.cell.key, self.typed("seen"), self.kept, read, error, bool(self.sure.data), base)

    @property
    def kept(self) -> DraftRow:
        """What is typed, as it is kept while it says nothing."""
        value, whole = (_clean(text)[:LONGEST_KEPT] for text in self.numbers)
        reason, note = ((typed_text(self.typed(name)) or "")[:LONGEST_NOTE] for name in ("reason", "note"))
        return DraftRow(value, whole, bool(self.na.data), reason, note)

    def draft(self) -> CellDraft:
        """The cell as the service takes it. Raises :class:`RuleError` for what is not a number."""
        reason, note = typed_text(self.typed("reason")), typed_text(self.typed("note"))
        for text in (reason, note):
            if text and len(text) > LONGEST_NOTE:
                raise RuleError(N_("At most %(length)s characters. Please shorten it."), length=LONGEST_NOTE)
        key, indicator = self.cell.key, self.cell.indicator
        if self.na.data:
            if any(self.numbers):
                raise RuleError(N_("Either a number or 'not applicable', not both. Clear one of them."))
            return CellDraft(key, ValueState.NOT_APPLICABLE, reason=reason, note=note)
        if self.is_silent:
            return CellDraft(key, None, reason=reason, note=note)
        places = 0 if indicator.measure.has_denominator else indicator.decimals
        value, whole = (
            parse_number(text, decimals=places, negative=indicator.may_be_negative) if text else None
            for text in self.numbers
        )
        return CellDraft(
            key, ValueState.VALUE, value, whole if indicator.measure.has_denominator else None, reason, note
        )


@dataclass
class SheetForm:
    """A whole sheet as a form: from what is saved, or from what was sent."""

    cells: dict[CellKey, CellForm]

    def read(self) -> bool:
        """Judge every cell; False when one cannot be stored, which then says why."""
        for form in self.cells.values():
            form.judge()
        return self.errors == 0

    def show_errors(self, by_cell: Mapping[CellKey, RuleError]) -> None:
        """Put each broken rule at its cell."""
        for key, error in by_cell.items():
            self.cells[key].error = say(error)

    def show_seen(self, sheet: Sheet, keys: Iterable[CellKey]) -> None:
        """Take the cells as seen: whoever is shown another's values writes over them knowingly."""
        current = {cell.key: cell.seen for cell in sheet.cells}
        for key in keys:
            self.cells[key].seen.data = current[key]

    @property
    def seen(self) -> dict[CellKey, str]:
        """What had been seen of each cell."""
        return {key: form.typed("seen") for key, form in self.cells.items()}

    @property
    def errors(self) -> int:
        """How many cells have something wrong."""
        return sum(1 for form in self.cells.values() if form.error)


def saved_form(sheet: Sheet) -> SheetForm:
    """The form of what is saved; a text that is kept because it says nothing yet tells what is wrong."""
    form = SheetForm({cell.key: saved_cell(cell) for cell in sheet.cells})
    for one in form.cells.values():
        if one.cell.entry and one.cell.entry.draft:
            one.judge()
    return form


def sent_form(sheet: Sheet, sent: Any) -> SheetForm:
    """The form of what was sent, as it was typed; cells that were not sent stay as they are saved."""
    return SheetForm(
        {
            cell.key: CellForm(cell, sent) if f"{cell_input(cell)}-value" in sent else saved_cell(cell)
            for cell in sheet.cells
        }
    )


def sent_cells(sheet: Sheet, sent: object) -> list[CellForm]:
    """Some cells as a script sends them: a list of objects with the cell's name and its inputs."""
    cells = {cell_input(cell): cell for cell in sheet.cells}
    found: dict[str, CellForm] = {}
    for one in sent if isinstance(sent, list) else ():
        name = one.get("name") if isinstance(one, dict) else None
        if isinstance(name, str) and name in cells:
            texts = {key: said for key, said in one.items() if isinstance(key, str) and isinstance(said, str)}
            ticks = {key: "1" for key in ("na", "sure") if one.get(key) is True}
            fields = {f"{name}-{key}": said for key, said in {**texts, **ticks}.items()}
            found[name] = CellForm(cells[name], MultiDict(fields))
    return list(found.values())


def saved_cell(cell: Cell) -> CellForm:
    """One cell of what is saved."""
    entry = cell.entry
    if entry is None:
        return CellForm(cell, seen=cell.seen)
    if entry.draft is not None:
        kept = entry.draft
        return CellForm(
            cell,
            value=kept.value,
            whole=kept.whole,
            na=kept.is_na,
            reason=kept.reason,
            note=kept.note,
            seen=cell.seen,
        )
    return CellForm(
        cell,
        value=shown_value(cell, entry.value),
        whole="" if entry.denominator is None else plain(entry.denominator),
        na=entry.state is ValueState.NOT_APPLICABLE,
        reason=entry.reason or "",
        note=entry.note or "",
        seen=cell.seen,
    )


def shown_value(cell: Cell, value: Decimal | None) -> str:
    """The stored value as staff type it: the running total where that is what is reported."""
    if value is None:
        return ""
    if cell.indicator.reported_as is ReportedAs.RUNNING_TOTAL:
        value += cell.total_before
    return plain(value)


def _clean(typed: str) -> str:
    return "".join(char for char in typed if char.isprintable())


def typed_text(typed: str) -> str | None:
    """A text without control characters and outer blanks; None when nothing is left."""
    kept = "".join(char for char in typed if char.isprintable() or char == "\n").strip()
    return kept or None


def odd_sentence(message: str, params: Mapping[str, object]) -> str:
    """What is odd about a value, in the language being spoken."""
    return gettext(message, **params)
