"""One change of the tree as it is asked for, what it would do, and doing it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tracker.core.audit import Actor
from tracker.core.clock import today
from tracker.domain.errors import N_, NotFoundError, RuleError
from tracker.domain.places import Line
from tracker.features.org.queries import UnitRow
from tracker.features.places.queries import subtree, units_by_id
from tracker.features.plans.queries import PlanRow, get_plan, reach_of
from tracker.features.progress.queries import Clockwork, Standing, clockwork, standings
from tracker.features.restructure.services.ends import restore_unit, retire_unit
from tracker.features.restructure.services.mergers import MergedTarget, merge_units
from tracker.features.restructure.services.moves import move_unit


class Kind(StrEnum):
    """What can be done to a unit in the middle of a year."""

    MOVE = "move"
    RETIRE = "retire"
    MERGE = "merge"
    RESTORE = "restore"


@dataclass(frozen=True)
class Change:
    """What somebody wants to do: ``other`` is the new parent or the successor."""

    kind: Kind
    unit: UnitRow
    other: UnitRow | None
    day: date
    with_below: bool
    reason: str


@dataclass(frozen=True)
class FigureChange:
    """An indicator at a unit before and after; none where it is not listed."""

    before: Standing | None
    after: Standing | None

    @property
    def standing(self) -> Standing:
        """Either of them, for what is the same in both."""
        found = self.after or self.before
        assert found is not None  # One of them is there, or nothing would be compared.
        return found


@dataclass(frozen=True)
class UnitChange:
    """What a change does to the figures of a unit: only those that differ; and to the number that report."""

    unit: UnitRow
    figures: tuple[FigureChange, ...]
    reporters_before: int
    reporters_after: int


@dataclass(frozen=True)
class Preview:
    """What a change would do, on a data date of the plan that covers its day; none without a plan."""

    plan: PlanRow | None
    as_of: date
    units: tuple[UnitChange, ...]
    moving: int
    targets: tuple[MergedTarget, ...]


def make_change(change: Change, *, actor: Actor) -> list[MergedTarget]:
    """Do it; tells what became of the targets of a unit that was merged. Raises :class:`RuleError`."""
    unit, other, reason = change.unit, change.other, change.reason
    if change.kind is Kind.RETIRE:
        retire_unit(unit, day=change.day, with_below=change.with_below, reason=reason, actor=actor)
    elif change.kind is Kind.RESTORE:
        restore_unit(unit, with_below=change.with_below, reason=reason, actor=actor)
    elif other is None:
        raise RuleError(N_("Choose the other unit."), field="other")
    elif change.kind is Kind.MOVE:
        move_unit(unit, other, day=change.day, reason=reason, actor=actor)
    else:
        return merge_units(unit, other, day=change.day, reason=reason, actor=actor)
    return []


def try_change(change: Change, *, actor: Actor) -> Preview:
    """Do it and tell what it did to the units it concerns; the caller takes it back afterwards."""
    moving = len(subtree(change.unit.path))
    watched = _watched(change)
    clock = _clock(change)
    if clock is None:
        return Preview(None, change.day, (), moving, tuple(make_change(change, actor=actor)))
    before = {unit.id: (_figures(unit, clock), _reach(unit, clock)) for unit in watched}
    targets = make_change(change, actor=actor)
    units = []
    for unit in watched:
        (was, reach), now = before[unit.id], _figures(unit, clock)
        figures = [FigureChange(was.get(key), now.get(key)) for key in {**was, **now}]
        differing = tuple(each for each in figures if _differs(each))
        units.append(UnitChange(unit, differing, reach, _reach(unit, clock)))
    return Preview(clock.plan, clock.as_of, tuple(units), moving, tuple(targets))


def _watched(change: Change) -> list[UnitRow]:
    """The units whose figures are compared: right above, the other one, and the lowest above both."""
    line = change.unit.line[:-1]
    other: Line = change.other.line if change.other else ()
    common = [unit_id for unit_id in line if unit_id in other] or list(line[:1])
    ids = dict.fromkeys([*line[-1:], *other[-1:], *common[-1:]])
    rows = units_by_id(ids)
    return [rows[unit_id] for unit_id in ids if unit_id in rows]


def _clock(change: Change) -> Clockwork | None:
    """The calendar of the plan that covers the day, on the last day with figures or on the day itself."""
    try:
        plan = get_plan(change.unit, as_of=change.day)
    except NotFoundError:
        return None
    ended = clockwork(plan, today()).last
    days = [change.day, *([ended.ends_on] if ended else [])]
    return clockwork(plan, min(max(days), plan.ends_on))


def _figures(unit: UnitRow, clock: Clockwork) -> dict[int, Standing]:
    return {row.indicator.id: row for row in standings(unit, clock)}


def _reach(unit: UnitRow, clock: Clockwork) -> int:
    return reach_of(clock.plan.id, [unit.id], as_of=clock.day).get(unit.id, 0)


def _differs(figure: FigureChange) -> bool:
    if figure.before is None or figure.after is None:
        return True
    one, two = figure.before, figure.after
    return (one.position.actual, one.position.target, one.coverage) != (
        two.position.actual,
        two.position.target,
        two.coverage,
    )
