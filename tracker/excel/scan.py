"""Reading a worksheet's own XML row by row: typed cells, formulas without a result, merged areas.

Runs in the worker. Of a sheet never more is in memory than a piece of its XML and the rows in it, so
that what it costs does not grow with its length; a crooked one is refused and never half read.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import IO
from xml.parsers import expat

from tracker.excel.errors import DAMAGED, N_, WorkbookError
from tracker.excel.grid import CellType, column_number
from tracker.excel.layout import column_letter
from tracker.excel.limits import Limits
from tracker.excel.package import MAIN, Formats, Package, SheetPart, unescaped

_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
_MOST_MERGED = 10_000
_PIECE = 128 * 1024
_DIGITS = "0123456789"
_SHORT = 15

RawCell = tuple[int, str, str]
"""Column, type and text."""

RawRow = tuple[int, list[RawCell]]
"""Number and filled cells, in the order of columns."""


def too_wordy(limits: Limits) -> WorkbookError:
    """What is said of a sheet with too much text."""
    return WorkbookError(
        N_("The sheet holds more than %(characters)s characters. Split it into several workbooks."),
        characters=limits.characters,
    )


class SheetReader:
    """One sheet; :attr:`merged` is whole once all rows were taken."""

    def __init__(self, package: Package, part: SheetPart) -> None:
        self.package, self.part, self.limits = package, part, package.limits
        self.merged: list[str] = []
        self._ready: list[RawRow] = []
        self._cells: list[RawCell] = []
        self._row = self._column = self._filled = self._characters = 0
        self._columns: dict[str, int] = {}
        self._kind = ""
        self._style = 0
        self._has_formula = self._is_aside = False
        self._takes = False
        self._pieces: list[str] = []

    def rows(self) -> Iterator[RawRow]:
        """The rows that hold something, from the top. Raises :class:`WorkbookError`."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        try:
            with self.package.open(self.part) as stream:
                for piece in _pieces(stream):
                    parser.Parse(piece, not piece)
                    yield from self._ready
                    self._ready.clear()
        except (expat.ExpatError, ValueError, IndexError, OverflowError) as error:
            raise WorkbookError(DAMAGED) from error

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == _C:
            self._start_cell(attributes)
        elif name == _V:
            self._takes = self._kind != "inlineStr"
        elif name == _T:
            self._takes = self._kind == "inlineStr" and not self._is_aside
        elif name == _ROW:
            self._start_row(attributes)
        elif name == _F:
            self._has_formula = True
        elif name == _ASIDE:
            self._is_aside = True
        elif name == _MERGED and len(self.merged) < _MOST_MERGED:
            self.merged.append(attributes.get("ref", ""))

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        number = int(attributes["r"]) if "r" in attributes else self._row + 1
        if not self._row < number <= _LAST_ROW:
            # Other programs would silently leave such a row out.
            raise WorkbookError(DAMAGED)
        self._row, self._column, self._cells = number, 0, []

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        place = attributes.get("r")
        column = self._column + 1 if place is None else self._column_of(place)
        if not self._column < column <= _LAST_COLUMN:
            raise WorkbookError(DAMAGED)
        self._column = column
        self._kind = attributes.get("t", "n")
        self._style = int(attributes.get("s", 0))
        self._has_formula = self._takes = False
        self._pieces = []

    def _column_of(self, place: str) -> int:
        letters = place.rstrip(_DIGITS)
        if place[len(letters) :] != str(self._row):
            raise WorkbookError(DAMAGED)
        if letters not in self._columns:
            if not (letters.isascii() and letters.isalpha() and letters.isupper()):
                raise WorkbookError(DAMAGED)
            self._columns[letters] = column_number(letters)
        return self._columns[letters]

    def _data(self, text: str) -> None:
        if self._takes:
            self._pieces.append(text)

    def _end(self, name: str) -> None:
        if name in (_V, _T):
            self._takes = False
        elif name == _C:
            self._end_cell()
        elif name == _ASIDE:
            self._is_aside = False
        elif name == _ROW and self._cells:
            self._filled += 1
            if self._filled > self.limits.rows:
                raise WorkbookError(
                    N_("The sheet has more than %(rows)s filled rows. Split it into several workbooks."),
                    rows=self.limits.rows,
                )
            self._ready.append((self._row, self._cells))

    def _end_cell(self) -> None:
        if self._pieces:
            kind, text = self._typed("".join(self._pieces))
        elif self._has_formula:
            kind, text = CellType.UNWORKED.value, ""
        else:
            return
        # One long text can be shown in every cell, so it is counted here and not in the file.
        self._characters += len(text)
        if self._characters > self.limits.characters:
            raise too_wordy(self.limits)
        if self._column > self.limits.columns:
            raise WorkbookError(
                N_(
                    "Column %(column)s holds something, but only the first %(columns)s columns are read. "
                    "Remove what is not needed."
                ),
                column=column_letter(self._column),
                columns=self.limits.columns,
            )
        self._cells.append((self._column, kind, text))

    def _typed(self, text: str) -> tuple[str, str]:
        kind = self._kind
        if kind == "s":
            place = int(text)
            if place < 0:
                raise WorkbookError(DAMAGED)
            return _TEXT, self.package.texts[place]
        if kind == "n":
            return _typed_number(text, self._style, self.package.formats)
        if kind == "b":
            return CellType.TRUTH.value, "TRUE" if int(text) else "FALSE"
        if kind == "e":
            return CellType.ERROR.value, text
        if kind == "d":
            from openpyxl.utils.datetime import from_ISO8601

            return _typed_time(from_ISO8601(text))  # type: ignore[no-untyped-call]  # untyped in openpyxl's types
        return _TEXT, unescaped(text)


_TEXT, _NUMBER = CellType.TEXT.value, CellType.NUMBER.value
_C, _V, _T, _F = (MAIN + name for name in ("c", "v", "t", "f"))
_ROW, _ASIDE, _MERGED = (MAIN + name for name in ("row", "rPh", "mergeCell"))


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """The stream piece by piece, and an empty piece at its end."""
    while piece := stream.read(_PIECE):
        yield piece
    yield b""


def _typed_number(text: str, style: int, formats: Formats) -> tuple[str, str]:
    text = text.strip()
    if style in formats.days:
        # Loaded with the first day that is met: most workbooks hold none.
        from openpyxl.utils.datetime import from_excel

        try:
            return _typed_time(from_excel(float(text), formats.epoch, timedelta=style in formats.spans))
        except (OverflowError, ValueError):
            float(text)
            return CellType.ERROR.value, "#VALUE!"
    if text.isascii() and text.isdigit() and len(text) <= _SHORT:
        shown = text if text[0] != "0" else str(int(text))
        return _NUMBER, shown.zfill(formats.zeros[style]) if style in formats.zeros else shown
    if "." not in text and "e" not in text.lower():
        return _NUMBER, str(int(text))
    return _shown(float(text))


def _shown(value: float) -> tuple[str, str]:
    """A binary number as the spreadsheet shows it: with the fifteen digits that it vouches for."""
    if not math.isfinite(value):
        return CellType.ERROR.value, "#NUM!"
    text = f"{value:.15g}"
    if "e" not in text:
        return _NUMBER, text
    digits = f"{value:.15f}".rstrip("0").rstrip(".") if abs(value) < 1 else f"{value:.0f}"
    return _NUMBER, digits or "0"


def _typed_time(value: object) -> tuple[str, str]:
    if isinstance(value, datetime):
        return CellType.DAY.value, value.date().isoformat()
    if isinstance(value, date):
        return CellType.DAY.value, value.isoformat()
    if isinstance(value, timedelta):
        return _TEXT, str(value)
    return _TEXT, str(value)
