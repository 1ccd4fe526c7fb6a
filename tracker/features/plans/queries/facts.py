"""The facts of a plan from which sums of targets and numbers of reporters are derived."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import BigInteger, or_, select, type_coerce

from tracker.core.db import db
from tracker.domain.aims import AimState, Span
from tracker.domain.places import Stay
from tracker.features.plans.models import Assignment, Indicator, PlanReach, Target, TargetChange

UnitIndicator = tuple[int, int]
"""(unit id, indicator id)."""


class PlanDays(Protocol):
    """A plan with its unit and its days."""

    @property
    def id(self) -> int: ...
    @property
    def unit_id(self) -> int: ...
    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date: ...


@dataclass(frozen=True)
class Counted:
    """What matters of an indicator here: whether its units' targets add up, and when it is asked for."""

    is_additive: bool
    asked: Stay


def counted_indicators(plan_id: int, indicator_ids: Collection[int] | None = None) -> dict[int, Counted]:
    """The plan's indicators, or some of them, by id."""
    query = select(Indicator.id, Indicator.measure, Indicator.from_on, Indicator.retired_on).where(
        Indicator.plan_id == plan_id
    )
    if indicator_ids is not None:
        query = query.where(Indicator.id.in_(sorted(indicator_ids)))
    return {
        indicator_id: Counted(measure.is_additive, Stay(from_on, retired_on))
        for indicator_id, measure, from_on, retired_on in db.session.execute(query)
    }


def target_changes(
    indicator_ids: Collection[int],
    unit_ids: Collection[int] | None = None,
    *,
    until: datetime | None = None,
) -> dict[UnitIndicator, list[tuple[date, AimState]]]:
    """Everything that was ever set, or had been set by a moment, in the order of recording."""
    query = (
        select(
            TargetChange.unit_id,
            TargetChange.indicator_id,
            TargetChange.from_on,
            type_coerce(TargetChange.target, BigInteger),
            type_coerce(TargetChange.baseline, BigInteger),
        )
        .where(TargetChange.indicator_id.in_(sorted(indicator_ids)))
        .order_by(TargetChange.id)
    )
    if unit_ids is not None:
        query = query.where(TargetChange.unit_id.in_(sorted(unit_ids)))
    if until is not None:
        # What was set before the history was kept has no moment and was known at any.
        query = query.where(or_(TargetChange.recorded_at.is_(None), TargetChange.recorded_at < until))
    found: dict[UnitIndicator, list[tuple[date, AimState]]] = defaultdict(list)
    for unit_id, indicator_id, from_on, target, baseline in db.session.execute(query):
        found[unit_id, indicator_id].append((from_on, AimState(target, baseline)))
    return found


def assignments(
    indicator_ids: Collection[int], unit_ids: Collection[int] | None = None
) -> set[UnitIndicator]:
    """Which of the units report which of the indicators."""
    query = select(Assignment.unit_id, Assignment.indicator_id).where(
        Assignment.indicator_id.in_(sorted(indicator_ids))
    )
    if unit_ids is not None:
        query = query.where(Assignment.unit_id.in_(sorted(unit_ids)))
    return {(unit_id, indicator_id) for unit_id, indicator_id in db.session.execute(query)}


def kept_states(
    indicator_ids: Collection[int], unit_ids: Collection[int] | None = None
) -> dict[UnitIndicator, list[tuple[Span, AimState]]]:
    """What is kept of the units, in the order of days."""
    query = (
        select(
            Target.unit_id,
            Target.indicator_id,
            Target.from_on,
            Target.until_on,
            type_coerce(Target.target, BigInteger),
            type_coerce(Target.baseline, BigInteger),
            type_coerce(Target.below_target, BigInteger),
            type_coerce(Target.below_baseline, BigInteger),
            Target.reporters,
        )
        .where(Target.indicator_id.in_(sorted(indicator_ids)))
        .order_by(Target.from_on)
    )
    if unit_ids is not None:
        query = query.where(Target.unit_id.in_(sorted(unit_ids)))
    found: dict[UnitIndicator, list[tuple[Span, AimState]]] = defaultdict(list)
    for unit_id, indicator_id, from_on, until_on, *state in db.session.execute(query):
        found[unit_id, indicator_id].append(((from_on, until_on), AimState(*state)))
    return found


def kept_reaches(plan_id: int, unit_ids: Collection[int] | None = None) -> dict[int, list[tuple[Span, int]]]:
    """How many units report something of the plan, as it is kept, in the order of days."""
    query = (
        select(PlanReach.unit_id, PlanReach.from_on, PlanReach.until_on, PlanReach.reporters)
        .where(PlanReach.plan_id == plan_id)
        .order_by(PlanReach.from_on)
    )
    if unit_ids is not None:
        query = query.where(PlanReach.unit_id.in_(sorted(unit_ids)))
    found: dict[int, list[tuple[Span, int]]] = defaultdict(list)
    for unit_id, from_on, until_on, reporters in db.session.execute(query):
        found[unit_id].append(((from_on, until_on), reporters))
    return found
