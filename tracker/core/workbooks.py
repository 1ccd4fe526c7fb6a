"""Between the mechanics of workbooks and the rules of the house: reading, refusing, and handing out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TypeVar
from urllib.parse import quote

from flask import Response
from flask_babel import gettext

from tracker.domain.days import parse_day
from tracker.domain.errors import N_, RuleError
from tracker.domain.numbers import parse_number
from tracker.excel.declared import InColumn, InTable, Problem, Reader, as_day, as_number, read_table
from tracker.excel.errors import CellError, WorkbookError
from tracker.excel.limits import USUAL, Limits
from tracker.excel.read import Marks, mark_errors, read_sheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

T = TypeVar("T")


def read_workbook(content: bytes, columns: Sequence[InColumn]) -> InTable:
    """The rows of the first sheet. Raises :class:`RuleError` for the field ``file`` when it is not read."""
    try:
        return read_table(read_sheet(content), columns)
    except WorkbookError as error:
        raise RuleError(error.message, field="file", **error.params) from error


def marked_workbook(content: bytes, table: InTable, problems: Iterable[Problem]) -> bytes:
    """A copy of the file with each problem at its cell and all of a row's in a last column.

    Raises :class:`RuleError` when the file is too heavy to be written anew.
    """
    return marked_sheets(content, [(table.sheet, table.heading_row, problems)])


def marked_sheets(
    content: bytes, sheets: Iterable[tuple[str, int, Iterable[Problem]]], *, limits: Limits = USUAL
) -> bytes:
    """The same for several sheets: each comes with its name and the row of its headings."""
    marks = []
    for sheet, heading_row, problems in sheets:
        notes: dict[str, str] = {}
        reasons: dict[int, str] = {}
        for problem in problems:
            said = say_problem(problem)
            notes[problem.address] = f"{notes[problem.address]}\n{said}" if problem.address in notes else said
            reasons[problem.row] = f"{reasons[problem.row]}\n{said}" if problem.row in reasons else said
        marks.append(Marks(sheet, notes, reasons, (heading_row, gettext("Why this row was refused"))))
    try:
        return mark_errors(content, marks, limits=limits)
    except WorkbookError as error:
        raise RuleError(
            N_("The copy with the errors cannot be made of this file. They are listed on the page.")
        ) from error


def problem_of(row: int, address: str, error: RuleError) -> Problem:
    """A broken rule as a problem of a cell."""
    return Problem(row, address, error.field, error.message, error.params)


def say_problem(problem: Problem) -> str:
    """The sentence of a problem in the language being spoken."""
    return gettext(problem.message, **problem.params) if problem.params else gettext(problem.message)


def number_cells(decimals: int) -> Reader:
    """Cells with a number of 0 or more, by the rule for what is typed."""
    return as_number(_at_the_cell(_number(decimals)))


def day_cells() -> Reader:
    """Cells with a day, by the rule for what is typed."""
    return as_day(_at_the_cell(parse_day))


def _number(decimals: int) -> Callable[[str], Decimal]:
    return lambda text: parse_number(text, decimals=decimals)


def _at_the_cell(parse: Callable[[str], T]) -> Callable[[str], T]:
    """A rule of the house, said at the cell that breaks it."""

    def read(text: str) -> T:
        try:
            return parse(text)
        except RuleError as error:
            raise CellError(error.message, **error.params) from error

    return read


def handed_out(content: bytes, name: str, *, plain: str) -> Response:
    """A workbook to download under its name; ``plain`` is the name for programs that know only ASCII."""
    answer = Response(content, mimetype=XLSX)
    ascii_name = re.sub(r"[^A-Za-z0-9._-]", "_", plain)
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name)}"
    )
    return answer
