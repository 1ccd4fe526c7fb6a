"""What was read of a worksheet: typed cells with their addresses, and areas that are merged."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from tracker.excel.layout import column_letter

_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class CellType(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    TRUTH = "truth"
    ERROR = "error"
    UNWORKED = "unworked"
    """A formula of which the file holds no result."""


@dataclass(frozen=True)
class Cell:
    """One cell that holds something; rows and columns count from 1.

    ``text`` is what stands in it, a number in plain digits (with the leading zeros that its format
    shows); ``value`` is the Decimal or date of a number or day, and the text of anything else.
    """

    row: int
    column: int
    type: CellType
    text: str

    @property
    def address(self) -> str:
        """As in B7."""
        return f"{column_letter(self.column)}{self.row}"

    @property
    def value(self) -> str | Decimal | date:
        """The typed value."""
        if self.type is CellType.NUMBER:
            return Decimal(self.text)
        return date.fromisoformat(self.text) if self.type is CellType.DAY else self.text


@dataclass(frozen=True)
class Area:
    """A rectangle of cells, both ends included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def name(self) -> str:
        """As in A3:A5."""
        return f"{column_letter(self.left)}{self.top}:{column_letter(self.right)}{self.bottom}"


@dataclass(frozen=True)
class Grid:
    """A worksheet: rows by number, each with its cells by column; empty cells are left out."""

    sheet: str
    rows: Mapping[int, Mapping[int, Cell]]
    merged: Sequence[Area]


def area_of(text: str) -> Area | None:
    """The area that a file calls A3:B5; None for what is no area of several cells."""
    first, _, last = text.partition(":")
    corners = [_ADDRESS.fullmatch(part) for part in (first, last)]
    if corners[0] is None or corners[1] is None:
        return None
    (left, top), (right, bottom) = ((column_number(one[1]), int(one[2])) for one in corners if one)
    return Area(top, left, bottom, right)


def column_number(letters: str) -> int:
    """A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def place_of(address: str) -> tuple[int, int]:
    """(row, column) of an address such as B7. Raises ValueError for anything else."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise ValueError(f"{address!r} is no address of a cell")
    return int(found[2]), column_number(found[1])
