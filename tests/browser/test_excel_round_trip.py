"""Out to Excel and back in the browser: choose, download, fill in, see what is wrong, mend, confirm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import check_axe, check_layout
from tests.browser.people import PHONE, WIDE
from tests.browser.places import SHEET
from tests.kit import figures
from tests.kit.workbooks import opened

pytestmark = pytest.mark.browser

CELL = {"zh": "本期填报值", "en": "Figure of this period"}
REASON = {"zh": "原因", "en": "Reason"}
BECAUSE = "本月集中验收两个停车场"


def download(page: Page, folder: Path) -> Path:
    """Choose June in the list, and keep the workbook."""
    page.locator("#place").select_option("LC07/LC-2022/2022-06")
    with page.expect_download() as waiting:
        page.locator("form[action='/import/template.xlsx'] button").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def upload(page: Page, path: Path) -> None:
    """Hand the workbook in, and look at the preview."""
    page.locator("input[type=file]").set_input_files(path)
    page.locator("form[enctype] button[type=submit]").click()
    page.wait_for_url("**/import/figures/*")


def column(content: bytes, words: tuple[str, ...]) -> str:
    """The heading of the template that is one of these."""
    _, columns = figures.head_of(opened(content).worksheets[0])
    return next(word for word in words if word in columns)


@pytest.mark.parametrize(
    "wishes",
    [
        {"language": "zh", "size": WIDE},
        {"language": "en", "size": WIDE},
        {"language": "zh", "size": PHONE},
        {"language": "en", "size": PHONE},
        {"language": "zh", "size": WIDE, "script": False},
    ],
    ids=["zh", "en", "zh-phone", "en-phone", "zh-without-script"],
)
def test_a_workbook_goes_out_and_comes_back(
    someone, fresh: str, tmp_path: Path, wishes: dict[str, Any]
) -> None:
    who = someone(fresh, "donghu", **wishes)
    page = who.open("/import/figures")
    if wishes.get("script", True):
        check_axe(page)
    check_layout(page)
    path = download(page, tmp_path)
    content = path.read_bytes()
    cell, reason = (column(content, tuple(words.values())) for words in (CELL, REASON))

    # Letters are refused at the cell, and the marked copy says so there.
    path.write_bytes(figures.filled(content, {("I01", cell): "很多"}))
    upload(page, path)
    expect(page.locator("main input[name=fingerprint]")).to_have_count(0)
    with page.expect_download() as waiting:
        page.locator("a[href$='marked.xlsx']").first.click()
    marked = opened(Path(waiting.value.path()).read_bytes()).worksheets[0]
    head, columns = figures.head_of(marked)
    assert any(marked.cell(row, columns[cell]).comment for row in range(head + 1, marked.max_row + 1))

    who.open("/import/figures")
    path.write_bytes(figures.filled(content, {("I01", cell): 760, ("I01", reason): BECAUSE}))
    upload(page, path)
    expect(page.locator("main")).to_contain_text("760")
    check_layout(page)
    page.locator("main form:has(input[name=fingerprint]) button[type=submit]").click()
    page.wait_for_url("**/import/batches/*")
    who.open(SHEET)
    values = page.locator("main input").evaluate_all("inputs => inputs.map((each) => each.value)")
    assert "760" in values
