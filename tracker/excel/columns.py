"""What a workbook is to hold, as declarations: columns, tables, sheets, fonts, books.

Numbers are Decimals that the caller has already rounded; texts are already translated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, TypeVar


@dataclass(frozen=True)
class Formula:
    """A formula, without its leading "=": the only way to get one into a cell.

    ``{key}`` stands for the cell of that column in the same row, ``{key:all}`` for all data cells
    of that column of the same table (in a subtitle: of the sheet's first table).
    """

    text: str


Value = str | int | Decimal | date | Formula | None
"""What a cell can hold; None leaves it empty."""

Row = TypeVar("Row")

COUNT = "#,##0"
MONEY = "#,##0.00"
RATE = "#,##0.0"
SCORE = "0.00"
DATE_ZH = 'yyyy"年"m"月"d"日"'
DATE_EN = "d mmm yyyy"
GENERAL = "General"


def decimals(places: int) -> str:
    """The number format with thousands separators and this many decimal places."""
    return COUNT if places == 0 else f"{COUNT}.{'0' * places}"


class Align(StrEnum):
    """Where a cell's content stands."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


class Total(StrEnum):
    """How a column's total is made, where it is not given by a function."""

    NONE = "none"
    SUM = "sum"


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: headings from the top level down, width in characters, and how a cell is made.

    ``value`` takes the cell's value from a row; ``number_format`` is a format or chooses one by the
    row; ``total`` is a rule, or a function of the rows above (a ratio is recomputed from its sums).
    ``fills`` maps a cell text to the colour (RRGGBB) behind it, as a conditional fill.
    ``choices`` are offered as a list in each cell, and nothing else is accepted there; ``offers`` is the
    address of cells whose texts are offered, while others can be typed as well.
    """

    key: str
    headings: tuple[str, ...]
    value: Callable[[Row], Value]
    width: float = 10
    number_format: str | Callable[[Row], str] = GENERAL
    align: Align = Align.CENTRE
    total: Total | Callable[[Sequence[Row]], Value] = Total.NONE
    fills: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    offers: str | None = None

    def format_of(self, row: Row) -> str:
        """The number format of this column's cell in ``row``."""
        return self.number_format if isinstance(self.number_format, str) else self.number_format(row)

    def total_of(self, rows: Sequence[Row]) -> Value:
        """The total over ``rows``; a sum leaves out what is not a number, and is None without any."""
        if callable(self.total):
            return self.total(rows)
        if self.total is Total.NONE:
            return None
        numbers = [value for value in (self.value(row) for row in rows) if isinstance(value, (int, Decimal))]
        return sum((Decimal(number) for number in numbers), Decimal(0)) if numbers else None


@dataclass(frozen=True)
class Table(Generic[Row]):
    """Rows under one header.

    ``group`` names the group of a row; with a ``subtotal_label`` each run of rows of one group is
    followed by its subtotals. ``summary`` is one sentence merged over the row after the last.
    """

    columns: tuple[Column[Row], ...]
    rows: Sequence[Row]
    caption: str | None = None
    group: Callable[[Row], str] | None = None
    subtotal_label: str | None = None
    total_label: str | None = None
    summary: str | None = None


@dataclass(frozen=True)
class FontSet:
    """Fonts by name, sizes in points. No font file travels with a workbook."""

    title: str = "方正小标宋简体"
    body: str = "仿宋_GB2312"
    head: str = "黑体"
    title_size: float = 20
    body_size: float = 11
    head_size: float = 11


@dataclass(frozen=True)
class Sheet:
    """One worksheet, ready to be printed. The first table's columns set the widths of all.

    ``footer`` is printed under each page; ``&P`` and ``&N`` in it are page and pages.
    ``signatures`` are spread over the foot; ``notes`` follow it, one line each.
    """

    name: str
    title: str
    tables: tuple[Table[Any], ...]
    annex: str | None = None
    left: str | Formula = ""
    centre: str | Formula = ""
    right: str | Formula = ""
    signatures: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    footer: str = "&P / &N"
    fonts: FontSet = FontSet()
    freeze_columns: int = 0
    portrait: bool = False


@dataclass(frozen=True)
class Point:
    """One category of a chart with its bar and its mark; None is drawn as nothing, not as zero."""

    label: str
    bar: Decimal | None
    mark: Decimal | None


@dataclass(frozen=True)
class ChartSheet:
    """A worksheet with a native chart, and under it the cells that the chart reads."""

    name: str
    title: str
    category: str
    bar: str
    mark: str
    value_axis: str
    points: Sequence[Point]
    number_format: str = "0.0"
    footer: str = "&P / &N"
    fonts: FontSet = FontSet()


@dataclass(frozen=True)
class Book:
    """A workbook: its sheets in order, and the title and moment that its properties show."""

    title: str
    sheets: tuple[Sheet | ChartSheet, ...]
    made_at: datetime
