"""The first run in a real browser: by keyboard alone, without script, on small screens, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import check_everywhere
from tests.browser.server import Server
from tests.kit.command import tracker
from tests.kit.first_run import PASSWORD

pytestmark = pytest.mark.browser


@pytest.fixture
def waiting(browser: object, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A server of an instance that was just initialised: its address, and the code."""
    folder = tmp_path / "instance"
    said = tracker("init", folder=folder).out
    server = Server(folder)
    yield server.url, said.split("/setup?code=")[1].split()[0]
    server.stop()


def go_on(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main form button[type=submit]").click()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_step_is_whole_also_when_it_is_refused(
    someone, waiting: tuple[str, str], language: str
) -> None:
    url, code = waiting
    who = someone(url, language=language)
    page = who.open("/overview")
    check_everywhere(who)
    page.locator("#code").fill("ACDE")
    go_on(page)
    check_everywhere(who)
    page.locator("#code").fill(code)
    go_on(page)
    expect(page.locator("#language")).to_have_value(language)
    check_everywhere(who)
    go_on(page)
    go_on(page)
    expect(page.locator("#name-error")).to_be_visible()
    check_everywhere(who)
    page.locator("#name").fill("李村镇" if language == "zh" else "Licun Township")
    page.locator("#code").fill("LC")
    go_on(page)
    page.locator("#ends_on").fill("2020-01-01")
    go_on(page)
    expect(page.locator("#ends_on-error")).to_be_visible()
    check_everywhere(who)
    page.locator("#ends_on").fill("2030-12-31")
    go_on(page)
    page.locator("#username").fill("admin")
    page.locator("#password").fill("x")
    go_on(page)
    expect(page.locator("#password-error")).to_be_visible()
    check_everywhere(who)
    for name in ("#password", "#again"):
        page.locator(name).fill(PASSWORD)
    go_on(page)
    page.wait_for_url("**/next-steps")
    check_everywhere(who)
    # The way that led here is gone for good.
    assert page.goto(f"{url}/setup/administrator").status == 404


def test_the_keyboard_alone_is_enough(someone, waiting: tuple[str, str]) -> None:
    url, code = waiting
    page = someone(url, language="en").open("/")
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type(code.lower())
    page.keyboard.press("Enter")
    page.wait_for_url("**/setup/place")
    _fill(page, {"language": None, "time_zone": None})
    page.wait_for_url("**/setup/unit")
    _fill(page, {"name": "Licun", "name_en": "Licun", "kind": None, "code": "LC"})
    page.wait_for_url("**/setup/start")
    page.locator("input[value=sample]").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("input[value=empty]")).to_be_checked()
    page.keyboard.press("Enter")
    page.wait_for_url("**/setup/administrator")
    typed = {"label": None, "label_en": None, "username": "admin", "password": PASSWORD, "again": PASSWORD}
    _fill(page, typed)
    page.wait_for_url("**/plans/new")


def test_no_script_is_needed(someone, waiting: tuple[str, str]) -> None:
    url, code = waiting
    page = someone(url, language="zh", script=False).open(f"/setup?code={code}")
    assert code not in page.url
    go_on(page)
    page.locator("#name").fill("李村镇")
    page.locator("#code").fill("LC")
    go_on(page)
    go_on(page)
    page.locator("#username").fill("admin")
    for name in ("#password", "#again"):
        page.locator(name).fill(PASSWORD)
    go_on(page)
    expect(page.locator("h1")).to_have_text("下一步工作")


def _fill(page: Page, typed: dict[str, str | None]) -> None:
    """Go from field to field by Tab, type where there is something to type, and send with Enter."""
    first = next(iter(typed))
    page.locator(f"#{first}").focus()
    for name, text in typed.items():
        expect(page.locator(f"#{name}")).to_be_focused()
        if text:
            page.keyboard.type(text)
        page.keyboard.press("Tab")
    expect(page.locator("main form button[type=submit]")).to_be_focused()
    page.keyboard.press("Enter")
