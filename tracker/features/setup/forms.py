"""What is sent during the set-up: the code, and one form for each step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import ClassVar

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, PasswordField, RadioField, SelectField, StringField
from wtforms import ValidationError as Wrong
from wtforms.validators import InputRequired, Length

from tracker.core.forms import tidy, typed_day
from tracker.core.i18n import say, word
from tracker.domain.errors import RuleError, SeveralRulesError
from tracker.domain.passwords import password_faults
from tracker.domain.periods import check_span
from tracker.domain.units import LONGEST_NAME, UnitKind, check_code, check_name
from tracker.features.accounts.queries import password_rules
from tracker.features.accounts.services import judge_password
from tracker.features.setup.queries import ZONES, can_upload_plan, may_choose
from tracker.features.setup.services import Begin, FirstUser

LANGUAGE_NAMES = (("zh", "中文"), ("en", "English"))
_SHORTER = lazy_gettext("That is too long. Please shorten it.")
_CHOOSE = lazy_gettext("Choose one of the entries of the list.")
_LIKELY = (UnitKind.TOWNSHIP, UnitKind.DISTRICT, UnitKind.CITY, UnitKind.COMMUNITY, UnitKind.DEPARTMENT)
"""Kinds of a highest unit, the likeliest first."""

_ZONE_WORDS = {
    ZONES[0]: lazy_gettext("Beijing time (UTC+8)"),
    ZONES[1]: lazy_gettext("Xinjiang time (UTC+6)"),
}


class SetupCodeForm(FlaskForm):
    """The code that tracker init has printed."""

    code = StringField(
        validators=[
            InputRequired(lazy_gettext("Enter the code for the set-up.")),
            Length(max=64, message=_SHORTER),
        ]
    )


class StepForm(FlaskForm):
    """A step: its answers are kept as text until the last one."""

    kept: ClassVar[tuple[str, ...]] = ()

    def values(self) -> dict[str, str]:
        """What is kept of the answers; never a password."""
        return {name: tidy(str(self[name].data or "")) for name in self.kept if name in self}

    def refuse(self, error: RuleError) -> bool:
        """Put the sentences of a broken rule at their field; False when there is none."""
        if error.field is None or error.field not in self:
            return False
        errors = error.errors if isinstance(error, SeveralRulesError) else (error,)
        self[error.field].errors = [say(each) for each in errors]
        return True


class PlaceForm(StepForm):
    """Language and time zone, as far as no setting says them."""

    kept = ("language", "time_zone")
    language = SelectField(validate_choice=False)
    time_zone = SelectField(validate_choice=False)

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.language.choices = list(LANGUAGE_NAMES)
        self.time_zone.choices = [(zone, str(_ZONE_WORDS[zone])) for zone in ZONES]
        for name, setting in (("language", "LANGUAGE"), ("time_zone", "TIME_ZONE")):
            if not may_choose(setting):
                del self[name]

    def validate_language(self, field: Field) -> None:
        """One of those that the pages speak."""
        _refuse_unless(field.data in dict(LANGUAGE_NAMES))

    def validate_time_zone(self, field: Field) -> None:
        """One of those that are offered."""
        _refuse_unless(field.data in ZONES)


class TopUnitForm(StepForm):
    """The unit above all others."""

    kept = ("name", "name_en", "kind", "code")
    name = StringField(validators=[InputRequired(lazy_gettext("Enter the name."))])
    name_en = StringField()
    kind = SelectField(validate_choice=False)
    code = StringField(validators=[InputRequired(lazy_gettext("Enter a code."))])

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.kind.choices = [(kind.value, word(kind)) for kind in _LIKELY]

    def validate_name(self, field: Field) -> None:
        """A name as any unit has one."""
        _judge(check_name, tidy(field.data))

    def validate_name_en(self, field: Field) -> None:
        """The same in English, where there is one."""
        if tidy(field.data):
            _judge(check_name, tidy(field.data))

    def validate_kind(self, field: Field) -> None:
        """A kind that can stand at the top."""
        _refuse_unless(field.data in set(_LIKELY))

    def validate_code(self, field: Field) -> None:
        """A code that programs can rely on."""
        _judge(check_code, tidy(field.data))


class StartForm(StepForm):
    """How to begin, and the days of the plan that is made of the sample's structure."""

    kept = ("begin", "starts_on", "ends_on")
    begin = RadioField(validate_choice=False)
    starts_on = StringField()
    ends_on = StringField()

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.offered = [one for one in Begin if one is not Begin.EXCEL or can_upload_plan()]
        self.begin.choices = [(one.value, one.value) for one in self.offered]

    def validate(self, extra_validators: object = None) -> bool:
        """One of the ways; where days count, they are days, and a plan can lie between them."""
        sound: bool = super().validate(extra_validators)
        if self.begin.data not in set(self.offered):
            self.begin.errors = [gettext("Choose how to begin.")]
            return False
        if self.begin.data != Begin.SAMPLE:
            return sound
        first, last = (self._day(field) for field in (self.starts_on, self.ends_on))
        if first is None or last is None:
            return False
        try:
            check_span(first, last)
        except RuleError as error:
            self.refuse(error)
            return False
        return sound

    @staticmethod
    def _day(field: Field) -> date | None:
        """The day as it was typed; what is none is said at the field."""
        day = typed_day((field.data or "").replace("/", "-"))
        if day is None:
            field.errors = [gettext("This is not a day. Enter it like 2023-06-30.")]
        return day

    def values(self) -> dict[str, str]:
        """Days count with the sample's structure only; otherwise what cannot be read is forgotten."""
        kept = super().values()
        days = {name: typed_day(kept[name].replace("/", "-")) for name in ("starts_on", "ends_on")}
        return kept | {name: day.isoformat() if day else "" for name, day in days.items()}


class AdministratorForm(StepForm):
    """The first administrator, with a password typed twice, since nobody sees what is typed."""

    username = StringField(
        validators=[InputRequired(lazy_gettext("Enter a user name.")), Length(max=64, message=_SHORTER)]
    )
    label = StringField(validators=[InputRequired(lazy_gettext("Enter what the user is called."))])
    label_en = StringField()
    password = PasswordField(validators=[InputRequired(lazy_gettext("Choose a password.")), Length(max=1000)])
    again = PasswordField(validators=[Length(max=1000)])

    def validate_label(self, field: Field) -> None:
        """A name that can be seen."""
        _judge(check_name, tidy(field.data))

    def validate_label_en(self, field: Field) -> None:
        """Not too long."""
        if len(field.data or "") > LONGEST_NAME:
            raise Wrong(str(_SHORTER))

    def validate_password(self, field: Field) -> None:
        """Everything that it lacks, before anything else is done with it."""
        name = (self.username.data or "").strip().lower()
        faults = password_faults(field.data or "", username=name, rules=password_rules())
        if faults:
            raise Wrong(say(SeveralRulesError(faults)))

    def validate_again(self, field: Field) -> None:
        """Twice the same."""
        if field.data != self.password.data:
            raise Wrong(gettext("The two passwords differ. Type the same one twice."))

    def user(self) -> FirstUser:
        """Whom the service is to add. The password is hashed here, which takes a moment."""
        name = (self.username.data or "").strip()
        password = judge_password(name, self.password.data or "")
        return FirstUser(name, tidy(self.label.data), tidy(self.label_en.data) or None, password)


def _judge(rule: Callable[[str], None], value: str) -> None:
    """Say at the field what a rule has against a value."""
    try:
        rule(value)
    except RuleError as error:
        raise Wrong(say(error)) from error


def _refuse_unless(is_offered: bool) -> None:
    if not is_offered:
        raise Wrong(str(_CHOOSE))
