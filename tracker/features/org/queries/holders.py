"""Who holds roles at a unit, as the room that manages users tells.

This room comes before the one of users and does not know it. The application tells this room, when it
starts, whom to ask.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import current_app

from tracker.core.access import Scope
from tracker.domain.holdings import Term, UserState
from tracker.domain.roles import Role
from tracker.features.org.queries.units import UnitRow

ASK_WHO_HOLDS = "holders_of_unit"
"""The name under which the application keeps whom to ask."""


@dataclass(frozen=True)
class Holder:
    """A role that somebody holds at a unit, which is the one asked about or one above it, for a time."""

    username: str
    name: str
    name_en: str | None
    state: UserState
    role: Role
    unit: UnitRow
    term: Term


def holders_of(scope: Scope, unit: UnitRow) -> list[Holder]:
    """The roles that count at the unit today or later: its own first, then those held further up."""
    ask = cast(Callable[[Scope, UnitRow], list[Holder]], current_app.extensions[ASK_WHO_HOLDS])
    return ask(scope, unit)
