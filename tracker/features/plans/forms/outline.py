"""Forms of pillars and initiatives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext

from tracker.core.i18n import name_of
from tracker.features.plans.forms.sent import (
    ChoiceField,
    ChoicesField,
    SentForm,
    day_field,
    name_field,
    text,
    text_or_none,
)
from tracker.features.plans.models import Initiative, Pillar
from tracker.features.plans.queries import TreeUnit, stamp_of, stamp_of_initiative, supporting_units
from tracker.features.plans.services import InitiativeDraft

STEP = "\u3000"
"""Sets a unit in a list of choices one step further in than the one above it."""


class PillarForm(SentForm):
    """The names of a pillar."""

    name = name_field(lazy_gettext("Name"), lazy_gettext("Enter a name."))
    name_en = text_or_none(lazy_gettext("Name in English"))


def saved_pillar_form(pillar: Pillar | None) -> PillarForm:
    """The form of what is saved, or of a new pillar."""
    if pillar is None:
        return PillarForm(formdata=None)
    names = {"name": pillar.name, "name_en": pillar.name_en, "version": stamp_of(pillar)}
    return PillarForm(formdata=None, data=names)


class InitiativeForm(SentForm):
    """What an initiative is, and who answers for it."""

    name = name_field(lazy_gettext("Name"), lazy_gettext("Enter a name."))
    name_en = text_or_none(lazy_gettext("Name in English"))
    lead_unit = ChoiceField(lazy_gettext("Lead unit"))
    supporting = ChoicesField(lazy_gettext("Supporting units"))
    accountable = text_or_none(lazy_gettext("Accountable leader"))
    due_on = day_field(lazy_gettext("To be finished by"))

    def __init__(self, tree: Sequence[TreeUnit], **options: Any) -> None:
        super().__init__(**options)
        self.units = {place.unit.code: place.unit for place in tree}
        named = [(place.unit.code, STEP * place.depth + name_of(place.unit)) for place in tree]
        self.lead_unit.choices = [("", "—"), *named]
        self.supporting.choices = [(place.unit.code, name_of(place.unit)) for place in tree]

    def draft(self) -> InitiativeDraft:
        """What the initiative is to be."""
        return InitiativeDraft(
            name=text(self.name.data) or "",
            name_en=text(self.name_en.data),
            lead_unit=self.units.get(self.lead_unit.data or ""),
            supporting=[self.units[code] for code in self.supporting.data or ()],
            accountable=text(self.accountable.data),
            due_on=self.due_on.data,
        )


def saved_initiative_form(initiative: Initiative | None, tree: Sequence[TreeUnit]) -> InitiativeForm:
    """The form of what is saved, or of a new initiative."""
    if initiative is None:
        return InitiativeForm(tree, formdata=None)
    codes = {place.unit.id: place.unit.code for place in tree}
    return InitiativeForm(
        tree,
        formdata=None,
        data={
            "name": initiative.name,
            "name_en": initiative.name_en,
            "lead_unit": codes.get(initiative.lead_unit_id or 0, ""),
            "supporting": [codes[unit_id] for unit_id in supporting_units(initiative) if unit_id in codes],
            "accountable": initiative.accountable,
            "due_on": initiative.due_on,
            "version": stamp_of_initiative(initiative),
        },
    )
