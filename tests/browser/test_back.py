"""The button Back: a refused form comes back whole, and nothing private comes back after signing out."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.places import SHEET

pytestmark = pytest.mark.browser


def _be_refused(page: Page) -> None:
    """Send the form for a new unit with a name only."""
    page.locator("#name").fill("东岭社区")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()
    expect(page.locator("main .field__error").first).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_back_shows_a_refused_form_again(someone, shared: str, script: bool) -> None:
    who = someone(shared, "guanli", script=script)
    page = who.open("/units/LC/add")
    _be_refused(page)
    who.open("/units")
    page.go_back()
    expect(page.locator("main .field__error").first).to_be_visible()
    expect(page.locator("#name")).to_have_value("东岭社区")


@pytest.mark.parametrize("path", ["/units/LC01", SHEET])
def test_back_shows_nothing_private_after_signing_out(someone, fresh: str, path: str) -> None:
    who = someone(fresh)
    page = who.sign_in("guanli" if path != SHEET else "donghu")
    who.open(path)
    who.sign_out()
    page.go_back()
    page.wait_for_url("**/sign-in**")


def test_back_shows_no_refused_form_after_signing_out(someone, fresh: str) -> None:
    who = someone(fresh)
    page = who.sign_in("guanli")
    who.open("/units/LC/add")
    _be_refused(page)
    who.sign_out()
    try:
        page.go_back()
    except Exception as error:  # the browser has nothing to show, and says so
        assert "ERR_CACHE_MISS" in str(error)
        return
    page.wait_for_timeout(500)
    assert "东岭社区" not in page.locator("html").inner_text()
    expect(page.locator("#name")).not_to_be_visible()
