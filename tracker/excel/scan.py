"""A first look at a worksheet's own XML, before the library reads it.

Runs in the worker. The library leaves out rows that do not ascend, does not tell a formula without
a result from an empty cell, and hides merged areas when it reads row by row; this look finds them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from tracker.excel.errors import DAMAGED, N_, WorkbookError
from tracker.excel.grid import place_of
from tracker.excel.layout import column_letter
from tracker.excel.limits import Limits

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
_LAST_ROW = 1_048_576
_MOST_MERGED = 10_000


@dataclass
class Look:
    """What a worksheet holds: filled cells by place, formulas without a result, names of merged areas."""

    filled: set[tuple[int, int]] = field(default_factory=set)
    unworked: set[tuple[int, int]] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    last_row: int = 0
    last_column: int = 0


def look_at(part: IO[bytes], limits: Limits) -> Look:
    """Look at a worksheet's XML. Raises :class:`WorkbookError` for one that is too large or crooked."""
    looker = _Looker(limits)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = looker.start
    parser.EndElementHandler = looker.end
    parser.CharacterDataHandler = looker.text
    try:
        parser.ParseFile(part)
    except (expat.ExpatError, ValueError) as error:
        raise WorkbookError(DAMAGED) from error
    return looker.found


def too_wordy(limits: Limits) -> WorkbookError:
    """What is said of a sheet with too much text."""
    return WorkbookError(
        N_("The sheet holds more than %(characters)s characters. Split it into several workbooks."),
        characters=limits.characters,
    )


class _Looker:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.found = Look()
        self.row = self.column = 0
        self.rows: set[int] = set()
        self.has_formula = self.has_value = False
        self.is_inline = self.in_value = False
        self.characters = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == _MAIN + "row":
            self._start_row(attributes)
        elif name == _MAIN + "c":
            self._start_cell(attributes)
        elif name == _MAIN + "f":
            self.has_formula = True
        elif name in (_MAIN + "v", _MAIN + "t"):
            self.in_value = (name == _MAIN + "t") == self.is_inline
        elif name == _MAIN + "mergeCell" and len(self.found.merged) < _MOST_MERGED:
            self.found.merged.append(attributes.get("ref", ""))

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        number = int(attributes["r"]) if "r" in attributes else self.row + 1
        if not self.row < number <= _LAST_ROW:
            # The library would silently leave such a row out.
            raise WorkbookError(DAMAGED)
        self.row, self.column = number, 0

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        row, column = place_of(attributes["r"]) if "r" in attributes else (self.row, self.column + 1)
        if row != self.row or column <= self.column:
            raise WorkbookError(DAMAGED)
        self.column = column
        self.has_formula = self.has_value = self.in_value = False
        self.is_inline = attributes.get("t") == "inlineStr"

    def text(self, text: str) -> None:
        if self.in_value and text:
            self.has_value = True
            self.characters += len(text)

    def end(self, name: str) -> None:
        if name in (_MAIN + "v", _MAIN + "t"):
            self.in_value = False
        elif name == _MAIN + "c":
            place = (self.row, self.column)
            if self.has_value:
                if not self.is_inline:
                    self.found.filled.add(place)
                self._count()
            elif self.has_formula:
                self.found.unworked.add(place)
                self._count()

    def _count(self) -> None:
        """Keep within the limits while reading on, since the rest may be endless."""
        self.rows.add(self.row)
        self.found.last_row = self.row
        self.found.last_column = max(self.found.last_column, self.column)
        if len(self.rows) > self.limits.rows:
            raise WorkbookError(
                N_("The sheet has more than %(rows)s filled rows. Split it into several workbooks."),
                rows=self.limits.rows,
            )
        if self.column > self.limits.columns:
            raise WorkbookError(
                N_(
                    "Column %(column)s holds something, but only the first %(columns)s columns are read. "
                    "Remove what is not needed."
                ),
                column=column_letter(self.column),
                columns=self.limits.columns,
            )
        if self.characters > self.limits.characters:
            raise too_wordy(self.limits)
