"""What figures are made of, which is the most urgent one, and what was restated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from tracker.core.db import unscale
from tracker.domain.progress import Signal
from tracker.domain.rollup import Difference
from tracker.features.dashboards.queries.views import View
from tracker.features.org.queries import UnitRow
from tracker.features.plans.queries import reporting_units
from tracker.features.progress.queries import (
    Clockwork,
    PassingPart,
    Standing,
    UnitStanding,
    category_actuals,
    passing_parts,
    standings,
    standings_by_unit,
    totals_by_unit,
)
from tracker.features.reports.queries import reasons_not_applicable


def most_urgent(rows: list[Standing]) -> Standing | None:
    """The indicator that is furthest behind its schedule; the first one when nothing can be compared."""
    behind = [
        row for row in rows if row.position.gap is not None and row.position.signal is not Signal.COMPLETED
    ]
    if behind:
        return min(behind, key=lambda row: row.position.gap or Fraction(0))
    return rows[0] if rows else None


@dataclass(frozen=True)
class Parts:
    """What an indicator's figure is made of.

    ``own`` is what the unit itself reports; ``units`` the children that have to do with it; ``passing``
    what units have in the figure that came or went during the plan.
    """

    own: Difference | None
    units: list[UnitStanding]
    passing: list[PassingPart]
    by_category: dict[int, Fraction | None]
    reasons: dict[int, str]


def parts_of(view: View, standing: Standing) -> Parts:
    """The children's and the unit's own part of a figure, categories, and who said 'not applicable'."""
    units = [
        row
        for row in standings_by_unit(standing.indicator, view.children, view.clock)
        if row.standing.total or row.standing.coverage.reporters or row.standing.coverage.not_applicable
    ]
    passing = passing_parts(view.formers, view.clock)
    own = None
    if reporting_units(standing.indicator.id, [view.unit.id]):
        totals = {(row.unit.id, standing.indicator.id): row.standing.total for row in units}
        own = _own_part(view, standing, _by_child(view, standing.indicator.id, totals, passing))
    silent = [row.unit.id for row in units if row.standing.coverage.not_applicable]
    if standing.coverage.not_applicable and own is not None:
        silent.append(view.unit.id)
    return Parts(
        own,
        units,
        passing,
        category_actuals(view.unit, standing.indicator, view.clock) if standing.indicator.categories else {},
        _reasons(view.clock, standing.indicator.id, silent) if silent else {},
    )


def _reasons(clock: Clockwork, indicator_id: int, unit_ids: list[int]) -> dict[int, str]:
    if clock.known is None:
        return reasons_not_applicable(indicator_id, unit_ids, clock.as_of)
    return {unit_id: clock.known.reasons.get((unit_id, indicator_id), "") for unit_id in unit_ids}


Contribution = tuple[UnitRow | None, Difference]
"""A unit with what it has in a figure; none for all those together that the reader may not see any more."""


def contributions(view: View, rows: list[Standing]) -> dict[int, list[Contribution]]:
    """What the unit itself and each child add to each indicator, by indicator id, for the checks in Excel."""
    totals = totals_by_unit([child.id for child in view.children], view.clock)
    passing = passing_parts(view.formers, view.clock)
    found: dict[int, list[Contribution]] = {}
    for row in rows:
        parts = _by_child(view, row.indicator.id, totals, passing)
        own = _own_part(view, row, parts)
        found[row.indicator.id] = [
            (unit, total) for unit, total in [(view.unit, own), *parts] if total.covered
        ]
    return found


def _by_child(
    view: View,
    indicator_id: int,
    totals: Mapping[tuple[int, int], Difference],
    passing: Sequence[PassingPart],
) -> list[Contribution]:
    """The parts of the children, of those seen who are gone, and of those not seen any more together."""
    moved: dict[int, Difference] = {}
    gone: dict[int, UnitRow] = {}
    here = {child.id for child in view.children}
    unseen = Difference()
    for part in passing:
        total, unit = part.by_indicator.get(indicator_id, Difference()), part.former.unit
        if unit is None:
            unseen += total
            continue
        moved[unit.id] = moved.get(unit.id, Difference()) + total
        if unit.id not in here:
            gone[unit.id] = unit
    parts: list[Contribution] = [
        (child, moved[child.id] if child.id in moved else totals.get((child.id, indicator_id), Difference()))
        for child in view.children
    ]
    parts += [(unit, moved[unit.id]) for unit in gone.values()]
    return [*parts, (None, unseen)] if unseen else parts


def _own_part(view: View, row: Standing, parts: Sequence[Contribution]) -> Difference:
    own = row.total
    for _, total in parts:
        own = own + -total
    if not view.formers:
        return own
    # A flow's total covers a unit once, also one that several of the parts cover.
    return replace(own, covered=int(bool(own.value or own.denominator or own.covered > 0)))


def amounts(total: Difference) -> tuple[Decimal, Decimal]:
    """Value and denominator of a difference as decimals."""
    return unscale(total.value), unscale(total.denominator)


def restated_since(view: View, rows: Sequence[Standing]) -> list[tuple[Standing, Standing | None]]:
    """The indicators whose figure or target differs from what is known now, each with what it is now."""
    present = {row.indicator.id: row for row in standings(view.unit, replace(view.clock, known=None))}
    found = []
    for row in rows:
        now = present.get(row.indicator.id)
        if now is None or _said(row) != _said(now):
            found.append((row, now))
    return found


def _said(row: Standing) -> tuple[object, ...]:
    return row.position.actual, row.position.target
