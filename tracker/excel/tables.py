"""Many or long sheets read by declared columns while they are streamed: rows as tuples, in little memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tracker.excel.declared import SEARCHED, InColumn, Problem, find_headings, merged_cell, read_cell
from tracker.excel.errors import CellError, WorkbookError
from tracker.excel.grid import Area, Cell, CellType, Grid, area_of
from tracker.excel.layout import column_letter

_REMEMBERED = 20_000
"""Different cells of one column whose values are remembered, since most columns say few things often."""

Values = tuple[object, ...]
"""What stands in a row, in the order of the declared columns."""

Raw = Mapping[int, tuple[str, str]]


@dataclass
class LongTable:
    """One sheet: its rows by number, where its columns are, and what is wrong with single cells."""

    sheet: str
    heading_row: int
    fields: Mapping[str, int]
    unknown: tuple[str, ...]
    rows: dict[int, Values] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def address(self, row: int, field_name: str) -> str:
        """The address of a field's cell in a row; of the row's first cell where there is no such column."""
        return f"{column_letter(self.fields.get(field_name, 1))}{row}"


def read_tables(
    items: Iterable[Sequence[Any]], columns: Sequence[InColumn], *, tell: Callable[[int], None]
) -> list[LongTable]:
    """The sheets that have headings; sheets without any, such as one that explains, are passed over.

    ``items`` is what :func:`tracker.excel.read.stream_sheets` yields; ``tell`` is told how many rows were
    read so far. Raises :class:`WorkbookError` when no sheet has the headings, or one has them wrong.
    """
    found: list[LongTable] = []
    without: WorkbookError | None = None
    read = 0
    for name, rows, merged in _sheets(items):
        first = [row for row, _ in zip(rows, range(SEARCHED), strict=False)]
        grid = Grid(name, {number: _cells(number, raw) for number, raw in first}, [])
        try:
            table = LongTable(name, *find_headings(grid, columns))
        except WorkbookError as error:
            if len(grid.rows) and _has_many(grid, columns):
                raise
            without = without or error
            for _ in rows:
                pass
            continue
        reader = _RowReader(table, columns)
        for number, raw in _both(first, rows):
            if number > table.heading_row:
                reader.take(number, raw)
                read += 1
                if read % 1000 == 0:
                    tell(read)
        reader.refuse_merged(merged)
        found.append(table)
    if not found:
        raise without or WorkbookError("no sheet")
    return found


def _has_many(grid: Grid, columns: Sequence[InColumn]) -> bool:
    """Whether the sheet is meant to be read although its headings are wrong: it has two of them or more."""
    try:
        _, fields, _ = find_headings(grid, [replace(column, required=False) for column in columns])
    except WorkbookError:
        return False
    return len(fields) >= 2


def _sheets(
    items: Iterable[Sequence[Any]],
) -> Iterator[tuple[str, Iterator[tuple[int, Raw]], list[str]]]:
    """Name, rows and merged areas of each sheet; the areas are there once the rows were taken."""
    stream = iter(items)
    for item in stream:
        merged: list[str] = []
        yield str(item[1]), _rows(stream, merged), merged


def _rows(stream: Iterator[Sequence[Any]], merged: list[str]) -> Iterator[tuple[int, Raw]]:
    for item in stream:
        if item[0] == "merged":
            merged += item[1]
            return
        yield item[0], {column: (kind, text) for column, kind, text in item[1]}


def _both(first: list[tuple[int, Raw]], rows: Iterator[tuple[int, Raw]]) -> Iterator[tuple[int, Raw]]:
    yield from first
    yield from rows


def _cells(number: int, raw: Raw) -> dict[int, Cell]:
    return {column: Cell(number, column, CellType(kind), text) for column, (kind, text) in raw.items()}


class _RowReader:
    """Turns the rows of one sheet into values."""

    def __init__(self, table: LongTable, columns: Sequence[InColumn]) -> None:
        self.table = table
        self.columns = columns
        self.places = [table.fields.get(column.field, 0) for column in columns]
        self.known: list[dict[tuple[str, str], object]] = [{} for _ in columns]

    def take(self, number: int, raw: Raw) -> None:
        """Read one row; a row in which no declared column holds anything is none."""
        cells = [raw.get(place) for place in self.places]
        if not any(cell is not None and (cell[0] != "text" or cell[1].strip()) for cell in cells):
            return
        self.table.rows[number] = tuple(self._value(index, number, cell) for index, cell in enumerate(cells))

    def _value(self, index: int, number: int, raw: tuple[str, str] | None) -> object:
        column = self.columns[index]
        if raw is None and not column.required:
            return None
        known = self.known[index]
        if raw is not None and raw in known:
            return known[raw]
        place = self.places[index] or 1
        try:
            cell = None if raw is None else Cell(number, place, CellType(raw[0]), raw[1])
            value = read_cell(cell, column)
        except CellError as error:
            self._refuse(number, column.field, error)
            return None
        if raw is not None and len(known) < _REMEMBERED:
            known[raw] = value
        return value

    def _refuse(self, number: int, field_name: str, error: CellError) -> None:
        address = self.table.address(number, field_name)
        self.table.problems.append(Problem(number, address, field_name, error.message, error.params))

    def refuse_merged(self, merged: Sequence[str]) -> None:
        """Refuse what lies in merged areas, of which only the first cell holds something."""
        table = self.table
        read = {place: column.field for place, column in zip(self.places, self.columns, strict=True) if place}
        wrong: set[tuple[int, str]] = set()
        for area in (found for found in map(area_of, merged) if found is not None):
            if (area.top, area.left) == (area.bottom, area.right) or area.bottom <= table.heading_row:
                continue
            fields = [name for place, name in read.items() if area.left <= place <= area.right]
            if fields:
                wrong |= self._refuse_area(area, fields)
        if wrong:
            # What is said of a merged cell is all that needs to be said of it.
            said = merged_cell(Area(1, 1, 1, 1)).message
            table.problems[:] = [
                one for one in table.problems if (one.row, one.field) not in wrong or one.message == said
            ]

    def _refuse_area(self, area: Area, fields: list[str]) -> set[tuple[int, str]]:
        table = self.table
        inside = range(max(area.top, table.heading_row + 1), area.bottom + 1)
        numbers = [number for number in table.rows if number in inside]
        for number in numbers:
            for name in fields:
                self._refuse(number, name, merged_cell(area))
        return {(number, name) for number in numbers for name in fields}
