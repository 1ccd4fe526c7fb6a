"""Geometry of the small drawings, as texts for SVG attributes, and the data of the trend chart."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext

from tracker.core.format import number, period_label, short_period_label
from tracker.core.i18n import language, name_of
from tracker.domain.numbers import round_half_up
from tracker.domain.progress import Position
from tracker.domain.schedule import schedule_progress
from tracker.features.plans.queries import IndicatorRow
from tracker.features.progress.queries import Clockwork, Standing

TRACK = 110
"""Length of a bullet bar: percent of the target."""

SPARK_WIDTH, SPARK_HEIGHT, SPARK_MARGIN = 72, 24, 4
SPARK_PERIODS = 6


@dataclass(frozen=True)
class Bullet:
    """Lengths in a view box of 110 × 10; None: not drawn."""

    expected: str | None
    actual: str | None
    target: str | None


@dataclass(frozen=True)
class Spark:
    """A line in a view box of 72 × 24, its last point, and what it says."""

    points: str
    end_x: str
    end_y: str
    label: str


@dataclass(frozen=True)
class Trend:
    """Columns of actuals and the line of the plan, period by period; numbers as plain decimals."""

    title: str
    unit_of_measure: str
    labels: tuple[str, ...]
    actual: tuple[str | None, ...]
    plan: tuple[str | None, ...] | None
    texts: tuple[str, ...]
    plan_texts: tuple[str, ...]
    json: str
    summary: str
    indicator_url: str


def bullet(position: Position) -> Bullet:
    """The bullet bar of a position: 100 is the target."""
    if position.target is None:
        return Bullet(None, None, None)
    rate = position.completion_rate
    return Bullet(
        expected=_length(position.schedule_rate),
        actual=None if rate is None else _length(rate),
        target="100",
    )


def spark(standing: Standing, clock: Clockwork) -> Spark | None:
    """The last six actuals as a line; None when there are fewer than two."""
    recent = [
        (period, actual)
        for period, actual in zip(clock.ended, standing.history, strict=True)
        if actual is not None
    ][-SPARK_PERIODS:]
    if len(recent) < 2:
        return None
    values = [float(actual) for _, actual in recent]
    low, high = min(values), max(values)
    width = SPARK_WIDTH - 2 * SPARK_MARGIN
    height = SPARK_HEIGHT - 2 * SPARK_MARGIN
    points = [
        (
            f"{SPARK_MARGIN + width * place / (len(values) - 1):.1f}",
            f"{SPARK_MARGIN + height * (1 - ((value - low) / (high - low) if high > low else 0.5)):.1f}",
        )
        for place, value in enumerate(values)
    ]
    decimals = standing.indicator.decimals
    said = [f"{short_period_label(period.code)} {number(actual, decimals)}" for period, actual in recent]
    return Spark(" ".join(",".join(point) for point in points), *points[-1], label=_joined(said))


def trend(standing: Standing, clock: Clockwork, url: str) -> Trend:
    """Actual against plan at the end of each period of the plan."""
    indicator = standing.indicator
    labels = tuple(short_period_label(period.code) for period in clock.periods)
    history = [*standing.history, *[None] * (len(clock.periods) - len(standing.history))]
    actual = tuple(_plain(value, indicator) for value in history)
    plan = _planned(standing.position, indicator, clock)
    texts = tuple("" if value is None else number(value, indicator.decimals) for value in history)
    said = [
        f"{period_label(period.code)} {number(value, indicator.decimals)}"
        for period, value in zip(clock.periods, history, strict=True)
        if value is not None
    ]
    uom = unit_of_measure(indicator)
    return Trend(
        title=gettext("%(indicator)s, running", indicator=name_of(indicator)),
        unit_of_measure=uom,
        labels=labels,
        actual=actual,
        plan=None if plan is None else tuple(_plain(value, indicator) for value in plan),
        texts=texts,
        plan_texts=tuple(number(value, indicator.decimals) for value in plan or ()),
        json=json.dumps(
            {
                "labels": labels,
                "actual": actual,
                "plan": [_plain(value, indicator) for value in plan or ()],
                "texts": texts,
            },
            ensure_ascii=False,
        ),
        summary=gettext(
            "%(indicator)s in %(unit)s: %(numbers)s",
            indicator=name_of(indicator),
            unit=uom,
            numbers=_joined(said) or gettext("no figures yet"),
        ),
        indicator_url=url,
    )


def unit_of_measure(indicator: IndicatorRow) -> str:
    """The unit of measure in the language being spoken."""
    return (language() == "en" and indicator.unit_of_measure_en) or indicator.unit_of_measure


def _planned(position: Position, indicator: IndicatorRow, clock: Clockwork) -> tuple[Fraction, ...] | None:
    if position.target is None:
        return None
    baseline = position.baseline or Fraction(0)
    way = position.target - baseline
    return tuple(
        baseline
        + way
        * schedule_progress(
            indicator.schedule,
            starts_on=clock.plan.starts_on,
            ends_on=clock.plan.ends_on,
            as_of=period.ends_on,
            curve=indicator.curve,
        )
        for period in clock.periods
    )


def _plain(value: Fraction | None, indicator: IndicatorRow) -> str | None:
    return None if value is None else f"{round_half_up(value, indicator.decimals):f}"


def _length(rate: Fraction) -> str:
    kept = min(max(rate, Fraction(0)), Fraction(TRACK))
    return f"{float(kept):.2f}".rstrip("0").rstrip(".")


def _joined(parts: Sequence[str]) -> str:
    return (", " if language() == "en" else "，").join(parts)
