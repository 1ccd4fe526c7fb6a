"""A township's own instance, from nothing to the first figure that counts: every step on a page.

Only the code for the set-up comes from outside, as ``tracker init`` prints it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.checks import check_layout, check_text
from tests.browser.people import PHONE, WIDE, Person
from tests.browser.places import send
from tests.browser.server import Server
from tests.kit.command import tracker
from tests.kit.first_run import PASSWORD
from tests.kit.plan_books import FLOW, STOCK
from tests.kit.workbooks import opened, with_rows

pytestmark = pytest.mark.browser

YEAR = (date.today().replace(day=1) - timedelta(days=1)).year
"""The year of the month that ended last: the plan of that year is being reported."""

PLAN, JANUARY = f"LC-{YEAR}", f"{YEAR}年1月"
PARKING, TEAMS = "新增停车位", "志愿队伍"
ROSTER = """jiqing-rep\t吉庆社区填报员\t填报员\tLC01
office\t创建办审核员\t审核员\tLC
leader\t分管领导\t分管领导\tLC
"""

Rows = Sequence[Mapping[str, object]]

UNITS: list[dict[str, object]] = [
    {
        "单位编码": "LC01",
        "上级单位编码": "LC",
        "名称": "吉庆社区",
        "类别": "社区",
        "户数": 3590,
        "启用日期": date(YEAR, 1, 1),
    },
    {"单位编码": "LC02", "上级单位编码": "LC", "名称": "安宁社区", "类别": "社区"},
]
TASK = {"抓手": "补齐设施短板", "计量单位": "个", "牵头单位": "李村镇"}
PLAN_SHEETS: dict[str, Rows] = {
    "工作方案": [
        {
            "方案编号": PLAN,
            "名称": f"文明典范城市创建工作方案{YEAR}",
            "单位": "李村镇",
            "起始日期": date(YEAR, 1, 1),
            "截止日期": date(YEAR, 12, 31),
        }
    ],
    "任务分解表": [
        {**TASK, "举措": "停车治理", "指标编号": "I01", "指标": PARKING, "口径": "验收后投入使用的停车位"},
        {**TASK, "举措": "队伍建设", "指标编号": "I02", "指标": TEAMS, "计量单位": "支"},
    ],
    "指标设置": [{"指标编号": "I01", "数据类型": FLOW}, {"指标编号": "I02", "数据类型": STOCK}],
    "目标分解": [
        {"指标编号": code, "单位编码": unit, "是否填报": "是"}
        for code in ("I01", "I02")
        for unit in ("LC01", "LC02")
    ],
}


@dataclass(frozen=True)
class House:
    """A server on an instance that waits for its first administrator."""

    folder: Path
    url: str
    code: str


@pytest.fixture
def waiting(browser: object, tmp_path: Path) -> Iterator[House]:
    """The instance right after ``tracker init``."""
    folder = tmp_path / "instance"
    said = tracker("init", folder=folder).out
    server = Server(folder)
    yield House(folder, server.url, said.split("code: ")[1].split()[0])
    server.stop()


def test_from_the_code_of_the_set_up_to_the_first_figure_that_counts(
    someone, waiting: House, tmp_path: Path
) -> None:
    admin = someone(waiting.url)
    _set_up(admin, waiting.code)
    _bring_in_units(admin, tmp_path)
    codes = _invite(admin)
    _bring_in_plan(admin, tmp_path)
    _split(admin, PARKING, total="240", parts={"LC01": "150", "LC02": "90"})
    _split(admin, TEAMS, total="10", parts={"LC01": "6", "LC02": "4"})
    _make_backup(admin)

    reporter, reviewer, official = (
        _come_in(someone(waiting.url), name, codes) for name in ("jiqing-rep", "office", "leader")
    )
    _report(reporter)
    assert "15" not in _parking(official).inner_text().split(), "nothing counts before it is approved"
    _approve(reviewer)
    # 15 of 240 are 6.25 %, and only one of the two communities has reported.
    row = _parking(official)
    expect(row.locator(".board__actual .figure__number")).to_have_text("15")
    expect(row).to_contain_text("240")
    expect(row).to_contain_text("6%")
    _look(official)

    for command in (["verify"], ["audit", "verify"], ["doctor"]):
        outcome = tracker(*command, folder=waiting.folder)
        assert outcome.code == 0, (command, outcome)


def _set_up(admin: Person, code: str) -> None:
    """The wizard: code, place, unit, way to begin, first administrator."""
    page = admin.open("/")
    page.locator("#code").fill(code)
    _press(page, "开始设置")
    _press(page, "下一步")
    page.locator("#name").fill("李村镇")
    page.locator("#code").fill("LC")
    _press(page, "下一步")
    page.locator("input[value=excel]").check()
    _look(admin)
    _press(page, "下一步")
    page.locator("#username").fill("admin")
    for field in ("#password", "#again"):
        page.locator(field).fill(PASSWORD)
    _press(page, "完成设置并登录")
    _look(admin)


def _bring_in_units(admin: Person, folder: Path) -> None:
    """Out with the workbook, in with a wrong one, out with its marked copy, in with the right one."""
    page = _next_step(admin, "录入组织机构", "从 Excel 导入")
    template = _download(page, "导出 Excel", folder)
    wrong = [UNITS[0], {**UNITS[1], "类别": "星球"}]
    _upload(page, with_rows(template, {"组织机构": wrong}))
    expect(page.locator(".summary")).to_contain_text("星球")
    _look(admin)
    _expect_mark(_download(page, "下载标注错误的副本", folder), "组织机构", "星球")
    page.get_by_role("link", name="另选文件").first.click()
    _upload(page, with_rows(template, {"组织机构": UNITS}))
    _look(admin)
    _press(page, "导入")
    expect(page.get_by_text("安宁社区").first).to_be_visible()
    _look(admin)


def _invite(admin: Person) -> dict[str, tuple[str, str]]:
    """Invite everybody with one list; the address and the code on each slip, by user name."""
    page = _next_step(admin, "邀请人员", "批量邀请")
    page.locator("textarea").fill(ROSTER.replace("LC01", "LC09"))
    _press(page, "检查名单")
    expect(page.locator("main")).to_contain_text("LC09")
    _look(admin)
    page.locator("textarea").fill(ROSTER)
    _press(page, "检查名单")
    _look(admin)
    with page.expect_navigation():
        page.locator("button[value=confirm]").click()
    _look(admin)
    typed = [slip.locator(".slip__type").all_inner_texts() for slip in page.locator(".slip").all()]
    return {username: (address, code) for address, username, code in typed}


def _bring_in_plan(admin: Person, folder: Path) -> None:
    """The plan as a workbook: the empty one filled in, wrongly and then rightly; its targets come later."""
    page = _next_step(admin, "编制工作方案")
    page = _next_step(admin, "编制工作方案", "从 Excel 新建工作方案")
    template = _download(page, "空白工作簿", folder)
    wrong = {
        **PLAN_SHEETS,
        "目标分解": [*PLAN_SHEETS["目标分解"][:3], {"指标编号": "I02", "单位编码": "LC77"}],
    }
    _upload(page, with_rows(template, wrong))
    expect(page.locator(".summary")).to_contain_text("LC77")
    _look(admin)
    _expect_mark(_download(page, "下载标注错误的副本", folder), "目标分解", "LC77")
    page.get_by_role("link", name="另选文件").first.click()
    _upload(page, with_rows(template, PLAN_SHEETS))
    _look(admin)
    _press(page, "导入")
    expect(page.locator("h1")).to_have_text(f"文明典范城市创建工作方案{YEAR}")
    _look(admin)


def _split(admin: Person, indicator: str, *, total: str, parts: Mapping[str, str]) -> None:
    """Type an indicator's targets, for the township and for each unit below."""
    page = _next_step(admin, "下达目标")
    page.get_by_role("link", name=indicator, exact=True).click()
    _look(admin)
    page.locator(".part__row").filter(has_text="目标").get_by_role("link").click()
    for unit, value in {"李村镇": total, **parts}.items():
        page.locator("tr").filter(has_text=unit).locator("[data-which=target]").first.fill(value)
    expect(page.locator("[data-difference]").first).to_have_text("一致")
    _look(admin)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()
    expect(page.locator(".message--success")).to_be_visible()
    _look(admin)


def _make_backup(admin: Person) -> None:
    """The last step, after which the list of what comes next is done."""
    page = _next_step(admin, "备份数据")
    _look(admin)
    _press(page, "立即备份")
    expect(page.locator(".message--success")).to_be_visible()
    admin.open("/next-steps")
    _look(admin)
    expect(page.locator(".next .pill--state-not_started")).to_have_count(0)


def _come_in(person: Person, name: str, codes: Mapping[str, tuple[str, str]]) -> Person:
    """Open the address on one's slip, type user name and code, and choose a password."""
    address, code = codes[name]
    page = person.page
    page.goto(address)
    page.locator("#username").fill(name)
    page.locator("#code").fill(code)
    for field in ("#password", "#again"):
        page.locator(field).fill(PASSWORD)
    _press(page, "设置密码")
    page.locator("#username").fill(name)
    page.locator("#password").fill(PASSWORD)
    _press(page, "登录")
    expect(page.get_by_role("button", name="退出登录").first).to_be_visible()
    _look(person)
    return person


def _report(reporter: Person) -> None:
    """Fill in and submit the first report of the year."""
    page = reporter.open("/")
    page.get_by_role("row").filter(has_text=JANUARY).get_by_role("link").click()
    _cell(page, PARKING).fill("15")
    _cell(page, TEAMS).fill("2")
    _look(reporter)
    send(reporter, "submit")
    expect(page.locator(".message--success")).to_be_visible()
    _look(reporter)


def _approve(reviewer: Person) -> None:
    page = reviewer.open("/")
    page.get_by_role("navigation").get_by_role("link", name="审核").first.click()
    _look(reviewer)
    page.get_by_role("row").filter(has_text="吉庆社区").get_by_role("link").first.click()
    _look(reviewer)
    page.locator("form[action$='/approve'] button").click()
    page.get_by_role("dialog").locator(".button--main").click()
    expect(page.locator(".pill--state-approved")).to_be_visible()
    _look(reviewer)


def _parking(official: Person) -> Locator:
    page = official.open("/")
    page.locator(".board").wait_for()
    return page.locator(".board__row").filter(has_text=PARKING).first


def _cell(page: Page, indicator: str) -> Locator:
    row = page.locator("tr.sheet__row").filter(has=page.locator(".sheet__name", has_text=indicator))
    return row.locator("[data-cell]")


def _next_step(admin: Person, title: str, quicker: str | None = None) -> Page:
    """Follow the list of what comes next, as the menu offers it, by a step's name or its quicker way."""
    page = admin.page
    page.get_by_role("link", name="系统管理", exact=True).first.click()
    page.get_by_role("link", name="下一步工作").first.click()
    _look(admin)
    step = page.locator(".next__one").filter(has_text=title)
    step.get_by_role("link", name=quicker or title, exact=quicker is None).click()
    return page


def _press(page: Page, label: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=label, exact=True).click()


def _download(page: Page, link: str, folder: Path) -> bytes:
    with page.expect_download() as coming:
        page.get_by_role("link", name=link).first.click()
    file = folder / coming.value.suggested_filename
    coming.value.save_as(file)
    assert file.suffix == ".xlsx"
    return file.read_bytes()


def _upload(page: Page, content: bytes) -> None:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.locator("input[type=file]").set_input_files({"name": "表.xlsx", "mimeType": kind, "buffer": content})
    with page.expect_navigation():
        page.locator("form[enctype] button").click()


def _expect_mark(content: bytes, sheet: str, wrong: str) -> None:
    """The copy has a note at the wrong cell, and at no other."""
    cells = [cell for row in opened(content)[sheet].iter_rows() for cell in row if cell.comment]
    assert [cell.value for cell in cells if cell.value] == [wrong]


def _look(person: Person) -> None:
    """In one language, and whole on the screen of a PC and of a phone."""
    check_text(person)
    for width, height in (PHONE, WIDE):
        person.page.set_viewport_size({"width": width, "height": height})
        check_layout(person.page)
