"""The values that made-up units report: a few patterns, each a fixed function of indicator and month."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.domain.measures import Direction, Measure
from tracker.domain.rollup import ValueState
from tracker.features.plans.services import IndicatorDraft

PATTERNS = 23
"""Reporting units take turns at these many patterns."""

SCALE = 10_000
"""Values are written as the database keeps them, in ten-thousandths."""

_MEASURES = (Measure.FLOW, Measure.FLOW, Measure.STOCK, Measure.RATIO, Measure.MILESTONE)
_AIMS = (80, 95, 105, 130)
"""Targets in percent of what is reached by the end of the year, so that all signals appear."""


@dataclass(frozen=True)
class Value:
    """What a cell says, in scaled integers."""

    state: ValueState
    value: int | None
    denominator: int | None
    reason: str | None = None


def indicator_draft(place: int) -> IndicatorDraft:
    """The indicator at a place of a plan: all four measures, and a ceiling now and then."""
    measure = _MEASURES[place % len(_MEASURES)]
    return IndicatorDraft(
        code=f"I{place + 1:02d}",
        name=f"第{place + 1}项创建指标",
        name_en=f"Indicator number {place + 1}",
        definition="本月完成并验收的数量。",
        definition_en="The number finished and accepted this month.",
        measure=measure,
        direction=Direction.AT_MOST if place % 10 == 5 else Direction.AT_LEAST,
        unit_of_measure="%" if measure.has_denominator else "个",
        unit_of_measure_en="%" if measure.has_denominator else "pcs",
        decimals=1 if measure.has_denominator else 0,
    )


def value_of(pattern: int, place: int, month: int) -> Value:
    """What a unit of this pattern reports for an indicator in a month."""
    chance = (pattern * 7919 + place * 104_729 + month * 15_485_863) % 97
    measure = _MEASURES[place % len(_MEASURES)]
    if chance == 13:
        return Value(ValueState.NOT_APPLICABLE, None, None, "本单位无此项工作")
    if measure is Measure.FLOW:
        return Value(ValueState.VALUE, (10 + chance % 20) * SCALE, None)
    if measure is Measure.STOCK:
        return Value(ValueState.VALUE, (100 + 5 * month + chance % 10) * SCALE, None)
    if measure is Measure.RATIO:
        return Value(ValueState.VALUE, min(40, 10 + 2 * month + chance % 5) * SCALE, 40 * SCALE)
    return Value(ValueState.VALUE, min(100, 8 * month + chance % 4) * SCALE, 100 * SCALE)


def leaf_target(place: int) -> int | None:
    """What one reporting unit is to reach; shares have a target at the root only."""
    usual = {Measure.FLOW: 12 * 19, Measure.STOCK: 164}.get(_MEASURES[place % len(_MEASURES)])
    return None if usual is None else usual * _AIMS[place % len(_AIMS)] // 100 * SCALE


def root_target(place: int) -> int | None:
    """What the root is to reach where targets below cannot be added."""
    return None if leaf_target(place) is not None else (85 + place % 16) * SCALE
