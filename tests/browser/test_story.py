"""The main job, as people do it: fill, submit, return, mend, approve, see it count, take the sheet along."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

from tests.browser.places import SHEET, send

pytestmark = pytest.mark.browser

BEFORE = 19_284
"""Parking spaces of the township by the end of June, without what the story adds."""

FIRST, MENDED = 980, 760
"""What the community reports at first, more than half of its target for the year, and after the return."""

REASON = {"zh": "本月集中验收两个停车场", "en": "Two car parks were accepted this month"}
WHY = {
    "zh": "新增停车位与现场核对不符，请核对后再报",
    "en": "The parking spaces do not match the site, please check",
}


@dataclass(frozen=True)
class Words:
    """What people look for on the pages, in one language."""

    community: str
    month: str
    parking: str
    bins: str
    review: str
    export: str


WORDS = {
    "zh": Words("东湖社区", "2022年6月", "新增停车位", "四分类垃圾桶", "审核", "导出 Excel"),
    "en": Words(
        "Donghu Community", "June 2022", "New parking spaces", "four-stream bins", "Review", "Export to Excel"
    ),
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_figure_goes_from_the_reporter_through_review_to_the_official(
    someone, fresh: str, tmp_path: Path, language: str
) -> None:
    words = WORDS[language]
    reporter, reviewer, official = (someone(fresh, language=language) for _ in range(3))
    official.sign_in("fenguan")
    assert _actual(_overview(official.open("/")), words) == f"{BEFORE:,}"

    # The reporter's first page is the list of tasks, and June is one click away.
    page = reporter.sign_in("donghu")
    row = page.get_by_role("row").filter(has_text=words.month)
    row.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(words.community)
    kept = _value(page, words.parking).input_value()
    assert kept

    # A wrong value is told at its cell, and everything else that was typed is still there.
    _fill_what_is_missing(page)
    typed = _all_values(page)
    _value(page, words.parking).fill("很多" if language == "zh" else "many")
    send(reporter, "submit")
    expect(page.locator(".summary")).to_be_focused()
    expect(_told(page, words.parking)).to_contain_text("1250")
    assert {**_all_values(page), **_one(page, words.parking, kept)} == typed
    _value(page, words.parking).fill(str(FIRST))
    _value(page, words.bins).fill("3")
    send(reporter, "submit")
    expect(_told(page, words.bins)).to_contain_text("3")
    assert _all_values(page) == {
        **typed,
        **_one(page, words.parking, str(FIRST)),
        **_one(page, words.bins, "3"),
    }

    # What is only odd passes with a reason.
    _value(page, words.bins).fill("1")
    send(reporter, "submit")
    reason = _cell(page, words.parking).locator("input[name$='-reason']")
    expect(reason).to_be_visible()
    expect(_cell(page, words.parking)).to_contain_text("1950")
    reason.fill(REASON[language])
    send(reporter, "submit")
    expect(page.locator(".message--success")).to_be_visible()
    expect(
        page.get_by_role("row").filter(has_text=words.month).locator(".pill--state-submitted")
    ).to_be_visible()

    # The reviewer returns it with a reason, which the reporter meets in the list and on the sheet.
    desk = reviewer.sign_in("chuangjianban")
    _open_from_queue(desk, words)
    expect(desk.get_by_text(REASON[language]).first).to_be_visible()
    desk.locator("form[action$='/return'] textarea").fill(WHY[language])
    desk.locator("form[action$='/return'] button").click()
    expect(desk.locator(".message--success")).to_be_visible()
    expect(desk.get_by_role("row").filter(has_text=words.community)).to_have_count(0)
    reporter.open("/")
    row = page.get_by_role("row").filter(has_text=words.month)
    expect(row).to_contain_text(WHY[language])
    row.get_by_role("link").click()
    expect(page.locator(".message--warning")).to_contain_text(WHY[language])

    # One figure is mended, and the report goes the same way again.
    _value(page, words.parking).fill(str(MENDED))
    send(reporter, "submit")
    expect(page.locator(".message--success")).to_be_visible()
    assert _actual(_overview(official.open("/")), words) == f"{BEFORE:,}", (
        "nothing counts before it is approved"
    )

    # The reviewer approves, after being asked once.
    _open_from_queue(desk, words)
    _approve(desk)
    expect(desk.locator(".pill--state-approved")).to_be_visible()

    # The official's page shows exactly what was entered, and so does the sheet that is taken along.
    page = _overview(official.open("/"))
    assert _actual(page, words) == f"{BEFORE + MENDED:,}"
    with page.expect_download() as coming:
        page.get_by_role("link", name=words.export).click()
    assert coming.value.suggested_filename.endswith(".xlsx")
    file = tmp_path / "progress.xlsx"
    coming.value.save_as(file)
    assert BEFORE + MENDED in _row_of_workbook(file, words.parking)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_saving_submitting_and_approving_need_no_script(someone, fresh: str, language: str) -> None:
    words = WORDS[language]
    reporter = someone(fresh, "donghu", language=language, script=False)
    page = reporter.open(SHEET)
    _value(page, words.parking).fill(str(MENDED))
    send(reporter, "save")
    expect(page.locator(".message--success")).to_be_visible()
    expect(_value(page, words.parking)).to_have_value(str(MENDED))
    _fill_what_is_missing(page)
    send(reporter, "submit")
    expect(page.locator(".message--success")).to_be_visible()

    reviewer = someone(fresh, "chuangjianban", language=language, script=False)
    reviewer.open("/review")
    _open_from_queue(reviewer.page, words)
    reviewer.page.locator("form[action$='/approve'] button").click()
    expect(reviewer.page.locator(".pill--state-approved")).to_be_visible()

    # Another data date is chosen with the button that stands there for this case.
    official = someone(fresh, "fenguan", language=language, script=False)
    page = _overview(official.open("/overview"))
    assert _actual(page, words) == f"{BEFORE + MENDED:,}"
    page.locator("select[name=as_of]").select_option("2022-05-31")
    page.locator("form.switch button").click()
    assert "as_of=2022-05-31" in page.url
    assert _actual(page, words) != f"{BEFORE + MENDED:,}"


def _cell(page: Page, indicator: str) -> Locator:
    return page.locator("tr.sheet__row").filter(has=page.locator(".sheet__name", has_text=indicator))


def _value(page: Page, indicator: str) -> Locator:
    return _cell(page, indicator).locator("[data-cell]")


def _told(page: Page, indicator: str) -> Locator:
    return _cell(page, indicator).locator(".cell__error")


def _one(page: Page, indicator: str, value: str) -> dict[str, str]:
    name = _value(page, indicator).get_attribute("name")
    assert name
    return {name: value}


def _all_values(page: Page) -> dict[str, str]:
    fields = page.locator(".sheet-form :is([data-cell], [data-cell-pair], textarea)")
    read = "(all) => Object.fromEntries(all.map((field) => [field.name, field.value]))"
    found: dict[str, str] = fields.evaluate_all(read)
    return found


def _fill_what_is_missing(page: Page) -> None:
    """Stocks as in the period before and one more, shares complete."""
    for row in page.locator("tr.sheet__row").all():
        value, whole = row.locator("[data-cell]"), row.locator("[data-cell-pair]")
        if value.input_value():
            continue
        if whole.count():
            value.fill("1")
            whole.fill("1")
        else:
            # The last cell of figures before the entry holds the figure of the period before.
            before = row.locator("td.sheet__before").first.inner_text()
            value.fill(str(int(before) + 1))


def _open_from_queue(page: Page, words: Words) -> None:
    page.get_by_role("navigation").get_by_role(
        "link", name="审核" if words.month[-1] == "月" else "Review"
    ).first.click()
    page.get_by_role("row").filter(has_text=words.community).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(words.community)


def _approve(page: Page) -> None:
    """Press the button, change one's mind, press it again, and agree."""
    button = page.locator("form[action$='/approve'] button")
    button.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".pill--state-submitted")).to_be_visible()
    expect(button).to_be_focused()
    button.click()
    page.get_by_role("dialog").locator(".button--main").click()


def _overview(page: Page) -> Page:
    page.locator(".board").wait_for()
    return page


def _actual(page: Page, words: Words) -> str:
    row = page.locator(".board__row").filter(has_text=words.parking).first
    return row.locator(".board__actual .figure__number").inner_text()


def _row_of_workbook(file: Path, indicator: str) -> list[object]:
    book = load_workbook(file, data_only=True)
    for row in book.worksheets[0].iter_rows(values_only=True):
        if any(indicator in str(value) for value in row):
            return [value for value in row if value is not None]
    raise AssertionError(f"{indicator} is not in {book.worksheets[0].title}")
