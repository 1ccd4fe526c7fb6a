"""The report as a form: one small form per cell, read into drafts; and the reasons of a review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from tracker.core.i18n import say
from tracker.domain.errors import N_, RuleError
from tracker.domain.measures import ReportedAs
from tracker.domain.numbers import parse_number, plain
from tracker.domain.rollup import ValueState
from tracker.features.reports.queries import Cell, CellKey, Sheet
from tracker.features.reports.services import CellDraft

LONGEST_NOTE = 500


@dataclass
class CellForm:
    """What is typed in one cell, as typed, and what is wrong with it."""

    cell: Cell
    value: str = ""
    denominator: str = ""
    is_na: bool = False
    reason: str = ""
    note: str = ""
    error: str | None = None

    @property
    def name(self) -> str:
        """The beginning of the names of the cell's inputs."""
        return f"c{self.cell.key[0]}-{self.cell.key[1]}"

    @property
    def is_silent(self) -> bool:
        """Whether nothing at all is in the cell."""
        return not (self.value.strip() or self.denominator.strip() or self.is_na)

    def draft(self) -> CellDraft:
        """The cell as the service takes it. Raises :class:`RuleError` for what is not a number."""
        reason, note = _text(self.reason), _text(self.note)
        for text in (reason, note):
            if text and len(text) > LONGEST_NOTE:
                raise RuleError(N_("At most %(length)s characters. Please shorten it."), length=LONGEST_NOTE)
        key = self.cell.key
        if self.is_na:
            if self.value.strip() or self.denominator.strip():
                raise RuleError(N_("Either a number or 'not applicable', not both. Clear one of them."))
            return CellDraft(key, ValueState.NOT_APPLICABLE, reason=reason, note=note)
        if self.is_silent:
            return CellDraft(key, None, reason=None, note=note)
        indicator = self.cell.indicator
        places = 0 if indicator.measure.has_denominator else indicator.decimals
        numbers = [
            parse_number(text, decimals=places, negative=indicator.may_be_negative) if text.strip() else None
            for text in (self.value, self.denominator)
        ]
        whole = numbers[1] if indicator.measure.has_denominator else None
        return CellDraft(key, ValueState.VALUE, numbers[0], whole, reason, note)


@dataclass
class SheetForm:
    """A whole sheet as a form: from what is saved, or from what was sent."""

    cells: dict[CellKey, CellForm]
    version: int
    drafts: list[CellDraft] = field(default_factory=list)

    def read(self) -> bool:
        """Read every cell into :attr:`drafts`; False when a cell cannot be read, which then says why."""
        self.drafts = []
        for form in self.cells.values():
            try:
                self.drafts.append(form.draft())
            except RuleError as error:
                form.error = say(error)
        return self.errors == 0

    def show_errors(self, by_cell: Mapping[CellKey, RuleError]) -> None:
        """Put each broken rule at its cell."""
        for key, error in by_cell.items():
            self.cells[key].error = say(error)

    @property
    def errors(self) -> int:
        """How many cells have something wrong."""
        return sum(1 for form in self.cells.values() if form.error)


def saved_form(sheet: Sheet) -> SheetForm:
    """The form of what is saved."""
    return SheetForm({cell.key: _saved(cell) for cell in sheet.cells}, sheet.version)


def sent_form(sheet: Sheet, sent: Mapping[str, str]) -> SheetForm:
    """The form of what was sent; every text is kept as it was typed."""
    forms = {}
    for cell in sheet.cells:
        form = CellForm(cell)
        form.value = sent.get(f"{form.name}-value", "")
        form.denominator = sent.get(f"{form.name}-whole", "")
        form.is_na = f"{form.name}-na" in sent
        form.reason = sent.get(f"{form.name}-reason", "")
        form.note = sent.get(f"{form.name}-note", "")
        forms[cell.key] = form
    version = sent.get("version", "")
    known = version.isascii() and version.isdigit() and len(version) < 10
    return SheetForm(forms, int(version) if known else -1)


def _saved(cell: Cell) -> CellForm:
    entry = cell.entry
    if entry is None:
        return CellForm(cell)
    return CellForm(
        cell,
        value=shown_value(cell, entry.value),
        denominator="" if entry.denominator is None else plain(entry.denominator),
        is_na=entry.state is ValueState.NOT_APPLICABLE,
        reason=entry.reason or "",
        note=entry.note or "",
    )


def shown_value(cell: Cell, value: Decimal | None) -> str:
    """The stored value as staff type it: the running total where that is what is reported."""
    if value is None:
        return ""
    if cell.indicator.reported_as is ReportedAs.RUNNING_TOTAL:
        value += cell.total_before
    return plain(value)


def _text(typed: str) -> str | None:
    """A text without control characters and outer blanks; None when nothing is left."""
    kept = "".join(char for char in typed if char.isprintable() or char == "\n").strip()
    return kept or None


class ReviewForm(FlaskForm):
    """The version that was looked at."""

    version = HiddenField(validators=[InputRequired()])

    @property
    def seen(self) -> int:
        """The version as a number; -1 when it is none, which is never current."""
        sent = self.version.data or ""
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1


class ReasonForm(ReviewForm):
    """A decision that needs a reason."""

    reason = TextAreaField(
        lazy_gettext("Reason"),
        [
            InputRequired(lazy_gettext("Give a reason, so that the reporter knows what to do.")),
            Length(max=LONGEST_NOTE, message=lazy_gettext("At most 500 characters. Please shorten it.")),
        ],
    )


def odd_sentence(message: str, params: Mapping[str, object]) -> str:
    """What is odd about a value, in the language being spoken."""
    return gettext(message, **params)
