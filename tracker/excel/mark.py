"""Writing what is wrong into a copy of a workbook. Runs in the worker."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill

from tracker.excel import texts
from tracker.excel.grid import place_of
from tracker.excel.layout import column_letter

_FILL = PatternFill("solid", fgColor="FFF8CBAD")
_INK = Font(color="FF8A1828", bold=True)
_WIDTH = 48.0


def mark(content: bytes, sheets: list[dict[str, Any]]) -> bytes:
    """The bytes of the marked copy; each sheet comes with its name, notes, reasons and heading."""
    workbook = load_workbook(BytesIO(content), keep_links=False)
    for order in sheets:
        _mark(workbook[order["sheet"]], order["notes"], order["reasons"], order["heading"])
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _mark(ws: Any, notes: dict[str, str], reasons: dict[str, str], heading: Any) -> None:
    last = max((cell.column for row in ws.iter_rows() for cell in row if cell.value is not None), default=0)
    for address, sentence in notes.items():
        row, column = place_of(address)
        cell = ws.cell(row=row, column=column)
        if isinstance(cell, Cell):
            cell.fill = _FILL
            cell.comment = _comment(cell.comment, sentence)
    _put(ws.cell(row=heading[0], column=last + 1), heading[1])
    for number, sentence in reasons.items():
        _put(ws.cell(row=int(number), column=last + 1), sentence)
    ws.column_dimensions[column_letter(last + 1)].width = _WIDTH


def _comment(earlier: Comment | None, sentence: str) -> Comment:
    text = f"{earlier.text}\n{sentence}" if earlier is not None else sentence
    comment = Comment(texts.clean(text), "")
    comment.width, comment.height = 320, 120
    return comment


def _put(cell: Any, sentence: str) -> None:
    if not isinstance(cell, Cell):
        return
    content = texts.clean(sentence)
    cell.value = texts.escaped(content)
    cell.data_type = "s"
    cell.quotePrefix = texts.looks_like_formula(content)
    cell.font = _INK
    cell.alignment = Alignment(vertical="center", wrap_text=True)
