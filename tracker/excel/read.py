"""Reading sheets of a workbook that somebody handed in, and writing what is wrong into a copy."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from tracker.excel.grid import Cell, CellType, Grid, area_of
from tracker.excel.guard import run
from tracker.excel.limits import USUAL, Limits
from tracker.excel.sniff import check_kind


def read_sheet(content: bytes, *, sheet: str | None = None, limits: Limits = USUAL) -> Grid:
    """The cells of the sheet of this name, or else of the first sheet that is shown.

    The file is judged by its content and opened in a process of its own with limits on time and
    memory. Raises :class:`WorkbookError` with a sentence when it is not read to its end.
    """
    check_kind(content, limits)
    return _grid(run(content, limits, task="read", sheet=sheet))


def read_sheets(content: bytes, *, names: Sequence[str], limits: Limits = USUAL) -> list[Grid]:
    """The sheets that have one of these names, whatever their case; read as :func:`read_sheet` does."""
    check_kind(content, limits)
    return [_grid(sheet) for sheet in run(content, limits, task="read_named", names=list(names))["sheets"]]


def _grid(answer: Mapping[str, Any]) -> Grid:
    rows: dict[int, dict[int, Cell]] = {}
    for row, column, kind, text in answer["cells"]:
        rows.setdefault(row, {})[column] = Cell(row, column, CellType(kind), text)
    merged = [area for area in map(area_of, answer["merged"]) if area is not None]
    return Grid(str(answer["sheet"]), rows, merged)


def mark_errors(
    content: bytes,
    grid: Grid,
    notes: Mapping[str, str],
    *,
    reasons: Mapping[int, str],
    heading: tuple[int, str],
    limits: Limits = USUAL,
) -> bytes:
    """A copy of the workbook in which the cells that are wrong are filled and carry a note.

    ``notes`` maps addresses to sentences; ``reasons`` maps row numbers to what is written into a new
    last column, whose heading is (row, text). Everything else stays, but drawings and charts may be
    lost. Raises :class:`WorkbookError` when the copy cannot be made within the limits.
    """
    check_kind(content, limits)
    order = {
        "notes": dict(notes),
        "reasons": {str(row): text for row, text in reasons.items()},
        "heading": list(heading),
    }
    return base64.b64decode(run(content, limits, task="mark", sheet=grid.sheet, **order)["content"])
