"""The whole worked case through the pure rules: every figure of expected.csv from the sample's own files."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from tracker.domain.measures import Direction, Measure, ratio_factor
from tracker.domain.numbers import PLACES, parse_number, round_half_up
from tracker.domain.periods import Frequency, periods_of
from tracker.domain.progress import Aim, Calendar, Limits, Position, position
from tracker.domain.rollup import WHOLE, Difference, Key, Reported, ValueState, differences
from tracker.domain.schedule import Schedule, schedule_progress

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "tracker" / "sample" / "licun2022"
EXPECTED = ROOT / "tests" / "data" / "licun2022" / "expected.csv"
FIRST, LAST = date(2022, 1, 1), date(2022, 12, 31)
PERIODS = {span.code: span for span in periods_of(FIRST, LAST, Frequency.MONTH)}
SCALE = 10**PLACES

Row = dict[str, str]


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def scaled(text: str) -> int:
    return int(parse_number(text, decimals=PLACES) * SCALE) if text else 0


def fraction(text: str) -> Fraction | None:
    return Fraction(Decimal(text)) if text else None


@cache
def indicators() -> dict[str, Row]:
    return {row["code"]: row for row in read(SAMPLE / "indicators.csv")}


@cache
def balances() -> dict[tuple[str, str], dict[Key, Difference]]:
    """Unit and indicator -> differences of the unit and everything below it."""
    above = {row["code"]: row["parent"] for row in read(SAMPLE / "units.csv")}
    categories = {
        code: {name: number for number, name in enumerate(row["categories"].split("|"), 1)} | {"": WHOLE}
        for code, row in indicators().items()
    }
    entries: dict[tuple[str, str], list[Reported]] = defaultdict(list)
    for row in read(SAMPLE / "values.csv"):
        entries[row["unit"], row["indicator"]].append(
            Reported(
                categories[row["indicator"]][row["category"]],
                PERIODS[row["period"]].ends_on,
                ValueState.VALUE,
                scaled(row["value"]),
                scaled(row["denominator"]),
            )
        )
    found: dict[tuple[str, str], dict[Key, Difference]] = defaultdict(dict)
    for (unit, indicator), reported in entries.items():
        rows = differences(Measure(indicators()[indicator]["measure"]), reported)
        node = unit
        while node:
            for key, added in rows.items():
                here = found[node, indicator]
                here[key] = here.get(key, Difference()) + added
            node = above[node]
    return found


@cache
def curves() -> dict[str, list[tuple[date, Fraction]]]:
    found: dict[str, list[tuple[date, Fraction]]] = defaultdict(list)
    for row in read(SAMPLE / "curves.csv"):
        found[row["indicator"]].append(
            (PERIODS[row["period"]].ends_on, Fraction(Decimal(row["cumulative_share"])))
        )
    return found


@cache
def aims() -> dict[tuple[str, str], Aim]:
    return {
        (row["unit"], row["indicator"]): Aim(fraction(row["target"]), fraction(row["baseline"]))
        for row in read(SAMPLE / "targets.csv")
    }


def standing(unit: str, code: str, as_of: date) -> Position:
    indicator = indicators()[code]
    total = Difference()
    for (category, ends_on), row in balances()[unit, code].items():
        if category == WHOLE and ends_on <= as_of:
            total += row
    actual = None
    if total.covered and Measure(indicator["measure"]).has_denominator:
        actual = Fraction(total.value * ratio_factor(indicator["unit_of_measure"]), total.denominator)
    elif total.covered:
        actual = Fraction(total.value, SCALE)
    return position(
        actual=actual,
        aim=aims().get((unit, code), Aim()),
        direction=Direction(indicator["direction"]),
        schedule_share=schedule_progress(
            Schedule(indicator["schedule"]),
            starts_on=FIRST,
            ends_on=LAST,
            as_of=as_of,
            curve=curves().get(code, ()),
        ),
        limits=Limits(),
        calendar=Calendar(as_of, LAST, sum(span.ends_on > as_of for span in PERIODS.values())),
    )


def shown(value: Fraction | None, decimals: int = 2) -> str:
    return "" if value is None else str(round_half_up(value, decimals))


def in_words(row: Row) -> Row:
    """The same row with the figures of the rules."""
    found = standing(row["unit"], row["indicator"], date.fromisoformat(row["as_of"]))
    return {
        "as_of": row["as_of"],
        "unit": row["unit"],
        "indicator": row["indicator"],
        "actual": shown(found.actual, int(indicators()[row["indicator"]]["decimals"])),
        "target": "" if found.target is None else str(found.target),
        "completion_rate": shown(found.completion_rate),
        "expected_rate": shown(found.schedule_rate),
        "gap_points": shown(found.gap),
        "signal": found.signal.value,
    }


@pytest.mark.parametrize("as_of", sorted({row["as_of"] for row in read(EXPECTED)}))
def test_every_figure_of_the_worked_case_is_reproduced(as_of: str) -> None:
    rows = [row for row in read(EXPECTED) if row["as_of"] == as_of]
    assert len(rows) == 123
    assert [in_words(row) for row in rows] == rows


def test_the_townships_own_figures_of_june_are_reached() -> None:
    # The township's own figures for 29 June 2022; months are dated by their last day.
    june = date(2022, 6, 30)
    figures = {code: standing("LC", code, june).actual for code in indicators()}
    assert figures["I01"] == 20_000
    assert figures["I07"] == 29
    assert figures["I08"] == 154
    assert figures["I09"] == 63
    assert figures["I10"] == 650
    assert figures["I11"] == 5
    assert figures["I12"] == 100
    assert figures["I15"] == 6
    assert figures["I03"] is not None
    assert figures["I03"] > 100  # above one million yuan, counted in units of ten thousand


def test_the_townships_additive_figures_are_the_sum_of_its_communities() -> None:
    for code, indicator in indicators().items():
        if not Measure(indicator["measure"]).is_additive or code == "I15":  # reported by the township itself
            continue
        for span in PERIODS.values():
            parts = [standing(f"LC0{n}", code, span.ends_on).actual or 0 for n in range(1, 9)]
            assert sum(parts) == (standing("LC", code, span.ends_on).actual or 0), (code, span.code)
