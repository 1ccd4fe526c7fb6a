"""Fixtures: one browser, servers on copies of the sample, and people in front of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.chromium import LEFT_OUT, give_up, start_chromium
from tests.browser.server import Server, copy_sample, make_sample

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.browser.people import Person

    MakePerson = Callable[..., Person]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; every person has a profile of their own in it."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        give_up("Playwright is missing. Install it: python -m pip install -r requirements-test.txt")
    with sync_playwright() as playwright:
        chromium = start_chromium(playwright.chromium)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with the sample's story, made once, to be copied."""
    folder = tmp_path_factory.mktemp("sample") / "instance"
    make_sample(folder)
    return folder


@pytest.fixture(scope="session")
def shared(browser: Browser, sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server for tests that change nothing."""
    server = Server(copy_sample(sample, tmp_path_factory.mktemp("shared") / "instance"))
    yield server.url
    server.stop()


@pytest.fixture
def fresh(browser: Browser, sample: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a server of this test's own."""
    server = Server(copy_sample(sample, tmp_path / "instance"))
    yield server.url
    server.stop()


@pytest.fixture
def someone(browser: Browser) -> Iterator[MakePerson]:
    """Makes people, ``someone(url, "donghu", language="zh")``; at the end their pages had no fault."""
    from tests.browser.people import person

    with ExitStack() as stack:

        def make(url: str, username: str | None = None, *, language: str = "zh", **wishes: Any) -> Person:
            made = stack.enter_context(person(browser, url, language=language, **wishes))
            if username is not None:
                made.come_back(username)
            return made

        yield make


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the very end when the browser was left out, since a skipped test is easily overlooked."""
    skipped = [
        report for report in terminalreporter.stats.get("skipped", []) if LEFT_OUT in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.section("NOT TESTED IN A BROWSER", red=True, bold=True)
        reason = skipped[0].longrepr[-1] if isinstance(skipped[0].longrepr, tuple) else skipped[0].longrepr
        terminalreporter.line(f"{len(skipped)} tests: {reason}", red=True)
