"""Evidence in a browser: several files with progress, looking at them by keys, all also without script."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.checks import check_axe, check_everywhere
from tests.browser.places import EVIDENCE, SHEET
from tests.kit.uploads import PDF, photo

pytestmark = pytest.mark.browser

FILES: list[FilePayload] = [
    {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo(shade=10)},
    {"name": "b.jpg", "mimeType": "image/jpeg", "buffer": photo(shade=200, turned=6)},
    {"name": "c.pdf", "mimeType": "application/pdf", "buffer": PDF},
    {"name": "d.jpg", "mimeType": "image/jpeg", "buffer": b"<svg onload='alert(1)'/>"},
]


def test_files_are_added_with_progress_and_looked_at_by_keys(someone, fresh: str) -> None:
    who = someone(fresh, "donghu", language="zh")
    page = who.open(EVIDENCE)
    page.locator("#files").set_input_files(FILES)
    page.locator("[name=caption]").fill("楼前新增")
    page.locator(".evidence-add button[type=submit]").click()
    expect(page.locator("[data-said]")).to_have_text("已添加 3 件。 未能添加 1 件。")
    expect(page.locator(".uploads__file--done")).to_have_count(3)
    expect(page.locator(".uploads__file--failed")).to_contain_text("SVG")
    expect(page.locator(".piece")).to_have_count(3)
    page = who.open(EVIDENCE)
    check_everywhere(who)

    # The dialog: opened from the sheet, the neighbours by the arrows, back where one was by Escape.
    page = who.open(SHEET)
    first = page.locator(".sheet [data-piece]").first
    first.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".viewer-dialog__place")).to_have_text("第 1 件，共 3 件")
    expect(dialog.get_by_role("img")).to_have_attribute("alt", "楼前新增")
    check_axe(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(dialog.locator(".viewer-dialog__place")).to_have_text("第 3 件，共 3 件")
    expect(dialog).to_contain_text("下载后查看")
    page.keyboard.press("ArrowLeft")
    expect(dialog.locator(".viewer-dialog__place")).to_have_text("第 2 件，共 3 件")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator(".sheet [data-piece]").nth(1)).to_be_focused()

    # The same on the page of one piece.
    who.open(first.get_attribute("href"))
    check_everywhere(who)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".head__sentence")).to_contain_text("第 2 件")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".head__sentence")).to_contain_text("第 1 件")
    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: url.endswith(EVIDENCE))

    reviewer = someone(fresh, "chuangjianban", language="zh")
    reviewer.open(f"/review{SHEET.removeprefix('/reports')}")
    expect(reviewer.page.locator(".evidence-beside .thumb__img").first).to_be_visible()
    check_everywhere(reviewer)


def test_everything_works_without_script(someone, fresh: str) -> None:
    who = someone(fresh, "donghu", language="zh", script=False)
    page = who.open(SHEET)
    page.locator(".evidence-link").first.click()
    page.locator("#files").set_input_files(FILES)
    page.locator("[name=caption]").fill("楼前新增")
    page.locator(".evidence-add button[type=submit]").click()
    expect(page.locator(".summary")).to_contain_text("d.jpg")
    expect(page.locator(".piece")).to_have_count(3)
    page.locator(".piece .thumb").first.click()
    page.locator("a[rel=next]").click()
    page.locator("a[data-close]").click()
    piece = page.locator(".piece").first
    piece.locator("summary").nth(0).click()
    piece.locator("[name=caption]").fill("另一处")
    piece.locator("button").first.click()
    expect(page.locator(".piece__title").first).to_have_text("另一处")
    piece.locator("summary").nth(1).click()
    piece.locator(".button--danger").click()
    expect(page.locator(".piece")).to_have_count(2)


def test_files_can_be_dropped_and_a_phone_offers_its_camera(someone, fresh: str) -> None:
    who = someone(fresh, "donghu", language="zh")
    page = who.open(EVIDENCE)
    page.locator(".evidence-add").evaluate(
        """(zone, bytes) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array(bytes)], "drop.jpg", { type: "image/jpeg" }));
          zone.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        list(photo()),
    )
    expect(page.locator(".piece")).to_have_count(1)
    camera = page.locator("#camera")
    assert camera.get_attribute("capture") == "environment"
    camera.set_input_files({"name": "now.jpg", "mimeType": "image/jpeg", "buffer": photo(shade=99)})
    expect(page.locator(".piece")).to_have_count(2)
