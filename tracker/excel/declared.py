"""A sheet read by declared columns: headings in any language and order, typed values, errors by cell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from tracker.excel.errors import N_, CellError, WorkbookError
from tracker.excel.grid import Area, Cell, CellType, Grid
from tracker.excel.layout import column_letter

SEARCHED = 30
"""Filled rows at the top among which the headings are looked for; a title may stand above them."""

_ASIDE = re.compile(r"\([^)]*\)")
_NOISE = re.compile(r"[\s*:_\-]+")
_UNSEEN = re.compile("[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
_MOST_DIGITS = 15

T = TypeVar("T")
Reader = Callable[[Cell], object]


@dataclass(frozen=True)
class InColumn:
    """A column that is read: its field, the headings it may have, and how its cells become values.

    ``read`` raises :class:`CellError`. A ``required`` column must be there and filled in every row.
    """

    field: str
    headings: tuple[str, ...]
    read: Reader
    required: bool = False


@dataclass(frozen=True)
class Problem:
    """What is wrong with one cell, or with a whole row where ``field`` is None; not yet translated."""

    row: int
    address: str
    field: str | None
    message: str
    params: Mapping[str, object]


@dataclass(frozen=True)
class InRow:
    """One row: values by field, None where nothing stands or what stands is wrong."""

    number: int
    values: Mapping[str, object]
    cells: Mapping[str, str]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class InTable:
    """All filled rows under the headings, which fields there are, and headings that nobody asked for."""

    sheet: str
    heading_row: int
    rows: tuple[InRow, ...]
    fields: Mapping[str, int]
    unknown: tuple[str, ...]

    @property
    def problems(self) -> list[Problem]:
        """What is wrong, from the top."""
        return [problem for row in self.rows for problem in row.problems]


def read_table(grid: Grid, columns: Sequence[InColumn]) -> InTable:
    """The rows under the headings. Raises :class:`WorkbookError` without headings, or with one twice."""
    heading_row, fields, unknown = find_headings(grid, columns)
    numbers = [number for number in sorted(grid.rows) if number > heading_row]
    merged = _merged_problems(grid, heading_row, fields)
    rows = []
    for number in numbers:
        cells = {field: grid.rows[number].get(column) for field, column in fields.items()}
        if any(cell is not None and not _is_blank(cell) for cell in cells.values()):
            rows.append(_row(number, cells, columns, fields, merged))
    return InTable(grid.sheet, heading_row, tuple(rows), fields, unknown)


def find_headings(grid: Grid, columns: Sequence[InColumn]) -> tuple[int, dict[str, int], tuple[str, ...]]:
    """The row with the most known headings (of two that are alike, the upper one), fields, other headings.

    Raises :class:`WorkbookError` without headings, or with one twice.
    """
    known = {key: column.field for column in columns for heading in column.headings for key in _keys(heading)}
    best: tuple[int, list[tuple[str | None, Cell]]] | None = None
    for number in sorted(grid.rows)[:SEARCHED]:
        found = [(_field_of(cell, known), cell) for cell in grid.rows[number].values()]
        if best is None or _hits(found) > _hits(best[1]):
            best = number, found
    wanted = [column.headings[0] for column in columns if column.required]
    if best is None or not _hits(best[1]):
        raise WorkbookError(
            N_("No row with headings was found. The sheet needs the columns %(columns)s."),
            columns=tuple(wanted or [column.headings[0] for column in columns]),
        )
    fields: dict[str, int] = {}
    for field, cell in best[1]:
        if field in fields:
            raise WorkbookError(
                N_("The heading “%(heading)s” stands twice in row %(row)s. Remove one of the two columns."),
                heading=cell.text,
                row=best[0],
            )
        if field is not None:
            fields[field] = cell.column
    missing = [column.headings[0] for column in columns if column.required and column.field not in fields]
    if missing:
        raise WorkbookError(
            N_("The sheet lacks the columns %(columns)s, which were looked for in row %(row)s."),
            columns=tuple(missing),
            row=best[0],
        )
    return best[0], fields, tuple(cell.text for field, cell in best[1] if field is None and cell.text.strip())


def _hits(found: list[tuple[str | None, Cell]]) -> int:
    return len({field for field, _ in found if field is not None})


def _field_of(cell: Cell, known: Mapping[str, str]) -> str | None:
    if cell.type is not CellType.TEXT:
        return None
    return next((known[key] for key in _keys(cell.text) if key in known), None)


def _keys(heading: str) -> tuple[str, ...]:
    """How a heading is recognised: whatever its width, case and blanks, with and without its brackets."""
    whole = unicodedata.normalize("NFKC", heading).casefold()
    return _NOISE.sub("", whole), _NOISE.sub("", _ASIDE.sub("", whole))


def _row(
    number: int,
    cells: Mapping[str, Cell | None],
    columns: Sequence[InColumn],
    fields: Mapping[str, int],
    merged: Mapping[tuple[int, int], Area],
) -> InRow:
    values: dict[str, object] = {}
    problems: list[Problem] = []
    addresses = {field: f"{column_letter(column)}{number}" for field, column in fields.items()}
    for column in columns:
        cell = cells.get(column.field)
        try:
            area = merged.get((number, fields.get(column.field, 0)))
            if area is not None:
                raise merged_cell(area)
            values[column.field] = read_cell(cell, column)
        except CellError as error:
            values[column.field] = None
            place = addresses.get(column.field, f"A{number}")
            problems.append(Problem(number, place, column.field, error.message, error.params))
    return InRow(number, values, addresses, tuple(problems))


def read_cell(cell: Cell | None, column: InColumn) -> object:
    """The value of one cell, None where nothing stands. Raises :class:`CellError`."""
    if cell is None or _is_blank(cell):
        if column.required:
            raise CellError(N_("This must not be empty."))
        return None
    return column.read(_readable(cell))


def merged_cell(area: Area) -> CellError:
    """What is said of a cell in a merged area."""
    return CellError(
        N_(
            "These cells are merged (%(area)s), so only the first holds something. Unmerge them and "
            "fill each."
        ),
        area=area.name,
    )


def _is_blank(cell: Cell) -> bool:
    return cell.type is CellType.TEXT and not seen_text(cell.text)


def _readable(cell: Cell) -> Cell:
    """Refuse what is of no type at all."""
    if cell.type is CellType.UNWORKED:
        raise CellError(
            N_(
                "The file holds no result of this formula. Open it in Excel or WPS and save it, "
                "or type the value."
            )
        )
    if cell.type is CellType.ERROR:
        raise CellError(N_("This cell shows the error %(error)s. Type the value."), error=cell.text)
    return cell


def _merged_problems(grid: Grid, heading_row: int, fields: Mapping[str, int]) -> dict[tuple[int, int], Area]:
    """Cells that are read and lie in a merged area of which something is filled, with that area."""
    found: dict[tuple[int, int], Area] = {}
    read = set(fields.values())
    numbers = [number for number in grid.rows if number > heading_row]
    for area in grid.merged:
        if (area.top, area.left) == (area.bottom, area.right) or area.bottom <= heading_row:
            continue
        columns = [column for column in read if area.left <= column <= area.right]
        rows = [number for number in numbers if area.top <= number <= area.bottom]
        if any(column in grid.rows[number] for number in rows for column in columns):
            found.update({(number, column): area for number in rows for column in columns})
    return found


# How cells become values


def seen_text(text: str) -> str:
    """The text without what cannot be seen and without outer blanks."""
    return _UNSEEN.sub(" ", text).strip()


def as_text(longest: int = 200) -> Reader:
    """A text of one line; a number stands for its digits."""

    def read(cell: Cell) -> str:
        text = seen_text(cell.text)
        if cell.type is CellType.NUMBER and sum(sign.isdigit() for sign in text) > _MOST_DIGITS:
            raise CellError(
                N_("A number of more than 15 digits is not kept exactly by spreadsheets. Enter it as text.")
            )
        if len(text) > longest:
            raise CellError(N_("At most %(length)s characters. Please shorten it."), length=longest)
        return text

    return read


def as_lines(longest: int) -> Reader:
    """A text of several lines."""

    def read(cell: Cell) -> str:
        text = "\n".join(seen_text(line) for line in cell.text.splitlines()).strip()
        if len(text) > longest:
            raise CellError(N_("At most %(length)s characters. Please shorten it."), length=longest)
        return text

    return read


def as_number(parse: Callable[[str], Decimal]) -> Reader:
    """A number, by the same rule whether it stands there as a number or as a text."""

    def read(cell: Cell) -> Decimal:
        if cell.type not in (CellType.NUMBER, CellType.TEXT):
            raise CellError(N_("This is not a number. Enter digits only, for example 1250."))
        return parse(seen_text(cell.text))

    return read


def as_day(parse: Callable[[str], date]) -> Reader:
    """A day, whether the cell holds a date or a text that ``parse`` reads."""

    def read(cell: Cell) -> date:
        return parse(seen_text(cell.text))

    return read


def as_choice(words: Mapping[str, T], *, told: Sequence[str] = ()) -> Callable[[Cell], T]:
    """One of several words, whatever the width and case of its letters; a refusal tells those in ``told``."""
    known = {_keys(word)[0]: value for word, value in words.items()}

    def read(cell: Cell) -> T:
        key = _keys(cell.text)[0]
        if key not in known:
            raise CellError(
                N_("“%(word)s” is not one of the words that are possible here: %(words)s."),
                word=seen_text(cell.text)[:40],
                words=tuple(told or words),
            )
        return known[key]

    return read
