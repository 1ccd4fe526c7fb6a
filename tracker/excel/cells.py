"""Reading the cells of an untrusted workbook, row by row. Runs in the worker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tracker.excel.errors import N_, WorkbookError
from tracker.excel.limits import Limits
from tracker.excel.package import Package
from tracker.excel.scan import SheetReader


def read_cells(content: bytes, limits: Limits, *, sheet: str | None = None) -> dict[str, Any]:
    """Name, cells and merged areas of the sheet of this name, or else of the first that is shown."""
    package = Package(content, limits)
    shown = package.shown_sheets()
    chosen = next((one for one in package.sheets if one.name == sheet), shown[0])
    reader = SheetReader(package, chosen)
    cells = [(row, *cell) for row, found in reader.rows() for cell in found]
    return {"sheet": chosen.name, "cells": cells, "merged": reader.merged}


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
