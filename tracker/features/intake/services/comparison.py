"""What a compared workbook comes to: counts, examples, what is wrong, and what is to be written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from tracker.core.i18n import say
from tracker.domain.errors import N_, RuleError
from tracker.excel.declared import Problem
from tracker.features.org.queries import UnitRow
from tracker.features.plans.queries import PeriodRow
from tracker.features.reports.queries import Cell, CellKey, Sheet
from tracker.features.reports.services import SheetChange

MOST = 300
"""Changes and stale cells of which the words are kept; all of them are counted."""


@dataclass
class Counts:
    """What the rows of one unit come to."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    stale: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Example:
    """A cell in words: where it stands in the file, what it is, what is there and what the file says."""

    sheet: str
    row: int
    unit: UnitRow
    period: PeriodRow
    cell: Cell
    old: str | None
    new: str | None


@dataclass
class Comparison:
    """A whole workbook compared. ``version`` is the state of the house that it was compared with."""

    version: str
    changes: list[SheetChange] = field(default_factory=list)
    units: dict[int, tuple[UnitRow, Counts]] = field(default_factory=dict)
    problems: list[tuple[int, Problem]] = field(default_factory=list)
    new: list[Example] = field(default_factory=list)
    changed: list[Example] = field(default_factory=list)
    stale: list[Example] = field(default_factory=list)
    stale_problems: list[tuple[int, Problem]] = field(default_factory=list)
    _digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def total(self, name: str) -> int:
        """The sum of one count over all units."""
        return sum(getattr(counts, name) for _, counts in self.units.values())

    def count(self, unit: UnitRow) -> Counts:
        """The counts of a unit."""
        return self.units.setdefault(unit.id, (unit, Counts()))[1]

    def note(self, *said: object) -> None:
        """Have the fingerprint depend on something."""
        self._digest.update(repr(said).encode())

    @property
    def fingerprint(self) -> str:
        """A text that is the same only while the same rows would change the same values."""
        return self._digest.hexdigest()


def stale_error(theirs: str | None, yours: str) -> RuleError:
    """What is written at a cell that somebody else has changed meanwhile."""
    return RuleError(
        N_(
            "Changed on the server since this template was made: %(theirs)s there, %(yours)s here. "
            "Not taken over."
        ),
        field="value",
        theirs=theirs or "—",
        yours=yours or "—",
    )


def elsewhere_error(sheet: Sheet, key: CellKey, error: RuleError) -> RuleError:
    """What is said at a row of the report about a figure that the file does not hold."""
    code = next(cell.indicator.code for cell in sheet.cells if cell.key == key)
    return RuleError(
        N_("Figure %(code)s of this report is not in the file and keeps it from being handed in: %(said)s"),
        field="period",
        code=code,
        said=say(error),
    )
