"""Where everything of a sheet stands: row numbers and addresses, computed before anything is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from tracker.excel.columns import Formula, Sheet, Table
from tracker.excel.texts import sheet_name

_PLACE = re.compile(r"\{(\w+)(:all)?\}")


@dataclass(frozen=True)
class Placed:
    """Rows of one table: header, data in the order of the table's rows, subtotals, total, summary.

    ``subtotals`` holds (row number, index of the first data row, index after the last).
    """

    keys: tuple[str, ...]
    caption: int | None
    header_first: int
    header_last: int
    rows: tuple[int, ...]
    subtotals: tuple[tuple[int, int, int], ...]
    total: int | None
    summary: int | None
    last: int

    def resolved(self, formula: Formula, row: int | None = None) -> str:
        """The formula's text with "=" and with addresses in place of its ``{key}`` marks."""

        def address(found: re.Match[str]) -> str:
            if found[2]:
                return self.span(found[1])
            if row is None:
                raise ValueError(f"{formula.text!r} names a cell of a row where there is no row")
            return f"${self.letter(found[1])}${row}"

        return "=" + _PLACE.sub(address, formula.text)

    def letter(self, key: str) -> str:
        """The letters of the column."""
        return column_letter(self.keys.index(key) + 1)

    def span(self, key: str) -> str:
        """The range of the column's data cells; of the header cell above where there are none."""
        first, last = (self.rows[0], self.rows[-1]) if self.rows else (self.header_last, self.header_last)
        return f"${self.letter(key)}${first}:${self.letter(key)}${last}"


@dataclass(frozen=True)
class Layout:
    """Row numbers of a sheet, None for what it does not have, and addresses into it."""

    name: str
    columns: int
    annex: int | None
    title: int
    subtitle: int | None
    tables: tuple[Placed, ...]
    foot: int | None
    notes: tuple[int, ...]
    last: int

    def cell(self, key: str, index: int, table: int = 0) -> str:
        """The absolute address, sheet included, of a data cell; ``index`` counts rows from 0."""
        placed = self.tables[table]
        return f"{quoted(self.name)}!${placed.letter(key)}${placed.rows[index]}"

    def column(self, key: str, table: int = 0) -> str:
        """The absolute range, sheet included, of a column's data cells."""
        return f"{quoted(self.name)}!{self.tables[table].span(key)}"


def lay_out(sheet: Sheet) -> Layout:
    """Place a sheet. Where it has no annex label or subtitle the rows below move up."""
    following = iter(range(1, 1_048_577)).__next__
    annex = following() if sheet.annex else None
    title = following()
    subtitle = following() if sheet.left or sheet.centre or sheet.right else None
    row = subtitle or title
    tables: list[Placed] = []
    for table in sheet.tables:
        # An empty row keeps two tables apart, for the eye and for sorting.
        placed = _place(table, row + (2 if tables else 1))
        tables.append(placed)
        row = placed.last
    foot = row + 1 if sheet.signatures else None
    row = foot or row
    notes = tuple(range(row + 1, row + 1 + len(sheet.notes)))
    return Layout(
        name=sheet_name(sheet.name),
        columns=max(len(table.columns) for table in sheet.tables),
        annex=annex,
        title=title,
        subtitle=subtitle,
        tables=tuple(tables),
        foot=foot,
        notes=notes,
        last=notes[-1] if notes else row,
    )


def _place(table: Table[Any], row: int) -> Placed:
    caption = row if table.caption else None
    header_first = row + 1 if table.caption else row
    header_last = header_first + max(len(column.headings) for column in table.columns) - 1
    rows: list[int] = []
    subtotals: list[tuple[int, int, int]] = []
    row = header_last
    for size in _group_sizes(table):
        start = len(rows)
        rows.extend(range(row + 1, row + 1 + size))
        row += size
        if table.subtotal_label is not None and table.group is not None:
            row += 1
            subtotals.append((row, start, len(rows)))
    total = row + 1 if table.total_label is not None else None
    row = total or row
    summary = row + 1 if table.summary is not None else None
    return Placed(
        keys=tuple(column.key for column in table.columns),
        caption=caption,
        header_first=header_first,
        header_last=header_last,
        rows=tuple(rows),
        subtotals=tuple(subtotals),
        total=total,
        summary=summary,
        last=summary or row,
    )


def _group_sizes(table: Table[Any]) -> Sequence[int]:
    if table.group is None:
        return [len(table.rows)]
    return [len(list(rows)) for _, rows in groupby(table.rows, key=table.group)]


def column_letter(number: int) -> str:
    """The letters of a column counted from 1: 1 is A, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def quoted(name: str) -> str:
    """A sheet's name as formulas write it."""
    return "'" + name.replace("'", "''") + "'"
