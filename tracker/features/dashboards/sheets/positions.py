"""Positions in the words that other programs rely on: the columns of command line and API."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from tracker.domain.numbers import plain, round_half_up
from tracker.features.org.queries import UnitRow
from tracker.features.progress.queries import Clockwork, Standing

COLUMNS = (
    "as_of",
    "unit",
    "indicator",
    "actual",
    "target",
    "completion_rate",
    "expected_rate",
    "gap_points",
    "signal",
)


def position_rows(unit: UnitRow, clock: Clockwork, rows: Sequence[Standing]) -> list[dict[str, str]]:
    """One row per indicator; rates in percent and the gap in points with two decimals, blank: undefined."""
    return [
        {
            "as_of": clock.as_of.isoformat(),
            "unit": unit.code,
            "indicator": row.indicator.code,
            "actual": _fixed(row.position.actual, row.indicator.decimals),
            "target": _exact(row.position.target),
            "completion_rate": _fixed(row.position.completion_rate, 2),
            "expected_rate": _fixed(row.position.schedule_rate, 2),
            "gap_points": _fixed(row.position.gap, 2),
            "signal": row.position.signal.value,
        }
        for row in rows
    ]


def _fixed(value: Fraction | None, decimals: int) -> str:
    return "" if value is None else f"{round_half_up(value, decimals):f}"


def _exact(value: Fraction | None) -> str:
    return "" if value is None else plain(Decimal(value.numerator) / value.denominator)
