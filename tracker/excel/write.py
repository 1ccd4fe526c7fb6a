"""Writes a declared book as the bytes of an .xlsx workbook."""

from __future__ import annotations

from copy import copy
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Border, Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.worksheet import Worksheet

from tracker.excel import fill_in, formulas, styles, texts
from tracker.excel.charts import write_chart
from tracker.excel.columns import Align, Book, ChartSheet, Column, FontSet, Formula, Sheet, Table, Value
from tracker.excel.layout import Layout, Placed, column_letter, lay_out


def write(book: Book) -> bytes:
    """The workbook's bytes. Names of sheets are made valid and unique."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for declared in book.sheets:
        ws = workbook.create_sheet(texts.sheet_name(declared.name, workbook.sheetnames))
        if isinstance(declared, ChartSheet):
            write_chart(ws, declared, put)
        else:
            _SheetWriter(ws, declared).write()
    # The library would name itself as author; the office's file names nobody.
    workbook.properties.creator = ""
    workbook.properties.lastModifiedBy = ""
    workbook.properties.title = texts.clean(book.title)
    workbook.properties.created = book.made_at.replace(tzinfo=None)
    if workbook.calculation is not None:
        # Formulas carry no stored result, so the spreadsheet must work them out on opening.
        workbook.calculation.fullCalcOnLoad = True
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def put(cell: Cell, value: Value, placed: Placed | None = None, row: int | None = None) -> None:
    """Put a value into a cell: a text stays text whatever it begins with, a number is a number."""
    if isinstance(value, Formula):
        cell.value = placed.resolved(value, row) if placed else "=" + value.text
    elif isinstance(value, str):
        content = texts.clean(value)
        cell.value = texts.escaped(content)
        # Assigning a text that begins with "=" or reads "#N/A" makes a formula or an error of it.
        cell.data_type = "s"
        cell.quotePrefix = texts.looks_like_formula(content)
    elif value is not None:
        cell.value = value


class _SheetWriter:
    """Writes one declared sheet to one worksheet."""

    def __init__(self, ws: Worksheet, sheet: Sheet) -> None:
        self.ws = ws
        self.sheet = sheet
        self.at: Layout = lay_out(sheet)
        widths = [column.width for column in sheet.tables[0].columns]
        self.widths = widths + [10.0] * (self.at.columns - len(widths))
        self.looks: dict[tuple[Align, int, int, int], tuple[Any, ...]] = {}

    def write(self) -> None:
        """Write everything: title block, tables, foot, notes, page."""
        for number, width in enumerate(self.widths, start=1):
            self.ws.column_dimensions[column_letter(number)].width = width
        if self.sheet.protected:
            fill_in.protect(self.ws)
        self._title_block()
        for table, placed in zip(self.sheet.tables, self.at.tables, strict=True):
            self._table(table, placed)
        self._foot_and_notes()
        self._page()

    @property
    def fonts(self) -> FontSet:
        """The fonts of this sheet."""
        return self.sheet.fonts

    def _title_block(self) -> None:
        at, sheet, fonts = self.at, self.sheet, self.fonts
        if at.annex is not None:
            head = styles.head_font(fonts)
            self._merged(at.annex, (1, at.columns), sheet.annex or "", font=head, align=Align.LEFT)
        title_font = styles.title_font(fonts)
        scale = fonts.title_size / fonts.body_size
        self._merged(at.title, (1, at.columns), sheet.title, font=title_font, align=Align.CENTRE, scale=scale)
        if at.subtitle is not None:
            parts = [(sheet.left, Align.LEFT), (sheet.centre, Align.CENTRE), (sheet.right, Align.RIGHT)]
            shown = [(value, align) for value, align in parts if value]
            for (value, align), span in zip(shown, self._shares([v for v, _ in shown]), strict=True):
                self._merged(at.subtitle, span, value, font=styles.body_font(fonts), align=align)

    def _shares(self, values: list[str | Formula]) -> list[tuple[int, int]]:
        """Runs of columns for texts side by side, as wide as their texts are long."""
        lengths = [max(texts.display_width(v) if isinstance(v, str) else 20, 12) for v in values]
        whole, needed = sum(self.widths), sum(lengths)
        shares: list[tuple[int, int]] = []
        first, used, wanted = 1, 0.0, 0.0
        for index, length in enumerate(lengths):
            wanted += whole * length / needed
            left_over = len(lengths) - 1 - index
            last = first
            used += self.widths[first - 1]
            while last < self.at.columns - left_over and (
                not left_over or used + self.widths[last] / 2 <= wanted
            ):
                used += self.widths[last]
                last += 1
            shares.append((first, last))
            first = min(last + 1, self.at.columns)
        return shares

    def _table(self, table: Table[Any], placed: Placed) -> None:
        fonts = self.fonts
        if placed.caption is not None:
            head = styles.head_font(fonts)
            span = (1, len(table.columns))
            self._merged(placed.caption, span, table.caption or "", font=head, align=Align.LEFT)
        self._header(table, placed)
        body = styles.body_font(fonts)
        for row, record in zip(placed.rows, table.rows, strict=True):
            lines = 1
            for number, column in enumerate(table.columns, start=1):
                cell = self._cell(row, number)
                value = column.value(record)
                self._dress(cell, body, column.align, styles.GRID)
                put(cell, value, placed, row)
                if isinstance(value, (int, Decimal, date, Formula)):
                    cell.number_format = column.format_of(record)
                elif isinstance(value, str):
                    lines = max(lines, texts.wrapped_lines(value, self.widths[number - 1] - 1))
            self._height(row, lines)
        for row, first, last in placed.subtotals:
            self._totals(row, table, placed, table.subtotal_label or "", list(table.rows[first:last]))
        if placed.total is not None:
            self._totals(placed.total, table, placed, table.total_label or "", list(table.rows))
        if placed.summary is not None:
            head = styles.head_font(fonts)
            span, text = (1, len(table.columns)), table.summary or ""
            self._merged(placed.summary, span, text, font=head, align=Align.LEFT, border=styles.GRID)
        self._fills(table, placed)
        fill_in.dress(self.ws, table, placed)

    def _header(self, table: Table[Any], placed: Placed) -> None:
        levels = placed.header_last - placed.header_first + 1
        lines = [1] * levels
        for number, column in enumerate(table.columns, start=1):
            depth = len(column.headings)
            for level in range(levels):
                cell = self._cell(placed.header_first + level, number)
                self._dress(
                    cell, styles.head_font(self.fonts), Align.CENTRE, styles.GRID, fill=styles.HEAD_FILL
                )
            # A heading that is merged downwards has the rows above as room for its first lines.
            needed = texts.wrapped_lines(column.headings[-1], self.widths[number - 1] - 1)
            lines[-1] = max(lines[-1], needed - levels + depth)
        for level in range(levels):
            number = 1
            while number <= len(table.columns):
                headings = table.columns[number - 1].headings
                if level >= len(headings):
                    number += 1
                    continue
                until = number
                is_last = level == len(headings) - 1
                while not is_last and _shares_heading(table.columns, until + 1, headings[: level + 1]):
                    until += 1
                bottom = placed.header_last if is_last else placed.header_first + level
                put(self._cell(placed.header_first + level, number), headings[level])
                self._merge(placed.header_first + level, number, bottom, until)
                number = until + 1
        for level in range(levels):
            self._height(placed.header_first + level, lines[level])

    def _totals(self, row: int, table: Table[Any], placed: Placed, label: str, records: list[Any]) -> None:
        head = styles.head_font(self.fonts)
        for number, column in enumerate(table.columns, start=1):
            cell = self._cell(row, number)
            value = label if number == 1 else column.total_of(records)
            self._dress(cell, head, column.align, styles.GRID)
            put(cell, value, placed, row)
            if not isinstance(value, str) and records:
                cell.number_format = column.format_of(records[0])
        self._height(row, 1)

    def _fills(self, table: Table[Any], placed: Placed) -> None:
        for column in table.columns:
            for word, colour in column.fills.items():
                fill = PatternFill("solid", bgColor=f"FF{colour}")
                rule = Rule(type="cellIs", operator="equal", formula=[formulas.text(word)])
                rule.dxf = DifferentialStyle(fill=fill)
                self.ws.conditional_formatting.add(placed.span(column.key).replace("$", ""), rule)

    def _foot_and_notes(self) -> None:
        at, body = self.at, styles.body_font(self.fonts)
        if at.foot is not None:
            shares = self._shares([*self.sheet.signatures])
            for label, span in zip(self.sheet.signatures, shares, strict=True):
                self._merged(at.foot, span, label, font=body, align=Align.LEFT)
            self._height(at.foot, 2)
        for row, note in zip(at.notes, self.sheet.notes, strict=True):
            self._merged(row, (1, at.columns), note, font=body, align=Align.LEFT)

    def _page(self) -> None:
        ws, at = self.ws, self.at
        styles.set_page(ws, footer=self.sheet.footer, portrait=self.sheet.portrait)
        first = at.tables[0]
        end = column_letter(at.columns)
        ws.print_area = f"A1:{end}{at.last}"
        ws.print_title_rows = f"{first.header_first}:{first.header_last}"
        ws.freeze_panes = f"{column_letter(self.sheet.freeze_columns + 1)}{first.header_last + 1}"
        if first.rows:
            width = column_letter(len(first.keys))
            ws.auto_filter.ref = f"A{first.header_last}:{width}{first.rows[-1]}"

    def _merged(
        self,
        row: int,
        span: tuple[int, int],
        value: str | Formula,
        *,
        font: Font,
        align: Align,
        scale: float = 1.0,
        border: Border | None = None,
    ) -> None:
        """A text over the columns from first to last, with the row made high enough for it."""
        first, last = span
        for number in range(first, last + 1):
            self._dress(self._cell(row, number), font, align, border)
        put(self._cell(row, first), value, self.at.tables[0])
        self._merge(row, first, row, last)
        room = sum(self.widths[first - 1 : last]) / scale - 1
        lines = texts.wrapped_lines(value, room) if isinstance(value, str) else 1
        self._height(row, lines, scale=scale)

    def _merge(self, top: int, left: int, bottom: int, right: int) -> None:
        if (top, left) != (bottom, right):
            self.ws.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)

    def _height(self, row: int, lines: int, *, scale: float = 1.0) -> None:
        """Make the row high enough for so many lines, but never lower than it already is."""
        line = self.fonts.body_size * scale * styles.POINTS_PER_LINE
        # A spreadsheet's rows end at 409 points.
        height = min(max(lines * line + 6, self.ws.row_dimensions[row].height or 0.0), 409.0)
        self.ws.row_dimensions[row].height = round(height, 1)

    def _dress(
        self, cell: Any, font: Font, align: Align, border: Border | None, *, fill: PatternFill | None = None
    ) -> None:
        """Give a cell its look, before anything is put into it, which adds to the look.

        Each look is worked out once for a sheet: the library compares its parts with all others.
        """
        known = (align, id(font), id(border), id(fill))
        if known not in self.looks:
            cell.font, cell.alignment = font, styles.aligned(align)
            if border is not None:
                cell.border = border
            if fill is not None:
                cell.fill = fill
            # The parts are kept along, since the number of one that is gone can be given to another.
            self.looks[known] = (cell._style, font, border, fill)
        cell._style = copy(self.looks[known][0])

    def _cell(self, row: int, number: int) -> Cell:
        cell = self.ws.cell(row=row, column=number)
        assert isinstance(cell, Cell)  # Cells are merged only after they are dressed.
        return cell


def _shares_heading(columns: tuple[Column[Any], ...], number: int, above: tuple[str, ...]) -> bool:
    """Whether the column (counted from 1) stands under the same heading as the one before it."""
    if number > len(columns):
        return False
    headings = columns[number - 1].headings
    return len(headings) > len(above) and headings[: len(above)] == above
