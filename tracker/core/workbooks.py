"""Between the mechanics of workbooks and the rules of the house: reading, refusing, and handing out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import quote

from flask import Response
from flask_babel import force_locale, gettext

from tracker.core.i18n import speak
from tracker.core.preferences import LANGUAGES
from tracker.domain.days import parse_day
from tracker.domain.errors import N_, RuleError
from tracker.domain.numbers import parse_number
from tracker.excel.columns import Align, Column, FontSet, Sheet, Table
from tracker.excel.declared import (
    InColumn,
    InTable,
    Problem,
    Reader,
    as_day,
    as_number,
    as_text,
    find_headings,
    read_table,
)
from tracker.excel.errors import CellError, WorkbookError
from tracker.excel.grid import Grid
from tracker.excel.limits import USUAL, Limits
from tracker.excel.read import Marks, mark_errors, read_sheet, read_sheets

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

T = TypeVar("T")


@dataclass(frozen=True)
class OwnBook:
    """A kind of workbook that the house hands out: what it is, and headings of its first sheet that tell it.

    ``where`` is the page that reads it; none for what is made to be read by people only.
    """

    what: str
    where: str | None
    headings: tuple[str, ...]


_OWN: list[OwnBook] = []


def hands_out(book: OwnBook) -> OwnBook:
    """Have workbooks of this kind recognised where another kind is asked for."""
    _OWN.append(book)
    return book


def refuse_others(grid: Grid, asked: OwnBook) -> None:
    """Refuse a workbook that the house has handed out for something else, and say what it is.

    Without that, a reader would speak of columns that are missing, or find units in a sheet of figures.
    """
    for book in _OWN:
        row = None if book is asked else _row_of(grid, book)
        if row is None:
            continue
        top = min(grid.rows)
        title = grid.sheet if top == row else next(iter(grid.rows[top].values())).text
        what: dict[str, object] = {"title": title.strip()[:100], "what": (book.what,)}
        if book.where is None:
            said = N_("This is “%(title)s”, %(what)s. It is made to be read and filed, not to be uploaded.")
            raise RuleError(said, field="file", **what)
        said = N_("This is “%(title)s”, %(what)s. Upload it on the page “%(page)s”.")
        raise RuleError(said, field="file", **what, page=(book.where,))


def refuse_other_files(content: bytes, asked: OwnBook) -> None:
    """The same for a file that was not read for what was asked; not for one that cannot be read."""
    try:
        grid = read_sheet(content)
    except WorkbookError:
        return
    refuse_others(grid, asked)


def _row_of(grid: Grid, book: OwnBook) -> int | None:
    """The row in which all the headings of a kind stand."""
    columns = [InColumn(text, in_every_language(text), as_text(), required=True) for text in book.headings]
    try:
        return find_headings(grid, columns)[0]
    except WorkbookError:
        return None


def read_workbook(content: bytes, columns: Sequence[InColumn], *, asked: OwnBook) -> InTable:
    """The rows of the first sheet. Raises :class:`RuleError` for the field ``file`` when it is not read."""
    try:
        grid = read_sheet(content)
        refuse_others(grid, asked)
        return read_table(grid, columns)
    except WorkbookError as error:
        raise RuleError(error.message, field="file", **error.params) from error


def read_sheets_of(
    content: bytes,
    names: Mapping[str, Sequence[str]],
    columns: Mapping[str, Sequence[InColumn]],
    *,
    asked: OwnBook,
) -> dict[str, InTable]:
    """The rows of several sheets, each known by its names; by key, without those that are not there.

    Raises :class:`RuleError` for the field ``file`` when one is not read, stands there twice, or when
    there is none of them.
    """
    keys = {name.casefold(): key for key, known in names.items() for name in known}
    found: dict[str, InTable] = {}
    try:
        for grid in read_sheets(content, names=list(keys)):
            key = keys[grid.sheet.strip().casefold()]
            if key in found:
                raise RuleError(
                    N_("The sheets “%(one)s” and “%(other)s” are of the same kind. Remove one of the two."),
                    field="file",
                    one=found[key].sheet,
                    other=grid.sheet,
                )
            found[key] = _table_of(grid, columns[key])
    except WorkbookError as error:
        raise RuleError(error.message, field="file", **error.params) from error
    if not found:
        refuse_other_files(content, asked)
        raise RuleError(
            N_("This workbook has none of the sheets that are read here: %(sheets)s."),
            field="file",
            sheets=tuple(known[0] for known in names.values()),
        )
    return found


def _table_of(grid: Grid, columns: Sequence[InColumn]) -> InTable:
    try:
        return read_table(grid, columns)
    except WorkbookError as error:
        said = speak(error.message, error.params)
        raise RuleError(
            N_("Sheet “%(sheet)s”: %(said)s"), field="file", sheet=grid.sheet, said=said
        ) from error


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
    return speak(problem.message, problem.params)


def in_every_language(text: str) -> tuple[str, ...]:
    """A text in every language of the house, the one being spoken first, with the text itself at the end."""
    found = [gettext(text)]
    for lang in LANGUAGES:
        with force_locale(lang):
            found.append(gettext(text))
    return tuple(dict.fromkeys([*found, text]))


def number_cells(decimals: int, *, negative: bool = False) -> Reader:
    """Cells with a number of 0 or more, or below it where that is possible, by the rule for what is typed."""
    return as_number(_at_the_cell(lambda text: parse_number(text, decimals=decimals, negative=negative)))


def day_cells() -> Reader:
    """Cells with a day, by the rule for what is typed."""
    return as_day(_at_the_cell(parse_day))


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


def help_sheet(meanings: Sequence[tuple[str, str]], fonts: FontSet) -> Sheet:
    """The sheet of a workbook that says what belongs into each column: headings with their meanings."""
    columns = (
        Column[tuple[str, str]]("field", (gettext("Column"),), lambda row: row[0], 26, align=Align.LEFT),
        Column[tuple[str, str]](
            "meaning", (gettext("What belongs there"),), lambda row: row[1], 80, align=Align.LEFT
        ),
    )
    return Sheet(
        name=gettext("How to fill it in"),
        title=gettext("How to fill it in"),
        tables=(Table(columns=columns, rows=meanings),),
        footer=gettext("Page &P of &N"),
        fonts=fonts,
        portrait=True,
    )
