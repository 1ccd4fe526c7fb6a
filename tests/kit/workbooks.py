"""Workbooks as people hand them in: sound ones, odd ones, and ones meant to harm."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook


def workbook(rows: Sequence[Sequence[object]], *, sheet: str = "Sheet1") -> bytes:
    """A workbook of one sheet with these rows; texts stay texts, whatever they begin with."""
    book = Workbook()
    ws = book.worksheets[0]
    ws.title = sheet
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if value is None:
                continue
            cell: Any = ws.cell(row=number, column=column)
            if isinstance(value, Formula):
                cell.value = value
                continue
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    return saved(book)


class Formula(str):
    """A text that is a formula."""


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook."""
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def opened(content: bytes) -> Workbook:
    """The workbook of these bytes."""
    return load_workbook(BytesIO(content))


def rows_of(content: bytes) -> list[list[object]]:
    """What stands in the first sheet."""
    return [[cell.value for cell in row] for row in opened(content).worksheets[0].iter_rows()]


def with_rows(content: bytes, sheets: Mapping[str, Sequence[Mapping[str, object]]]) -> bytes:
    """The workbook with rows added below what stands in each sheet, their cells named by heading."""
    book = opened(content)
    for name, rows in sheets.items():
        ws: Any = book[name]
        head = next(row for row in range(1, 9) if next(iter(rows[0])) in [cell.value for cell in ws[row]])
        columns = {cell.value: cell.column for cell in ws[head]}
        first = next(row for row in range(head + 1, ws.max_row + 2) if ws.cell(row, 1).value is None)
        for number, row in enumerate(rows, first):
            for heading, value in row.items():
                ws.cell(number, columns[heading]).value = value
    return saved(book)


Change = Callable[[bytes], bytes]


def repacked(content: bytes, changes: Mapping[str, Change | None] | None = None, **more: bytes) -> bytes:
    """The package with some parts changed (None: left out) and others added, as no program would save it."""
    stream = BytesIO()
    changes = changes or {}
    with (
        zipfile.ZipFile(BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            change = changes.get(name, lambda text: text)
            if change is not None:
                new.writestr(name, change(old.read(name)))
        for name, text in more.items():
            new.writestr(name, text)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def with_sheet(content: bytes, change: Change) -> bytes:
    """The workbook with the XML of its first sheet changed."""
    return repacked(content, {SHEET: change})


def replaced(old: str, new: str) -> Change:
    """A change of one text, which must be there."""

    def change(text: bytes) -> bytes:
        assert old.encode() in text, (old, text[:2000])
        return text.replace(old.encode(), new.encode())

    return change


def raw_sheet(rows: str) -> bytes:
    """A workbook whose sheet has exactly this XML between its sheetData tags."""
    return with_sheet(
        workbook([["x"]]),
        lambda text: re.sub(
            rb"<sheetData>.*</sheetData>", b"<sheetData>" + rows.encode() + b"</sheetData>", text
        ),
    )


def shared_texts(rows: str, *texts: str) -> bytes:
    """A workbook as Excel saves it: texts in a table of their own, cells with their numbers in it."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    table = "".join(f"<si><t>{text}</t></si>" for text in texts)
    entry = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    return repacked(
        raw_sheet(rows),
        {"[Content_Types].xml": replaced("</Types>", entry)},
        **{"xl/sharedStrings.xml": f'<sst xmlns="{main}">{table}</sst>'.encode()},
    )
