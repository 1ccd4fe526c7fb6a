"""Pages that the browser has put to sleep: they show themselves again only to the user they were made for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.chromium import start_chromium
from tests.browser.people import Person, person
from tests.browser.places import SHEET

pytestmark = pytest.mark.browser

UNIT = "吉庆社区"


@pytest.fixture(scope="module")
def keeper(browser: Browser) -> Iterator[Browser]:
    """A Chromium that keeps the pages that were left."""
    kept = start_chromium(browser.browser_type, keeps_pages=True)
    yield kept
    kept.close()


@pytest.fixture
def donghu(keeper: Browser, fresh: str) -> Iterator[Person]:
    """A reporter with their sheet open, who has typed something that is not sent yet."""
    with person(keeper, fresh, language="zh") as who:
        who.sign_in("donghu")
        who.open(SHEET)
        yield who


def go_back(page: Page) -> None:
    """Press Back; the browser tells of no navigation when it wakes a page."""
    page.evaluate("history.back()")


def test_back_wakes_the_page_of_whoever_is_still_signed_in(donghu: Person) -> None:
    page = donghu.page
    page.evaluate("window.wasLeft = true")
    donghu.open("/reports")
    go_back(page)
    page.wait_for_function("window.wasLeft === true")  # It was woken, not fetched.
    expect(page.locator("main")).to_be_visible()


def test_back_shows_nothing_after_signing_out(donghu: Person) -> None:
    page = donghu.page
    page.evaluate("window.wasLeft = true")
    donghu.open("/reports")
    donghu.sign_out()
    page.evaluate("history.go(-2)")
    page.wait_for_url("**/sign-in?next=**")
    assert not page.evaluate("window.wasLeft")


def test_back_shows_nothing_of_the_first_user_to_the_second(donghu: Person) -> None:
    page = donghu.page
    page.evaluate("window.wasLeft = true")
    donghu.open("/reports")
    cookies = [c for c in donghu.context.cookies() if c["name"] in {"language", "text_size"}]
    donghu.context.clear_cookies()
    donghu.context.add_cookies(cookies)
    with page.expect_navigation():
        page.evaluate("location.href = '/sign-in'")
    page.locator("form:has(input[name=username][value=shenji]) button").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.evaluate("history.go(-3)")
    page.wait_for_url("**/account")
    assert not page.evaluate("window.wasLeft")


@pytest.mark.parametrize("trouble", ["busy", "silent", "gone"])
def test_a_server_in_trouble_takes_no_page_away(donghu: Person, trouble: str) -> None:
    page = donghu.page

    def answer(route: Route) -> None:
        if trouble == "busy":
            route.fulfill(status=503, body="")
        elif trouble == "gone":
            route.abort()
        # A silent server says nothing at all, and the page must not stay hidden for ever.

    page.evaluate("window.wasLeft = true")
    donghu.open("/reports")
    donghu.context.route("**/account?user=*", answer)
    go_back(page)
    page.wait_for_function("window.wasLeft === true")
    expect(page.locator("main")).to_be_visible(timeout=8000)
    donghu.complaints.clear()  # The browser itself notes the request that was refused.
