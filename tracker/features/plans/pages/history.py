"""Changes of a plan in words: what was done, by whom, and each difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from flask_babel import gettext

from tracker.core.audit import HOUSE
from tracker.core.i18n import name_of, word
from tracker.domain.errors import N_
from tracker.domain.numbers import plain
from tracker.domain.periods import Frequency
from tracker.features.plans.forms import frequency_word
from tracker.features.plans.queries import ChangeRow

_ACTIONS = {
    "plan.create": N_("Plan made"),
    "plan.edit": N_("Plan changed"),
    "plan.copy": N_("Copied from an earlier plan"),
    "pillar.add": N_("Pillar added"),
    "pillar.edit": N_("Pillar changed"),
    "pillar.move": N_("Pillar moved"),
    "pillar.delete": N_("Pillar deleted"),
    "initiative.add": N_("Initiative added"),
    "initiative.edit": N_("Initiative changed"),
    "initiative.move": N_("Initiative moved"),
    "initiative.delete": N_("Initiative deleted"),
    "indicator.add": N_("Indicator added"),
    "indicator.edit": N_("Indicator changed"),
    "indicator.move": N_("Indicator moved"),
    "indicator.delete": N_("Indicator deleted"),
    "indicator.assign": N_("Given to units to report"),
    "indicator.unassign": N_("Taken from units"),
    "indicator.curve": N_("Planned curve changed"),
    "target.set": N_("Target set"),
    "target.clear": N_("Target cleared"),
    "target.explain": N_("Reason for new targets"),
}
_FIELDS = {
    "name": N_("Name"),
    "name_en": N_("Name in English"),
    "amber_limit": N_("On track from a gap of"),
    "red_limit": N_("At risk from a gap of"),
    "starts_on": N_("First day"),
    "ends_on": N_("Last day"),
    "frequency": N_("How often it is reported"),
    "copied_from": N_("Copied from"),
    "with_targets": N_("Targets taken along"),
    "pillar": N_("Pillar"),
    "initiative": N_("Initiative"),
    "indicator": N_("Indicator"),
    "place": N_("Place"),
    "lead_unit": N_("Lead unit"),
    "supporting": N_("Supporting units"),
    "accountable": N_("Accountable leader"),
    "due_on": N_("Due date"),
    "number": N_("Number in the rule book"),
    "code": N_("Code"),
    "definition": N_("Definition"),
    "definition_en": N_("Definition in English"),
    "measure": N_("Kind of number"),
    "unit_of_measure": N_("Unit of measure"),
    "unit_of_measure_en": N_("Unit of measure in English"),
    "decimals": N_("Decimal places"),
    "direction": N_("Direction"),
    "reported_as": N_("What is typed"),
    "schedule": N_("Schedule"),
    "may_be_negative": N_("May be below zero"),
    "may_exceed": N_("May exceed its whole"),
    "categories": N_("Categories"),
    "units": N_("Units"),
    "target": N_("Target"),
    "baseline": N_("Baseline"),
    "reason": N_("Reason"),
    "from_on": N_("Holds from"),
}
_WORDED = frozenset({"measure", "direction", "schedule", "reported_as"})
_NUMBERS = frozenset({"target", "baseline", "amber_limit", "red_limit"})
NOTHING = "—"


@dataclass(frozen=True)
class DifferenceView:
    """One thing that changed; ``before`` is None where there was nothing."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class ChangeView:
    """A change in words; ``about`` names the unit of a target."""

    at: datetime
    what: str
    about: str
    actor: str
    differences: tuple[DifferenceView, ...]


def change_views(rows: Sequence[ChangeRow]) -> tuple[ChangeView, ...]:
    """Changes in words, in the same order."""
    return tuple(
        ChangeView(
            at=row.at,
            what=gettext(_ACTIONS.get(row.action, N_("Changed"))),
            about=row.subject.rpartition(" ")[2] if row.subject.startswith("target ") else "",
            actor=gettext("The system") if row.actor.name == HOUSE.username else name_of(row.actor),
            differences=tuple(
                view
                for line in row.difference.splitlines()
                if (view := _difference(line)) and view.before != view.after
            ),
        )
        for row in rows
    )


def _difference(line: str) -> DifferenceView | None:
    field, _, rest = line.partition(": ")
    before, arrow, after = rest.partition(" → ")
    if not arrow:
        return None
    label = gettext(_FIELDS[field]) if field in _FIELDS else field
    return DifferenceView(label, _value(field, before), _value(field, after))


def _value(field: str, said: str) -> str | None:
    if said == NOTHING:
        return None
    if field in _NUMBERS:
        try:
            return plain(Decimal(said))
        except InvalidOperation:
            return said
    if field == "frequency" and said in set(Frequency):
        return frequency_word(Frequency(said))
    if field in _WORDED:
        return word(said)
    return {"yes": gettext("Yes"), "no": gettext("No")}.get(said, said)
