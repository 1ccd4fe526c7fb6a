"""Units of the tree: their kinds, what may stand under what, their codes, and the facts kept of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from tracker.domain.errors import N_, RuleError
from tracker.domain.numbers import check_number


class UnitKind(StrEnum):
    """What a unit is."""

    CITY = "city"
    DISTRICT = "district"
    TOWNSHIP = "township"
    COMMUNITY = "community"
    COMPOUND = "compound"
    BUILDING = "building"
    DEPARTMENT = "department"


class FactKind(StrEnum):
    """What is known of a unit beside its indicators."""

    HOUSEHOLDS = "households"
    RESIDENTS = "residents"
    COMPOUNDS = "compounds"
    AREA = "area"

    @property
    def decimals(self) -> int:
        """Decimal places that are kept: areas are in km², the rest is counted."""
        return 2 if self is FactKind.AREA else 0


_RANKS = (
    UnitKind.CITY,
    UnitKind.DISTRICT,
    UnitKind.TOWNSHIP,
    UnitKind.COMMUNITY,
    UnitKind.COMPOUND,
    UnitKind.BUILDING,
)
_WITHIN_ITSELF = frozenset({UnitKind.CITY, UnitKind.COMMUNITY, UnitKind.COMPOUND, UnitKind.DEPARTMENT})
"""Kinds that occur inside one of their own: a county-level city (县级市) in a prefecture, a natural
village in a community, a cluster (组团) in a compound, a section (科室) in a department."""

_CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])")
LONGEST_NAME = 100


def may_stand_under(kind: UnitKind, parent: UnitKind | None) -> bool:
    """Whether a unit of ``kind`` may stand under one of kind ``parent``; None asks for a root.

    Levels may be left out, but never turned round. A department may stand anywhere, and holds only
    departments itself. A building alone is no root.
    """
    if parent is None:
        return kind is not UnitKind.BUILDING
    if kind is parent:
        return kind in _WITHIN_ITSELF
    if kind is UnitKind.DEPARTMENT:
        return True
    return parent is not UnitKind.DEPARTMENT and _RANKS.index(parent) < _RANKS.index(kind)


def check_code(code: str) -> None:
    """Raise :class:`RuleError` for a code that programs could not rely on."""
    if not _CODE.fullmatch(code):
        raise RuleError(
            N_("A code has 2 to 32 letters A–Z, digits or dashes, and begins and ends without a dash."),
            field="code",
        )


def check_name(name: str, field: str = "name") -> None:
    """Raise :class:`RuleError` for an empty or overlong name, or one with signs that cannot be seen."""
    if not name.strip():
        raise RuleError(N_("Enter the name."), field=field)
    if len(name) > LONGEST_NAME:
        raise RuleError(
            N_("At most %(length)s characters. Please shorten it."), field=field, length=LONGEST_NAME
        )
    if not name.isprintable():
        raise RuleError(N_("This holds signs that cannot be seen. Type it anew."), field=field)


def check_fact(kind: FactKind, value: Decimal) -> None:
    """Raise :class:`RuleError` for a value that this fact cannot have."""
    check_number(value, decimals=kind.decimals, negative=False)


def in_circles(parents: Mapping[str, str | None]) -> set[str]:
    """The codes whose line upwards comes back to itself; ``parents`` maps code to parent's code."""
    sound: set[str] = set()
    circles: set[str] = set()
    for start in parents:
        line: dict[str, None] = {}
        code: str | None = start
        while (
            code is not None
            and code in parents
            and code not in line
            and code not in sound
            and code not in circles
        ):
            line[code] = None
            code = parents[code]
        if code in line:
            met = list(line)
            circles.update(met[met.index(code) :])
            sound.update(met[: met.index(code)])
        else:
            sound.update(line)
    return circles
