"""The report as a form: one small form per cell, read into drafts; and the reasons of a review."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, Form, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from tracker.core.i18n import say
from tracker.domain.errors import N_, RuleError
from tracker.domain.measures import ReportedAs
from tracker.domain.numbers import parse_number, plain
from tracker.domain.rollup import ValueState
from tracker.features.reports.queries import Cell, CellKey, Sheet
from tracker.features.reports.services import CellDraft, check_draft

LONGEST_NOTE = 500


def _name(cell: Cell) -> str:
    return f"c{cell.key[0]}-{cell.key[1]}"


class CellForm(Form):
    """One cell: what is typed in it, as typed, and what is wrong with it."""

    value = StringField()
    whole = StringField()
    na = BooleanField(false_values=())
    reason = StringField()
    note = StringField()

    def __init__(self, cell: Cell, sent: Any = None, **saved: object) -> None:
        super().__init__(sent, prefix=f"{_name(cell)}-", data=saved)
        self.cell = cell
        self.error: str | None = None

    @property
    def name(self) -> str:
        """The beginning of the names of the cell's inputs."""
        return _name(self.cell)

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

    def draft(self) -> CellDraft:
        """The cell as the service takes it. Raises :class:`RuleError` for what is not a number."""
        reason, note = _text(self.typed("reason")), _text(self.typed("note"))
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
    version: int
    drafts: list[CellDraft] = field(default_factory=list)

    def read(self) -> bool:
        """Read every cell into :attr:`drafts`; False when a cell cannot be read, which then says why."""
        self.drafts = []
        for form in self.cells.values():
            try:
                draft = form.draft()
                # The same hard rules as when saving, so that all that is wrong is said at once.
                check_draft(form.cell, draft)
                self.drafts.append(draft)
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
    return SheetForm({cell.key: saved_cell(cell) for cell in sheet.cells}, sheet.version)


def sent_form(sheet: Sheet, sent: Any) -> SheetForm:
    """The form of what was sent, as it was typed; cells that were not sent stay as they are saved."""
    cells = {
        cell.key: CellForm(cell, sent) if f"{_name(cell)}-value" in sent else saved_cell(cell)
        for cell in sheet.cells
    }
    return SheetForm(cells, _version(sent.get("version")))


def saved_cell(cell: Cell) -> CellForm:
    """One cell of what is saved."""
    entry = cell.entry
    if entry is None:
        return CellForm(cell)
    return CellForm(
        cell,
        value=shown_value(cell, entry.value),
        whole="" if entry.denominator is None else plain(entry.denominator),
        na=entry.state is ValueState.NOT_APPLICABLE,
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


def _version(sent: str | None) -> int:
    """A sent version as a number; -1 when it is none."""
    known = sent is not None and sent.isascii() and sent.isdigit() and len(sent) < 10
    return int(sent) if sent is not None and known else -1


class ReviewForm(FlaskForm):
    """The version that was looked at."""

    version = HiddenField(validators=[InputRequired()])

    @property
    def seen(self) -> int:
        """The version as a number; -1 when it is none, which is never current."""
        return _version(self.version.data)


class ReasonForm(ReviewForm):
    """A decision that needs a reason."""

    reason = TextAreaField(
        lazy_gettext("Reason"),
        [
            InputRequired(lazy_gettext("Give a reason, so that the reporter knows what to do.")),
            Length(max=LONGEST_NOTE, message=lazy_gettext("At most 500 characters. Please shorten it.")),
        ],
    )


class CorrectionForm(ReviewForm):
    """Why a figure is corrected; ``version`` holds the revision that was looked at."""

    reason = TextAreaField(
        lazy_gettext("Reason"),
        [
            InputRequired(lazy_gettext("Say in a few words why.")),
            Length(max=LONGEST_NOTE, message=lazy_gettext("At most 500 characters. Please shorten it.")),
        ],
    )


class DecisionForm(FlaskForm):
    """What is decided about a correction; refusing it needs a reason."""

    correction = HiddenField()
    reason = TextAreaField(
        lazy_gettext("Reason"),
        [Length(max=LONGEST_NOTE, message=lazy_gettext("At most 500 characters. Please shorten it."))],
    )

    @property
    def correction_id(self) -> int:
        """The correction that was looked at; -1 for none, which never waits."""
        return _version(self.correction.data)


class ReturnForm(ReviewForm):
    """Reasons for the whole report, for single cells, or both."""

    reason = TextAreaField(
        lazy_gettext("Reason"),
        [Length(max=LONGEST_NOTE, message=lazy_gettext("At most 500 characters. Please shorten it."))],
    )


def return_field(key: CellKey) -> str:
    """The name of the input for what is to be mended in a cell."""
    return f"return-{key[0]}-{key[1]}"


def sent_reasons(sheet: Sheet, sent: Mapping[str, str]) -> dict[CellKey, str]:
    """What is to be mended, by cell; cells without a reason are left out."""
    typed = {cell.key: _text(sent.get(return_field(cell.key), "")) for cell in sheet.cells}
    return {key: text for key, text in typed.items() if text}


@dataclass(frozen=True)
class Choice:
    """A report that was chosen in the queue, in the version that the queue showed."""

    plan: str
    unit: str
    period: str
    version: int


def choice_of(plan: str, unit: str, period: str, version: int) -> str:
    """A report of the queue as one value of a form."""
    return f"{plan}/{unit}/{period}/{version}"


def sent_choices(values: Iterable[str]) -> list[Choice]:
    """The chosen reports, each once and in their order; what is none is left out."""
    parts = [value.split("/") for value in dict.fromkeys(values)]
    return [Choice(part[0], part[1], part[2], _version(part[3])) for part in parts if len(part) == 4]


def odd_sentence(message: str, params: Mapping[str, object]) -> str:
    """What is odd about a value, in the language being spoken."""
    return gettext(message, **params)
