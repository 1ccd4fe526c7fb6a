"""A plan's workbook as it was read, and what taking it over comes to."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from tracker.domain.errors import N_, RuleError
from tracker.features.org.queries import UnitRow
from tracker.features.plans.queries import Name


class Part(StrEnum):
    """The sheets that are read."""

    COVER = "cover"
    TASKS = "tasks"
    SETTINGS = "settings"
    TARGETS = "targets"
    CURVES = "curves"
    ENGLISH = "english"


class Kind(StrEnum):
    """What a change is about."""

    PLAN = "plan"
    PILLAR = "pillar"
    INITIATIVE = "initiative"
    INDICATOR = "indicator"
    TARGET = "target"
    REPORTERS = "reporters"
    CURVE = "curve"


T = TypeVar("T")


@dataclass(frozen=True)
class Line:
    """A row of a sheet: typed values by field; None says nothing, and leaves what is there."""

    part: Part
    row: int
    values: Mapping[str, object]

    def text(self, name: str) -> str | None:
        """A text."""
        return self.of(str, name)

    def number(self, name: str) -> Decimal | None:
        """A number."""
        return self.of(Decimal, name)

    def day(self, name: str) -> date | None:
        """A day."""
        return self.of(date, name)

    def of(self, kind: type[T], name: str) -> T | None:
        """A value of some type."""
        value = self.values.get(name)
        return value if isinstance(value, kind) else None


@dataclass(frozen=True)
class PlanBook:
    """The sound rows of each sheet, and the codes and names in rows that hold a wrong cell.

    What such a row names is not said to be unknown elsewhere: what is wrong with it is said there.
    """

    lines: Mapping[Part, tuple[Line, ...]]
    broken: frozenset[str] = frozenset()

    def of(self, part: Part) -> tuple[Line, ...]:
        """The rows of a sheet; none when it is not there."""
        return self.lines.get(part, ())

    def is_broken(self, *names: str | None) -> bool:
        """Whether one of the names stands in a row with a wrong cell."""
        return any(name is not None and name.casefold() in self.broken for name in names)


@dataclass(frozen=True)
class Refusal:
    """What is wrong in a row; the field is named by the error."""

    part: Part
    row: int
    error: RuleError


@dataclass(frozen=True)
class Difference:
    """One field with what is there and what the workbook says, as values; None for nothing."""

    field: str
    old: object
    new: object


@dataclass(frozen=True)
class Change:
    """Something that the workbook adds or changes; ``code`` is the indicator's, or a target's unit's.

    ``since`` is the day from which a target holds that was changed during the plan.
    """

    kind: Kind
    part: Part
    row: int
    is_new: bool
    code: str
    name: Name
    differences: tuple[Difference, ...]
    of: Name | None = None
    since: date | None = None


@dataclass(frozen=True)
class Unmentioned:
    """What is in the plan and not in the workbook; it stays as it is."""

    pillars: tuple[Name, ...] = ()
    initiatives: tuple[Name, ...] = ()
    indicators: tuple[tuple[str, Name], ...] = ()
    targets: int = 0
    reporters: int = 0


@dataclass
class PlanImport:
    """What taking a workbook over comes to: what it adds and changes, and what is wrong.

    ``asks_why`` says that targets change against which approved figures count already, or which were
    changed during the plan.
    """

    code: str = ""
    unit_id: int | None = None
    changes: list[Change] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    unmentioned: Unmentioned = Unmentioned()
    asks_why: bool = False

    def refuse(self, line: Line, error: RuleError, field_name: str | None = None) -> None:
        """Note what is wrong with a row."""
        name = field_name or error.field
        said = RuleError(error.message, field=name, **error.params)
        self.refusals.append(Refusal(line.part, line.row, said))

    @property
    def fingerprint(self) -> str:
        """A text that is the same only while the same rows would change the same values."""
        said = repr((self.code, self.changes, self.unmentioned, self.asks_why))
        return hashlib.sha256(said.encode()).hexdigest()


class Units:
    """The units that a workbook can name: by their codes, or by names that only one of them has."""

    _WITH_CODE = re.compile(r".*[(（]\s*([^()（）]+?)\s*[)）]")

    def __init__(self, units: Iterable[UnitRow]) -> None:
        self.by_code: dict[str, UnitRow] = {}
        self.by_name: dict[str, list[UnitRow]] = {}
        for unit in units:
            self.by_code[unit.code.casefold()] = unit
            for name in {unit.name, unit.name_en or unit.name}:
                self.by_name.setdefault(name.casefold(), []).append(unit)

    def find(self, said: str, kept: Sequence[UnitRow] = ()) -> UnitRow:
        """The unit of this code or name, or one of those ``kept`` if there is none.

        Raises :class:`RuleError` for none, or for several.
        """
        key = said.strip().casefold()
        named = self.by_name.get(key, [])
        if key in self.by_code:
            return self.by_code[key]
        if len(named) > 1:
            raise RuleError(
                N_("Several units are called %(name)s. Enter the code of the one that is meant."), name=said
            )
        if named:
            return named[0]
        with_code = self._WITH_CODE.fullmatch(key)
        if with_code and with_code[1] in self.by_code:
            return self.by_code[with_code[1]]
        if kept:
            return Units(kept).find(said)
        raise RuleError(
            N_("There is no unit %(code)s at or below the unit of this plan. Enter its name or code."),
            code=said,
        )

    def find_all(self, said: str, kept: Sequence[UnitRow] = ()) -> list[UnitRow]:
        """The units that a cell names side by side; each once."""
        if said.strip().casefold() in self.by_name:
            return [self.find(said)]
        found = [self.find(part, kept) for part in split_list(said, "、；;")]
        return list({unit.id: unit for unit in found}.values())

    def label(self, unit: UnitRow, name: str) -> str:
        """How a cell names the unit: by its name, with the code where that is not enough."""
        alone = self.by_name.get(name.casefold(), []) == [unit] and not set(name) & set("、；;")
        return name if alone else f"{name} ({unit.code})" if not set(name) & set("、；;") else unit.code


def split_list(said: str, signs: str) -> list[str]:
    """What stands side by side in a cell, without blanks around."""
    return [part.strip() for part in re.split(f"[{re.escape(signs)}]", said) if part.strip()]
