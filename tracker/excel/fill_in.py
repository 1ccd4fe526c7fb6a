"""Sheets that are filled in: what is locked or offered, what may be entered, comments, hidden columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl.comments import Comment
from openpyxl.styles import PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from tracker.excel import formulas, texts
from tracker.excel.columns import Check, Table
from tracker.excel.layout import Placed, column_letter

_OPEN = Protection(locked=False)
_FILL = PatternFill("solid", fgColor="FFFFF9DB")
_WIDEST = 10_000_000_000
_LONGEST_SAID = 250
"""Spreadsheets refuse a file with longer messages, or with longer lists in a rule."""

_LISTED_ROWS = 1000
"""Rows below the headings in which a column's list of choices is offered."""


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
    """Offer lists; open the cells that are filled in, with their checks; comment; hide what nobody reads."""
    _offer(ws, table, placed)
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


def _offer(ws: Worksheet, table: Table[Any], placed: Placed) -> None:
    """Lists of choices, also in the empty rows below, where more is filled in."""
    for column in table.columns:
        rule = _list(column.choices)
        if rule is None and column.offers:
            rule = DataValidation(type="list", formula1=column.offers, allow_blank=True)
            rule.showErrorMessage = False
        if rule is not None:
            letter = placed.letter(column.key)
            rule.add(f"{letter}{placed.header_last + 1}:{letter}{placed.header_last + _LISTED_ROWS}")
            ws.add_data_validation(rule)


def _list(words: Sequence[str]) -> DataValidation | None:
    """A list that stands in the rule itself: it must be short, and the comma only parts its words."""
    said = ",".join(words)
    if not words or len(said) > _LONGEST_SAID or said.count(",") != len(words) - 1:
        return None
    return DataValidation(type="list", formula1=formulas.text(said), allow_blank=True)


def _comment(said: str) -> Comment:
    comment = Comment(texts.clean(said), "")
    lines = texts.wrapped_lines(said, 44)
    comment.width, comment.height = 320, min(40 + 18 * lines, 400)
    return comment


def _validation(check: Check) -> DataValidation:
    found = _list(check.words) or DataValidation(
        type="whole" if check.decimals == 0 else "decimal",
        operator="between",
        formula1=str(-_WIDEST) if check.negative else "0",
        formula2=str(_WIDEST),
        allow_blank=True,
    )
    found.showErrorMessage = True
    found.errorTitle = check.title[:30]
    found.error = check.said[:_LONGEST_SAID]
    return found
