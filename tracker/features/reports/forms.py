"""The report as a form: one small form per cell, read into drafts; and the reasons of a review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Form,
    HiddenField,
    MultipleFileField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from tracker.core.forms import tidy
from tracker.core.i18n import name_of, say
from tracker.domain.errors import N_, RuleError
from tracker.domain.measures import ReportedAs
from tracker.domain.numbers import parse_number, plain
from tracker.domain.rollup import ValueState
from tracker.features.plans.queries import CategoryRow
from tracker.features.reports.queries import Cell, CellKey, EvidenceSpot, Sheet
from tracker.features.reports.services import CellDraft, check_draft

LONGEST_NOTE = 500
LONGEST_CAPTION = 200
MOST_FILES = 20
"""Files that are taken at once."""


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


def odd_sentence(message: str, params: Mapping[str, object]) -> str:
    """What is odd about a value, in the language being spoken."""
    return gettext(message, **params)


class EvidenceForm(FlaskForm):
    """Files to add, with one caption for all of them, for the indicator or one of its categories."""

    files = MultipleFileField(lazy_gettext("Files"))
    category = SelectField(lazy_gettext("Category"), validate_choice=False)
    caption = StringField(
        lazy_gettext("Caption"),
        [
            Length(
                max=LONGEST_CAPTION,
                message=lazy_gettext("At most %(most)s characters. Please shorten it.", most=LONGEST_CAPTION),
            )
        ],
    )

    def __init__(self, spot: EvidenceSpot, **options: Any) -> None:
        super().__init__(**options)
        self.known = {str(one.id): one for one in spot.indicator.categories}
        self.category.choices = [("", gettext("The indicator as a whole"))]
        self.category.choices += [(key, name_of(one)) for key, one in self.known.items()]

    def chosen_category(self) -> CategoryRow | None:
        """The category it is for; none: the indicator as a whole."""
        return self.known.get(self.category.data or "")

    def said(self) -> str:
        """The caption."""
        return tidy(self.caption.data)

    def handed_in(self) -> list[tuple[str, bytes]]:
        """Names and contents of the files. Raises :class:`RuleError` when there are none, or too many."""
        found = [one for one in self.files.data or () if getattr(one, "filename", None)]
        if not found:
            raise RuleError(N_("Choose at least one photo or document."), field="files")
        if len(found) > MOST_FILES:
            raise RuleError(N_("Add at most %(most)s files at once."), field="files", most=MOST_FILES)
        return [(one.filename, one.read()) for one in found]


class PieceForm(FlaskForm):
    """What can be said of one piece of evidence: its caption, or why it is taken away."""

    caption = StringField()
    seen = StringField()
    reason = StringField()

    def text(self, name: str) -> str:
        """One of the texts, without control characters and outer blanks, not longer than it may be."""
        return tidy(self[name].data)[:LONGEST_CAPTION]
