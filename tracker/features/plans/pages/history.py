"""Changes of a plan in words: what was done, by whom, and each difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from flask_babel import gettext

from tracker.core.actions import action_word, field_word, value_words
from tracker.core.audit import HOUSE
from tracker.core.i18n import name_of
from tracker.domain.numbers import plain
from tracker.domain.periods import Frequency
from tracker.features.plans.forms import frequency_word
from tracker.features.plans.queries import ChangeRow

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
            what=action_word(row.action),
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
    return DifferenceView(field_word(field), _value(field, before), _value(field, after))


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
    return {"yes": gettext("Yes"), "no": gettext("No")}.get(said) or value_words(field, said)
