"""A day of the calendar, as it is sent."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, ValidationError

# The types that are published for this library do not know the name yet.
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # missing in the published types
from wtforms.validators import Length

from tracker.core.forms import tidy, typed_day, typed_number
from tracker.features.calendar.queries import DayRow
from tracker.features.calendar.services import DayDraft

_SHORT = Length(max=200, message=lazy_gettext("At most 200 characters. Please shorten it."))
WORK = "work"
KINDS = [SelectChoice("off", lazy_gettext("Day off")), SelectChoice(WORK, lazy_gettext("Working day"))]


class VersionForm(FlaskForm):
    """The version of the day that was looked at."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version as a number; -1 when it is none, which is never current."""
        number = typed_number(self.version.data)
        return -1 if number is None else number


class DayForm(VersionForm):
    """A day off or a working day, with its name."""

    day = StringField()
    kind = SelectField(choices=KINDS, validate_choice=False)
    name = StringField(validators=[_SHORT])
    name_en = StringField(validators=[_SHORT])

    def validate_day(self, field: StringField) -> None:
        """A day."""
        if typed_day(field.data) is None:
            raise ValidationError(gettext("Enter a day between 2000 and 2100, such as 2022-06-30."))

    def validate_kind(self, field: SelectField) -> None:
        """One of the two."""
        if field.data not in {choice.value for choice in KINDS}:
            raise ValidationError(gettext("Choose one of the two."))

    def draft(self) -> DayDraft:
        """The day as the service takes it; only after the form was found valid."""
        day = typed_day(self.day.data)
        assert day is not None  # validate_day has refused everything else
        return DayDraft(day, self.kind.data == WORK, tidy(self.name.data), tidy(self.name_en.data) or None)


def day_form(row: DayRow) -> DayForm:
    """The form of a day that is there."""
    return DayForm(
        formdata=None,
        day=row.day.isoformat(),
        kind=WORK if row.is_workday else "off",
        name=row.name,
        name_en=row.name_en or "",
        version=str(row.version),
    )
