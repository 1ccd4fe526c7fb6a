"""What is decided about a report or a correction, with the reasons for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length

from tracker.domain.review import Step
from tracker.features.reports.forms.cells import LONGEST_NOTE, typed_text
from tracker.features.reports.queries import CellKey, Sheet


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
    typed = {cell.key: typed_text(sent.get(return_field(cell.key), "")) for cell in sheet.cells}
    return {key: text for key, text in typed.items() if text}


@dataclass(frozen=True)
class Choice:
    """A report that was chosen in the queue: the version that the queue showed, and the step it offered."""

    plan: str
    unit: str
    period: str
    version: int
    step: Step


def choice_of(plan: str, unit: str, period: str, version: int, step: Step) -> str:
    """A report of the queue as one value of a form."""
    return f"{plan}/{unit}/{period}/{version}/{step}"


def sent_choices(values: Iterable[str]) -> list[Choice]:
    """The chosen reports, each once and in their order; what is none is left out."""
    parts = [value.split("/") for value in dict.fromkeys(values)]
    steps = {step.value: step for step in (Step.CHECK, Step.APPROVE)}
    return [
        Choice(part[0], part[1], part[2], _version(part[3]), steps[part[4]])
        for part in parts
        if len(part) == 5 and part[4] in steps
    ]
