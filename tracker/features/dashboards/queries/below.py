"""How far the reports of the last period are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tracker.domain.review import HANDED_IN, ReportState
from tracker.features.dashboards.queries.views import View
from tracker.features.org.queries import UnitRow
from tracker.features.places.queries import (
    children_on,
)
from tracker.features.plans.queries import reach_of
from tracker.features.progress.queries import (
    Clockwork,
)
from tracker.features.reports.queries import late_reports, tallies


@dataclass(frozen=True)
class ReportsBelow:
    """How far the reports of the last period are, at one child or at the unit itself.

    ``is_late`` says of a single one that waits for review that it was handed in late.
    """

    unit: UnitRow
    expected: int
    approved: int
    submitted: int
    checked: int
    returned: int
    draft: int
    is_late: bool = False

    @property
    def waiting(self) -> int:
        """Those that wait for a reviewer."""
        return self.submitted + self.checked

    @property
    def state(self) -> ReportState:
        """The state of a single report."""
        for state, count in (
            (ReportState.APPROVED, self.approved),
            (ReportState.CHECKED, self.checked),
            (ReportState.SUBMITTED, self.submitted),
            (ReportState.RETURNED, self.returned),
            (ReportState.DRAFT, self.draft),
        ):
            if count:
                return state
        return ReportState.NOT_STARTED


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
    counted = _states(view.clock, ids)
    reach = reach_of(view.clock.plan.id, ids, as_of=ended)
    if not view.clock.last.is_expected:
        # Nobody is asked for it: it has the reports that were handed in all the same.
        reach = {unit_id: sum(counted.get((unit_id, state), 0) for state in HANDED_IN) for unit_id in ids}

    def below(unit: UnitRow, minus: tuple[UnitRow, ...] = ()) -> ReportsBelow:
        def count(state: ReportState) -> int:
            return counted.get((unit.id, state), 0) - sum(counted.get((m.id, state), 0) for m in minus)

        return ReportsBelow(
            unit,
            reach.get(unit.id, 0) - sum(reach.get(m.id, 0) for m in minus),
            count(ReportState.APPROVED),
            count(ReportState.SUBMITTED),
            count(ReportState.CHECKED),
            count(ReportState.RETURNED),
            count(ReportState.DRAFT),
        )

    found = [below(view.unit, children), *(below(unit) for unit in children)]
    found = [row for row in found if row.expected > 0]
    waiting = [row.unit.id for row in found if row.expected == 1 and row.waiting]
    if view.clock.known is not None or not waiting:
        return found
    late = late_reports(view.clock.last, waiting)
    return [replace(row, is_late=row.unit.id in late) for row in found]


def _states(clock: Clockwork, ids: list[int]) -> Mapping[tuple[int, ReportState], int]:
    """Reports of the last period by unit and state; of what was known earlier, those that counted."""
    assert clock.last is not None  # Asked only where a period has ended.
    if clock.known is None:
        return tallies([clock.last.id], ids)
    ended, known = clock.last.ends_on, clock.known
    return {(unit_id, ReportState.APPROVED): known.approved.get((unit_id, ended), 0) for unit_id in ids}
