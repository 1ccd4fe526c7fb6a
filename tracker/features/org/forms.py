"""What is sent about units, facts and workbooks."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from tracker.core.i18n import word
from tracker.domain.days import parse_day
from tracker.domain.errors import HouseError, RuleError
from tracker.domain.numbers import parse_number
from tracker.domain.units import LONGEST_NAME, FactKind, UnitKind
from tracker.features.org.services import FactDraft, UnitDraft


class _Form(FlaskForm):
    """A form that shows a broken rule at the field that breaks it."""

    def show(self, error: HouseError, said: str) -> bool:
        """Put the sentence at its field; False when there is no such field."""
        if error.field is None or error.field not in self:
            return False
        field = self[error.field]
        field.errors = [*field.errors, said]
        return True


class UnitForm(_Form):
    """A unit's code, names and kind."""

    name = StringField(validators=[InputRequired(lazy_gettext("Enter the name."))])
    name_en = StringField()
    kind = SelectField()
    code = StringField(validators=[InputRequired(lazy_gettext("Enter a code."))])
    code_agreed = BooleanField()
    seen = HiddenField()

    def offer(self, kinds: list[UnitKind]) -> None:
        """Offer these kinds, in the language being spoken."""
        self.kind.choices = [(kind.value, word(kind)) for kind in kinds]

    def draft(self) -> UnitDraft:
        """The unit as the service takes it."""
        return UnitDraft(
            code=_line(self.code.data),
            name=_line(self.name.data),
            kind=UnitKind(self.kind.data),
            name_en=_line(self.name_en.data) or None,
        )


class FactForm(_Form):
    """A value and the day from which it holds."""

    kind = SelectField()
    value = StringField(validators=[InputRequired(lazy_gettext("Enter the figure."))])
    from_on = StringField(validators=[InputRequired(lazy_gettext("Enter the day from which it holds."))])
    seen = HiddenField()

    def offer(self, kinds: list[FactKind]) -> None:
        """Offer these kinds, in the language being spoken."""
        self.kind.choices = [(kind.value, word(kind)) for kind in kinds]

    def draft(self) -> FactDraft:
        """The fact as the service takes it. Raises :class:`RuleError` for what is no number or day."""
        kind = FactKind(self.kind.data)
        try:
            value = parse_number(self.value.data or "", decimals=kind.decimals)
        except RuleError as error:
            raise RuleError(error.message, field="value", **error.params) from error
        return FactDraft(kind, self.day(), value)

    def day(self) -> date:
        """The day as it was typed. Raises :class:`RuleError` for what is none."""
        try:
            return parse_day(self.from_on.data or "")
        except RuleError as error:
            raise RuleError(error.message, field="from_on", **error.params) from error


class RemoveForm(FlaskForm):
    """What was shown of a fact that is to be removed."""

    seen = HiddenField(validators=[Length(max=100)])


class FileForm(_Form):
    """A workbook."""

    file = FileField()


class ConfirmForm(FlaskForm):
    """The fingerprint of the preview that is confirmed."""

    fingerprint = HiddenField()


def _line(text: str | None) -> str:
    """One line without outer blanks; blanks in a row become one."""
    return " ".join((text or "")[: 4 * LONGEST_NAME].split())
