"""Reading the cells of an untrusted workbook, row by row. Runs in the worker."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tracker.excel.errors import N_, WorkbookError
from tracker.excel.limits import Limits
from tracker.excel.package import Package, SheetPart
from tracker.excel.scan import SheetReader


def read_cells(content: bytes, limits: Limits, *, sheet: str | None = None) -> dict[str, Any]:
    """Name, cells and merged areas of the sheet of this name, or else of the first that is shown."""
    package = Package(content, limits)
    shown = package.shown_sheets()
    return _read(package, next((one for one in package.sheets if one.name == sheet), shown[0]))


def read_named(content: bytes, limits: Limits, *, names: Sequence[str]) -> list[dict[str, Any]]:
    """Every sheet that has one of these names, in the order of the workbook; others are not looked at."""
    package = Package(content, limits)
    wanted = {name.strip().casefold() for name in names}
    return [_read(package, part) for part in package.sheets if part.name.strip().casefold() in wanted]


def _read(package: Package, part: SheetPart) -> dict[str, Any]:
    reader = SheetReader(package, part)
    cells = [(row, *cell) for row, found in reader.rows() for cell in found]
    return {"sheet": part.name, "cells": cells, "merged": reader.merged}


def check_sheets(content: bytes, limits: Limits) -> None:
    """Raise :class:`WorkbookError` unless every sheet, hidden ones too, can be read whole."""
    package = Package(content, limits)
    for part in package.sheets:
        for _ in SheetReader(package, part).rows():
            pass


def stream_sheets(content: bytes, limits: Limits) -> Iterator[list[Any]]:
    """All shown sheets: ``["sheet", name]``, its rows as ``[number, cells]``, and ``["merged", areas]``."""
    package = Package(content, limits)
    rows = 0
    for part in package.shown_sheets():
        reader = SheetReader(package, part)
        yield ["sheet", part.name]
        for number, cells in reader.rows():
            rows += 1
            if rows > limits.rows:
                raise WorkbookError(
                    N_("The workbook has more than %(rows)s filled rows. Split it into several workbooks."),
                    rows=limits.rows,
                )
            yield [number, cells]
        yield ["merged", reader.merged]
