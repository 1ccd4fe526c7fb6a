"""The sheets of many units of a plan, in a few statements, for what reads or writes thousands of cells."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from tracker.core.db import db
from tracker.features.org.queries import UnitRow
from tracker.features.places.queries import line_of
from tracker.features.plans.models import Period
from tracker.features.plans.queries import (
    AimRow,
    IndicatorRow,
    PeriodRow,
    PlanRow,
    aims_of,
    assignments_of,
    indicators_of,
)
from tracker.features.reports.models import Report
from tracker.features.reports.queries.evidence import EvidenceByIndicator, evidence_of_units
from tracker.features.reports.queries.sheet import (
    REPORT_COLUMNS,
    Cell,
    CellKey,
    EntryRow,
    ReportRow,
    Sheet,
    cells_of,
    entries_of,
)


@dataclass
class UnitFigures:
    """All that one unit has said of a plan, from which its sheets are made."""

    unit: UnitRow
    plan: PlanRow
    assigned: Sequence[IndicatorRow]
    entries: dict[CellKey, list[EntryRow]]
    reports: Mapping[int, ReportRow]
    evidence: Mapping[int, EvidenceByIndicator]
    """By the id of the period."""

    def asked(self, day: date) -> list[IndicatorRow]:
        """The indicators that the unit reports for a period ending on the day, by the rule of a sheet."""
        unit = self.unit
        gone = unit.retired_on is not None and unit.retired_on <= day
        if gone or self.plan.unit_id not in line_of(unit, day):
            return []
        return [one for one in self.assigned if _is_asked(one, day)]

    def sheet(self, period: PeriodRow, aims: Mapping[tuple[int, int], AimRow]) -> Sheet:
        """The report of a period with its cells."""
        cells = cells_of(self.unit, period, self.asked(period.ends_on), aims, self.entries)
        evidence = self.evidence.get(period.id, {})
        return Sheet(self.unit, self.plan, period, self.reports.get(period.id), tuple(cells), evidence)

    def put(self, cell: Cell, entry: EntryRow) -> None:
        """Have a cell hold something else than is stored, as the cells of later periods are to see it."""
        rows = self.entries.setdefault(cell.key, [])
        rows[:] = sorted(
            [*(row for row in rows if row.ends_on != entry.ends_on), entry], key=lambda row: row.ends_on
        )

    def without_later(self, cell: Cell, written: Collection[date], day: date) -> Cell:
        """The cell as it is when the later periods in ``written`` are entered anew together with it."""
        if not cell.has_later:
            return cell
        rows = self.entries.get(cell.key, ())
        later = [row.ends_on for row in rows if row.ends_on > day and row.value is not None]
        return replace(cell, has_later=any(ends_on not in written for ends_on in later))


def _is_asked(indicator: IndicatorRow, day: date) -> bool:
    begun = indicator.from_on is None or indicator.from_on <= day
    return begun and (indicator.retired_on is None or indicator.retired_on > day)


def figures_of_units(plan: PlanRow, units: Sequence[UnitRow]) -> dict[int, UnitFigures]:
    """What each unit has said of the plan, by its id."""
    ids = [unit.id for unit in units]
    assigned = assignments_of(plan.id, ids)
    indicators = indicators_of(plan)
    reports: dict[int, dict[int, ReportRow]] = {unit_id: {} for unit_id in ids}
    for unit_id, period_id, *report in db.session.execute(
        select(Report.unit_id, Report.period_id, *REPORT_COLUMNS)
        .join(Period, Period.id == Report.period_id)
        .where(Report.unit_id.in_(ids), Period.plan_id == plan.id)
    ):
        reports[unit_id][period_id] = ReportRow(*report)
    entries = entries_of(plan.id, ids)
    evidence = evidence_of_units(plan.id, ids) if any(one.needs_evidence for one in indicators) else {}
    return {
        unit.id: UnitFigures(
            unit,
            plan,
            [one for one in indicators if one.id in assigned.get(unit.id, ())],
            entries[unit.id],
            reports[unit.id],
            evidence.get(unit.id, {}),
        )
        for unit in units
    }


def aims_on(plan: PlanRow, units: Sequence[UnitRow], day: date) -> dict[tuple[int, int], AimRow]:
    """The units' aims on a day, by (unit id, indicator id)."""
    return aims_of([unit.id for unit in units], plan.id, as_of=day)
