"""People with a browser window each: what they see is watched for errors and for strangers' addresses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Dialog, Page, Request

LONGEST_STEP = 15_000
TAGS = {"zh": "zh-CN", "en": "en"}
WIDE, PHONE, SMALL = (1440, 900), (390, 844), (320, 800)

SESSIONS: dict[tuple[str, str], list[Any]] = {}
"""Cookies of those who are signed in, by server and user name."""


class Person:
    """Someone at a browser window of their own, with one page open."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        *,
        language: str,
        size: tuple[int, int] = WIDE,
        script: bool = True,
    ) -> None:
        self.url = url
        self.complaints: list[str] = []
        self.dialogs: list[str] = []
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            locale=TAGS[language],
            java_script_enabled=script,
            accept_downloads=True,
        )
        self.context.set_default_timeout(LONGEST_STEP)
        self.context.on("request", self._look_at_request)
        self.speak(language)
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda message: self._hear(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("dialog", self._answer)

    def speak(self, language: str) -> None:
        """Choose the language of the pages to come."""
        self.language = language
        self.context.add_cookies([{"name": "language", "value": language, "url": self.url}])

    def open(self, path: str) -> Page:
        """Open an address of the server."""
        self.page.goto(self.url + path)
        return self.page

    def sign_in(self, username: str) -> Page:
        """Enter by the one click that the sign-in page of the sample offers for this user."""
        page = self.open("/sign-in")
        page.locator(f"form:has(input[name=username][value={username}]) button").click()
        page.wait_for_url(lambda url: "sign-in" not in url)
        return page

    def sign_out(self) -> None:
        """Sign out from the page that is open, by its own button."""
        self.page.locator("form[action='/sign-out'] button:visible").first.click()
        self.page.wait_for_url("**/sign-in")

    def come_back(self, username: str) -> None:
        """Be signed in as this user: the first to come enters, the others bring that session along."""
        kept = SESSIONS.setdefault((self.url, username), [])
        if not kept:
            self.sign_in(username)
            kept += [
                cookie for cookie in self.context.cookies() if cookie["name"] not in {"language", "text_size"}
            ]
        self.context.add_cookies(kept)

    def close(self) -> None:
        """Close the window without answering anything."""
        self.context.close()

    def _look_at_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.url}/", "data:", "blob:")):
            self.complaints.append(f"asks another host: {request.url}")

    def _hear(self, kind: str, text: str) -> None:
        # The browser itself notes every refused form or page; that is what these pages are for.
        if kind in {"error", "warning"} and not text.startswith(
            "Failed to load resource: the server responded"
        ):
            self.complaints.append(f"console {kind}: {text}")

    def _answer(self, dialog: Dialog) -> None:
        """Stay on a page that asks before it is left; agree with anything else."""
        self.dialogs.append(dialog.type)
        if dialog.type == "beforeunload":
            dialog.dismiss()
        else:
            dialog.accept()


@contextmanager
def person(browser: Browser, url: str, **wishes: Any) -> Iterator[Person]:
    """Someone who leaves at the end, and of whose pages nothing was to be complained about."""
    someone = Person(browser, url, **wishes)
    try:
        yield someone
        assert not someone.complaints, someone.complaints
    finally:
        someone.close()
