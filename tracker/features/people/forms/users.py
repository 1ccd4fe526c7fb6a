"""What administrators send about users, and what somebody sends who was invited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, PasswordField, SelectField, StringField, TextAreaField
from wtforms import ValidationError as Wrong
from wtforms.validators import InputRequired, Length

from tracker.core.i18n import name_of, word
from tracker.domain.holdings import Term
from tracker.domain.roles import Role
from tracker.features.org.queries import UnitRow
from tracker.features.people.services import Newcomer

LONGEST_LABEL, LONGEST_REASON = 100, 500
_SHORTER = lazy_gettext("That is too long. Please shorten it.")


class DayField(StringField):
    """A day written 2022-06-30, kept as it was typed; ``day`` is None when the field is empty."""

    day: date | None = None

    def pre_validate(self, form: object) -> None:
        """Read the day, or say how it is written."""
        typed = (self.data or "").strip()
        if not typed:
            return
        try:
            self.day = date.fromisoformat(typed)
        except ValueError:
            raise Wrong(gettext("Write the day as 2022-06-30.")) from None


class SeenForm(FlaskForm):
    """The version of the user that was looked at."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version as a number; -1 when it is none, which is never current."""
        sent = self.version.data or ""
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1


class LabelForm(SeenForm):
    """What a user is called."""

    label = StringField(
        validators=[
            InputRequired(lazy_gettext("Enter what the user is called.")),
            Length(max=LONGEST_LABEL, message=_SHORTER),
        ]
    )
    label_en = StringField(validators=[Length(max=LONGEST_LABEL, message=_SHORTER)])

    @property
    def names(self) -> tuple[str, str | None]:
        """The name, and the English one where there is one."""
        return plain(self.label.data), plain(self.label_en.data) or None

    def validate_label(self, field: StringField) -> None:
        """A name of blanks is none."""
        if not plain(field.data):
            raise Wrong(gettext("Enter what the user is called."))


class GrantForm(SeenForm):
    """A role at a unit, for a time."""

    role = SelectField(validate_choice=False)
    unit = SelectField(validate_choice=False)
    starts_on = DayField()
    ends_on = DayField()

    def offer(self, units: Sequence[UnitRow]) -> None:
        """Fill the lists to choose from; units stand below the one above them."""
        self.role.choices = [("", gettext("Choose a role"))] + [(role.value, word(role)) for role in Role]
        top = min((len(unit.line) for unit in units), default=0)
        self.unit.choices = [("", gettext("Choose a unit"))] + [
            (unit.code, "\u3000" * (len(unit.line) - top) + name_of(unit)) for unit in units
        ]

    def validate_role(self, field: SelectField) -> None:
        """One of the roles there are."""
        if field.data not in set(Role):
            raise Wrong(gettext("Choose a role."))

    def validate_unit(self, field: SelectField) -> None:
        """Some unit; whether it is in scope is asked of the database."""
        if not field.data:
            raise Wrong(gettext("Choose a unit."))

    @property
    def chosen_role(self) -> Role:
        """The role."""
        return Role(self.role.data)

    @property
    def term(self) -> Term:
        """The days on which it counts."""
        return Term(self.starts_on.day, self.ends_on.day)


class EndForm(SeenForm):
    """The last day of a role."""

    ends_on = DayField(validators=[InputRequired(lazy_gettext("Enter the last day."))])


class ReasonForm(SeenForm):
    """Why a user is disabled or enabled."""

    reason = TextAreaField(
        validators=[
            InputRequired(lazy_gettext("Give a reason; it stays in the history.")),
            Length(max=LONGEST_REASON, message=lazy_gettext("At most 500 characters. Please shorten it.")),
        ]
    )


class RenewForm(SeenForm):
    """A new code; where a password is in use, knowing that it stops working."""

    sure = BooleanField(
        false_values=("", None),
        validators=[InputRequired(lazy_gettext("Confirm that the present password may stop working."))],
    )


class InviteForm(LabelForm, GrantForm):
    """Somebody new, with a first role."""

    username = StringField(
        validators=[InputRequired(lazy_gettext("Enter a user name.")), Length(max=64, message=_SHORTER)]
    )

    def newcomer(self, unit: UnitRow) -> Newcomer:
        """Whom the service is to invite."""
        label, label_en = self.names
        return Newcomer(self.username.data or "", label, label_en, self.chosen_role, unit, self.term)


class PasswordForm(FlaskForm):
    """A password of one's own, typed twice."""

    password = PasswordField(
        validators=[InputRequired(lazy_gettext("Choose a password.")), Length(max=200, message=_SHORTER)]
    )
    again = PasswordField(validators=[Length(max=200, message=_SHORTER)])

    def validate_again(self, field: PasswordField) -> None:
        """Twice the same."""
        if field.data != self.password.data:
            raise Wrong(gettext("The two passwords differ. Type the same one twice."))


class CodeForm(PasswordForm):
    """The user name and code of a printed slip, and a password."""

    username = StringField(
        validators=[InputRequired(lazy_gettext("Enter your user name.")), Length(max=64, message=_SHORTER)]
    )
    code = StringField(
        validators=[
            InputRequired(lazy_gettext("Enter the code from your slip.")),
            Length(max=64, message=_SHORTER),
        ]
    )


def plain(typed: str | None) -> str:
    """A text in one line, without control characters and outer blanks."""
    return " ".join("".join(char if char.isprintable() else " " for char in typed or "").split())
