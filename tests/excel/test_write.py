"""A written workbook, read back: types, formats, merged headers, totals, page."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import Workbook

from tests.excel.conftest import written
from tracker.excel.columns import (
    DATE_ZH,
    MONEY,
    Align,
    ChartSheet,
    Column,
    FontSet,
    Formula,
    Point,
    Sheet,
    Table,
    Total,
    Value,
    decimals,
)

Reload = Callable[..., Workbook]
Pair = tuple[str, Value]


def sheet(*values: Value, name: str = "表") -> Sheet:
    """A small sheet with a group of headings over two of its columns."""
    columns: tuple[Column[Pair], ...] = (
        Column("name", ("名称",), lambda pair: pair[0], 12),
        Column("value", ("完成", "数值"), lambda pair: pair[1], 12, MONEY, total=Total.SUM),
        Column("again", ("完成", "再算"), lambda pair: Formula("{value}*2"), 12, MONEY),
    )
    rows = [(f"行{number}", value) for number, value in enumerate(values, start=1)]
    table = Table(columns, rows, total_label="合计")
    return Sheet(name, "标题", (table,), left="单位", signatures=("审核人：",), footer="第 &P 页 共 &N 页")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "#N/A", "2022-06-30", "12", "TRUE"]
)
def test_a_text_stays_text(reload: Reload, text: str) -> None:
    cell = reload(sheet(text))["表"]["B5"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_a_text_that_looks_like_a_formula_is_marked_as_text(reload: Reload) -> None:
    ws = reload(sheet("=1+1", "普通"))["表"]
    assert ws["B5"].quotePrefix
    assert not ws["B6"].quotePrefix


def test_a_text_like_an_escape_is_not_decoded_by_spreadsheets() -> None:
    with zipfile.ZipFile(BytesIO(written(sheet("_x0041_")))) as parts:
        assert "_x005F_x0041_" in parts.read("xl/worksheets/sheet1.xml").decode()


def test_forbidden_characters_do_not_spoil_the_file(reload: Reload) -> None:
    assert reload(sheet("a\x00\ud800b"))["表"]["B5"].value == "ab"


def test_numbers_and_dates_are_numbers_with_formats(reload: Reload) -> None:
    ws = reload(sheet(Decimal("1234.50"), 0))["表"]
    assert (ws["B5"].value, ws["B5"].data_type, ws["B5"].number_format) == (1234.5, "n", MONEY)
    assert (ws["B6"].value, ws["B6"].data_type) == (0, "n")
    day = Column[date]("day", ("日期",), lambda value: value, number_format=DATE_ZH)
    cell = reload(Sheet("日", "日", (Table((day,), [date(2022, 6, 30)]),)))["日"]["A3"]
    assert cell.is_date
    assert cell.number_format == DATE_ZH
    assert [decimals(0), decimals(2)] == ["#,##0", "#,##0.00"]


def test_only_a_declared_formula_is_a_formula_and_names_its_own_row(reload: Reload) -> None:
    cell = reload(sheet(Decimal(1), Decimal(2)))["表"]["C6"]
    assert (cell.value, cell.data_type) == ("=$B$6*2", "f")


def test_a_total_is_a_value_and_leaves_texts_out(reload: Reload) -> None:
    ws = reload(sheet(Decimal("1.1"), "未报", Decimal("2.2")))["表"]
    assert (ws["A8"].value, ws["B8"].value, ws["B8"].data_type) == ("合计", 3.3, "n")
    assert reload(sheet("未报"))["表"]["B6"].value is None


def test_groups_have_subtotals(reload: Reload) -> None:
    value = Column[Pair]("value", ("数值",), lambda pair: pair[1], total=Total.SUM)
    name = Column[Pair]("name", ("名称",), lambda pair: pair[0])
    rows: list[Pair] = [("甲", 1), ("甲", 2), ("乙", 4)]
    table = Table((name, value), rows, group=lambda pair: pair[0], subtotal_label="小计", total_label="合计")
    ws = reload(Sheet("表", "表", (table,)))["表"]
    shown = [(row[0].value, row[1].value) for row in ws.iter_rows(min_row=3)]
    assert shown == [("甲", 1), ("甲", 2), ("小计", 3), ("乙", 4), ("小计", 4), ("合计", 7)]


def test_headings_of_two_levels_are_merged(reload: Reload) -> None:
    ws = reload(sheet(1))["表"]
    assert {"A3:A4", "B3:C3", "A1:C1"} <= {str(area) for area in ws.merged_cells.ranges}
    assert [ws["A3"].value, ws["B3"].value, ws["B4"].value, ws["C4"].value] == [
        "名称",
        "完成",
        "数值",
        "再算",
    ]


def test_the_page_can_be_printed_as_it_is(reload: Reload) -> None:
    ws = reload(sheet(1, 2))["表"]
    assert (ws.page_setup.orientation, ws.page_setup.paperSize) == ("landscape", 9)
    assert ws.sheet_properties.pageSetUpPr.fitToPage
    assert (ws.page_setup.fitToWidth, ws.page_setup.fitToHeight) == (1, 0)
    assert ws.print_title_rows == "$3:$4"
    assert ws.print_area == "'表'!$A$1:$C$8"
    assert ws.freeze_panes == "A5"
    assert ws.auto_filter.ref == "A4:C6"
    assert ws.print_options.horizontalCentered
    assert ws.oddFooter.center.text == "第 &P 页 共 &N 页"
    assert ws["B5"].alignment.wrap_text
    assert ws["B5"].border.left.style == "thin"


def test_fonts_are_named_as_asked(reload: Reload) -> None:
    ws = reload(sheet(1))["表"]
    fonts = FontSet()
    assert (ws["A1"].font.name, ws["A1"].font.size) == (fonts.title, 20)
    assert ws["A3"].font.name == fonts.head
    assert (ws["A5"].font.name, ws["A5"].font.size) == (fonts.body, 11)


def test_each_cell_has_the_look_of_its_own_place(reload: Reload) -> None:
    columns: tuple[Column[Pair], ...] = (
        Column("name", ("名称",), lambda pair: pair[0], 12, align=Align.LEFT),
        Column("value", ("数值",), lambda pair: pair[1], 12, MONEY, align=Align.CENTRE, total=Total.SUM),
        Column("day", ("日期",), lambda pair: date(2022, 1, 31), 12, DATE_ZH, align=Align.RIGHT),
    )
    table = Table(columns, [("=甲", 1), ("乙", 2)], total_label="合计", summary="小结")
    ws = reload(Sheet("表", "标题", (table,), notes=("说明",)))["表"]
    looks = {
        cell.coordinate: (
            cell.font.name,
            cell.alignment.horizontal,
            cell.border.left.style,
            cell.fill.fill_type,
        )
        for row in ws.iter_rows()
        for cell in row
        if cell.value is not None
    }
    body, head = FontSet().body, FontSet().head
    assert looks == {
        "A1": (FontSet().title, "center", None, None),
        **{f"{letter}2": (head, "center", "thin", "solid") for letter in "ABC"},
        **{f"A{row}": (body, "left", "thin", None) for row in (3, 4)},
        **{f"B{row}": (body, "center", "thin", None) for row in (3, 4)},
        **{f"C{row}": (body, "right", "thin", None) for row in (3, 4)},
        "A5": (head, "left", "thin", None),
        "B5": (head, "center", "thin", None),
        "A6": (head, "left", "thin", None),
        "A7": (body, "left", None, None),
    }
    assert [ws[place].number_format for place in ("A3", "B3", "C3", "B5")] == [
        "General",
        MONEY,
        DATE_ZH,
        MONEY,
    ]
    assert [bool(ws[place].quotePrefix) for place in ("A3", "A4")] == [True, False]


def test_a_row_grows_with_wrapped_text(reload: Reload) -> None:
    ws = reload(sheet("短", "四分类垃圾桶配备小区覆盖率"))["表"]
    assert ws.row_dimensions[6].height > ws.row_dimensions[5].height


def test_sheets_of_one_name_are_numbered_and_nobody_is_named(reload: Reload) -> None:
    workbook = reload(sheet(1), sheet(2))
    assert workbook.sheetnames == ["表", "表 (2)"]
    assert not workbook.properties.creator
    assert not workbook.properties.lastModifiedBy


def test_the_chart_is_native_and_reads_cells() -> None:
    points = [Point("甲", Decimal("83.3"), Decimal("50.0")), Point("乙（未报）", None, Decimal("50.0"))]
    content = written(ChartSheet("图表", "完成率", "指标", "完成率", "序时进度", "%", points))
    with zipfile.ZipFile(BytesIO(content)) as parts:
        names = parts.namelist()
        chart = parts.read("xl/charts/chart1.xml").decode()
        cells = parts.read("xl/worksheets/sheet1.xml").decode()
    assert not [name for name in names if "media" in name]
    assert "'图表'!$B$4:$B$5" in chart
    assert "'图表'!$C$4:$C$5" in chart
    assert "<barChart>" in chart
    # The cell above says it already; only the axis is named inside.
    assert chart.count("<title>") == 1
    assert "<lineChart>" in chart
    assert chart.count('<delete val="0"') == 2
    assert '<dispBlanksAs val="gap"' in chart
    # No value leaves its cell empty: a bar of height zero would claim a zero.
    assert '<c r="B5"' not in cells or "<v>" not in cells.split('<c r="B5"')[1].split("<c ")[0]
