"""What every page has to keep to, looked up inside the browser."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page, expect

from tests.browser.people import PHONE, SMALL, TAGS, WIDE, Person

SCRIPT = Path(__file__).with_name("checks.js").read_text(encoding="utf-8")

STRANGE = {
    "zh": re.compile(r"(?<![\w-])(?!(?:Excel|xlsx|docx|WebP|Ctrl)\b)[A-Za-z]{4,}"),
    "en": re.compile("[\u3400-\u9fff]"),
}
"""What shows that words of a page were not put into its language; codes have less than four letters."""


def look(page: Page, what: str, *arguments: str) -> Any:
    """Ask one of the questions of ``checks.js``."""
    asked = ", ".join(json.dumps(argument) for argument in arguments)
    return page.evaluate(f"{SCRIPT.strip()}.{what}({asked})")


def check_text(someone: Person) -> None:
    """One heading, the language said and kept to."""
    page, language = someone.page, someone.language
    expect(page.locator("h1")).to_have_count(1)
    assert page.locator("html").get_attribute("lang") == TAGS[language]
    strange = [text for text in [page.title(), *look(page, "words")] if STRANGE[language].search(text)]
    assert not strange, strange


def check_layout(page: Page) -> None:
    """Nothing sticks out at the sides and no word is cut off."""
    for what in ("overflow", "squeezed"):
        found = look(page, what)
        assert not found, (what, page.viewport_size, found)


def check_targets(page: Page) -> None:
    """What is touched is 44 pixels high or more."""
    found = look(page, "lowTargets")
    assert not found, found


def check_axe(page: Page) -> None:
    """No finding of axe, with all its rules."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe())
    found = page.evaluate("() => axe.run({ resultTypes: ['violations'] }).then((all) => all.violations)")
    told = [
        f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:4]]}" for one in found
    ]
    assert not told, json.dumps([page.viewport_size, *told], ensure_ascii=False, indent=1)


def check_everywhere(someone: Person) -> None:
    """The page as it stands keeps to all of this on every screen."""
    check_text(someone)
    for width, height in (WIDE, PHONE, SMALL):
        someone.page.set_viewport_size({"width": width, "height": height})
        check_layout(someone.page)
        check_axe(someone.page)
        if (width, height) == PHONE:
            check_targets(someone.page)
    someone.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})


@cache
def _axe() -> str:
    return AXE_FILE_PATH.read_text(encoding="utf-8")
