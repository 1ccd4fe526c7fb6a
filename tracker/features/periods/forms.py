"""What is sent to change due dates and locks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, ValidationError
from wtforms.validators import Length

from tracker.core.forms import tidy, typed_day, typed_number
from tracker.core.i18n import say
from tracker.domain.errors import RuleError
from tracker.domain.workdays import check_workdays

_SHORT = Length(max=200, message=lazy_gettext("At most 200 characters. Please shorten it."))


NEVER = "none"
"""What is sent back by whoever was shown that there is no rule."""


class SeenForm(FlaskForm):
    """The version that was looked at."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        """The version as a number; -1 when it is none, which is never current."""
        number = typed_number(self.version.data)
        return -1 if number is None else number


class DueRuleForm(SeenForm):
    """After how many working days reports are due; the version is the number that was shown."""

    due_workdays = StringField()

    def validate_due_workdays(self, field: StringField) -> None:
        """A whole number that a rule may have."""
        try:
            check_workdays(self.workdays)
        except RuleError as error:
            raise ValidationError(say(error)) from error

    @property
    def workdays(self) -> int:
        """The number; -1 when it is none."""
        number = typed_number(self.due_workdays.data)
        return -1 if number is None else number


class LockRuleForm(SeenForm):
    """After how many working days periods lock themselves; the version is the number shown, or ``none``."""

    lock_workdays = StringField()

    def validate_lock_workdays(self, field: StringField) -> None:
        """Nothing, or a whole number that a rule may have."""
        try:
            if tidy(field.data):
                number = typed_number(field.data)
                check_workdays(-1 if number is None else number)
        except RuleError as error:
            raise ValidationError(say(error)) from error

    @property
    def rule_seen(self) -> int | None:
        """The rule that was shown, None for none; what is neither is -1, which no rule ever is."""
        return None if self.version.data == NEVER else self.seen

    @property
    def workdays(self) -> int | None:
        """The number; none when the field is empty."""
        return typed_number(self.lock_workdays.data) if tidy(self.lock_workdays.data) else None


class FirstPeriodForm(FlaskForm):
    """With which period reporting begins; the version is the code of the one that was shown."""

    version = HiddenField()
    first_period = SelectField()

    def __init__(self, periods: Sequence[tuple[str, str]], **options: Any) -> None:
        super().__init__(**options)
        self.first_period.choices = list(periods)

    @property
    def seen(self) -> str:
        """The code of the first period that was shown."""
        return self.version.data or ""


class DueDateForm(SeenForm):
    """A due date for one period."""

    due_on = StringField()
    reason = StringField(validators=[_SHORT])

    def validate_due_on(self, field: StringField) -> None:
        """A day."""
        if typed_day(field.data) is None:
            raise ValidationError(gettext("Enter a day, such as 2022-06-30."))

    @property
    def why(self) -> str:
        """The reason as it is kept."""
        return tidy(self.reason.data)


class LockForm(SeenForm):
    """A reason to lock, which may be left out, or to reopen, which may not."""

    reason = StringField(validators=[_SHORT])

    @property
    def why(self) -> str:
        """The reason as it is kept."""
        return tidy(self.reason.data)


class RecomputeForm(FlaskForm):
    """The changes of due dates that were shown."""

    marks = HiddenField()

    @property
    def shown(self) -> list[str]:
        """One mark for each."""
        return (self.marks.data or "").split()
