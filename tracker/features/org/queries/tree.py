"""The tree in scope, in the order in which people read it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.core.access import Scope
from tracker.core.pinyin import answers_to
from tracker.domain.roles import Permission
from tracker.features.org.queries.units import UnitRow, units_in_scope


@dataclass(frozen=True)
class Branch:
    """A unit with the branches right below it, by code; ``depth`` is 0 for the highest in scope."""

    unit: UnitRow
    depth: int
    above: tuple[UnitRow, ...]
    branches: tuple[Branch, ...]
    below: int
    """How many units lie below, at any depth."""
    gone: int
    """How many of these are no more."""

    @property
    def parent(self) -> UnitRow | None:
        """The unit right above, where it is in scope."""
        return self.above[-1] if self.above else None

    def __iter__(self) -> Iterator[Branch]:
        """This branch and everything below it, parents before children."""
        yield self
        for branch in self.branches:
            yield from branch


def tree_in_scope(scope: Scope, permission: Permission, *, today: date) -> tuple[Branch, ...]:
    """The highest units in scope with everything below them, fetched in one statement.

    Which of them are no more is told as of ``today``.
    """
    units = units_in_scope(scope, permission)
    known = {unit.id for unit in units}
    below: dict[int | None, list[UnitRow]] = defaultdict(list)
    for unit in units:
        above = unit.line[-2] if len(unit.line) > 1 else None
        below[above if above in known else None].append(unit)
    return tuple(_branch(unit, below, (), today) for unit in below[None])


def _branch(
    unit: UnitRow, below: dict[int | None, list[UnitRow]], above: tuple[UnitRow, ...], today: date
) -> Branch:
    branches = tuple(_branch(child, below, (*above, unit), today) for child in below.get(unit.id, ()))
    count = sum(1 + branch.below for branch in branches)
    gone = sum(branch.unit.is_retired_on(today) + branch.gone for branch in branches)
    return Branch(unit, len(above), above, branches, count, gone)


def all_branches(tree: Iterable[Branch]) -> list[Branch]:
    """Every branch, parents before children."""
    return [branch for top in tree for branch in top]


def find_branches(tree: Sequence[Branch], text: str) -> list[Branch]:
    """The branches whose unit is found by its names, their initials or its code."""
    return [
        branch
        for branch in all_branches(tree)
        if answers_to(text, branch.unit.code, branch.unit.name, branch.unit.name_en)
    ]
