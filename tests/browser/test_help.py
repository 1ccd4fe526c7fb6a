"""The longer help of an indicator: by F1 from its cell, by its name, by a finger, and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.checks import check_axe, check_layout
from tests.browser.people import PHONE, WIDE
from tests.browser.places import SHEET

pytestmark = pytest.mark.browser


def first_and_second(page: Page) -> tuple[Locator, Locator]:
    """Two rows of the sheet whose indicators have longer help."""
    rows = page.locator("main tr:has(details[data-guide])")
    return rows.nth(0), rows.nth(1)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_opens_by_a_key_and_gives_the_cell_back(someone, shared: str, language: str) -> None:
    page = someone(shared, "donghu", language=language, size=WIDE).open(SHEET)
    first, second = first_and_second(page)
    cell = first.locator("input:not([type=hidden])").first
    cell.focus()
    page.keyboard.press("F1")
    help_ = first.locator("details[data-guide]")
    expect(help_).to_have_attribute("open", "")
    expect(help_.locator(".guide__words")).to_be_visible()
    expect(help_.locator("[data-guide-close]")).to_be_focused()
    check_axe(page)
    check_layout(page)
    page.keyboard.press("Escape")
    expect(help_).not_to_have_attribute("open", "")
    expect(cell).to_be_focused()
    # One at a time: the help of another row takes the place of the first.
    page.keyboard.press("F1")
    second.locator("details[data-guide] summary").click()
    expect(second.locator(".guide__words")).to_be_visible()
    expect(help_).not_to_have_attribute("open", "")


@pytest.mark.parametrize(
    "wishes",
    [
        {"language": "zh", "size": PHONE},
        {"language": "en", "size": PHONE},
        {"language": "zh", "script": False},
    ],
    ids=["zh-phone", "en-phone", "zh-without-script"],
)
def test_help_opens_by_the_name_of_the_indicator(someone, shared: str, wishes: dict[str, Any]) -> None:
    page = someone(shared, "donghu", **wishes).open(SHEET)
    first, _ = first_and_second(page)
    name = first.locator("details[data-guide] summary")
    name.click()
    expect(first.locator(".guide__words")).to_be_visible()
    check_layout(page)
    if wishes.get("script", True):
        first.locator("[data-guide-close]").click()
    else:
        name.click()
    expect(first.locator(".guide__words")).not_to_be_visible()
