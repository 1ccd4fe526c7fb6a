"""Reading the cells of an untrusted workbook with the library, row by row. Runs in the worker."""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from tracker.excel.errors import DAMAGED, N_, WorkbookError
from tracker.excel.grid import CellType
from tracker.excel.limits import Limits
from tracker.excel.scan import Look, look_at, too_wordy
from tracker.excel.unpack import check_package

_ZEROS = re.compile(r"0{2,32}")
_RETURN = re.compile(r"_x000[dD]_")

RawCell = tuple[int, int, str, str]
"""Row, column, type and text, as they travel from the worker."""


def read_cells(content: bytes, limits: Limits, *, sheet: str | None = None) -> dict[str, Any]:
    """Name, cells and merged areas of the sheet of this name, or else of the first that is shown."""
    check_package(content, limits)
    workbook = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    # Sheets that hold only a chart have no cells.
    sheets: list[Any] = [ws for ws in workbook.worksheets if hasattr(ws, "reset_dimensions")]
    if not sheets:
        raise WorkbookError(N_("This workbook has no sheet with cells."))
    shown = [ws for ws in sheets if ws.sheet_state == "visible"] or sheets
    return _read(content, next((ws for ws in sheets if ws.title == sheet), shown[0]), limits)


def read_named(content: bytes, limits: Limits, *, names: Sequence[str]) -> dict[str, Any]:
    """Every sheet that has one of these names, in the order of the workbook; others are not looked at."""
    check_package(content, limits)
    workbook = load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
    wanted = {name.strip().casefold() for name in names}
    sheets: list[Any] = [ws for ws in workbook.worksheets if hasattr(ws, "reset_dimensions")]
    return {"sheets": [_read(content, ws, limits) for ws in sheets if ws.title.strip().casefold() in wanted]}


def _read(content: bytes, chosen: Any, limits: Limits) -> dict[str, Any]:
    look = _look(content, chosen._worksheet_path, limits)
    # WPS stores a wrong size, which the library would believe; the bounds come from the look instead.
    chosen.reset_dimensions()
    cells = _cells(chosen, look, limits)
    if look.filled - {(row, column) for row, column, _, _ in cells} - look.unworked:
        raise WorkbookError(DAMAGED)
    return {"sheet": chosen.title, "cells": cells, "merged": look.merged}


def _look(content: bytes, path: str, limits: Limits) -> Look:
    with zipfile.ZipFile(BytesIO(content)) as package, package.open(path) as part:
        return look_at(part, limits)


def _cells(ws: Any, look: Look, limits: Limits) -> list[RawCell]:
    if not look.last_row:
        return []
    found: list[RawCell] = []
    characters = 0
    for row in ws.iter_rows(max_row=look.last_row, max_col=look.last_column):
        for cell in row:
            if cell.value is not None and hasattr(cell, "coordinate"):
                kind, text = _typed(cell)
                # One long text can be shown in every cell, so it is counted here and not in the file.
                characters += len(text)
                if characters > limits.characters:
                    raise too_wordy(limits)
                found.append((cell.row, cell.column, kind, text))
    found += [(row, column, CellType.UNWORKED, "") for row, column in look.unworked]
    return sorted(found)


def _typed(cell: Any) -> tuple[str, str]:
    value = cell.value
    if cell.data_type == "e":
        return CellType.ERROR, str(value)
    if isinstance(value, bool):
        return CellType.TRUTH, "TRUE" if value else "FALSE"
    if isinstance(value, int):
        shown = str(value)
        is_padded = value >= 0 and _ZEROS.fullmatch(cell.number_format or "")
        return CellType.NUMBER, shown.zfill(len(cell.number_format)) if is_padded else shown
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return CellType.DAY, value.date().isoformat()
    if isinstance(value, date):
        return CellType.DAY, value.isoformat()
    if isinstance(value, timedelta):
        return CellType.TEXT, str(value)
    return CellType.TEXT, _RETURN.sub("", str(value))


def _number(value: float) -> tuple[str, str]:
    """A binary number as the spreadsheet shows it: with the fifteen digits that it vouches for."""
    if not math.isfinite(value):
        return CellType.ERROR, "#NUM!"
    text = f"{value:.15g}"
    if "e" not in text:
        return CellType.NUMBER, text
    digits = f"{value:.15f}".rstrip("0").rstrip(".") if abs(value) < 1 else f"{value:.0f}"
    return CellType.NUMBER, digits or "0"
