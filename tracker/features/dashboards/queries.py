"""Putting together what a dashboard needs, with a fixed number of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tracker.core.access import Scope
from tracker.core.clock import today
from tracker.core.db import unscale
from tracker.domain.errors import N_, NotFoundError, RuleError
from tracker.domain.progress import Signal
from tracker.domain.review import ReportState
from tracker.domain.roles import Permission
from tracker.domain.rollup import Difference
from tracker.features.org.queries import UnitRow, get_unit, top_units
from tracker.features.places.queries import (
    Former,
    Merger,
    ancestors_on,
    children_on,
    merger_of,
    passing_children,
)
from tracker.features.plans.queries import get_plan, periods_of_plan, reach_of, reporting_units
from tracker.features.progress.queries import (
    Clockwork,
    PassingPart,
    Standing,
    UnitStanding,
    category_actuals,
    clockwork,
    passing_parts,
    standings_by_unit,
    totals_by_unit,
)
from tracker.features.reports.queries import reasons_not_applicable, tallies

SEE = Permission.SEE_PROGRESS

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""Days that can be asked for: what spreadsheets can show, and no typing error."""


@dataclass(frozen=True)
class View:
    """What is being looked at: a unit, with its place in the tree, on a data date.

    ``ancestors`` and ``children`` are those of that day; ``formers`` tells who came or went during the plan.
    """

    unit: UnitRow
    ancestors: tuple[UnitRow, ...]
    children: tuple[UnitRow, ...]
    clock: Clockwork
    scope: Scope
    permission: Permission = SEE
    formers: tuple[Former, ...] = ()
    merger: Merger | None = None


@dataclass(frozen=True)
class ReportsBelow:
    """How far the reports of the last period are, at one child or at the unit itself."""

    unit: UnitRow
    expected: int
    approved: int
    submitted: int
    returned: int
    draft: int

    @property
    def state(self) -> ReportState:
        """The state of a single report."""
        for state, count in (
            (ReportState.APPROVED, self.approved),
            (ReportState.SUBMITTED, self.submitted),
            (ReportState.RETURNED, self.returned),
            (ReportState.DRAFT, self.draft),
        ):
            if count:
                return state
        return ReportState.NOT_STARTED


def read_day(text: str | None) -> date | None:
    """A day from an address. Raises :class:`RuleError` when it is not one."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise RuleError(N_("The data date is not a day. Write it like 2022-06-30."), field="as_of") from None
    if not EARLIEST <= day <= LATEST:
        raise RuleError(N_("The data date is not a day. Write it like 2022-06-30."), field="as_of")
    return day


def get_view(
    scope: Scope,
    *,
    unit_code: str | None,
    as_of: date | None,
    plan_code: str | None,
    permission: Permission = SEE,
) -> View:
    """What an address asks for; without a unit the highest in scope, without a day the last period's end."""
    if unit_code:
        unit = get_unit(scope, permission, unit_code)
    else:
        tops = top_units(scope, permission)
        if not tops:
            raise NotFoundError(N_("No unit has been set up yet."))
        unit = tops[0]
    plan = get_plan(unit, as_of=as_of or today(), code=plan_code)
    if as_of is None:
        ended = [period.ends_on for period in periods_of_plan(plan.id) if period.ends_on <= today()]
        as_of = ended[-1] if ended else today()
    clock = clockwork(plan, as_of)
    return View(
        unit,
        tuple(ancestors_on(scope, permission, unit, clock.day)),
        tuple(children_on(scope, permission, unit, clock.day)),
        clock,
        scope,
        permission,
        tuple(passing_children(scope, permission, unit, since=plan.starts_on, day=clock.day)),
        merger_of(unit.id) if unit.retired_on is not None else None,
    )


def reports_below(view: View) -> list[ReportsBelow]:
    """The reports of the last period at the unit's children, and its own, that are expected."""
    if view.clock.last is None:
        return []
    # The reports of a period stand where the units stood on its last day.
    ended = view.clock.last.ends_on
    children = view.children
    if ended != view.clock.day:
        children = tuple(children_on(view.scope, view.permission, view.unit, ended))
    units = (view.unit, *children)
    ids = [unit.id for unit in units]
    reach = reach_of(view.clock.plan.id, ids, as_of=ended)
    counted = tallies([view.clock.last.id], ids)

    def below(unit: UnitRow, minus: tuple[UnitRow, ...] = ()) -> ReportsBelow:
        def count(state: ReportState) -> int:
            return counted.get((unit.id, state), 0) - sum(counted.get((m.id, state), 0) for m in minus)

        return ReportsBelow(
            unit,
            reach.get(unit.id, 0) - sum(reach.get(m.id, 0) for m in minus),
            count(ReportState.APPROVED),
            count(ReportState.SUBMITTED),
            count(ReportState.RETURNED),
            count(ReportState.DRAFT),
        )

    found = [below(view.unit, children), *(below(unit) for unit in children)]
    return [row for row in found if row.expected > 0]


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
        if row.standing.total or row.standing.coverage.expected or row.standing.coverage.not_applicable
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
        reasons_not_applicable(standing.indicator.id, silent, view.clock.as_of) if silent else {},
    )


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
