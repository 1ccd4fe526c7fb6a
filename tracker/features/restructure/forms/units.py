"""What is asked before a unit is moved, retired or merged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length

from tracker.core.i18n import name_of, say
from tracker.domain.errors import RuleError
from tracker.features.org.queries import UnitRow
from tracker.features.restructure.services import Kind

LONGEST_REASON = 500
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


class ChangeForm(FlaskForm):
    """The other unit, the day, the reason, and what the tree looked like when it was shown."""

    other = SelectField(validate_choice=False)
    day = StringField()
    with_below = BooleanField()
    reason = TextAreaField(
        validators=[
            InputRequired(lazy_gettext("Give a reason, so that everyone knows why the tree changes.")),
            Length(max=LONGEST_REASON, message=lazy_gettext("At most 500 characters. Please shorten it.")),
        ]
    )
    seen = HiddenField()
    kind = Kind.MOVE
    general: Sequence[str] = ()

    @property
    def on(self) -> date:
        """The day; only after the form is found valid."""
        return date.fromisoformat(self.day.data or "")

    def validate_day(self, field: StringField) -> None:
        """A day that exists, and no typing error."""
        if self.kind is Kind.RESTORE:
            return
        try:
            day = date.fromisoformat((field.data or "").strip())
        except ValueError:
            raise ValidationError(gettext("This is not a day. Write it like 2022-06-30.")) from None
        if not EARLIEST <= day <= LATEST:
            raise ValidationError(gettext("This is not a day. Write it like 2022-06-30."))

    def show(self, error: RuleError) -> None:
        """Put a broken rule where it belongs."""
        name = {"parent": "other", "successor": "other"}.get(error.field or "", error.field)
        field = self._fields.get(name) if name else None
        if field is None:
            self.general = [say(error)]
        else:
            field.errors = [*field.errors, say(error)]


def change_form(kind: Kind, units: Sequence[UnitRow], sent: MultiDict[str, str] | None = None) -> ChangeForm:
    """The form of one kind of change; ``sent`` is what an address asks to be shown, which needs no token."""
    form = ChangeForm(formdata=sent, meta={"csrf": False}) if sent is not None else ChangeForm()
    choices = [(unit.code, f"{'　' * (len(unit.line) - 1)}{name_of(unit)} · {unit.code}") for unit in units]
    form.other.choices = [("", gettext("Choose a unit")), *choices]
    form.kind = kind
    return form
