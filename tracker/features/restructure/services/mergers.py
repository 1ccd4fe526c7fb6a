"""Merging a unit into another from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.core.audit import Actor, record
from tracker.core.db import unscale
from tracker.domain.aims import AimState, in_force
from tracker.domain.errors import N_, RuleError
from tracker.domain.measures import Direction
from tracker.features.org.models import UnitKind
from tracker.features.org.queries import UnitRow
from tracker.features.places.queries import children_right_below, subtree
from tracker.features.places.services import end_units, note_merger, relocate_unit
from tracker.features.plans.queries import AimOfUnit, aims_set_for
from tracker.features.plans.services import set_target
from tracker.features.restructure.services.ends import check_reports
from tracker.features.restructure.services.follow import following
from tracker.features.restructure.services.moves import (
    check_order,
    check_places_left,
    check_two_pairs_of_eyes,
)


@dataclass(frozen=True)
class MergedTarget:
    """What becomes of a target of the unit that ends: added to the successor's, or left to be decided.

    ``sums`` holds the successor's new target and baseline by the days from which they hold; without
    any, ``why_not`` says in a word why nothing is added.
    """

    unit_aim: AimOfUnit
    successor_aim: AimOfUnit | None
    sums: tuple[tuple[date, Decimal, Decimal | None], ...]
    why_not: str | None


NO_TARGET = N_("The successor has no target of its own for this indicator.")
SHARE = N_("Targets of shares cannot be added.")
DIFFERENT = N_("One is a reduction and the other a ceiling, which cannot be added.")


def merge_units(
    unit: UnitRow, successor: UnitRow, *, day: date, reason: str, actor: Actor
) -> list[MergedTarget]:
    """Merge the unit into its successor from the day on, and tell what became of its targets.

    The unit is retired on the day, the units right below it stand below the successor from then on, and
    its targets are added to the successor's where both have one. Raises :class:`RuleError` where a
    move or a retirement would.
    """
    check_merger(unit, successor, day)
    if not reason.strip():
        raise RuleError(N_("Give a reason, so that everyone knows why the tree changes."), field="reason")
    merged = merged_targets(unit, successor, day)
    with following([row.id for row in subtree(unit.path)], since=day):
        for child in going_over(unit, day):
            relocate_unit(child, successor, day)
        end_units([unit.id], day)
        note_merger(unit, successor, day)
    for each in merged:
        for from_on, target, baseline in each.sums:
            set_target(
                each.unit_aim.plan,
                each.unit_aim.indicator,
                successor,
                target=target,
                baseline=baseline,
                from_on=from_on,
                reason=reason,
                actor=actor,
            )
    record(
        "unit.merge",
        actor=actor,
        subject=f"unit {unit.code}",
        unit_id=unit.id,
        changes={
            "successor": (None, successor.code),
            "from": (None, day),
            "targets added": (None, " ".join(e.unit_aim.indicator.code for e in merged if e.sums) or None),
            "targets left": (None, " ".join(e.unit_aim.indicator.code for e in merged if not e.sums) or None),
            "reason": (None, reason.strip()),
        },
    )
    return merged


def check_merger(unit: UnitRow, successor: UnitRow, day: date) -> None:
    """Refuse what cannot be; see :func:`merge_units`."""
    if len(unit.line) == 1:
        raise RuleError(N_("The top unit cannot be merged into another one."), field="successor")
    if unit.id in successor.line:
        raise RuleError(
            N_("A unit cannot be merged into itself or into a unit below it. Choose another one."),
            field="successor",
        )
    for one in (unit, successor):
        if one.retired_on is not None:
            raise RuleError(
                N_("%(unit)s is retired from %(day)s on. Choose another unit."),
                field="successor" if one is successor else None,
                unit=one.with_code,
                day=one.retired_on.isoformat(),
            )
    check_order(unit, day)
    if successor.placed_on is not None and successor.placed_on > day:
        raise RuleError(
            N_("%(unit)s itself was moved on %(day)s. Choose that day or a later one."),
            field="day",
            unit=successor.with_code,
            day=successor.placed_on.isoformat(),
        )
    check_reports([unit.id], day)
    for child in going_over(unit, day):
        if successor.kind is UnitKind.BUILDING:
            raise RuleError(
                N_("Nothing stands below a building. Choose another unit above it."), field="successor"
            )
        check_places_left(child, successor, day)
    check_two_pairs_of_eyes(going_over(unit, day), successor, field="successor")


def going_over(unit: UnitRow, day: date) -> list[UnitRow]:
    """The units right below that still are on the day, and so go over to the successor."""
    return [row for row in children_right_below(unit) if row.retired_on is None or row.retired_on > day]


def merged_targets(unit: UnitRow, successor: UnitRow, day: date) -> list[MergedTarget]:
    """What becomes of each target that the unit itself has on the day or later."""
    others = {aim.indicator.id: aim for aim in aims_set_for(successor.id, since=day)}
    return [_merged(mine, others.get(mine.indicator.id), day) for mine in aims_set_for(unit.id, since=day)]


def _merged(mine: AimOfUnit, other: AimOfUnit | None, day: date) -> MergedTarget:
    if other is None:
        return MergedTarget(mine, None, (), NO_TARGET)
    if not mine.indicator.measure.is_additive:
        return MergedTarget(mine, other, (), SHARE)
    first = max(day, mine.plan.starts_on)
    days = sorted({first, *(d for d, _ in (*mine.changes, *other.changes) if d > first)})
    sums = []
    for each in days:
        one, two = in_force(mine.changes, each), in_force(other.changes, each)
        if one is None or two is None:
            continue
        reductions = {aim.baseline is not None for aim in (one, two)}
        if mine.indicator.direction is Direction.AT_MOST and len(reductions) > 1:
            return MergedTarget(mine, other, (), DIFFERENT)
        sums.append((each, *_added(one, two)))
    return MergedTarget(mine, other, tuple(sums), None if sums else NO_TARGET)


def _added(one: AimState, two: AimState) -> tuple[Decimal, Decimal | None]:
    bases = [aim.baseline for aim in (one, two) if aim.baseline is not None]
    total = sum(aim.target or 0 for aim in (one, two))
    return unscale(total), unscale(sum(bases)) if bases else None
