"""Uploads that are hostile or odd: each gets its sentence at once, and nothing of any is imported."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from sqlalchemy import select

from tests.excel.test_hostile import BAD, cells
from tests.features.intake.test_plain_sheets import JAN, REPORTER, small
from tests.kit import figures
from tests.kit.databases import SqliteShelf
from tests.kit.figures import plain
from tests.kit.house import House
from tests.kit.visitor import Visitor
from tests.kit.workbooks import Formula, opened, raw_sheet, saved, workbook
from tracker.core.db import db
from tracker.features.intake.models import IntakeBatch
from tracker.features.intake.sheets import LIMITS
from tracker.features.reports.models import Entry

ROW: list[object] = ["A", "S", JAN, None, 1]

LARGER = {
    "too large": f"larger than {LIMITS.file} MB",
    "a bomb": f"unpacks to more than {LIMITS.unpacked} MB",
    # What is too much elsewhere is no more than odd here.
    "too many rows": "No row with headings was found.",
}
"""Sentences that differ because figures may be many."""


@pytest.fixture(scope="module")
def house(sqlite: SqliteShelf) -> Iterator[House]:
    """The small plan; every upload is refused, so that the tests can share it."""
    with sqlite.house("blank") as house:
        small(house)
        yield house


@pytest.fixture(scope="module")
def visitor(house: House) -> Visitor:
    """A reporter at A."""
    return house.visitor(REPORTER)


@pytest.mark.parametrize("kind", [kind for kind in BAD if kind != "too large"])
def test_what_is_no_sound_workbook_gets_its_sentence_in_seconds(visitor: Visitor, kind: str) -> None:
    make, sentence = BAD[kind]
    content = make()
    began = time.monotonic()
    assert LARGER.get(kind, sentence) in refusal(visitor, content)
    assert time.monotonic() - began < 60


def refusal(visitor: Visitor, content: bytes) -> str:
    """The page that refuses an upload, at once or, on a slow machine, after a page of progress."""
    answer = figures.upload(visitor, content, status=None)
    if answer.status == 303:
        _, answer = figures.arrived(visitor, answer.location)
    return answer.page.text


def merged() -> bytes:
    book = opened(plain(ROW, ["A", "F", JAN, None, 2]))
    book.worksheets[0].merge_cells("A2:A3")
    return saved(book)


def with_second_sheet(*rows: list[object]) -> bytes:
    book = opened(plain(ROW))
    ws = book.create_sheet("二")
    for row in rows:
        ws.append(row)
    return saved(book)


NO_HEADINGS = (
    "No row with headings was found. The sheet needs the columns Code of the unit, Indicator code, Period."
)

FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing in it": (
        lambda: workbook([]),
        NO_HEADINGS,
    ),
    "a letter in a sheet": (
        lambda: workbook([["Dear colleagues,"], ["please find below"]]),
        NO_HEADINGS,
    ),
    "no column for figures": (
        lambda: workbook([["单位", "指标", "期间"], ["A", "S", JAN]]),
        "The sheet lacks the columns Figure of this period, which were looked for in row 1.",
    ),
    "no column for the period": (
        lambda: workbook([["单位", "指标", "数值"], ["A", "S", 1]]),
        "The sheet lacks the columns Period, which were looked for in row 1.",
    ),
    "a heading twice": (
        lambda: workbook([["单位", "指标", "期间", "数值", "Value"], ["A", "S", JAN, 1, 2]]),
        "The heading “Value” stands twice in row 1. Remove one of the two columns.",
    ),
    "a second sheet without a column": (
        lambda: with_second_sheet(["单位", "指标", "数值"], ["A", "S", 1]),
        "The sheet lacks the columns Period, which were looked for in row 1.",
    ),
    "no end of rows": (
        lambda: raw_sheet(cells(LIMITS.rows + 1)),
        "The sheet has more than 101000 filled rows. Split it into several workbooks.",
    ),
}
"""Sound workbooks that are refused as a whole, with the whole sentence."""


@pytest.mark.parametrize("kind", FILES)
def test_a_workbook_without_figures_gets_its_sentence(visitor: Visitor, kind: str) -> None:
    make, sentence = FILES[kind]
    assert sentence in refusal(visitor, make())


CELLS: dict[str, tuple[Callable[[], bytes], dict[str, str]]] = {
    "a formula without a result": (
        lambda: plain(["A", "S", JAN, None, Formula("=1+2")]),
        {
            "E2": "The file holds no result of this formula. Open it in Excel or WPS and save it, "
            "or type the value."
        },
    ),
    "a link to another workbook": (
        lambda: plain(["A", "S", JAN, None, Formula("=[1]Other!A1")]),
        {
            "E2": "The file holds no result of this formula. Open it in Excel or WPS and save it, "
            "or type the value."
        },
    ),
    "an error": (
        lambda: raw_sheet(
            '<row r="1"><c r="A1" t="str"><v>单位</v></c><c r="B1" t="str"><v>指标</v></c>'
            '<c r="C1" t="str"><v>期间</v></c><c r="D1" t="str"><v>数值</v></c></row>'
            '<row r="2"><c r="A2" t="str"><v>A</v></c><c r="B2" t="str"><v>S</v></c>'
            '<c r="C2" t="str"><v>2022-01</v></c><c r="D2" t="e"><v>#REF!</v></c></row>'
        ),
        {"D2": "This cell shows the error #REF!. Type the value."},
    ),
    "merged cells": (
        merged,
        dict.fromkeys(
            ("A2", "A3"),
            "These cells are merged (A2:A3), so only the first holds something. Unmerge them and fill each.",
        ),
    ),
    "a day as a text": (
        lambda: plain(["A", "S", "31.1.2022x", None, 1]),
        {"C2": "“31.1.2022x” is no period. Write it as 2022-06, 2022-Q2, 2022-H1 or 2022."},
    ),
    "a truth for a number": (
        lambda: plain(["A", "S", JAN, None, True]),
        {"E2": "This is not a number. Enter digits only, for example 1250."},
    ),
    "a number with a tail": (
        lambda: plain(["A", "S", JAN, None, "12 pcs"]),
        {"E2": "This is not a number. Enter digits only, for example 1250."},
    ),
    "a comma for a point": (
        lambda: plain(["A", "F", JAN, None, "1,5"]),
        {"E2": "The comma does not stand between thousands. Write 1,250 or 1250, and 12.5 with a point."},
    ),
    "a very long number": (
        lambda: plain(["A", "S", JAN, None, "1" * 60]),
        {"E2": "This is too long for a number. Enter digits only, for example 1250."},
    ),
    "code in the place of a unit": (
        lambda: plain(["<script>", "S", JAN, None, 1]),
        {"A2": "There is no unit <script>."},
    ),
    "a plan of somebody else": (
        lambda: workbook(
            [["单位", "指标", "期间", "数值", "方案"], ["A", "S", date(2022, 1, 31), 1, "LC-2099"]]
        ),
        {"E2": "There is no plan LC-2099 for this unit."},
    ),
}
"""Cells that are refused, with exactly what is said at which of them."""


@pytest.mark.parametrize("kind", CELLS)
def test_an_odd_cell_is_refused_at_its_place(visitor: Visitor, kind: str) -> None:
    make, said = CELLS[kind]
    assert figures.wrong(visitor, make()) == said


def test_a_million_empty_rows_are_passed_over(visitor: Visitor) -> None:
    head = "".join(
        f'<c r="{column}1" t="str"><v>{text}</v></c>'
        for column, text in zip("ABCD", ("单位", "指标", "期间", "数值"), strict=True)
    )
    far = (
        '<row r="1000000"><c r="A1000000" t="str"><v>A</v></c><c r="B1000000" t="str"><v>S</v></c>'
        '<c r="C1000000" t="str"><v>2022-01</v></c><c r="D1000000"><v>7</v></c></row>'
    )
    empty = "".join(f'<row r="{n}"/>' for n in range(2, 200_000))
    _, answer = figures.previewed(visitor, raw_sheet(f'<row r="1">{head}</row>{empty}{far}'))
    assert "New: 1, changed: 0" in answer.page.text


def test_nothing_of_all_that_was_imported(house: House) -> None:
    with house.inside():
        assert db.session.scalar(select(IntakeBatch.id)) is None
        assert db.session.scalar(select(Entry.id)) is None
