"""The worked case: what every figure of the sample must be."""

from __future__ import annotations

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path

from tracker.domain.numbers import round_half_up

EXPECTED = Path(__file__).resolve().parents[1] / "data" / "licun2022" / "expected.csv"

Row = dict[str, str]


@cache
def expected() -> tuple[Row, ...]:
    """All rows of expected.csv."""
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def sheets() -> list[tuple[str, str]]:
    """The (data date, unit) pairs of the case."""
    return sorted({(row["as_of"], row["unit"]) for row in expected()})


def expected_at(as_of: str, unit: str) -> dict[str, Row]:
    """The rows of one unit and data date, by indicator."""
    return {row["indicator"]: row for row in expected() if (row["as_of"], row["unit"]) == (as_of, unit)}


def shown_with(text: str, places: int) -> set[Decimal]:
    """What a figure given with two places may look like with fewer.

    Just half a step may stand for a little less, since it was rounded itself.
    """
    value = Decimal(text)
    step = Decimal(1).scaleb(-places)
    found = {round_half_up(value, places)}
    if abs(value) % step == step / 2:
        found.add(round_half_up(value, places) - step.copy_sign(value))
    return found
