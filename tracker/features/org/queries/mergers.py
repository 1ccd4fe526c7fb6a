"""Which units were merged into which, as the room that knows past places tells.

This room comes before the one of places and does not know it. The application tells this room, when it
starts, whom to ask.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import cast

from flask import current_app

from tracker.features.org.queries.units import UnitRow

ASK_WHO_MERGED = "mergers_of_unit"
"""The name under which the application keeps whom to ask."""


@dataclass(frozen=True)
class Merged:
    """Another unit with which a unit was merged on a day, and the units below that went over with it."""

    other: UnitRow
    merged_on: date
    went_over: tuple[UnitRow, ...]


@dataclass(frozen=True)
class Mergers:
    """The unit that goes on for a unit, if another does, and those for which the unit itself goes on."""

    into: Merged | None
    taken_over: tuple[Merged, ...]


def mergers_of(unit: UnitRow) -> Mergers:
    """What the unit was merged into, and what was merged into it in the order of days."""
    ask = cast(Callable[[UnitRow], Mergers], current_app.extensions[ASK_WHO_MERGED])
    return ask(unit)
