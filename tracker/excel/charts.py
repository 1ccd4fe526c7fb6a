"""A native, editable chart: bars with marks, drawn from cells of its own worksheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.marker import Marker
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.worksheet.worksheet import Worksheet

from tracker.excel import styles, texts
from tracker.excel.columns import Align, ChartSheet

BAR_COLOUR = "9CC3DA"
MARK_COLOUR = "C0392B"
_WIDTHS = (60.0, 24.0, 24.0)
_CHART_ROW = 2
_CHART_POINTS = 400.0
"""Height of the chart in points; the row that it stands on is as high."""


def write_chart(ws: Worksheet, declared: ChartSheet, put: Callable[..., None]) -> None:
    """Write the cells that the chart reads, and the chart above them, on one printed page."""
    fonts = declared.fonts
    for number, width in enumerate(_WIDTHS, start=1):
        ws.column_dimensions["ABC"[number - 1]].width = width
    put(ws["A1"], declared.title)
    ws["A1"].font = styles.title_font(fonts)
    ws["A1"].alignment = styles.aligned(Align.CENTRE)
    ws.merge_cells("A1:C1")
    ws.row_dimensions[1].height = fonts.title_size * styles.POINTS_PER_LINE + 6
    ws.row_dimensions[_CHART_ROW].height = _CHART_POINTS + 6
    header = _CHART_ROW + 1
    for number, label in enumerate((declared.category, declared.bar, declared.mark), start=1):
        cell = ws.cell(row=header, column=number)
        put(cell, label)
        cell.font, cell.border, cell.fill = styles.head_font(fonts), styles.GRID, styles.HEAD_FILL
        cell.alignment = styles.aligned(Align.CENTRE)
    for row, point in enumerate(declared.points, start=header + 1):
        for number, value in enumerate((point.label, point.bar, point.mark), start=1):
            cell = ws.cell(row=row, column=number)
            put(cell, value)
            cell.font, cell.border = styles.body_font(fonts), styles.GRID
            cell.alignment = styles.aligned(Align.LEFT if number == 1 else Align.CENTRE)
            if number > 1:
                cell.number_format = declared.number_format
        lines = texts.wrapped_lines(point.label, _WIDTHS[0] - 1)
        ws.row_dimensions[row].height = float(lines * fonts.body_size * styles.POINTS_PER_LINE + 4)
    last = header + len(declared.points)
    if declared.points:
        ws.add_chart(_bars_with_marks(ws, declared, header, last))
    styles.set_page(ws, footer=declared.footer, portrait=True, one_page=True)
    ws.print_area = f"A1:C{last}"


def _bars_with_marks(ws: Worksheet, declared: ChartSheet, header: int, last: int) -> Any:
    categories = Reference(ws, min_col=1, min_row=header + 1, max_row=last)
    bars = BarChart()
    bars.type = "col"
    bars.gapWidth = 60
    bars.add_data(Reference(ws, min_col=2, min_row=header, max_row=last), titles_from_data=True)
    bars.set_categories(categories)
    # The title stands in the cell above; with two series no program makes one up.
    bars.y_axis.title = texts.clean(declared.value_axis)
    _shrink(bars.y_axis.title)
    bars.y_axis.number_format = "0"
    bars.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill="D9D9D9")))
    # Names stay at the foot of the chart where a bar goes below zero.
    bars.x_axis.tickLblPos = "low"
    bars.x_axis.number_format = "General"
    # Names are long and stand aslant; small letters leave the room to the bars.
    bars.x_axis.txPr = RichText(
        p=[Paragraph(pPr=ParagraphProperties(defRPr=CharacterProperties(sz=800)), endParaRPr=None)]
    )
    for axis in (bars.x_axis, bars.y_axis):
        # Without this the axes are written as deleted and shown by no spreadsheet program.
        axis.delete = False
    _shape(bars.series[0], bar=True)
    bars.series[0].dLbls = _labels(declared.number_format)
    marks = LineChart()
    marks.add_data(Reference(ws, min_col=3, min_row=header, max_row=last), titles_from_data=True)
    marks.set_categories(categories)
    _shape(marks.series[0], bar=False)
    # The library's types know charts of one kind only.
    combined: Any = bars
    combined += marks
    combined.legend.position = "t"
    # What is empty stays empty: no value is not zero.
    combined.display_blanks = "gap"
    # Tied to the cells under it, the chart is as wide as the table in every program.
    combined.anchor = TwoCellAnchor(
        editAs="twoCell",
        _from=AnchorMarker(col=0, row=_CHART_ROW - 1),
        to=AnchorMarker(col=len(_WIDTHS), row=_CHART_ROW),
    )
    return combined


def _shrink(title: Any) -> None:
    """Give a title a size that leaves room for the bars, in hundredths of a point."""
    for paragraph in title.tx.rich.p:
        paragraph.pPr = ParagraphProperties(defRPr=CharacterProperties(sz=1200, b=False))


def _shape(series: Any, *, bar: bool) -> None:
    if bar:
        series.graphicalProperties = GraphicalProperties(solidFill=BAR_COLOUR)
        return
    series.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    series.marker = Marker(symbol="dash", size=12, spPr=GraphicalProperties(solidFill=MARK_COLOUR))
    series.marker.spPr.ln = LineProperties(solidFill=MARK_COLOUR)
    series.smooth = False


def _labels(number_format: str) -> DataLabelList:
    labels = DataLabelList()
    labels.numFmt = number_format
    labels.showVal = True
    labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
    # At the foot of the bars no mark crosses a number.
    labels.position = "inBase"
    return labels
