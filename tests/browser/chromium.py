"""Finding a Chromium on this computer, and starting it so that it keeps to itself."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserType

LEFT_OUT = "BROWSER LEFT OUT"

ASKED = os.environ.get("TRACKER_CHROMIUM", "")
"""The browser that the developer names; read on import, because tests run without such settings."""

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-quic",
    "--disable-component-update",
    "--disable-sync",
]


def start_chromium(chromium: BrowserType, *, keeps_pages: bool = False) -> Browser:
    """A Chromium with a new and empty profile, which it removes at the end.

    Playwright has it forget the pages that were left; with ``keeps_pages`` it puts them to sleep, as
    people's browsers do, and wakes them up for the button Back.
    """
    path = next(_places(chromium), None)
    if path is None:
        give_up(
            "no Chromium was found. Install one (Debian: apt-get install chromium fonts-noto-cjk; elsewhere: "
            "python -m playwright install chromium), or name its program in TRACKER_CHROMIUM."
        )
    left_out = ["--disable-back-forward-cache"] if keeps_pages else None
    return chromium.launch(executable_path=path, args=FLAGS, timeout=60_000, ignore_default_args=left_out)


def give_up(reason: str) -> NoReturn:
    """Leave the browser tests out, loudly; where everything has to be tested, fail."""
    said = f"{LEFT_OUT}: {reason}"
    if os.environ.get("CI"):
        pytest.fail(said)
    pytest.skip(said)  # No Chromium on a developer's machine; the summary at the end says so again.


def _places(chromium: BrowserType) -> Iterator[str]:
    if ASKED:
        # A name that leads nowhere must not silently become another browser.
        found = shutil.which(ASKED)
        if found is None:
            give_up(f"TRACKER_CHROMIUM is {ASKED!r}, which is not a program here.")
        else:
            yield found
    yield from filter(None, map(shutil.which, NAMES))
    own = chromium.executable_path
    if Path(own).is_file():
        yield own
