"""The filters of the audit log, as they stand in the address."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField
from wtforms.validators import Length

from tracker.core.access import Scope
from tracker.core.actions import ACTIONS, action_word
from tracker.core.audit import HOUSE
from tracker.core.history import actor_text
from tracker.core.i18n import say
from tracker.domain.errors import RuleError
from tracker.features.audit.queries import Asked, find_unit, usernames_like

_SHORT = Length(max=200, message=lazy_gettext("This is too long to look for."))


class FilterForm(FlaskForm):
    """Days, person, action, object and unit; everything may be left empty."""

    class Meta:
        # It only reads, and its fields are in the address.
        csrf = False

    since = StringField(name="from")
    until = StringField(name="to")
    who = StringField(validators=[_SHORT])
    action = SelectField(validate_choice=False)
    subject = StringField(validators=[_SHORT])
    unit = StringField(validators=[_SHORT])

    def set_choices(self) -> None:
        """Offer every action, by its word."""
        words = sorted((action_word(action), action) for action in ACTIONS)
        self.action.choices = [("", gettext("All actions")), *((action, text) for text, action in words)]

    def read(self, scope: Scope) -> Asked | None:
        """What is asked for, or None: then the fields say what is wrong."""
        self.set_choices()
        valid = self.validate()
        since, until = _day(self.since), _day(self.until)
        if since and until and until < since:
            _refuse(self.until, gettext("The last day is before the first."))
        action = _text(self.action)
        if action and action not in ACTIONS:
            _refuse(self.action, gettext("Choose one of the list."))
        unit = None
        if _text(self.unit):
            try:
                unit = find_unit(scope, _text(self.unit))
            except RuleError as error:
                _refuse(self.unit, say(error))
        if not valid or self.errors:
            return None
        return Asked(since, until, self._who(), action, _text(self.subject), unit)

    def _who(self) -> tuple[str, ...] | None:
        wanted = _text(self.who)
        if not wanted:
            return None
        # The page calls the operator by a word that stands in no table.
        return (HOUSE.username,) if wanted == actor_text(None, HOUSE.username) else usernames_like(wanted)

    def given(self) -> dict[str, str]:
        """The fields that say something, by their names in the address."""
        return {field.name: _text(field) for field in self if _text(field)}


def _text(field: Field) -> str:
    return str(field.data or "").strip()


def _day(field: Field) -> date | None:
    text = _text(field)
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or not 1900 <= day.year <= 2199:
        _refuse(field, gettext("This is not a day. Write it like 2022-06-30."))
        return None
    return day


def _refuse(field: Field, sentence: str) -> None:
    field.errors = [*field.errors, sentence]
