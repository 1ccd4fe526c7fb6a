"""The grid of an indicator's targets, and the list of units that report it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext

from tracker.core.format import number, signed
from tracker.core.i18n import language, name_of
from tracker.domain.errors import N_
from tracker.features.org.models import UnitKind
from tracker.features.org.queries import UnitRow
from tracker.features.plans.forms import Difference, TargetsForm, cell_name, differing_rows
from tracker.features.plans.models import Indicator
from tracker.features.plans.queries import ManagedPlan, TreeUnit

_ALL = {
    UnitKind.CITY: N_("All cities"),
    UnitKind.DISTRICT: N_("All districts"),
    UnitKind.TOWNSHIP: N_("All townships"),
    UnitKind.COMMUNITY: N_("All communities"),
    UnitKind.COMPOUND: N_("All compounds"),
    UnitKind.BUILDING: N_("All buildings"),
    UnitKind.DEPARTMENT: N_("All departments"),
}
DEEPEST = 4
"""Steps to which units are set in; what lies deeper stands with these."""


@dataclass(frozen=True)
class CellView:
    """An input of the grid, with what stands in it and what is wrong with it."""

    name: str
    value: str
    error: str | None


@dataclass(frozen=True)
class TargetRow:
    """A unit's line in the grid. ``below`` and ``difference`` are texts, blank where there is none."""

    unit: UnitRow
    parent_id: int | None
    step: int
    changed_on: date | None
    reports: bool
    has_below: bool
    target: CellView
    baseline: CellView
    below: str
    difference: str
    is_off: bool
    is_over: bool


@dataclass(frozen=True)
class TargetsPage:
    """The grid of an indicator's targets.

    ``counts`` says that approved figures count against them, ``was_changed`` that some were changed during
    the plan already.
    """

    found: ManagedPlan
    indicator: Indicator
    unit_of_measure: str
    rows: tuple[TargetRow, ...]
    adds_up: bool
    form: TargetsForm
    counts: bool
    was_changed: bool
    conflict: tuple[Difference, ...]


@dataclass(frozen=True)
class Tick:
    """A unit to tick. ``locked`` ones have entered figures and stay; who ``is_over`` is asked no more."""

    unit: UnitRow
    step: int
    checked: bool
    locked: bool
    is_over: bool


@dataclass(frozen=True)
class TickGroup:
    """The units right below one unit."""

    title: str
    ticks: tuple[Tick, ...]


@dataclass(frozen=True)
class KindTick:
    """A shortcut: all units of a kind."""

    kind: str
    label: str


@dataclass(frozen=True)
class ReportersPage:
    """Which units report an indicator."""

    found: ManagedPlan
    indicator: Indicator
    groups: tuple[TickGroup, ...]
    kinds: tuple[KindTick, ...]
    version: str


def targets_page(
    found: ManagedPlan,
    form: TargetsForm,
    *,
    counts: bool,
    is_stale: bool = False,
) -> TargetsPage:
    """The grid with its sums, worked out from what is typed."""
    split, indicator = form.split, form.split.indicator
    own = form.own_targets()
    sums = split.sums(own)
    above = {row.place.parent_id for row in split.rows if not row.is_over}
    conflict = [Difference(name_of(row.place.unit), *both) for row, *both in differing_rows(form)]
    return TargetsPage(
        found=found,
        indicator=indicator,
        unit_of_measure=(language() == "en" and indicator.unit_of_measure_en) or indicator.unit_of_measure,
        rows=tuple(
            TargetRow(
                unit=row.place.unit,
                parent_id=row.place.parent_id,
                step=min(row.place.depth, DEEPEST),
                changed_on=row.changed_on,
                is_over=row.is_over,
                reports=row.reports,
                has_below=row.place.unit.id in above,
                target=_cell(form, row.place.unit.id, "target"),
                baseline=_cell(form, row.place.unit.id, "baseline"),
                **_sum_texts(own, sums, row.place.unit.id, indicator.decimals),
            )
            for row in split.rows
        ),
        adds_up=indicator.measure.is_additive,
        form=form,
        counts=counts,
        was_changed=any(row.changed_on for row in split.rows),
        conflict=tuple(conflict) if is_stale else (),
    )


def _cell(form: TargetsForm, unit_id: int, which: str) -> CellView:
    cell = (unit_id, which)
    return CellView(cell_name(unit_id, which), form.typed[cell], form.errors.get(cell))


def _sum_texts(
    own: dict[int, Decimal], sums: dict[int, Decimal], unit_id: int, decimals: int
) -> dict[str, Any]:
    if unit_id not in sums:
        return {"below": "", "difference": "", "is_off": False}
    below = number(sums[unit_id], decimals)
    if unit_id not in own:
        return {"below": below, "difference": gettext("counts as the target"), "is_off": False}
    gap = sums[unit_id] - own[unit_id]
    return {
        "below": below,
        "difference": signed(gap, decimals) if gap else gettext("agrees"),
        "is_off": bool(gap),
    }


def reporters_page(
    found: ManagedPlan,
    indicator: Indicator,
    tree: Sequence[TreeUnit],
    *,
    checked: Collection[int],
    locked: Collection[int],
    version: str,
) -> ReportersPage:
    """The units of the plan, by the unit above them."""
    names = {place.unit.id: name_of(place.unit) for place in tree}
    ticks: dict[int | None, list[Tick]] = {}
    for place in tree:
        unit = place.unit
        tick = Tick(
            unit, min(place.depth, DEEPEST), unit.id in checked, unit.id in locked, is_over=place.is_over
        )
        ticks.setdefault(place.parent_id, []).append(tick)
    kinds = sorted({place.unit.kind for place in tree if place.depth and not place.is_over}, key=str)
    return ReportersPage(
        found,
        indicator,
        tuple(
            TickGroup(
                gettext("Unit of the plan")
                if parent is None
                else gettext("Below %(unit)s", unit=names[parent]),
                tuple(group),
            )
            for parent, group in ticks.items()
        ),
        tuple(KindTick(kind.value, gettext(_ALL[kind])) for kind in kinds),
        version,
    )
