"""The columns of figures, what their cells say, and the stamp by which a later change is noticed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from tracker.features.reports.queries import Cell

FIELDS = (
    "unit",
    "indicator",
    "period",
    "category",
    "value",
    "whole",
    "na",
    "reason",
    "note",
    "stamp",
    "plan",
)
"""The fields of a row, in the order in which they are read."""


class Line(NamedTuple):
    """A row of figures; None where nothing stands."""

    unit: str | None
    indicator: str | None
    period: str | date | None
    category: str | None
    value: str | None
    whole: str | None
    na: bool | None
    reason: str | None
    note: str | None
    stamp: str | None
    plan: str | None


def said_digest(said: Sequence[str]) -> str:
    """A short mark of what stands in the cells of a row: value, whole, not applicable, reason, note."""
    return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:10]


def stamp_for(cell: Cell, said: Sequence[str]) -> str:
    """What a template keeps of a cell: what was seen there when it was made, and what it showed."""
    return f"{cell.seen}.{said_digest(said)}"
