"""What units are to reach, and from which day on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.core.audit import Actor, record
from tracker.core.clock import now
from tracker.core.db import db, unscale
from tracker.domain.aims import AimState, in_force
from tracker.domain.errors import N_, RuleError
from tracker.domain.measures import Direction
from tracker.domain.numbers import plain, round_half_up
from tracker.features.org.queries import UnitRow
from tracker.features.places.queries import units_ever_above
from tracker.features.plans.models import Indicator, Plan, TargetChange
from tracker.features.plans.queries.facts import target_changes
from tracker.features.plans.services.derived import refresh_derived


def set_target(
    plan: Plan,
    indicator: Indicator,
    unit: UnitRow,
    *,
    target: Decimal,
    baseline: Decimal | None = None,
    from_on: date | None = None,
    reason: str | None = None,
    actor: Actor,
) -> None:
    """Set what a unit is to reach from a day on, and what that adds up to at the units above.

    Without ``from_on`` it holds from the plan's first day. What was set before stays in the history;
    data dates before the day keep the target that they had. Raises :class:`RuleError` for a day
    outside the plan, for a change during the plan that gives no reason, and for a number that cannot be.
    """
    _check_amounts(indicator, target, baseline)
    _put(plan, indicator, unit, NewAim(target, baseline, from_on, reason), actor)


def clear_target(
    plan: Plan,
    indicator: Indicator,
    unit: UnitRow,
    *,
    from_on: date | None = None,
    reason: str | None = None,
    actor: Actor,
) -> None:
    """Take a unit's own target away from a day on; raises as :func:`set_target` does."""
    _put(plan, indicator, unit, NewAim(None, None, from_on, reason), actor)


@dataclass(frozen=True)
class NewAim:
    """What is to hold from a day on (none: the plan's first), and why; no target takes it away."""

    target: Decimal | None
    baseline: Decimal | None
    from_on: date | None
    reason: str | None

    def day(self, plan: Plan) -> date:
        """The day from which it holds."""
        return plan.starts_on if self.from_on is None else self.from_on


def _put(plan: Plan, indicator: Indicator, unit: UnitRow, aim: NewAim, actor: Actor) -> None:
    """Add what holds from a day on to the history, and work out what follows from it."""
    _check_day(plan, unit, aim.day(plan), aim.reason)
    _put_all(plan, indicator, [(unit, aim)], actor)


def check_target(plan: Plan, indicator: Indicator, unit: UnitRow, aim: NewAim) -> None:
    """Refuse a target as :func:`set_target` does, without setting it."""
    if aim.target is not None:
        _check_amounts(indicator, aim.target, aim.baseline)
    _check_day(plan, unit, aim.day(plan), aim.reason)


def set_targets(
    plan: Plan, indicator: Indicator, aims: Sequence[tuple[UnitRow, NewAim]], *, actor: Actor
) -> None:
    """Set several units' targets at once, so that what follows from them is worked out once.

    Raises as :func:`set_target` does, before anything is set.
    """
    for unit, aim in aims:
        check_target(plan, indicator, unit, aim)
    _put_all(plan, indicator, aims, actor)


def _put_all(plan: Plan, indicator: Indicator, aims: Sequence[tuple[UnitRow, NewAim]], actor: Actor) -> None:
    before = target_changes([indicator.id], [unit.id for unit, _ in aims])
    db.session.add_all(
        TargetChange(
            unit_id=unit.id,
            indicator_id=indicator.id,
            from_on=aim.day(plan),
            target=aim.target,
            baseline=aim.baseline,
            reason=aim.reason.strip() if aim.reason and aim.reason.strip() else None,
            recorded_at=now(),
            recorded_by_id=actor.id,
        )
        for unit, aim in aims
    )
    db.session.flush()
    above = {unit_id for unit, _ in aims for unit_id in units_ever_above(unit)}
    refresh_derived(plan, above, [indicator.id], reach=False)
    for unit, aim in aims:
        action = "target.clear" if aim.target is None else "target.set"
        record(
            action,
            actor=actor,
            subject=f"target {plan.code}/{indicator.code} {unit.code}",
            unit_id=unit.id,
            changes=_said(in_force(before[unit.id, indicator.id], aim.day(plan)) or AimState(), aim),
        )


def _check_amounts(indicator: Indicator, target: Decimal, baseline: Decimal | None) -> None:
    for field_name, value in (("target", target), ("baseline", baseline)):
        if value is not None and round_half_up(value, indicator.decimals) != value:
            raise RuleError(
                N_("At most %(decimals)s decimal places are kept here. Round the number first."),
                field=field_name,
                decimals=indicator.decimals,
            )
    if indicator.direction is Direction.AT_MOST and baseline is not None and baseline <= target:
        raise RuleError(
            N_("A reduction starts above its target. Enter a higher baseline, or none for a ceiling."),
            field="baseline",
        )


def _check_day(plan: Plan, unit: UnitRow, first_day: date, reason: str | None) -> None:
    if not plan.starts_on <= first_day <= plan.ends_on:
        raise RuleError(
            N_("The day must lie within the plan, from %(first)s to %(last)s."),
            field="from_on",
            first=plan.starts_on.isoformat(),
            last=plan.ends_on.isoformat(),
        )
    if unit.retired_on is not None and first_day >= unit.retired_on:
        raise RuleError(
            N_("The unit is retired from %(day)s on. Choose an earlier day."),
            field="from_on",
            day=unit.retired_on.isoformat(),
        )
    if first_day > plan.starts_on and not (reason and reason.strip()):
        raise RuleError(
            N_("Give a reason, so that everyone knows why the target changes during the plan."),
            field="reason",
        )


def _said(before: AimState, aim: NewAim) -> dict[str, tuple[object, object]]:
    target, baseline = (None if amount is None else plain(amount) for amount in (aim.target, aim.baseline))
    said: dict[str, tuple[object, object]] = {
        "target": (_text(before.target), target),
        "baseline": (_text(before.baseline), baseline),
    }
    if aim.from_on is not None:
        said["from_on"] = (None, aim.from_on)
    if aim.reason:
        said["reason"] = (None, aim.reason)
    return said


def _text(amount: int | None) -> str | None:
    return None if amount is None else plain(unscale(amount))
