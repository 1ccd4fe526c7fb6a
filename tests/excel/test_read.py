"""Sound workbooks are read whole, whatever program saved them; odd cells are refused one by one."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook
from openpyxl.styles import PatternFill
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.kit.workbooks import (
    Formula,
    opened,
    raw_sheet,
    replaced,
    saved,
    shared_texts,
    with_sheet,
    workbook,
)
from tracker.domain.days import parse_day
from tracker.domain.numbers import parse_number
from tracker.excel.declared import InColumn, InTable, as_choice, as_day, as_number, as_text, read_table
from tracker.excel.errors import CellError, WorkbookError
from tracker.excel.grid import Area, CellType, area_of
from tracker.excel.read import Marks, mark_errors, read_sheet


def whole(text: str) -> Decimal:
    return parse_number(text, decimals=0)


COLUMNS = (
    InColumn("code", ("编码", "Code"), as_text(10), required=True),
    InColumn("kind", ("类别", "Kind"), as_choice({"社区": 1, "Community": 1, "小区": 2})),
    InColumn("count", ("户数", "Households"), as_number(whole)),
    InColumn("since", ("启用日期", "From"), as_day(parse_day)),
)


def table(rows: list[list[object]]) -> InTable:
    return read_table(read_sheet(workbook(rows)), COLUMNS)


def test_values_keep_their_type_and_their_exact_digits() -> None:
    rows = read_sheet(
        workbook(
            [["=1+1", 12, 0.1 + 0.2, date(2022, 1, 31), datetime(2022, 2, 1, 8), True, 1e-7, 12345678901]]
        )
    ).rows[1]
    assert [rows[n].value for n in range(1, 9)] == [
        "=1+1",
        Decimal(12),
        Decimal("0.3"),
        date(2022, 1, 31),
        date(2022, 2, 1),
        "TRUE",
        Decimal("0.0000001"),
        Decimal(12345678901),
    ]
    assert [rows[n].address for n in (1, 8)] == ["A1", "H1"]


def test_days_are_told_from_numbers_by_each_format_that_needs_no_writing_out() -> None:
    book = Workbook()
    for number, code in BUILTIN_FORMATS.items():
        cell = book.worksheets[0].cell(row=number + 1, column=1, value=44592.5)
        cell.number_format = code
    rows = read_sheet(saved(book)).rows
    shown = {number: rows[number + 1][1].type is not CellType.NUMBER for number in BUILTIN_FORMATS}
    assert shown == {number: is_date_format(code) for number, code in BUILTIN_FORMATS.items()}
    assert sum(shown.values()) == 12


def test_days_are_counted_from_the_day_that_the_workbook_names() -> None:
    book = Workbook()
    book.worksheets[0]["A1"] = date(2022, 1, 31)
    assert read_sheet(saved(book)).rows[1][1].value == date(2022, 1, 31)
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.worksheets[0]["A1"] = date(2022, 1, 31)
    assert read_sheet(saved(book)).rows[1][1].value == date(2022, 1, 31)


def test_texts_in_excels_own_table_and_runs_of_fonts_are_read() -> None:
    content = shared_texts(
        '<row r="1"><c r="A1" t="s"><v>1</v></c>'
        '<c r="B1" t="inlineStr"><is><r><t>李</t></r><r><t>村</t></r></is></c></row>',
        "a",
        "镇",
    )
    assert [cell.text for cell in read_sheet(content).rows[1].values()] == ["镇", "李村"]


def test_a_wrong_stored_size_hides_nothing() -> None:
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="C{n}"><v>7</v></c></row>' for n in range(1, 6)
    )
    for said in ("A1", "A1:A1", "A1:XFD1048576", "B2:B3"):
        content = with_sheet(raw_sheet(rows), replaced('<dimension ref="A1:A1"', f'<dimension ref="{said}"'))
        grid = read_sheet(content)
        assert [grid.rows[n][3].text for n in range(1, 6)] == ["7"] * 5


def test_cells_without_addresses_stand_where_they_stand() -> None:
    grid = read_sheet(
        raw_sheet("<row><c><v>1</v></c><c><v>2</v></c></row><row/><row><c r='C3'><v>3</v></c></row>")
    )
    assert {cell.address: cell.text for row in grid.rows.values() for cell in row.values()} == {
        "A1": "1",
        "B1": "2",
        "C3": "3",
    }


def test_leading_zeros_that_a_format_shows_are_kept() -> None:
    book = Workbook()
    cell = book.worksheets[0]["A1"]
    cell.value, cell.number_format = 12, "0000"
    assert read_sheet(saved(book)).rows[1][1].text == "0012"


def test_the_first_sheet_that_is_shown_is_read_unless_one_is_named() -> None:
    book = Workbook()
    book.worksheets[0].title = "Hidden"
    book.worksheets[0].sheet_state = "hidden"
    book.create_sheet("Shown")["A1"] = "shown"
    book.create_sheet("Units")["A1"] = "named"
    content = saved(book)
    assert read_sheet(content).sheet == "Shown"
    assert read_sheet(content, sheet="Units").rows[1][1].text == "named"
    assert read_sheet(content, sheet="Nothing").sheet == "Shown"


def test_a_formula_counts_by_its_stored_result_and_without_one_is_refused_at_its_cell() -> None:
    content = shared_texts(
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
        '<row r="2"><c r="A2" t="str"><f>"A"&amp;1</f><v>A1</v></c><c r="B2"><f>3+4</f><v>7</v></c></row>'
        '<row r="3"><c r="A3" t="str"><f>"A"&amp;2</f><v>A2</v></c><c r="B3"><f>3+5</f></c></row>',
        "编码",
        "户数",
    )
    found = read_table(read_sheet(content), COLUMNS)
    assert [(row.values["code"], row.values["count"]) for row in found.rows] == [
        ("A1", Decimal(7)),
        ("A2", None),
    ]
    assert [(one.address, one.field) for one in found.problems] == [("B3", "count")]
    assert "no result of this formula" in found.problems[0].message


@pytest.mark.parametrize(
    "headings",
    [
        ["编码", "类别", "户数", "启用日期"],
        ["Code", "Kind", "Households", "From"],
        ["ＣＯＤＥ *", " kind", "Households (number)", "启用 日期"],
        ["编码（必填）", "Kind", "户数\n（户）", "FROM"],
    ],
)
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 0, 2)])
def test_headings_in_either_language_and_any_order_are_found(
    headings: list[str], order: tuple[int, ...]
) -> None:
    values = ["A1", "社区", 12, "2022年1月5日"]
    found = table([["某某镇"], [headings[n] for n in order], [values[n] for n in order]])
    assert found.heading_row == 2
    assert [dict(row.values) for row in found.rows] == [
        {"code": "A1", "kind": 1, "count": Decimal(12), "since": date(2022, 1, 5)}
    ]
    assert not found.problems


def test_blank_rows_are_skipped_and_unknown_columns_named() -> None:
    found = table(
        [["编码", "备注", "户数"], [None, "only a note"], ["A1", "x", 1], ["  ", None, "\u3000"], ["A2"]]
    )
    assert [(row.number, row.values["code"], row.values["count"]) for row in found.rows] == [
        (3, "A1", Decimal(1)),
        (5, "A2", None),
    ]
    assert found.unknown == ("备注",)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([["x", "y"], ["1", "2"]], "No row with headings"),
        ([], "No row with headings"),
        ([["类别", "户数"]], "lacks the columns 编码"),
        ([["编码", "Code"]], "stands twice"),
    ],
)
def test_a_sheet_without_its_headings_says_which_it_needs(rows: list[list[object]], sentence: str) -> None:
    with pytest.raises(WorkbookError, match=sentence):
        table(rows)


@pytest.mark.parametrize(
    ("value", "heading", "sentence"),
    [
        ("twelve", "户数", "not a number"),
        ("12,3", "户数", "comma"),
        (-1, "户数", "negative"),
        (1.5, "户数", "whole numbers"),
        (date(2022, 1, 1), "户数", "not a number"),
        (True, "户数", "not a number"),
        ("12345678901", "编码", "At most 10"),
        (1234567890123456, "编码", "more than 15 digits"),
        ("市", "类别", "not one of the words"),
        ("31.2.2022", "启用日期", "not a day"),
        (44562, "启用日期", "not a day"),
        ("2022-02-30", "启用日期", "not a day"),
        ("#N/A", "户数", "not a number"),
    ],
)
def test_a_wrong_cell_says_what_is_wrong_and_the_others_are_read(
    value: object, heading: str, sentence: str
) -> None:
    from tracker.domain.errors import RuleError

    def refused(parse):  # type: ignore[no-untyped-def]
        def read(text: str) -> object:
            try:
                return parse(text)
            except RuleError as error:
                raise CellError(error.message, **error.params) from error

        return read

    columns = (
        *COLUMNS[:2],
        InColumn("count", ("户数",), as_number(refused(whole))),
        InColumn("since", ("启用日期",), as_day(refused(parse_day))),
    )
    row: dict[str, object] = {"编码": "A1", "类别": "小区", "户数": 3, "启用日期": "20220105", heading: value}
    found = read_table(read_sheet(workbook([list(row), list(row.values())])), columns)
    address = f"{'ABCD'[list(row).index(heading)]}2"
    assert [(one.row, one.address) for one in found.problems] == [(2, address)]
    assert sentence in str(CellError(found.problems[0].message, **found.problems[0].params))
    assert sum(value is not None for value in found.rows[0].values.values()) == 3


def test_an_error_of_the_spreadsheet_is_named_at_its_cell() -> None:
    found = read_table(
        read_sheet(
            shared_texts(
                '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
                '<row r="2"><c r="A2" t="e"><v>#REF!</v></c></row>',
                "编码",
            )
        ),
        COLUMNS,
    )
    assert [(one.address, dict(one.params)) for one in found.problems] == [("A2", {"error": "#REF!"})]


def test_a_required_cell_that_is_empty_is_refused_at_its_place() -> None:
    found = table([["户数", "编码"], [3, None]])
    assert [(one.address, one.field) for one in found.problems] == [("B2", "code")]


def test_merged_cells_over_data_are_refused_in_every_row_they_cover() -> None:
    book = opened(workbook([["编码", "类别"], ["A1", "社区"], ["A2"], ["A3", "小区"]]))
    book.worksheets[0].merge_cells("B2:B3")
    found = read_table(read_sheet(saved(book)), COLUMNS)
    assert [(one.address, one.params["area"]) for one in found.problems] == [("B2", "B2:B3"), ("B3", "B2:B3")]
    assert found.rows[2].values["kind"] == 2


def test_a_merged_title_above_the_headings_does_no_harm() -> None:
    book = opened(workbook([["某某镇", None], ["编码", "类别"], ["A1", "社区"]]))
    book.worksheets[0].merge_cells("A1:B1")
    assert not read_table(read_sheet(saved(book)), COLUMNS).problems


def test_areas_are_told_by_their_corners() -> None:
    assert area_of("B2:AA10") == Area(2, 2, 10, 27)
    assert area_of("B2:AA10").name == "B2:AA10"  # type: ignore[union-attr]
    assert [area_of(text) for text in ("B2", "", "x:y", "B2:")] == [None] * 4


def test_errors_are_written_into_a_copy_at_their_cells_and_in_a_column_of_reasons() -> None:
    book = opened(workbook([["编码", "户数"], ["=A1", "twelve"], ["A2", 3]]))
    book.worksheets[0]["A3"].fill = PatternFill("solid", fgColor="FF00FF00")
    content = saved(book)
    marked = opened(
        mark_errors(
            content,
            [
                Marks(
                    "Sheet1",
                    {"B2": "This is not a number."},
                    {2: "=B2: This is not a number."},
                    (1, "Reason"),
                )
            ],
        )
    ).worksheets[0]
    assert marked["B2"].comment.text == "This is not a number."
    assert marked["B2"].fill.fgColor.rgb == "FFF8CBAD"
    assert [marked[address].value for address in ("C1", "C2", "C3")] == [
        "Reason",
        "=B2: This is not a number.",
        None,
    ]
    # Neither the reason nor what the person wrote has become a formula.
    assert [marked[address].data_type for address in ("C2", "A2", "B3")] == ["s", "s", "n"]
    assert marked["A3"].fill.fgColor.rgb == "FF00FF00"


def test_a_marked_copy_is_read_like_the_file_itself() -> None:
    content = workbook([["编码", "户数"], ["A1", "twelve"]])
    marked = mark_errors(content, [Marks("Sheet1", {"B2": "x"}, {2: "x"}, (1, "Reason"))])
    again = read_table(read_sheet(marked), COLUMNS[:1])
    assert [row.values["code"] for row in again.rows] == ["A1"]
    assert again.unknown == ("户数", "Reason")


def test_formulas_of_the_file_stay_in_the_marked_copy() -> None:
    content = workbook([["编码", "户数"], ["A1", Formula("=1+2")]])
    marked = mark_errors(content, [Marks("Sheet1", {"B2": "x"}, {}, (1, "Reason"))])
    assert opened(marked).worksheets[0]["B2"].value == "=1+2"
