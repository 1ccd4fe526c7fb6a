"""A workbook of the house that is uploaded at the wrong page is called by its name, and so is its page."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.features.org import test_import as units
from tests.kit import figures, make, plan_books
from tests.kit.house import House
from tests.kit.visitor import Visitor
from tests.kit.workbooks import opened, saved

SAYS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "units": "“Units of Unit T”, a list of units. Upload it on the page “Import units from Excel”.",
        "figures": "a template for figures. Upload it on the page “Figures from Excel”.",
        "plan": "the workbook of a plan. Upload it on the page “Plans”.",
        "progress": "a progress sheet. It is made to be read and filed, not to be uploaded.",
    },
    "zh": {
        "units": "这是“单位T组织机构表”（组织机构表），请到“从 Excel 导入组织机构”页面上传。",
        "figures": "（数据填报模板），请到“Excel 导入数据”页面上传。",
        "plan": "（工作方案工作簿），请到“工作方案”页面上传。",
        "progress": "（指标进度表）。此表供查阅、上报使用，不能导入。",
    },
}


@pytest.fixture
def plan(hamlet: House) -> House:
    """The small plan, its administrator, and a reviewer who imports figures."""
    with hamlet.inside():
        make.add_sample_user("boss", "administrator", "T")
        make.add_sample_user("review", "reviewer", "T")
    return hamlet


def book(house: House, kind: str, language: str) -> bytes:
    """A workbook of one kind, as it is handed out."""
    boss, review = (house.visitor(name, language=language) for name in ("boss", "review"))
    return {
        "units": lambda: units.export(boss),
        "figures": lambda: figures.template(review, "A", "2022-01", make.PLAN),
        "plan": lambda: plan_books.export(boss),
        "progress": lambda: review.get("/exports/progress.xlsx?unit=T&as_of=2022-01-31").body,
    }[kind]()


def refused(house: House, asked: str, content: bytes, language: str) -> str:
    """What the page says that asks for something else."""
    boss, review = (house.visitor(name, language=language) for name in ("boss", "review"))
    if asked == "figures":
        answer = figures.upload(review, content, status=None)
        return (answer if answer.status == 422 else figures.arrived(review, answer.location)[1]).page.text
    if asked == "units":
        return units.upload(boss, content, status=422).page.text
    return plan_books.upload(boss, content, plan=None, status=422).page.text


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("asked", ["units", "figures", "plan"])
def test_a_workbook_of_another_kind_is_called_by_its_name(plan: House, asked: str, language: str) -> None:
    for kind, says in SAYS[language].items():
        if kind != asked:
            assert says in refused(plan, asked, book(plan, kind, language), language), kind


def test_it_is_known_in_either_language_and_without_its_title(plan: House) -> None:
    content = opened(book(plan, "figures", "en"))
    ws = content.worksheets[0]
    for area in [str(area) for area in ws.merged_cells.ranges]:
        ws.unmerge_cells(area)
    head, _ = figures.head_of(ws)
    ws.delete_rows(1, head - 1)
    assert "“Unit A”（数据填报模板）" in refused(plan, "units", saved(content), "zh")


def test_tables_of_ones_own_are_read_as_before(plan: House) -> None:
    visitor: Visitor = plan.visitor("boss")
    own = units.sheet(["NEW", "T", "新单位", None, "社区"])
    assert units.upload(visitor, own).status == 303
    _, answer = figures.previewed(plan.visitor("review"), figures.plain(["A", "F", "2022-01", None, 5]))
    assert answer.page.root.all("input", name="fingerprint")
