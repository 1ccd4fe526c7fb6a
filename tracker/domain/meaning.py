"""What an indicator's figures mean, and that figures once entered keep their meaning.

A figure is a number with a meaning: what kind of number it is, in which unit, with which divisions.
When the meaning changed under it, a figure would say something that nobody has reported. Wording
may change at any time; what must mean something else is a new indicator.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.domain.errors import N_, RuleError
from tracker.domain.measures import Direction, Measure, ReportedAs

MOST_DECIMALS = 4


@dataclass(frozen=True)
class Meaning:
    """All that gives an indicator's figures their meaning.

    ``categories`` holds a mark for each division, which renaming and reordering leave as it is.
    """

    code: str
    measure: Measure
    direction: Direction
    reported_as: ReportedAs
    unit_of_measure: str
    decimals: int
    may_be_negative: bool
    may_exceed: bool
    categories: frozenset[int]


FIXED: Mapping[str, str] = {
    "code": N_(
        "Figures have been entered, so the code stays: reports, sheets and the record of changes name it."
    ),
    "measure": N_(
        "Figures have been entered, so the kind of number stays: they would add up to something else."
    ),
    "direction": N_(
        "Figures have been entered, so the direction stays: good figures would turn into bad ones."
    ),
    "reported_as": N_(
        "Figures have been entered, so the way of reporting stays: increases would be read as totals."
    ),
    "unit_of_measure": N_(
        "Figures have been entered, so the unit of measure stays: five tons would turn into five pieces."
    ),
    "decimals": N_("Figures have been entered, so the decimal places stay: the figures are kept with them."),
    "may_be_negative": N_("Figures have been entered, some perhaps below zero, so this stays allowed."),
    "may_exceed": N_("Figures have been entered, some perhaps above their whole, so this stays allowed."),
    "categories": N_(
        "Figures have been entered, so no category can be added or removed: parts and total would no longer"
        " agree. Renaming and reordering is possible."
    ),
}
"""Why each part of the meaning stays as it is, once figures have been entered."""

_ONLY_TO_BE_LOOSENED = frozenset({"may_be_negative", "may_exceed"})
"""What was not allowed may be allowed later, since it makes no figure wrong."""


def refused_changes(before: Meaning, after: Meaning, *, has_figures: bool) -> dict[str, RuleError]:
    """Which changes of the meaning are refused, by field; none while there are no figures."""
    if not has_figures:
        return {}
    return {
        name: RuleError(sentence, field=name)
        for name, sentence in FIXED.items()
        if getattr(before, name) != getattr(after, name)
        and (name not in _ONLY_TO_BE_LOOSENED or getattr(before, name))
    }


def is_fixed(name: str, before: Meaning, *, has_figures: bool) -> bool:
    """Whether this part of the meaning can no longer change at all."""
    return has_figures and name in FIXED and (name not in _ONLY_TO_BE_LOOSENED or bool(getattr(before, name)))


def check_meaning(meaning: Meaning) -> None:
    """Refuse parts that do not go together. Raises :class:`RuleError` naming the field."""
    if not meaning.unit_of_measure.strip():
        raise RuleError(N_("Say in what this is counted, for example pieces."), field="unit_of_measure")
    if not 0 <= meaning.decimals <= MOST_DECIMALS:
        raise RuleError(N_("Choose 0 to 4 decimal places."), field="decimals")
    if meaning.reported_as is ReportedAs.RUNNING_TOTAL and meaning.measure is not Measure.FLOW:
        raise RuleError(
            N_("Only what adds up over the periods can be reported as a running total. Choose the increase."),
            field="reported_as",
        )
    if meaning.may_exceed and not meaning.measure.has_denominator:
        raise RuleError(
            N_("Only a share has a whole that it could exceed. Leave this unticked."), field="may_exceed"
        )
