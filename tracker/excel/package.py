"""What is around the sheets of a workbook: their names and places, shared texts, and formats of cells.

Runs in the worker, on a package that :mod:`tracker.excel.unpack` has found sound.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import IO
from xml.parsers import expat

from tracker.excel.errors import DAMAGED, N_, WorkbookError
from tracker.excel.limits import Limits
from tracker.excel.unpack import check_package

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships "
_ESCAPED = re.compile(r"_x(005[fF]|000[dD])_")
_ZEROS = re.compile(r"0{2,32}")

_TIME_LETTER = re.compile(r"[dmhys]", re.IGNORECASE)
_TIMES_BUILT_IN = frozenset({*range(14, 23), *range(45, 48)})
"""The numbered formats of days and times that no workbook writes out (ECMA-376 part 1, 18.8.30)."""

_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
"""Day 0 of a workbook, and of one that counts from 1904 (ECMA-376 part 1, 18.17.4.1)."""

Start = Callable[[str, Mapping[str, str]], None]


@dataclass(frozen=True)
class SheetPart:
    """A worksheet by its name, and the part of the package that holds it."""

    name: str
    path: str
    is_shown: bool


@dataclass(frozen=True)
class Formats:
    """Which formats of cells, by their number, show days, spans of time, or leading zeros (how many)."""

    days: frozenset[int]
    spans: frozenset[int]
    zeros: Mapping[int, int]
    epoch: datetime


class Package:
    """A workbook that was unpacked and looked at, and whose sheets can be read one by one."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        check_package(content, limits)
        self.limits = limits
        self._zip = zipfile.ZipFile(BytesIO(content))
        self._names = set(self._zip.namelist())
        links = self._links("")
        book = next((path for kind, path in links.values() if kind == "officeDocument"), "xl/workbook.xml")
        self.links = self._links(book)
        self.sheets, self._epoch = self._read_book(book)
        self.texts = self._read_texts()
        self.formats = self._read_formats()

    def open(self, part: SheetPart) -> IO[bytes]:
        """The XML of a sheet."""
        return self._zip.open(part.path)

    def shown_sheets(self) -> list[SheetPart]:
        """The sheets with cells that are shown, or all of them where none is."""
        if not self.sheets:
            raise WorkbookError(N_("This workbook has no sheet with cells."))
        return [sheet for sheet in self.sheets if sheet.is_shown] or self.sheets

    def _links(self, path: str) -> dict[str, tuple[str, str]]:
        """(kind, path) of what a part refers to, by its id there."""
        folder, name = posixpath.split(path)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, tuple[str, str]] = {}
        if rels not in self._names:
            return found

        def start(name: str, attributes: Mapping[str, str]) -> None:
            if name == _LINKS + "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                whole = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                kind = attributes.get("Type", "").rpartition("/")[2]
                found[attributes.get("Id", "")] = kind, posixpath.normpath(whole)

        parse_xml(self._zip, rels, start)
        return found

    def _read_book(self, path: str) -> tuple[list[SheetPart], datetime]:
        found: list[SheetPart] = []
        epochs = [_EPOCH]

        def start(name: str, attributes: Mapping[str, str]) -> None:
            if name == MAIN + "sheet":
                kind, part = self.links.get(attributes.get(_RELATED, ""), ("", ""))
                if kind == "worksheet" and part in self._names:
                    shown = attributes.get("state", "visible") == "visible"
                    found.append(SheetPart(attributes.get("name", ""), part, shown))
            elif name == MAIN + "workbookPr" and attributes.get("date1904") in ("1", "true"):
                epochs[0] = _EPOCH_1904

        if path not in self._names:
            raise WorkbookError(DAMAGED)
        parse_xml(self._zip, path, start)
        return found, epochs[0]

    def _part(self, kind: str) -> str | None:
        # Some programs forget to name these parts, and put them where everyone looks.
        path = next((path for found, path in self.links.values() if found == kind), f"xl/{kind}.xml")
        return path if path in self._names else None

    def _read_texts(self) -> list[str]:
        path = self._part("sharedStrings")
        texts: list[str] = []
        if path is None:
            return texts
        pieces: list[str] = []
        state = {"in": False, "aside": False}

        def start(name: str, _: Mapping[str, str]) -> None:
            if name == MAIN + "si":
                pieces.clear()
            elif name == MAIN + "t":
                state["in"] = not state["aside"]
            elif name == MAIN + "rPh":
                # How a text is pronounced stands beside it and is no part of it.
                state["aside"] = True

        def end(name: str) -> None:
            if name == MAIN + "t":
                state["in"] = False
            elif name == MAIN + "rPh":
                state["aside"] = False
            elif name == MAIN + "si":
                texts.append(unescaped("".join(pieces)))

        def data(text: str) -> None:
            if state["in"]:
                pieces.append(text)

        parse_xml(self._zip, path, start, end, data)
        return texts

    def _read_formats(self) -> Formats:
        path = self._part("styles")
        own: dict[int, str] = {}
        used: list[int] = []
        state = {"cells": False}

        def start(name: str, attributes: Mapping[str, str]) -> None:
            if name == MAIN + "numFmt":
                own[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", "")
            elif name == MAIN + "cellXfs":
                state["cells"] = True
            elif name == MAIN + "xf" and state["cells"]:
                used.append(int(attributes.get("numFmtId", 0)))

        def end(name: str) -> None:
            if name == MAIN + "cellXfs":
                state["cells"] = False

        if path is not None:
            parse_xml(self._zip, path, start, end)
        codes = {n: code for n, number in enumerate(used) if (code := own.get(number))}
        # Everything else that is numbered shows plain numbers.
        built_in = {
            n: number for n, number in enumerate(used) if n not in codes and number in _TIMES_BUILT_IN
        }
        days, spans = _days_and_spans(codes, built_in)
        zeros = {n: len(code) for n, code in codes.items() if _ZEROS.fullmatch(code)}
        return Formats(days, spans, zeros, self._epoch)


def _days_and_spans(
    codes: Mapping[int, str], built_in: Mapping[int, int]
) -> tuple[frozenset[int], frozenset[int]]:
    """Which of these formats, written out or numbered, show days or times, and which show spans of time."""
    times = {n: code for n, code in codes.items() if _TIME_LETTER.search(code)}
    if not times and not built_in:
        return frozenset(), frozenset()
    # Loading the library takes longer than reading most workbooks, so it is left until there is a day.
    from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

    times |= {n: BUILTIN_FORMATS[number] for n, number in built_in.items()}
    return (
        frozenset(n for n, code in times.items() if is_date_format(code)),
        frozenset(n for n, code in times.items() if is_timedelta_format(code)),
    )


def unescaped(text: str) -> str:
    """The text as it was typed: workbooks write some characters as ``_x000D_``."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: "_" if found[1][-1] in "fF" else "", text)


def parse_xml(
    package: zipfile.ZipFile,
    path: str,
    start: Start,
    end: Callable[[str], None] | None = None,
    data: Callable[[str], None] | None = None,
) -> None:
    """Parse a part of the package. Raises :class:`WorkbookError` when it is not sound."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if data is not None:
        parser.CharacterDataHandler = data
    try:
        with package.open(path) as part:
            parser.ParseFile(part)
    except (expat.ExpatError, ValueError) as error:
        raise WorkbookError(DAMAGED) from error
