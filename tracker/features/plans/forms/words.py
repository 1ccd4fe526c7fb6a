"""Words of choices that mean something of their own in this room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from tracker.domain.errors import N_
from tracker.domain.measures import Direction, Measure, ReportedAs
from tracker.domain.schedule import Schedule
from tracker.features.plans.sheets.words import frequency_word

__all__ = ["choices_of", "frequency_word"]

_MEASURES = {
    Measure.FLOW: N_("Adds up over the periods, for example new parking spaces"),
    Measure.STOCK: N_("Latest number in place, for example volunteer teams"),
    Measure.RATIO: N_("Share of a whole, for example compounds covered of all compounds"),
    Measure.MILESTONE: N_("Stages done of all stages, for example of the smart pilot"),
}
_DIRECTIONS = {
    Direction.AT_LEAST: N_("To be reached: more is better"),
    Direction.AT_MOST: N_("Not to be passed: less is better"),
}
_SCHEDULES = {
    Schedule.MONTH: N_("Evenly, month by month"),
    Schedule.DAY: N_("Evenly, day by day"),
    Schedule.CURVE: N_("By a curve of its own, for example greening by season"),
    Schedule.NONE: N_("All at once: it must hold at any time"),
}
_REPORTED = {
    ReportedAs.INCREASE: N_("The increase of the period"),
    ReportedAs.RUNNING_TOTAL: N_("The running total since the plan began"),
}

_CHOICES: Mapping[str, Mapping[Any, str]] = {
    "measure": _MEASURES,
    "direction": _DIRECTIONS,
    "schedule": _SCHEDULES,
    "reported_as": _REPORTED,
}


def choices_of(kind: str) -> list[tuple[str, str]]:
    """The choices of a field of the indicator form: value and words."""
    return [(value.value, gettext(said)) for value, said in _CHOICES[kind].items()]
