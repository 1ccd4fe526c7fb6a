"""The tree as a workbook: out and in again, with a preview, all or nothing, and never outside one's scope."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.features.org.test_tree import ADMIN, local_admin, records
from tests.kit import make
from tests.kit.house import House
from tests.kit.visitor import Answer, Visitor
from tests.kit.workbooks import opened, rows_of, saved, workbook
from tracker.features.org.queries import facts_on, units_by_code

HEAD_ZH = [
    "单位编码",
    "上级单位编码",
    "名称",
    "英文名称",
    "类别",
    "户数",
    "人口",
    "小区数",
    "面积",
    "启用日期",
]
DAY = "2022-07-01"


def export(visitor: Visitor) -> bytes:
    return visitor.get("/units/export.xlsx").body


def upload(visitor: Visitor, content: bytes, *, name: str = "units.xlsx", status: int = 303) -> Answer:
    token = visitor.get("/import/units").page.form("").fields["csrf_token"]
    fields: dict[str, Any] = {"csrf_token": token, "file": (BytesIO(content), name)}
    return visitor.post("/import/units", fields, status=status, content_type="multipart/form-data")


def previewed(visitor: Visitor, content: bytes) -> tuple[str, Answer]:
    """The address of the preview and the page there."""
    answer = upload(visitor, content)
    return answer.location, visitor.follow(answer)


def confirmed(visitor: Visitor, content: bytes) -> Answer:
    at, answer = previewed(visitor, content)
    return visitor.follow(visitor.submit(answer.page.form(""), at=at))


def sheet(*rows: list[object], head: list[str] | None = None) -> bytes:
    return workbook([head or HEAD_ZH, *rows])


def wrong(visitor: Visitor, content: bytes) -> dict[str, str]:
    """What the preview says is wrong, by cell; nothing can be confirmed then."""
    _, answer = previewed(visitor, content)
    assert not [form for form in answer.page.root.all("form") if form["action"] == ""]
    body = answer.page.root.one("section", class_="summary").one("tbody")
    return {row.one("th").text: row.one("td").text for row in body.all("tr")}


def changed_sheet(content: bytes, changes: dict[tuple[str, str], object]) -> bytes:
    """The exported workbook with some cells changed, named by the row's code and the column's heading."""
    book = opened(content)
    ws = book.worksheets[0]
    head = next(row for row in range(1, 10) if ws.cell(row, 1).value in ("单位编码", "Unit code"))
    columns = {ws.cell(head, n).value: n for n in range(1, ws.max_column + 1)}
    rows = {ws.cell(n, 1).value: n for n in range(head + 1, ws.max_row + 1)}
    for (code, heading), value in changes.items():
        ws.cell(rows[code], columns[heading]).value = value  # type: ignore[assignment]  # a merged cell takes no value, and none is merged
    return saved(book)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_exported_changes_nothing_when_it_comes_back(house: House, language: str) -> None:
    visitor = house.visitor(ADMIN, language=language)
    content = export(visitor)
    head, first = next(
        (row, rows_of(content)[n + 1])
        for n, row in enumerate(rows_of(content))
        if row[0] in ("单位编码", "Unit code")
    )
    assert len(head) == 10
    if language == "zh":
        assert [str(text).partition("（")[0] for text in head] == HEAD_ZH
    assert first[:3] == ["LC", None, "李村镇"]
    # The other language reads it as well.
    for reader in (visitor, house.visitor(ADMIN, language="en" if language == "zh" else "zh")):
        _, answer = previewed(reader, content)
        assert "30" in answer.page.root.one("p", class_="head__sentence").text
        assert not answer.page.root.all("input", name="fingerprint")
        assert not answer.page.root.all("section", class_="summary")


def test_changes_are_shown_old_and_new_and_taken_over_with_their_records(house: House) -> None:
    visitor = house.visitor(ADMIN)
    content = changed_sheet(
        export(visitor),
        {
            ("LC01", "Name"): "吉庆新社区",
            ("LC01", "Households"): 3700,
            ("LC02", "Households"): 2500,
            ("LC02", "In force from"): date(2022, 7, 1),
            ("LCD1", "English name"): None,
        },
    )
    _, answer = previewed(visitor, content)
    for words in (
        "changed: 2, unchanged: 28, wrong: 0",
        "Name: 吉庆社区 → 吉庆新社区",
        "Households from 1 January 2022: 3590 → 3700",
        "Households from 1 July 2022: 2465 → 2500",
    ):
        assert words in answer.page.text, words
    assert records(house, "unit.import.change") == []
    page = confirmed(visitor, content).page
    assert "0 units added, 2 changed" in page.messages
    assert records(house, "unit.import.change") == [
        ("unit LC01", ADMIN, "name: 吉庆社区 → 吉庆新社区\nhouseholds 2022-01-01: 3590 → 3700"),
        ("unit LC02", ADMIN, "households 2022-07-01: 2465 → 2500"),
    ]
    assert records(house, "units.import") == [("units", ADMIN, "new: — → 0\nchanged: — → 2")]
    with house.inside():
        assert units_by_code()["LCD1"].name_en == "Creation Office"
    _, again = previewed(visitor, content)
    assert not again.page.root.all("input", name="fingerprint")


def test_new_units_come_in_any_order_of_rows_and_with_their_figures(house: House) -> None:
    visitor = house.visitor(ADMIN)
    content = sheet(
        ["NEW-11", "new-1", "新苑一组团", None, "小区", 120, 300, None, "0.05", DAY],
        [None] * 10,
        ["NEW-1", "NEW", "新苑", "New Court", "小区", None, None, None, None, None],
        ["NEW", "LC", "新城社区", "New Town", "社区", "１，２００", 3100, 2, 1.25, "2022年7月1日"],
    )
    assert "3 units added" in confirmed(visitor, content).page.messages
    with house.inside():
        units = units_by_code()
        assert [unit.path.count("/") for unit in (units["NEW"], units["NEW-1"], units["NEW-11"])] == [2, 3, 4]
        found = facts_on([units["NEW"].id], date(2022, 7, 1))[units["NEW"].id]
        assert {kind.value: fact.value for kind, fact in found.items()} == {
            "households": 1200,
            "residents": 3100,
            "compounds": 2,
            "area": Decimal("1.25"),
        }


def test_headings_in_either_language_and_any_order_are_read(house: House) -> None:
    visitor = house.visitor(ADMIN)
    for number, head in enumerate(
        (
            ["Kind", "Name", "Unit code", "Code of the unit above"],
            ["类别", "单位名称", "单位编码", "上级编码（必填）"],
            ["KIND", "chinese name", "Code", "Parent"],
        )
    ):
        kind = ["Community", "社区", "community"][number]
        confirmed(visitor, sheet([kind, f"第{number}社区", f"NEW{number}", "LC"], head=head))
    with house.inside():
        assert {f"NEW{n}" for n in range(3)} <= set(units_by_code())


WRONG: dict[str, tuple[list[list[object]], dict[str, str]]] = {
    "a code twice": (
        [["N1", "LC", "一", None, "社区"], ["n1", "LC", "二", None, "社区"]],
        {"A3": "Row 2 has the same code"},
    ),
    "no code": ([[None, "LC", "一", None, "社区"]], {"A2": "must not be empty"}),
    "a bad code": ([["N 1", "LC", "一", None, "社区"]], {"A2": "2 to 32 letters"}),
    "an unknown parent": ([["N1", "NONE", "一", None, "社区"]], {"B2": "There is no unit NONE"}),
    "no parent": ([["N1", None, "一", None, "社区"]], {"B2": "needs the code of the unit"}),
    "no name": ([["N1", "LC", None, None, "社区"]], {"C2": "needs a name"}),
    "no kind": ([["N1", "LC", "一", None, None]], {"E2": "needs a kind"}),
    "an unknown kind": ([["N1", "LC", "一", None, "村"]], {"E2": "not one of the words"}),
    "a kind that does not fit": (
        [["N1", "LC01", "一", None, "镇（街道）"]],
        {"E2": "cannot stand under its parent"},
    ),
    "a kind that does not fit in the same file": (
        [["N1", "N2", "一", None, "社区"], ["N2", "LC", "二", None, "小区"]],
        {"E2": "cannot stand under its parent"},
    ),
    "a kind that cannot hold what is below": (
        [["LC01", None, None, None, "部门"]],
        {"E2": "cannot hold the units below"},
    ),
    "a circle": (
        [["N1", "N2", "一", None, "小区"], ["N2", "N1", "二", None, "小区"]],
        {"B2": "below itself", "B3": "below itself"},
    ),
    "itself": ([["N1", "n1", "一", None, "小区"]], {"B2": "below itself"}),
    "a move": ([["LC0101", "LC02", None, None, None]], {"B2": "does not move units"}),
    "a figure without a day": ([["LC01", None, None, None, None, 5]], {"J2": "Enter the day"}),
    "a negative figure": ([["LC01", None, None, None, None, -5, None, None, None, DAY]], {"F2": "negative"}),
    "too many decimals": (
        [["LC01", None, None, None, None, None, None, None, 1.234, DAY]],
        {"I2": "2 decimal"},
    ),
    "a day that is none": (
        [["LC01", None, None, None, None, 5, None, None, None, "soon"]],
        {"J2": "not a day"},
    ),
    "a long name": ([["LC01", None, "字" * 101]], {"C2": "At most 100"}),
    "two wrong cells in a row": (
        [["LC01", None, None, None, "村", "x", None, None, None, DAY]],
        {"E2": "not one of the words", "F2": "not a number"},
    ),
    "all of a row": (
        [["N 1", "NO", None, "x" * 101, "村", -5], ["N2", "N 1", "二"]],
        {"A2": "letters", "B2": "no unit NO", "C2": "a name", "D2": "100", "E2": "not one", "F2": "negative"}
        | {"J2": "Enter the day", "E3": "needs a kind"},
    ),
    "a unit below a wrong row": (
        [["N1", "N2", "一", None, "小区"], ["N2", "LC", "二", None, "村"]],
        {"E3": "not one of the words"},
    ),
}
"""Rows below the Chinese headings, and what is said at which cells: these and no others."""


@pytest.fixture(scope="module")
def visitor(sqlite: Any) -> Any:
    """An administrator of the sample; what is refused changes nothing, so the tests share one."""
    with sqlite.house("sample") as house:
        yield house.visitor(ADMIN)


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_is_said_at_its_cell(visitor: Visitor, kind: str) -> None:
    rows, said = WRONG[kind]
    found = wrong(visitor, sheet(*rows))
    assert set(found) == set(said)
    for address, sentence in said.items():
        assert sentence in found[address]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "file is empty"),
        (b"code,name\n", "text file such as CSV"),
        (workbook([["a", "b"]]), "No row with headings"),
        (workbook([["名称", "类别"]]), "lacks the columns Unit code"),
    ],
)
def test_a_file_that_is_not_read_is_refused_at_once(visitor: Visitor, content: bytes, sentence: str) -> None:
    page = upload(visitor, content, status=422).page
    assert sentence in page.root.one("p", id="file-error").text


def test_no_file_at_all_is_refused(visitor: Visitor) -> None:
    token = visitor.token()
    page = visitor.post("/import/units", {"csrf_token": token}, status=422).page
    assert "Choose a file first" in page.root.one("p", id="file-error").text


def test_one_wrong_cell_keeps_everything_out_and_the_copy_says_where(house: House) -> None:
    visitor = house.visitor(ADMIN)
    content = sheet(["LC01", None, "吉庆新社区"], ["N1", "NONE", "=一", None, "村"])
    at, answer = previewed(visitor, content)
    href = next(link["href"] for link in answer.page.root.all("a") if link["href"].endswith("marked.xlsx"))
    marked = visitor.get(href)
    assert "attachment" in marked.headers["Content-Disposition"]
    ws = opened(marked.body).worksheets[0]
    assert "not one of the words" in ws["E3"].comment.text
    assert ws["E3"].fill.fgColor.rgb == "FFF8CBAD"
    assert "not one of the words" in str(ws["K3"].value)
    assert (ws["K1"].value, ws["K2"].value) == ("Why this row was refused", None)
    assert (ws["C3"].value, ws["C3"].data_type) == ("=一", "s")
    # A confirmation that nobody was offered is refused as well.
    visitor.post(at, {"csrf_token": visitor.token(), "fingerprint": "x"}, status=422)
    with house.inside():
        assert units_by_code()["LC01"].name == "吉庆社区"
    assert records(house, "units.import") == []


def test_a_text_that_begins_like_a_formula_stays_a_text_both_ways(house: House) -> None:
    visitor = house.visitor(ADMIN)
    names = ["=1+1", "+86", "-甲", "@乙", '=HYPERLINK("x")']
    confirmed(visitor, sheet(*([f"F{n}", "LC", name, f"{name} en", "社区"] for n, name in enumerate(names))))
    with house.inside():
        assert [units_by_code()[f"F{n}"].name for n in range(5)] == names
    ws = opened(export(visitor)).worksheets[0]
    cells = {str(row[0].value): row[2] for row in ws.iter_rows()}
    assert [(cells[f"F{n}"].value, cells[f"F{n}"].data_type) for n in range(5)] == [
        (name, "s") for name in names
    ]
    _, answer = previewed(visitor, export(visitor))
    assert "changed: 0, unchanged: 35" in answer.page.text


def test_an_administrator_of_a_subtree_takes_out_and_brings_in_that_alone(house: House) -> None:
    visitor = house.visitor(local_admin(house))
    content = export(visitor)
    codes = [row[0] for row in rows_of(content) if str(row[0]).startswith("LC")]
    assert codes == ["LC01", "LC0101", "LC0102", "LC0103"]
    # The code above their own highest unit is not theirs to know.
    assert next(row[1] for row in rows_of(content) if row[0] == "LC01") is None
    _, answer = previewed(visitor, content)
    assert "changed: 0, unchanged: 4, wrong: 0" in answer.page.text
    assert wrong(
        visitor,
        sheet(
            ["LC02", None, "改名", None, None],
            ["N1", "LC02", "一", None, "小区"],
            ["N2", "LC", "二", None, "社区"],
            ["N3", None, "三", None, "社区"],
            ["LC0101", "LC02", None, None, None],
        ),
    ) == {
        "A2": "The unit code LC02 is taken. Choose another.",
        "B3": "There is no unit LC02.",
        "B4": "There is no unit LC.",
        "B5": "A new unit needs the code of the unit that it stands under.",
        "B6": "The unit stands under LC01. An import does not move units: use “Move” on the unit's page, "
        "or put the old code back.",
    }
    confirmed(visitor, sheet(["LC01", "LC", "吉庆大社区"], ["N4", "LC01", "四", None, "小区"]))
    with house.inside():
        assert units_by_code()["LC01"].name == "吉庆大社区"
        assert units_by_code()["N4"].path.startswith(units_by_code()["LC01"].path)


def test_what_changed_between_preview_and_confirmation_is_noticed(house: House) -> None:
    visitor, other = house.visitor(ADMIN), house.visitor(ADMIN)
    at, answer = previewed(visitor, sheet(["LC01", None, "吉庆新社区"]))
    form = answer.page.form("")
    edit = "/units/LC01/edit"
    other.submit(other.get(edit).page.form(""), {"name": "吉庆旧社区"}, at=edit)
    page = visitor.submit(form, at=at, status=409).page
    assert "have changed since this preview" in page.messages
    assert "Name: 吉庆旧社区 → 吉庆新社区" in page.text
    with house.inside():
        assert units_by_code()["LC01"].name == "吉庆旧社区"
    visitor.submit(page.form(""), at=at)
    with house.inside():
        assert units_by_code()["LC01"].name == "吉庆新社区"


def test_a_code_that_was_taken_in_the_meantime_is_refused_in_the_preview(house: House) -> None:
    visitor, other = house.visitor(ADMIN), house.visitor(local_admin(house))
    at, answer = previewed(other, sheet(["N1", "LC01", "一", None, "小区"]))
    form = visitor.get("/units/LC02/add").page.form("")
    visitor.submit(form, {"code": "n1", "name": "二", "kind": "compound"}, at="/units/LC02/add")
    page = other.submit(answer.page.form(""), at=at, status=422).page
    assert "The unit code N1 is taken" in page.root.one("section", class_="summary").text


def test_an_upload_belongs_to_whoever_made_it_and_to_one_import(house: House) -> None:
    visitor, other = house.visitor(ADMIN), house.visitor(local_admin(house))
    at, answer = previewed(visitor, sheet(["LC01", None, "吉庆新社区"]))
    for path in (at, f"{at}/marked.xlsx"):
        assert "no longer kept" in other.follow(other.get(path, status=303)).page.messages
    other.post(at, {"csrf_token": other.token(), "fingerprint": "x"})
    form = answer.page.form("")
    visitor.submit(form, at=at)
    # The second of two clicks finds it done.
    assert "no longer kept" in visitor.follow(visitor.submit(form, at=at)).page.messages
    assert len(records(house, "units.import")) == 1
    for token in ("0" * 32, "../../tracker.db", "%2e%2e", "x" * 500):
        assert visitor.send("GET", f"/import/units/{token}").status in {303, 404}


def test_an_upload_is_forgotten_after_an_hour(small: House) -> None:
    visitor = small.visitor(ADMIN)
    at, _ = previewed(visitor, sheet(["LC01", None, "吉庆新社区"]))
    kept = list(Path(small.folder, "kept").iterdir())
    assert len(kept) == 1
    assert kept[0].stat().st_mode & 0o077 == 0
    os.utime(kept[0], (1, 1))
    visitor.get(at, status=303)
    upload(visitor, sheet(["LC02", None, "x"]))
    assert kept[0] not in list(Path(small.folder, "kept").iterdir())


def test_losing_the_role_between_upload_and_confirmation_stops_the_import(small: House) -> None:
    visitor = small.visitor(local_admin(small))
    at, answer = previewed(visitor, sheet(["LC01", None, "吉庆新社区"]))
    with small.inside():
        make.take_roles("admin-local")
    visitor.submit(answer.page.form(""), at=at, status=403)


def test_the_exported_workbook_says_how_it_is_filled_in(library: House) -> None:
    book: Workbook = opened(export(library.visitor(ADMIN, language="zh")))
    assert book.sheetnames == ["组织机构", "填表说明"]
    ws = book.worksheets[0]
    assert ws.freeze_panes is not None
    assert "示例数据" in " ".join(str(cell.value) for row in ws.iter_rows(max_row=3) for cell in row)
