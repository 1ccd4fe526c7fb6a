"""The list of users, with its filters in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext

from tracker.core.i18n import word
from tracker.domain.holdings import UserState
from tracker.domain.roles import Role
from tracker.features.org.queries import UnitRow
from tracker.features.people.queries import PersonRow, Question

LONGEST_SEARCH = 64
STATES = (UserState.ACTIVE, UserState.INVITED, UserState.LOCKED, UserState.DISABLED)


@dataclass(frozen=True)
class FilterLink:
    """A filter that lives in the address."""

    label: str
    url: str
    active: bool
    count: int


@dataclass(frozen=True)
class PageLinks:
    """Where in a long list."""

    page: int
    count: int
    previous_url: str | None
    next_url: str | None


@dataclass(frozen=True)
class Option:
    """Something to choose from a list."""

    value: str
    unit: UnitRow | None
    role: Role | None
    depth: int
    selected: bool


@dataclass(frozen=True)
class ListPage:
    """Users in the asker's area."""

    people: tuple[PersonRow, ...]
    states: tuple[FilterLink, ...]
    roles: tuple[Option, ...]
    units: tuple[Option, ...]
    asked: Question
    is_filtered: bool
    pages: PageLinks


def read_question(sent: Mapping[str, str], units: Sequence[UnitRow]) -> Question:
    """What the address asks for; whatever is unknown is not asked for."""
    return Question(
        words=sent.get("q", "").strip()[:LONGEST_SEARCH] or None,
        role=next((role for role in Role if role.value == sent.get("role")), None),
        unit=next((unit for unit in units if unit.code == sent.get("unit")), None),
        state=next((state for state in STATES if state.value == sent.get("state")), None),
    )


def list_page(
    people: Sequence[PersonRow],
    asked: Question,
    *,
    counts: Mapping[UserState, int],
    units: Sequence[UnitRow],
    number: int,
    pages: int,
) -> ListPage:
    """The page of a list that was read."""
    kept: dict[str, Any] = {
        "q": asked.words,
        "role": asked.role.value if asked.role else None,
        "unit": asked.unit.code if asked.unit else None,
    }

    def link(state: UserState | None, page: int | None = None) -> str:
        return url_for(".index", **kept, state=state.value if state else None, page=page)

    def turn(page: int) -> str | None:
        return link(asked.state, page) if 1 <= page <= pages else None

    every = FilterLink(gettext("All"), link(None), asked.state is None, sum(counts.values()))
    states = [
        FilterLink(word(state), link(state), state is asked.state, counts.get(state, 0)) for state in STATES
    ]
    top = min((len(unit.line) for unit in units), default=0)
    return ListPage(
        people=tuple(people),
        states=(every, *states),
        roles=tuple(Option(role.value, None, role, 0, role is asked.role) for role in Role),
        units=tuple(
            Option(unit.code, unit, None, len(unit.line) - top, unit == asked.unit) for unit in units
        ),
        asked=asked,
        is_filtered=asked != Question(),
        pages=PageLinks(number, pages, turn(number - 1), turn(number + 1)),
    )
