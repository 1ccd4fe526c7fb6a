"""What every form of this room shares: the version that was seen, refusals at the field, comparing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash
from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    Field,
    Form,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.form import BaseForm
from wtforms.validators import Length, Optional, StopValidation

from tracker.core.i18n import say
from tracker.domain.errors import RuleError

LONGEST_NAME = 200
TOO_LONG = lazy_gettext("This is too long. Please shorten it to %(length)s characters.", length=LONGEST_NAME)


@dataclass(frozen=True)
class Difference:
    """A field in which what is typed differs from what is saved by now."""

    label: str
    theirs: str
    yours: str


class Needed:
    """Something must be typed or chosen, or be kept from what was saved."""

    def __init__(self, message: object) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        """Refuse an empty field; one that cannot be read has its own sentence already."""
        if field.process_errors:
            raise StopValidation
        if field.data is None or (isinstance(field.data, str) and not field.data.strip()):
            raise StopValidation(str(self.message))


class SentForm(FlaskForm):
    """A form that knows which version was seen, and shows what a service refuses at its field."""

    version = HiddenField()

    @property
    def seen(self) -> str:
        """The version that was seen; empty when none was sent."""
        return self.version.data or ""

    def refuse(self, error: RuleError) -> None:
        """Show a broken rule at its field, or above the form when it belongs to the whole."""
        broken = getattr(error, "by_field", None) or {error.field: error}
        for name, one in broken.items():
            field = self._fields.get(name) if name else None
            if field is None or isinstance(field, HiddenField):
                flash(say(one), "error")
            else:
                field.errors = [*field.errors, say(one)]

    def against(self, saved: SentForm) -> list[Difference]:
        """What differs from what is saved by now; sending the form again then overwrites it knowingly."""
        self.version.data = saved.version.data
        return [
            Difference(str(field.label.text), shown(saved[field.name]), shown(field))
            for field in self
            if field.name not in {"version", "csrf_token"} and shown(field) != shown(saved[field.name])
        ]


def shown(field: Any) -> str:
    """What stands in a field, in words."""
    if isinstance(field, SelectMultipleField):
        return " / ".join(_offered(field).get(value, "") for value in field.data or ())
    if isinstance(field, SelectField):
        return _offered(field).get(field.data, "")
    if isinstance(field, DateField):
        return field.data.isoformat() if field.data else ""
    if isinstance(field.data, bool):
        return "✓" if field.data else "—"
    if isinstance(field.data, (list, tuple)):
        # Rows of a table are told by their names.
        parts = [part.get("name") if isinstance(part, dict) else part for part in field.data]
        return " / ".join(str(part) for part in parts if part)
    return str(field.data or "").strip()


def name_field(label: Any, needed: Any) -> StringField:
    """A name that must be given."""
    return StringField(label, [Needed(needed), Length(max=LONGEST_NAME, message=TOO_LONG)])


def text_or_none(label: Any, longest: int = LONGEST_NAME) -> StringField:
    """A text that may be left out."""
    message = lazy_gettext("This is too long. Please shorten it to %(length)s characters.", length=longest)
    return StringField(label, [Optional(), Length(max=longest, message=message)])


class DayField(DateField):
    """A day as browsers send it."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the day; 2023/1/5 is as good as 2023-01-05, and a blank is none."""
        if valuelist and not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata([value.strip().replace("/", "-") for value in valuelist])
        except ValueError:
            raise ValueError(gettext("This is not a day. Enter it like 2023-06-30.")) from None


class WholeField(IntegerField):
    """A whole number."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read the number."""
        try:
            super().process_formdata([value.strip()[:9] for value in valuelist])
        except ValueError:
            said = gettext("This is not a whole number. Enter digits only, for example 1.")
            raise ValueError(said) from None


def _offered(field: SelectField | SelectMultipleField) -> dict[str, str]:
    """The choices of a field: value and words."""
    return {str(choice[0]): str(choice[1]) for choice in field.choices or ()}


class ChoiceField(SelectField):
    """One of several choices."""

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse what is not offered, or is no longer."""
        if self.data not in _offered(self):
            raise ValidationError(gettext("Choose one of the entries of the list."))


class ChoicesField(SelectMultipleField):
    """Any number of choices."""

    def pre_validate(self, form: BaseForm) -> None:
        """Refuse what is not offered, or is no longer."""
        if not set(self.data or ()) <= set(_offered(self)):
            raise ValidationError(gettext("Choose one of the entries of the list."))


def day_field(label: Any) -> DayField:
    """A day that may be left out."""
    return DayField(label, [Optional()])


def text(value: str | None) -> str | None:
    """A text without control characters and outer blanks; None when nothing is left."""
    kept = "".join(char for char in value or "" if char.isprintable() or char == "\n").strip()
    return kept or None
