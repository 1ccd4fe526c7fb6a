"""The structure of the sample's plan: pillars, initiatives, indicators with definitions and categories.

The sample itself is loaded through it, and a township of its own can begin with it, without any figure.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from tracker.core.audit import Actor
from tracker.domain.measures import Direction, Measure, Origin
from tracker.domain.periods import last_day_of_month
from tracker.domain.schedule import Schedule
from tracker.features.org.queries import UnitRow
from tracker.features.plans.models import Indicator, Plan
from tracker.features.plans.services import (
    IndicatorDraft,
    add_indicator,
    add_initiative,
    add_pillar,
    create_plan,
)
from tracker.sample.guides import GUIDES
from tracker.sample.names import (
    CATEGORIES_EN,
    COUNTED_EN,
    DEFINITIONS,
    INITIATIVES,
    PILLARS_EN,
    UNITS_OF_MEASURE_EN,
)

CASE = Path(__file__).parent / "licun2022"
LONGEST_PLAN_CODE = 32


def create_own_plan(unit: UnitRow, starts_on: date, ends_on: date, *, actor: Actor) -> Plan:
    """Make a plan of the unit's own with the sample's structure: no targets, shares or figures of it.

    Who reports and who leads is left open, since the sample's units are not the township's. Raises
    :class:`RuleError` for a wrong span.
    """
    years = str(starts_on.year) if starts_on.year == ends_on.year else f"{starts_on.year}-{ends_on.year}"
    plan = create_plan(
        f"{unit.code[: LONGEST_PLAN_CODE - len(years) - 1].rstrip('-')}-{years}",
        f"{years.replace('-', '—')}年文明典范城市创建工作方案",
        name_en=f"Model civilised city work plan {years.replace('-', '–')}",
        unit=unit,
        starts_on=starts_on,
        ends_on=ends_on,
        actor=actor,
    )
    add_structure(plan, leads={}, is_sample=False, actor=actor)
    return plan


def add_structure(
    plan: Plan, *, leads: Mapping[str, UnitRow], is_sample: bool, actor: Actor
) -> dict[str, Indicator]:
    """Fill an empty plan; returns its indicators by code. ``leads`` are the lead units by code.

    Only a sample keeps the marks of where its figures come from, and its planned curves.
    """
    pillars, initiatives, indicators = {}, {}, {}
    for row in rows_of("indicators"):
        pillar, initiative = row["pillar"], row["initiative"]
        if pillar not in pillars:
            pillars[pillar] = add_pillar(plan, pillar, name_en=PILLARS_EN[pillar], actor=actor)
        if initiative not in initiatives:
            name_en, lead = INITIATIVES[initiative]
            initiatives[initiative] = add_initiative(
                pillars[pillar], initiative, name_en=name_en, lead_unit=leads.get(lead), actor=actor
            )
        indicators[row["code"]] = add_indicator(
            plan, initiatives[initiative], _draft(row, is_sample=is_sample), actor=actor
        )
    return indicators


def _draft(row: dict[str, str], *, is_sample: bool) -> IndicatorDraft:
    definition, definition_en = DEFINITIONS[row["code"]]
    guide, guide_en = GUIDES.get(row["code"], (None, None))
    return IndicatorDraft(
        code=row["code"],
        name=row["name_zh"],
        name_en=row["name_en"],
        definition=definition,
        definition_en=definition_en,
        guide=guide,
        guide_en=guide_en,
        measure=Measure(row["measure"]),
        direction=Direction(row["direction"]),
        schedule=Schedule(row["schedule"]),
        unit_of_measure=row["unit_of_measure"],
        unit_of_measure_en=COUNTED_EN.get(row["code"]) or UNITS_OF_MEASURE_EN[row["unit_of_measure"]],
        decimals=int(row["decimals"]),
        origin=Origin(row["origin"]) if is_sample else None,
        categories=[(name, CATEGORIES_EN[name]) for name in row["categories"].split("|") if name],
        curve=_curve(row["code"]) if is_sample else {},
    )


def _curve(code: str) -> dict[date, Decimal]:
    """The planned shares of an indicator, which are figures of the sample's own year."""
    return {
        last_day_of_month(date.fromisoformat(f"{point['period']}-01")): Decimal(point["cumulative_share"])
        for point in rows_of("curves")
        if point["indicator"] == code
    }


def rows_of(name: str) -> Iterator[dict[str, str]]:
    """The rows of one table of the worked case."""
    with (CASE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
