"""What can be wrong with a plan's workbook, and what is said at which cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from openpyxl import Workbook

from tests.kit import make
from tests.kit.databases import SqliteShelf
from tests.kit.plan_books import FLOW, HEADS, Rows, plan_book, previewed, upload, wrong
from tests.kit.visitor import Visitor
from tests.kit.workbooks import Formula, opened, saved, workbook

P = make.PLAN
TASK = ["抓手", "举措", "N", "新指标", None, "个"]
SETTING = ["N", FLOW]


@pytest.fixture(scope="module")
def boss(sqlite: SqliteShelf) -> Iterator[Visitor]:
    """An administrator of the small plan; what is refused changes nothing, so the tests share one."""
    with sqlite.house("blank") as house:
        with house.inside():
            make.small_plan()
            make.add_sample_user("boss", "administrator", "T")
        yield house.visitor("boss")


WRONG: dict[str, tuple[dict[str, Rows], dict[str, str]]] = {
    "another span": (
        {"工作方案": [["P", None, "A", "2022-02-01", None, "每季度"]]},
        {"工作方案 C2": "stays as it is", "工作方案 D2": "stays as it is", "工作方案 F2": "stays as it is"},
    ),
    "two plans": ({"工作方案": [["P"], ["Q"]]}, {"工作方案 A3": "one plan"}),
    "a row without a pillar": ({"任务分解表": [[None, *TASK[1:]]]}, {"任务分解表 A2": "must not be empty"}),
    "an indicator without an initiative": (
        {"任务分解表": [["抓手", None, *TASK[2:]]], "指标设置": [SETTING]},
        {"任务分解表 B2": "Name the initiative"},
    ),
    "an indicator without a code": (
        {"任务分解表": [["抓手", "举措", None, "新指标"]]},
        {"任务分解表 C2": "needs a code"},
    ),
    "a bad code": (
        {"任务分解表": [["抓手", "举措", "N 1", "新", None, "个"]], "指标设置": [["N 1", FLOW]]},
        {"任务分解表 C2": "up to 32 letters"},
    ),
    "a code twice": (
        {"任务分解表": [TASK, ["抓手", "举措", "n", "二", None, "个"]], "指标设置": [SETTING, ["N"]]},
        {"任务分解表 C3": "Row 2 has the same code", "指标设置 A3": "Row 2 has the same code"},
    ),
    "no settings": ({"任务分解表": [TASK]}, {"任务分解表 C2": "row among the settings"}),
    "no kind of number": (
        {"任务分解表": [TASK[:5]], "指标设置": [["N"]]},
        {"任务分解表 F2": "needs this", "指标设置 B2": "needs this"},
    ),
    "settings of nobody": ({"指标设置": [["X", FLOW]]}, {"指标设置 A2": "There is no indicator X"}),
    "settings of a wrong row": (
        {
            "任务分解表": [["抓手", "举措", "N", "名" * 201, None, "个"]],
            "指标设置": [SETTING],
            "目标分解": [["N", "A", "是"]],
        },
        {"任务分解表 D2": "At most 200"},
    ),
    "unknown units": (
        {"任务分解表": [["抓手", "举措", *[None] * 4, "Z", "A、Y"]], "目标分解": [["F", "X", None, 1]]},
        {
            "任务分解表 G2": "There is no unit Z",
            "任务分解表 H2": "There is no unit Y",
            "目标分解 B2": "There is no unit X",
        },
    ),
    "a lead that supports itself": (
        {"任务分解表": [["抓手", "举措", *[None] * 4, "A", "A、B"]]},
        {"任务分解表 H2": "does not support itself"},
    ),
    "two leads": (
        {"任务分解表": [["抓手", "举措", *[None] * 4, "A"], ["抓手", "举措", *[None] * 4, "B"]]},
        {"任务分解表 G3": "Row 2 says something else"},
    ),
    "due outside the plan": (
        {"任务分解表": [["抓手", "举措", *[None] * 7, "2023-01-01"]]},
        {"任务分解表 J2": "outside the plan"},
    ),
    "unknown words": (
        {"指标设置": [["F", "增量", "多", "少", "快", 9, "也许"]]},
        {f"指标设置 {column}2": "not one of the words" for column in "BCDEFG"},
    ),
    "parts that do not go together": (
        {
            "指标设置": [
                ["S", None, None, "方案开始以来的累计数"],
                ["F", None, None, None, None, None, None, "是"],
            ]
        },
        {"指标设置 D2": "running total", "指标设置 H3": "Only a share"},
    ),
    "one category": (
        {"指标设置": [["F", *[None] * 7, "甲"], ["S", *[None] * 7, "甲；甲"]]},
        {"指标设置 I2": "One category", "指标设置 I3": "same name"},
    ),
    "too few English names": (
        {"英文名称": [[None, None, "FC", None, None, "a"]]},
        {"英文名称 F2": "has 2 categories"},
    ),
    "names of nothing": (
        {"英文名称": [["无", None, None, "x"], ["抓手", "无", None, "x"], [None, "无", None, "x"]]},
        {"英文名称 A2": "no pillar 无", "英文名称 B3": "no initiative 无", "英文名称 A4": "which pillar"},
    ),
    "the same twice": (
        {
            "目标分解": [["F", "A", None, 1], ["F", "单位A", None, 2]],
            "英文名称": [["抓手", None, None, "x"], ["抓手", None, None, "y"]],
        },
        {"目标分解 B3": "Row 2 is about the same", "英文名称 A3": "Row 2 is about the same"},
    ),
    "numbers that cannot be": (
        {
            "目标分解": [
                ["F", "A", None, 1.25],
                ["F", "B", None, -1],
                ["F", "T", None, "许多"],
                ["F", "A1", None, None, 3],
                ["C", "A", None, 5, 3],
                ["F", "A2", "可能", 1],
            ]
        },
        {
            "目标分解 D2": "1 decimal",
            "目标分解 D3": "negative",
            "目标分解 D4": "not a number",
            "目标分解 D5": "A baseline needs a target",
            "目标分解 E6": "starts above its target",
            "目标分解 C7": "not one of the words",
        },
    ),
    "a curve that falls, at other days, and does not end": (
        {
            "指标设置": [["F", None, None, None, "按计划曲线"]],
            "计划曲线": [
                ["F", "2022-01-31", 50],
                ["F", "2022-02-28", 40],
                ["F", "2022-03-15", 60],
                ["F", "2022-04-30", 90],
                ["F", "2022-04-30", 100],
                ["S", "2022-04-30", 100],
                ["F", "soon", 100],
                ["X", "2022-04-30", 100],
            ],
        },
        {
            "计划曲线 C3": "cannot fall",
            "计划曲线 B4": "No month of the plan ends",
            "计划曲线 C5": "Enter 100",
            "计划曲线 B6": "Row 5 is about the same",
            "计划曲线 A7": "does not follow a curve",
            "计划曲线 B8": "not a day",
            "计划曲线 A9": "There is no indicator X",
        },
    ),
    "a share above the whole": (
        {"指标设置": [["F", None, None, None, "按计划曲线"]], "计划曲线": [["F", "2022-04-30", 120]]},
        {"计划曲线 C2": "between 0 and 100"},
    ),
    "limits crossed": (
        {"工作方案": [["P", *[None] * 5, -20, -10], ["P", *[None] * 5, "x", "1.234"]]},
        {
            "工作方案 G2": "amber limit lies below the red one",
            "工作方案 G3": "not a number",
            "工作方案 H3": "2 decimal",
        },
    ),
}
"""Rows by sheet, and what is said at which cells: these and no others."""


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_is_said_at_its_cell(boss: Visitor, kind: str) -> None:
    sheets, said = WRONG[kind]
    found = wrong(boss, plan_book(**sheets), plan=P)
    assert set(found) == set(said), found
    for address, sentence in said.items():
        assert sentence in found[address], (address, found[address])


def test_a_new_plan_lacks_what_it_needs(boss: Visitor) -> None:
    cases: tuple[tuple[list[object], dict[str, str]], ...] = (
        (
            ["Q"],
            {f"工作方案 {column}2": "needs this" for column in "BCDE"},
        ),
        (["P", "方案", "T", "2022-01-01", "2022-12-31"], {"工作方案 A2": "taken"}),
        (["Q", "方案", "X", "2022-01-01", "2022-12-31"], {"工作方案 C2": "There is no unit X"}),
        (["Q", "方案", "T", "2022-01-01", "2052-12-31"], {"工作方案 E2": "ten years"}),
        (["Q", "方案", "T", "2022-01-01", "soon"], {"工作方案 E2": "not a day"}),
    )
    for row, said in cases:
        found = wrong(boss, plan_book(工作方案=[row]), plan=None)
        assert set(found) == set(said), found
        assert all(sentence in found[address] for address, sentence in said.items()), found


def ruined(sheet: str, change: Any) -> bytes:
    """A workbook with two targets, one sheet of which was changed by hand."""
    book = opened(
        plan_book(任务分解表=[["抓手", "举措"]], 目标分解=[["F", "A", None, 1], ["F", "B", None, 2]])
    )
    change(book[sheet])
    return saved(book)


def test_cells_that_hold_no_value_of_their_own_are_refused(boss: Visitor) -> None:
    def change(ws: Any) -> None:
        ws["D2"] = "=1+1"
        ws.merge_cells("A2:A3")

    found = wrong(boss, ruined("目标分解", change), plan=P)
    assert "merged" in found["目标分解 A2"]
    assert "holds no result of this formula" in found["目标分解 D2"]
    assert set(found) == {"目标分解 A2", "目标分解 A3", "目标分解 D2"}


def huge() -> bytes:
    book = Workbook(write_only=True)
    ws = book.create_sheet("目标分解")
    ws.append(HEADS["目标分解"])
    for _ in range(5001):
        ws.append(["F", "A", None, 1])
    return saved(book)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "file is empty"),
        (workbook([["编号"]], sheet="别的"), "none of the sheets that are read here: Plan, Task breakdown"),
        (workbook([["a", "b"]], sheet="任务分解表"), "Sheet “任务分解表”: No row with headings"),
        (
            workbook([["指标编号"]], sheet="目标分解"),
            "Sheet “目标分解”: The sheet lacks the columns Code of the unit",
        ),
        (ruined("目标分解", lambda ws: setattr(ws["B1"], "value", "指标编号")), "stands twice"),
        (
            ruined("任务分解表", lambda ws: setattr(ws.parent.copy_worksheet(ws), "title", "Tasks")),
            "are of the same kind",
        ),
        (huge(), "more than 5000 filled rows"),
    ],
)
def test_a_file_that_is_not_read_is_refused_at_once(boss: Visitor, content: bytes, sentence: str) -> None:
    page = upload(boss, content, plan=P, status=422).page
    assert sentence in page.root.one("p", id="file-error").text


def test_columns_that_nobody_asked_for_are_named(boss: Visitor) -> None:
    content = ruined("目标分解", lambda ws: setattr(ws["F1"], "value", "备注"))
    assert "目标分解: 备注" in previewed(boss, content, plan=P)[1].page.text


def test_a_formula_that_is_a_text_stays_one(boss: Visitor) -> None:
    book = workbook([HEADS["任务分解表"], ["=1+1", "举措"]], sheet="任务分解表")
    assert "=1+1" in previewed(boss, book, plan=P)[1].page.text
    live = workbook([HEADS["任务分解表"], [Formula("=1+1"), "举措"]], sheet="任务分解表")
    assert "no result of this formula" in wrong(boss, live, plan=P)["任务分解表 A2"]
