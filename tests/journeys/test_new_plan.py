"""An administrator sets a plan up from nothing; units report, the reviewer approves, the overview tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from tests.kit import make
from tests.kit.house import House
from tests.kit.plan_books import confirmed
from tests.kit.visitor import Visitor
from tests.kit.workbooks import opened, with_rows
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.core.instance import mark_as_sample
from tracker.features.org.models import UnitKind
from tracker.features.org.services import add_unit
from tracker.features.reports.services import find_differences

INDICATORS = {
    "F": {"measure": "flow", "unit_of_measure": "个", "number": "Ⅰ"},
    "S": {"measure": "stock", "unit_of_measure": "支", "categories-0-name": "甲", "categories-1-name": "乙"},
    "R": {"measure": "ratio", "unit_of_measure": "%", "decimals": "1"},
    "M": {"measure": "milestone", "unit_of_measure": "%", "schedule": "curve"},
}
TARGETS = {"F": "24", "S": "6", "R": "90", "M": "100"}
FIGURES = {"F": "5", "S/甲": "2", "S/乙": "1", "R": "3/4", "M": "20/100"}


@pytest.fixture
def township(blank: House) -> Iterator[House]:
    """A township with two communities and one person for each role, on 3 March 2022, and no plan."""
    with blank.inside():
        with writing():
            mark_as_sample(date(2022, 3, 3))
            add_unit("T", "镇", UnitKind.TOWNSHIP, parent_code=None, name_en="Township", actor=HOUSE)
            for code in ("A", "B"):
                add_unit(code, f"社区{code}", UnitKind.COMMUNITY, parent_code="T", actor=HOUSE)
            db.session.commit()
        for name, role, unit in (
            ("boss", "administrator", "T"),
            ("rev", "reviewer", "T"),
            ("rep", "reporter", "A"),
        ):
            make.add_sample_user(name, role, unit)
    yield blank


def fill(visitor: Visitor, path: str, **fields: str) -> str:
    """Open a form, fill it in, send it; returns where it leads."""
    return visitor.submit(visitor.get(path).page.form(""), fields, at=path).location


def link(visitor: Visitor, path: str, words: str) -> str:
    """The address of a link, found by its words as a person would."""
    found = [one["href"] for one in visitor.get(path).page.root.all("a") if one.text.startswith(words)]
    assert found, f"{path} has no link {words!r}"
    return found[-1]


def test_where_there_is_no_plan_an_administrator_begins_with_making_one(township: House) -> None:
    boss = township.visitor("boss")
    page = boss.follow(boss.get("/", status=302)).page
    assert page.heading == "Plans"
    assert "/plans/new" in {link["href"] for link in page.root.all("a")}


def test_from_nothing_to_an_approved_figure(township: House) -> None:
    boss = township.visitor("boss")
    assert "There is no plan yet" in boss.get("/plans").page.text
    days = {"starts_on": "2022-01-01", "ends_on": "2022-12-31", "frequency": "month"}
    plan = fill(
        boss, link(boss, "/plans", "New plan"), code="P", name="方案", unit="T", first_period="start", **days
    )
    assert plan == "/plans/P"
    fill(boss, link(boss, plan, "Add a pillar"), name="抓手")
    fill(boss, link(boss, plan, "Add an initiative"), name="举措", lead_unit="A", accountable="分管副镇长")
    for code, fields in INDICATORS.items():
        page = fill(boss, link(boss, plan, "Add an indicator"), code=code, name=f"指标{code}", **fields)
        assert "No unit reports it yet" in boss.get(page).page.text
        fill(boss, link(boss, page, "Choose units"), kind="community")
        targets = link(boss, page, "Set targets")
        with township.inside():
            cells = {f"t{make.unit_of(unit).id}-target": TARGETS[code] for unit in ("A", "B")}
        fill(boss, targets, **cells)
        assert "2 units report it" in boss.get(page).page.text
    assert "No target yet" not in boss.get(plan).page.text

    # The reporter finds a sheet for each month that has begun, with every indicator in it.
    reporter = township.visitor("rep")
    assert "/reports/P/A/2022-02" in {a["href"] for a in reporter.get("/reports").page.root.all("a")}
    with township.inside():
        assert [cell.indicator.code for cell in make.sheet_of("A", "2022-01").cells] == [
            "F",
            "S",
            "S",
            "R",
            "M",
        ]
        cells = {}
        for name, said in FIGURES.items():
            key = "c{}-{}".format(*make.cell_key(make.sheet_of("A", "2022-01"), name))
            value, _, whole = said.partition("/")
            cells[f"{key}-value"] = value
            if whole:
                cells[f"{key}-whole"] = whole
    assert fill(reporter, "/reports/P/A/2022-01", **cells, action="submit") == "/reports"
    reviewer = township.visitor("rev")
    address = "/review/P/A/2022-01"
    reviewer.submit(reviewer.get(address).page.form(f"{address}/approve"))

    # The figures count: the flow against the sum of both communities' targets.
    with township.inside():
        found = make.standings_at("T", date(2022, 1, 31))
        assert (found["F"].position.actual, found["F"].position.target) == (5, 48)
        assert found["S"].position.actual == 3
        assert found["R"].position.actual == 75
        assert found["M"].position.actual == 20
        assert list(find_differences()) == []
    assert "指标F" in township.visitor("rev").get("/overview?unit=T&as_of=2022-01-31").page.text
    # From now on the meaning of the indicators is fixed.
    assert "measure" not in boss.get("/plans/P/indicators/F/edit").page.form("").fields


def test_next_year_begins_with_a_copy(township: House) -> None:
    boss = township.visitor("boss")
    days = {"starts_on": "2022-01-01", "ends_on": "2022-12-31"}
    fill(boss, "/plans/new", code="P-2022", name="2022年方案", unit="T", **days)
    fill(boss, "/plans/P-2022/pillars/new", name="抓手")
    fields = boss.get(link(boss, "/plans", "Copy for a later year")).page.form("").fields
    assert (fields["code"], fields["name"], fields["years"]) == ("P-2023", "2023年方案", "1")
    assert fill(boss, "/plans/P-2022/copy") == "/plans/P-2023"
    page = boss.get("/plans/P-2023").page
    assert "1 January 2023 to 31 December 2023" in page.text
    assert "Copied from P-2022" in page.text
    # Taken at once again, the code is taken.
    form = boss.get("/plans/P-2022/copy").page.form("")
    assert "is taken" in boss.submit(form, at="/plans/P-2022/copy", status=422).page.text


FILLED: dict[str, list[dict[str, object]]] = {
    "工作方案": [
        {
            "方案编号": "P-2022",
            "名称": "2022年方案",
            "单位": "镇",
            "起始日期": "2022-01-01",
            "截止日期": "2022-12-31",
        }
    ],
    "任务分解表": [
        {"抓手": "抓手", "举措": "举措", "指标编号": code, "指标": f"指标{code}", "计量单位": "个"}
        for code in "FS"
    ],
    "指标设置": [
        {"指标编号": "F", "数据类型": "各期相加（增量）"},
        {"指标编号": "S", "数据类型": "取最新值（存量）", "分类": "甲；乙"},
    ],
    "目标分解": [
        {"指标编号": code, "单位编码": unit, "是否填报": "是", "目标": 24} for code in "FS" for unit in "AB"
    ],
}


def test_an_empty_workbook_is_filled_in_and_becomes_a_plan_that_is_reported(township: House) -> None:
    boss = township.visitor("boss", language="zh")
    upload = link(boss, "/plans", "从 Excel 新建工作方案")
    empty = boss.get(link(boss, upload, "空白工作簿")).body
    page = confirmed(boss, with_rows(empty, FILLED), plan=None).page
    assert page.heading == "2022年方案"
    reporter = township.visitor("rep")
    assert "/reports/P-2022/A/2022-02" in {a["href"] for a in reporter.get("/reports").page.root.all("a")}
    with township.inside():
        cells = make.sheet_of("A", "2022-01", "P-2022").cells
        assert [(cell.indicator.code, cell.category and cell.category.name) for cell in cells] == [
            ("F", None),
            ("S", "甲"),
            ("S", "乙"),
        ]
        assert make.standings_at("T", date(2022, 1, 31))["F"].position.target == 48
        assert list(find_differences()) == []
    # What comes out again is a sheet that the office can print, with the sum beside the parent's own.
    again = opened(boss.get("/plans/P-2022/export.xlsx").body)["目标分解"]
    told = [[cell.value for cell in row][3:10] for row in again.iter_rows(min_row=4, max_row=6)]
    assert [row[:1] + row[2:] for row in told] == [
        ["T", None, None, None, 48, None],
        ["A", "是", 24, None, None, None],
        ["B", "是", 24, None, None, None],
    ]
