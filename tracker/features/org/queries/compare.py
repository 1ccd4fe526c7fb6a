"""What a workbook of units would change: compared with the tree as it is, without changing it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tracker.core.access import Scope
from tracker.domain.errors import N_, RuleError
from tracker.domain.numbers import plain
from tracker.domain.roles import Permission
from tracker.domain.units import (
    FactKind,
    UnitKind,
    check_code,
    check_fact,
    check_name,
    in_circles,
    may_stand_under,
)
from tracker.features.org.queries.facts import FactRow, facts_of, in_force
from tracker.features.org.queries.units import UnitRow, units_by_code

MOVES = N_(
    "The unit stands under %(parent)s. An import does not move units: "
    "use “Move” on the unit's page, or put the old code back."
)


@dataclass(frozen=True)
class UnitLine:
    """A row of the workbook; None says nothing, and leaves what is there.

    ``wrong`` names the fields whose cells cannot be read.
    """

    row: int
    code: str
    parent: str | None = None
    name: str | None = None
    name_en: str | None = None
    kind: UnitKind | None = None
    facts: Mapping[FactKind, Decimal] = field(default_factory=dict)
    since: date | None = None
    wrong: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Refusal:
    """What is wrong in a row; the field is named by the error."""

    row: int
    error: RuleError


@dataclass(frozen=True)
class Difference:
    """One field with what is there and what the workbook says; None for nothing."""

    field: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class LineResult:
    """What a row comes to: the unit that it names (None for a new one) and what differs."""

    line: UnitLine
    unit: UnitRow | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Comparison:
    """A whole workbook compared: what it adds and changes, what is there already, and what is wrong."""

    new: tuple[LineResult, ...]
    changed: tuple[LineResult, ...]
    unchanged: int
    refused: tuple[Refusal, ...]

    @property
    def fingerprint(self) -> str:
        """A text that is the same only while the same rows would change the same values."""
        said = repr(
            [
                (result.line, result.unit and result.unit.id, result.differences)
                for result in (*self.new, *self.changed)
            ]
        )
        return hashlib.sha256(said.encode()).hexdigest()


def compare_units(scope: Scope, permission: Permission, lines: Sequence[UnitLine]) -> Comparison:
    """Compare the rows with the tree in scope; units outside are as good as not there."""
    return _Comparer(scope, permission, lines).compare()


class _Comparer:
    def __init__(self, scope: Scope, permission: Permission, lines: Sequence[UnitLine]) -> None:
        self.lines = lines
        everything = units_by_code()
        self.taken = {code.lower() for code in everything}
        self.by_id = {unit.id: unit for unit in everything.values()}
        self.units = {
            code.lower(): unit for code, unit in everything.items() if scope.allows(permission, unit.path)
        }
        self.first: dict[str, UnitLine] = {}
        for line in lines:
            self.first.setdefault(line.code.lower(), line)
        named = [unit.id for unit in (self.units.get(code) for code in self.first) if unit is not None]
        self.facts: dict[int, list[FactRow]] = {}
        for fact in facts_of(named):
            self.facts.setdefault(fact.unit_id, []).append(fact)
        self.circles = in_circles(
            {
                code: line.parent.lower() if line.parent else None
                for code, line in self.first.items()
                if code not in self.units
            }
        )

    def compare(self) -> Comparison:
        new, changed, refused, unchanged = [], [], [], 0
        for line in self.lines:
            unit = self.units.get(line.code.lower())
            # What a cell that cannot be read does not say is not missing; the cell itself is named already.
            errors = [error for error in self._errors(line, unit) if error.field not in line.wrong]
            if errors or line.wrong:
                refused += [Refusal(line.row, error) for error in errors]
                continue
            result = LineResult(line, unit, (*self._of_unit(line, unit), *self._of_facts(line, unit)))
            if unit is None:
                new.append(result)
            elif result.differences:
                changed.append(result)
            else:
                unchanged += 1
        return Comparison(tuple(new), tuple(changed), unchanged, tuple(refused))

    def _errors(self, line: UnitLine, unit: UnitRow | None) -> Iterator[RuleError]:
        """Everything that is wrong in a row, so that it can be mended in one go."""
        first = self.first[line.code.lower()]
        if first is not line:
            yield RuleError(
                N_("Row %(row)s has the same code. Remove one of the two."), field="code", row=first.row
            )
        if line.name is not None:
            yield from _caught(check_name, line.name)
        if line.name_en is not None:
            yield from _caught(check_name, line.name_en, "name_en")
        yield from self._errors_of_new(line) if unit is None else self._errors_of_known(line, unit)
        yield from _errors_of_facts(line)

    def _errors_of_new(self, line: UnitLine) -> Iterator[RuleError]:
        yield from _caught(check_code, line.code)
        if line.code.lower() in self.taken:
            yield RuleError(
                N_("The unit code %(code)s is taken. Choose another."), field="code", code=line.code
            )
            return
        if line.name is None:
            yield RuleError(N_("A new unit needs a name."), field="name")
        if line.kind is None:
            yield RuleError(N_("A new unit needs a kind."), field="kind")
        if line.parent is None:
            yield from _caught(self._check_root, line)
        else:
            yield from _caught(self._check_parent, line, line.parent.lower())

    def _check_root(self, line: UnitLine) -> None:
        roots = [one for one in self.first.values() if one.parent is None and "parent" not in one.wrong]
        if self.taken or len(roots) > 1:
            raise RuleError(N_("A new unit needs the code of the unit that it stands under."), field="parent")
        _check_place(line.kind, None)

    def _check_parent(self, line: UnitLine, parent: str) -> None:
        if line.code.lower() in self.circles:
            raise RuleError(
                N_("This unit would stand below itself. Check the codes of the units above it."),
                field="parent",
            )
        if parent not in self.units and (parent in self.taken or parent not in self.first):
            raise RuleError(N_("There is no unit %(code)s."), field="parent", code=line.parent)
        kind = self._kind_of(parent)
        if kind is not None:  # Of a unit of the workbook that has none yet, its own row says so.
            _check_place(line.kind, kind)

    def _errors_of_known(self, line: UnitLine, unit: UnitRow) -> Iterator[RuleError]:
        above = self.by_id[unit.line[-2]] if len(unit.line) > 1 else None
        if line.parent is not None and line.parent.lower() != (above.code.lower() if above else ""):
            known = above is not None and above.code.lower() in self.units
            yield RuleError(MOVES, field="parent", parent=above.code if above and known else "—")
        if line.kind is not None and line.kind is not unit.kind:
            yield from _caught(self._check_kind, unit, line.kind, above)

    def _check_kind(self, unit: UnitRow, kind: UnitKind, above: UnitRow | None) -> None:
        _check_place(kind, (self._kind_of(above.code.lower()) or above.kind) if above else None)
        for child in self.by_id.values():
            if child.line[-2:-1] == (unit.id,):
                _check_holds(kind, self._kind_of(child.code.lower()) or child.kind)

    def _kind_of(self, code: str) -> UnitKind | None:
        """The kind that a unit in scope or in the workbook will have; None for an unknown unit."""
        line, unit = self.first.get(code), self.units.get(code)
        if unit is not None:
            return line.kind if line is not None and line.kind is not None else unit.kind
        return line.kind if line is not None and code not in self.taken else None

    def _of_unit(self, line: UnitLine, unit: UnitRow | None) -> list[Difference]:
        found = []
        for name in ("name", "name_en", "kind"):
            old, new = getattr(unit, name, None), getattr(line, name)
            if new is not None and new != old:
                found.append(Difference(name, old, new))
        return found

    def _of_facts(self, line: UnitLine, unit: UnitRow | None) -> list[Difference]:
        if not line.facts or line.since is None:
            return []
        known = in_force(self.facts.get(unit.id, []) if unit else [], line.since)
        return [
            Difference(kind.value, plain(known[kind].value) if kind in known else None, plain(value))
            for kind, value in line.facts.items()
            if kind not in known or known[kind].value != value
        ]


def _errors_of_facts(line: UnitLine) -> Iterator[RuleError]:
    named = {*line.facts, *(kind for kind in FactKind if kind.value in line.wrong)}
    if named and line.since is None:
        yield RuleError(N_("Enter the day from which the figures of this row hold."), field="since")
    for kind, value in line.facts.items():
        for error in _caught(check_fact, kind, value):
            yield RuleError(error.message, field=kind.value, **error.params)


def _caught(check: Callable[..., None], *given: object) -> Iterator[RuleError]:
    """The rule that a check finds broken, to be told beside the others."""
    try:
        check(*given)
    except RuleError as error:
        yield error


def _check_place(kind: UnitKind | None, parent: UnitKind | None) -> None:
    if kind is not None and not may_stand_under(kind, parent):
        raise misplaced(kind, parent)


def misplaced(kind: UnitKind, parent: UnitKind | None) -> RuleError:
    """What is said when a unit of this kind cannot stand there."""
    if parent is None:
        return RuleError(N_("A unit of this kind needs a unit above it."), field="kind")
    return RuleError(
        N_("A unit of this kind cannot stand under its parent. Choose another kind."), field="kind"
    )


def _check_holds(kind: UnitKind, child: UnitKind) -> None:
    if not may_stand_under(child, kind):
        raise overfull()


def overfull() -> RuleError:
    """What is said when a unit of this kind cannot hold what stands below it."""
    return RuleError(
        N_("A unit of this kind cannot hold the units below it. Choose another kind."), field="kind"
    )
