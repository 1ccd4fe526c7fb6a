"""Forms of a whole plan: make, edit, copy."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, StringField, ValidationError
from wtforms.validators import Optional

from tracker.core.clock import today
from tracker.core.i18n import frequency_word, name_of, say
from tracker.domain.errors import RuleError
from tracker.domain.numbers import parse_number, plain
from tracker.domain.periods import Frequency
from tracker.domain.review import REVIEW_STEPS
from tracker.features.org.queries import UnitRow
from tracker.features.plans.forms.sent import (
    ChoiceField,
    DayField,
    Needed,
    SentForm,
    WholeField,
    name_field,
    text,
    text_or_none,
)
from tracker.features.plans.models import Plan
from tracker.features.plans.queries import stamp_of
from tracker.features.plans.services import CopyDraft, PlanDraft

MOST_POINTS = 100
NAME_NEEDED = lazy_gettext("Enter a name.")


class FirstPeriodField(ChoiceField):
    """With which period reporting begins in a plan that began earlier: the current one is proposed."""

    NOW, START = "now", "start"

    def __init__(self, **options: Any) -> None:
        super().__init__(lazy_gettext("First period to report"), default=self.NOW, **options)
        self.choices = [
            (self.NOW, gettext("The period that is running today")),
            (self.START, gettext("The plan's first period")),
        ]

    @property
    def day(self) -> date | None:
        """The day from which on reports are asked for; none from the plan's beginning."""
        return today() if self.data == self.NOW else None


class NewPlanForm(SentForm):
    """What a plan is from its first day on, and cannot become later."""

    code = StringField(
        lazy_gettext("Code"), [Needed(lazy_gettext("Enter a short code, for example LC-2023."))]
    )
    name = name_field(lazy_gettext("Name"), NAME_NEEDED)
    name_en = text_or_none(lazy_gettext("Name in English"))
    unit = ChoiceField(lazy_gettext("Unit"))
    starts_on = DayField(
        lazy_gettext("First day"), [Needed(lazy_gettext("Enter the first day, for example 2023-01-01."))]
    )
    ends_on = DayField(
        lazy_gettext("Last day"), [Needed(lazy_gettext("Enter the last day, for example 2023-12-31."))]
    )
    frequency = ChoiceField(lazy_gettext("How often it is reported"))
    review_steps = ChoiceField(lazy_gettext("Steps of review"))
    first_period = FirstPeriodField()

    def __init__(self, units: Sequence[UnitRow], **options: Any) -> None:
        super().__init__(**options)
        self.units = {unit.code: unit for unit in units}
        self.unit.choices = [(unit.code, name_of(unit)) for unit in units]
        self.frequency.choices = [(one.value, frequency_word(one)) for one in Frequency]
        self.review_steps.choices = _step_choices()

    def values(self) -> dict[str, Any]:
        """The arguments of the service."""
        return {
            "code": (self.code.data or "").strip(),
            "name": text(self.name.data) or "",
            "name_en": text(self.name_en.data),
            "unit": self.units[self.unit.data],
            "starts_on": self.starts_on.data,
            "ends_on": self.ends_on.data,
            "frequency": Frequency(self.frequency.data),
            "review_steps": int(self.review_steps.data),
            "reports_from": self.first_period.day,
        }


class PlanForm(SentForm):
    """What can be changed about a plan at any time."""

    name = name_field(lazy_gettext("Name"), NAME_NEEDED)
    name_en = text_or_none(lazy_gettext("Name in English"))
    amber_limit = StringField(
        lazy_gettext("On track from a gap of"), [Needed(lazy_gettext("Enter a number, for example 0."))]
    )
    red_limit = StringField(
        lazy_gettext("At risk from a gap of"), [Needed(lazy_gettext("Enter a number, for example -10."))]
    )

    asks_why_behind = BooleanField(lazy_gettext("Ask for a sentence on what is behind"), [Optional()])
    review_steps = ChoiceField(lazy_gettext("Steps of review"))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.review_steps.choices = _step_choices()

    def draft(self) -> PlanDraft:
        """What the plan is to be."""
        return PlanDraft(
            text(self.name.data) or "",
            text(self.name_en.data),
            _read_points(self.amber_limit),
            _read_points(self.red_limit),
            bool(self.asks_why_behind.data),
            int(self.review_steps.data),
        )

    def validate_amber_limit(self, field: StringField) -> None:
        """Refuse what is no number of percentage points."""
        _read_points(field)

    def validate_red_limit(self, field: StringField) -> None:
        """Refuse what is no number of percentage points."""
        _read_points(field)


def _step_choices() -> list[tuple[str, str]]:
    said = (
        gettext("One: a reviewer approves"),
        gettext("Two: first those who review near the unit check, then the office of the plan approves"),
    )
    return [(str(steps), text) for steps, text in zip(REVIEW_STEPS, said, strict=True)]


def _read_points(field: StringField) -> Decimal:
    """Percentage points as typed. Raises :class:`ValidationError` for what is none."""
    try:
        points = parse_number(field.data or "", decimals=2, negative=True)
    except RuleError as error:
        raise ValidationError(say(error)) from error
    if abs(points) > MOST_POINTS:
        raise ValidationError(gettext("Enter percentage points from -100 to 100."))
    return points


def saved_plan_form(plan: Plan) -> PlanForm:
    """The form of what is saved."""
    return PlanForm(
        formdata=None,
        data={
            "name": plan.name,
            "name_en": plan.name_en,
            "amber_limit": plain(plan.amber_limit),
            "red_limit": plain(plan.red_limit),
            "asks_why_behind": plan.asks_why_behind,
            "review_steps": str(plan.review_steps),
            "version": stamp_of(plan),
        },
    )


class CopyForm(SentForm):
    """What the copy of a plan is called and where it lies."""

    code = StringField(
        lazy_gettext("Code"), [Needed(lazy_gettext("Enter a short code, for example LC-2023."))]
    )
    name = name_field(lazy_gettext("Name"), NAME_NEEDED)
    name_en = text_or_none(lazy_gettext("Name in English"))
    years = WholeField(
        lazy_gettext("Years later"), [Needed(lazy_gettext("Enter a number of years, for example 1."))]
    )
    with_targets = BooleanField(lazy_gettext("Take the targets along"), [Optional()])
    first_period = FirstPeriodField()

    def draft(self) -> CopyDraft:
        """What the copy is to be."""
        return CopyDraft(
            (self.code.data or "").strip(),
            text(self.name.data) or "",
            text(self.name_en.data),
            self.years.data or 0,
            bool(self.with_targets.data),
            self.first_period.day,
        )


def suggested_copy_form(plan: Plan) -> CopyForm:
    """The form of a copy for the next year: the year in code and names moves on by one."""
    year = plan.starts_on.year

    def moved(said: str | None) -> str | None:
        return said and said.replace(str(year), str(year + 1))

    return CopyForm(
        formdata=None,
        data={
            "code": moved(plan.code),
            "name": moved(plan.name),
            "name_en": moved(plan.name_en),
            "years": 1,
            "with_targets": False,
        },
    )
