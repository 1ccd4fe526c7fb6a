"""What overview and indicator page share: rows, addresses, choices and notes."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask import url_for
from flask_babel import gettext

from tracker.core.clock import today
from tracker.core.format import day, period_label
from tracker.core.instance import instance_facts
from tracker.domain.progress import Position, Signal
from tracker.features.dashboards.charts import Bullet, Spark, bullet, spark
from tracker.features.dashboards.queries import View
from tracker.features.org.queries import UnitRow
from tracker.features.plans.queries import IndicatorRow
from tracker.features.progress.queries import Coverage, Standing


@dataclass(frozen=True)
class Row:
    """An indicator on a dashboard."""

    indicator: IndicatorRow
    position: Position
    coverage: Coverage
    increase: Fraction | None
    bullet: Bullet
    spark: Spark | None
    url: str


@dataclass(frozen=True)
class Option:
    """A choice in a list."""

    value: str
    label: str
    selected: bool


def row_of(view: View, standing: Standing) -> Row:
    """A standing as a row of a dashboard."""
    return Row(
        standing.indicator,
        standing.position,
        standing.coverage,
        standing.increase,
        bullet(standing.position),
        spark(standing, view.clock),
        indicator_url(view, standing.indicator),
    )


def address_of(view: View) -> dict[str, Any]:
    """The parameters that keep unit, data date and plan in the address."""
    address = {
        "unit": view.unit.code,
        "as_of": view.clock.as_of.isoformat(),
        "plan": view.clock.plan.code,
    }
    return address | ({"known_on": view.known_on.isoformat()} if view.known_on else {})


def overview_url(view: View, *, unit: UnitRow | None = None, signal: Signal | None = None) -> str:
    """The address of an overview; without more, of the one being looked at."""
    address = address_of(view) | ({"unit": unit.code} if unit else {})
    return url_for("dashboards.overview", **address, signal=signal.value if signal else None)


def indicator_url(view: View, indicator: IndicatorRow, unit: UnitRow | None = None) -> str:
    """The address of an indicator's page at the unit being looked at, or at another."""
    address = address_of(view) | ({"unit": unit.code} if unit else {})
    return url_for("dashboards.indicator", code=indicator.code, **address)


def as_of_options(view: View) -> tuple[Option, ...]:
    """The data dates to choose from: the ends of periods, and the one being looked at."""
    days = {p.ends_on: period_label(p.code) for p in view.clock.periods if p.ends_on <= today()}
    days.setdefault(view.clock.as_of, day(view.clock.as_of))
    return tuple(
        Option(each.isoformat(), label, each == view.clock.as_of)
        for each, label in sorted(days.items(), reverse=True)
    )


def source_note() -> str:
    """Where the figures come from."""
    return gettext("Source: approved reports of the units; figures are rounded half up when shown.")


def illustrative_note() -> str | None:
    """What of a sample is the township's own, and what was made up."""
    if not instance_facts().is_sample:
        return None
    return gettext(
        "Sample: figures without a mark are the township's own for 29 June 2022; figures marked as "
        "illustrative, all targets and the communities' names are made up."
    )
