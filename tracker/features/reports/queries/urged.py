"""Reminders of reports, asked of the room that gives them, which comes after this one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import cast

from flask import current_app

ASK_FOR_URGES = "ask_for_urges"
"""The extension of the application that tells the day of the last reminder, by unit and period id."""

Pairs = Collection[tuple[int, int]]


def last_urged(reports: Pairs) -> Mapping[tuple[int, int], date]:
    """The day of the last reminder of each report that was urged, by unit and period id."""
    if not reports:
        return {}
    ask = cast(Callable[[Pairs], Mapping[tuple[int, int], date]], current_app.extensions[ASK_FOR_URGES])
    return ask(reports)
