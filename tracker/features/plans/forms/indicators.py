"""The form of an indicator, with its categories as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional

from tracker.core.i18n import name_of
from tracker.domain.meaning import FIXED, MOST_DECIMALS, Meaning, is_fixed
from tracker.domain.measures import Direction, Measure, ReportedAs
from tracker.domain.schedule import Schedule
from tracker.features.plans.forms.sent import (
    TOO_LONG,
    ChoiceField,
    Needed,
    SentForm,
    WholeField,
    day_field,
    name_field,
    text,
    text_or_none,
)
from tracker.features.plans.forms.words import choices_of
from tracker.features.plans.models import Category, Indicator, Initiative
from tracker.features.plans.queries import categories_of, meaning_of, stamp_of_indicator
from tracker.features.plans.services import CategoryDraft, IndicatorDraft

NUMBERS = ("Ⅰ", "Ⅱ", "Ⅲ")
EXAMPLES = ("12", "12.5", "12.34", "12.345", "12.3456")
BLANK_ROWS = 3
LONGEST_DEFINITION = 2000
_LONG = lazy_gettext(
    "This is too long. Please shorten it to %(length)s characters.", length=LONGEST_DEFINITION
)


class CategoryForm(Form):
    """One category: its place in the order and its names; a blank name is none."""

    id = HiddenField()
    place = WholeField(lazy_gettext("Place"), [Optional()])
    name = StringField(lazy_gettext("Name"), [Length(max=200, message=TOO_LONG)])
    name_en = StringField(lazy_gettext("Name in English"), [Length(max=200, message=TOO_LONG)])


class IndicatorForm(SentForm):
    """What is counted, and how. What is fixed is not sent and keeps what is saved."""

    number = ChoiceField(lazy_gettext("Number in the rule book"))
    code = StringField(lazy_gettext("Code"), [Needed(lazy_gettext("Enter a short code, for example I05."))])
    name = name_field(lazy_gettext("Name"), lazy_gettext("Enter a name."))
    name_en = text_or_none(lazy_gettext("Name in English"))
    definition = TextAreaField(
        lazy_gettext("Definition"), [Optional(), Length(max=LONGEST_DEFINITION, message=_LONG)]
    )
    definition_en = TextAreaField(
        lazy_gettext("Definition in English"), [Optional(), Length(max=LONGEST_DEFINITION, message=_LONG)]
    )
    guide = TextAreaField(
        lazy_gettext("Help for filling in"), [Optional(), Length(max=LONGEST_DEFINITION, message=_LONG)]
    )
    guide_en = TextAreaField(
        lazy_gettext("Help for filling in, in English"),
        [Optional(), Length(max=LONGEST_DEFINITION, message=_LONG)],
    )
    measure = ChoiceField(lazy_gettext("Kind of number"))
    unit_of_measure = StringField(
        lazy_gettext("Unit of measure"),
        [
            Needed(lazy_gettext("Say in what this is counted, for example pieces.")),
            Length(max=32, message=lazy_gettext("This is too long. A unit of measure is a word like yuan.")),
        ],
    )
    unit_of_measure_en = text_or_none(lazy_gettext("Unit of measure in English"), 32)
    decimals = ChoiceField(lazy_gettext("Decimal places"))
    direction = ChoiceField(lazy_gettext("Direction"))
    reported_as = ChoiceField(lazy_gettext("What is typed"))
    schedule = ChoiceField(lazy_gettext("Schedule"))
    due_on = day_field(lazy_gettext("To be finished by"))
    may_be_negative = BooleanField(lazy_gettext("May be below zero"))
    may_exceed = BooleanField(lazy_gettext("May exceed its whole"))
    needs_evidence = BooleanField(lazy_gettext("Evidence is needed"))
    categories = FieldList(FormField(CategoryForm), lazy_gettext("Categories"))
    initiative = ChoiceField(lazy_gettext("Initiative"))

    def __init__(
        self, initiatives: Sequence[Initiative], *, before: Meaning | None, has_figures: bool, **options: Any
    ) -> None:
        super().__init__(**options)
        self.before, self.has_figures = before, has_figures
        self.initiatives = {str(one.id): one for one in initiatives}
        self.initiative.choices = [(key, name_of(one)) for key, one in self.initiatives.items()]
        known = [("", "—"), *((one, one) for one in NUMBERS)]
        if self.number.data and self.number.data not in dict(known):
            # A plan that was loaded may number its indicators in another way.
            known.append((self.number.data, self.number.data))
        self.number.choices = known
        self.decimals.choices = [
            (
                str(places),
                gettext("%(places)s, for example %(number)s", places=places, number=EXAMPLES[places]),
            )
            for places in range(MOST_DECIMALS + 1)
        ]
        for name in ("measure", "direction", "reported_as", "schedule"):
            self[name].choices = choices_of(name)
        for name in ("may_be_negative", "may_exceed"):
            if self.fixed(name) and name not in (options.get("formdata") or {}):
                self[name].data = True

    def fixed(self, name: str) -> bool:
        """Whether figures have been entered that this field must not change the meaning of."""
        return self.before is not None and is_fixed(name, self.before, has_figures=self.has_figures)

    def reason(self, name: str) -> str:
        """Why the field is fixed, in a sentence."""
        return gettext(FIXED[name])

    def draft(self) -> IndicatorDraft:
        """What the indicator is to be."""
        return IndicatorDraft(
            code=(self.code.data or "").strip(),
            name=text(self.name.data) or "",
            name_en=text(self.name_en.data),
            number=self.number.data or None,
            definition=text(self.definition.data) or "",
            definition_en=text(self.definition_en.data),
            guide=text(self.guide.data),
            guide_en=text(self.guide_en.data),
            measure=Measure(self.measure.data),
            direction=Direction(self.direction.data),
            schedule=Schedule(self.schedule.data),
            unit_of_measure=text(self.unit_of_measure.data) or "",
            unit_of_measure_en=text(self.unit_of_measure_en.data),
            decimals=int(self.decimals.data),
            reported_as=ReportedAs(self.reported_as.data),
            may_be_negative=bool(self.may_be_negative.data),
            may_exceed=bool(self.may_exceed.data),
            needs_evidence=bool(self.needs_evidence.data),
            due_on=self.due_on.data,
            categories=[(row.name, row.name_en) for row in self.category_drafts()],
        )

    def category_drafts(self) -> list[CategoryDraft]:
        """The categories with a name, in the order of their places; equal places as they stand."""
        rows = [entry.form for entry in self.categories if text(entry.form.name.data)]
        rows.sort(key=lambda row: row.place.data if row.place.data is not None else len(rows) + 1)
        return [
            CategoryDraft(_id(row.id.data), text(row.name.data) or "", text(row.name_en.data)) for row in rows
        ]


def _id(sent: str | None) -> int | None:
    return int(sent) if sent and sent.isascii() and sent.isdigit() and len(sent) < 10 else None


def indicator_form(
    indicator: Indicator | None,
    initiatives: Sequence[Initiative],
    initiative: Initiative,
    *,
    has_figures: bool = False,
    sent: Any = None,
) -> IndicatorForm:
    """The form of what is saved or of a new indicator, with what was sent over it."""
    before = meaning_of(indicator) if indicator else None
    rows = category_rows(categories_of(indicator) if indicator else [], blank=not has_figures)
    data: dict[str, Any] = {"initiative": str(initiative.id), "categories": rows}
    if indicator is None:
        data |= {"decimals": "0", "schedule": Schedule.MONTH.value}
    else:
        data |= {
            name: getattr(indicator, name)
            for name in (one.name for one in fields(IndicatorDraft))
            if name not in {"categories", "curve", "origin"}
        }
        data |= {"number": indicator.number or "", "version": stamp_of_indicator(indicator)}
    return IndicatorForm(initiatives, before=before, has_figures=has_figures, formdata=sent, data=data)


def category_rows(categories: Sequence[Category], *, blank: bool) -> list[dict[str, object]]:
    """The rows of a table of categories; with blank ones at the end to fill in."""
    rows: list[dict[str, object]] = [
        {"id": str(one.id), "place": place, "name": one.name, "name_en": one.name_en}
        for place, one in enumerate(categories, start=1)
    ]
    if blank:
        rows += [
            {"id": "", "place": len(rows) + number, "name": "", "name_en": ""}
            for number in range(1, BLANK_ROWS + 1)
        ]
    return rows
