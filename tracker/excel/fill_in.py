"""Sheets that are filled in: what is locked, what may be entered, comments, columns for programs only."""

from __future__ import annotations

from typing import Any

from openpyxl.comments import Comment
from openpyxl.styles import PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tracker.excel import texts
from tracker.excel.columns import Check, Table
from tracker.excel.layout import Placed, column_letter

_OPEN = Protection(locked=False)
_FILL = PatternFill("solid", fgColor="FFFFF9DB")
_WIDEST = 10_000_000_000
_LONGEST_SAID = 250
"""Spreadsheets refuse a file with longer messages."""


def protect(ws: Worksheet) -> None:
    """Lock all cells that are not opened, without a password: against slips, not against people."""
    protection = ws.protection
    protection.sheet = True
    # Who fills in may make columns wider and filter; what is locked can still be copied.
    protection.formatColumns = False
    protection.formatRows = False
    protection.autoFilter = False
    protection.sort = False


def dress(ws: Worksheet, table: Table[Any], placed: Placed) -> None:
    """Open the cells that are filled in, with their checks; comments; hide what nobody reads."""
    checks: dict[Check, DataValidation] = {}
    for number, column in enumerate(table.columns, start=1):
        if column.hidden:
            ws.column_dimensions[column_letter(number)].hidden = True
        if column.entered is None and column.note is None:
            continue
        for row, record in zip(placed.rows, table.rows, strict=True):
            cell: Any = ws.cell(row=row, column=number)
            if column.entered is not None and column.entered(record):
                cell.protection = _OPEN
                cell.fill = _FILL
                if column.check is not None:
                    check = column.check(record)
                    checks.setdefault(check, _validation(check)).add(cell)
            said = column.note(record) if column.note is not None else None
            if said:
                cell.comment = _comment(said)
    for validation in checks.values():
        ws.add_data_validation(validation)


def _comment(said: str) -> Comment:
    comment = Comment(texts.clean(said), "")
    lines = texts.wrapped_lines(said, 44)
    comment.width, comment.height = 320, min(40 + 18 * lines, 400)
    return comment


def _validation(check: Check) -> DataValidation:
    if check.words:
        found = DataValidation(type="list", formula1='"' + ",".join(check.words) + '"', allow_blank=True)
    else:
        low = str(-_WIDEST) if check.negative else "0"
        found = DataValidation(
            type="whole" if check.decimals == 0 else "decimal",
            operator="between",
            formula1=low,
            formula2=str(_WIDEST),
            allow_blank=True,
        )
    found.showErrorMessage = True
    found.errorTitle = check.title[:30]
    found.error = check.said[:_LONGEST_SAID]
    return found
