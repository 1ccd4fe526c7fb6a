"""One sheet with everything that its cells need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select

from tracker.core.access import Scope
from tracker.core.db import db
from tracker.domain.errors import N_, NotFoundError
from tracker.domain.review import ReportState
from tracker.domain.roles import Permission
from tracker.domain.rollup import WHOLE, ValueState
from tracker.features.org.queries import UnitRow, get_unit
from tracker.features.plans.queries import (
    AimRow,
    CategoryRow,
    IndicatorRow,
    PeriodRow,
    PlanRow,
    aims_of,
    asked_of,
    get_period,
    get_plan,
    indicators_of,
)
from tracker.features.reports.models import Entry, EntryDraft, Report
from tracker.features.reports.queries.evidence import EvidenceByIndicator, evidence_of

CellKey = tuple[int, int]
"""(indicator id, category id or 0)."""

NEVER_WRITTEN = "0.0"
"""What has been seen of a cell into which nobody has typed yet."""


@dataclass(frozen=True)
class DraftRow:
    """What was typed into a cell and could not be taken, as it was typed."""

    value: str
    whole: str
    is_na: bool
    reason: str
    note: str


@dataclass(frozen=True, slots=True)
class EntryRow:
    """What one cell holds."""

    id: int
    ends_on: date
    state: ValueState | None
    value: Decimal | None
    denominator: Decimal | None
    reason: str | None
    note: str | None
    revision: int
    touched: int = 0
    is_carried: bool = False
    return_reason: str | None = None
    returned_revision: int | None = None
    draft: DraftRow | None = None

    @property
    def seen(self) -> str:
        """What a writer must have seen: changes with everything that stands in the cell."""
        return f"{self.revision}.{self.touched}"

    @property
    def content(self) -> tuple[object, ...]:
        """What the next revision would have to differ in."""
        return (self.state, self.value, self.denominator, self.reason, self.note)


@dataclass(frozen=True)
class ReportRow:
    """Where a sheet stands in its life."""

    id: int
    state: ReportState
    version: int
    reason: str | None
    submitted_at: datetime | None
    reviewed_at: datetime | None
    submitted_by_id: int | None
    handed_in_on: date | None = None
    checked_at: datetime | None = None
    checked_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a sheet: its entry, those of earlier periods in order, and whether later ones exist."""

    indicator: IndicatorRow
    category: CategoryRow | None
    aim: AimRow | None
    entry: EntryRow | None
    earlier: tuple[EntryRow, ...]
    has_later: bool = False

    @property
    def key(self) -> CellKey:
        """The cell's place in the sheet."""
        return self.indicator.id, self.category.id if self.category else WHOLE

    @property
    def seen(self) -> str:
        """What a writer of this cell must have seen."""
        return self.entry.seen if self.entry else NEVER_WRITTEN

    @property
    def earlier_values(self) -> list[Decimal]:
        """Earlier values, the silent and not applicable periods left out."""
        return [row.value for row in self.earlier if row.value is not None]

    @property
    def total_before(self) -> Decimal:
        """The running total up to the period before."""
        return sum(self.earlier_values, Decimal(0))

    @property
    def last(self) -> EntryRow | None:
        """The latest earlier entry that says something."""
        return next((row for row in reversed(self.earlier) if row.state is not None), None)


def report_subject(plan: str, unit: str, period: str) -> str:
    """What a report is called in the audit log, by the codes that hold at the time."""
    return f"report {plan}/{unit} {period}"


@dataclass(frozen=True)
class ReportHandle:
    """One unit's report for one period, without its cells. ``report`` is None until something is saved."""

    unit: UnitRow
    plan: PlanRow
    period: PeriodRow
    report: ReportRow | None

    @property
    def state(self) -> ReportState:
        """Where the report stands."""
        return self.report.state if self.report else ReportState.NOT_STARTED

    @property
    def version(self) -> int:
        """The version that a writer must have seen."""
        return self.report.version if self.report else 0

    @property
    def is_late(self) -> bool:
        """Whether it was first handed in after the end of its due day."""
        return self.period.is_late_on(self.report.handed_in_on if self.report else None)

    @property
    def subject(self) -> str:
        """The report's name in the audit log."""
        return report_subject(self.plan.code, self.unit.code, self.period.code)


@dataclass(frozen=True)
class Sheet(ReportHandle):
    """A report with its cells."""

    cells: tuple[Cell, ...]
    evidence: EvidenceByIndicator = field(default_factory=dict)

    @property
    def filled(self) -> int:
        """Cells that say something."""
        return sum(1 for cell in self.cells if cell.entry and cell.entry.state is not None)


REPORT_COLUMNS: tuple[Any, ...] = (
    *(Report.id, Report.state, Report.version, Report.reason, Report.submitted_at, Report.reviewed_at),
    *(Report.submitted_by_id, Report.handed_in_on, Report.checked_at, Report.checked_by_id),
)
"""What a :class:`ReportRow` is made of."""
_REPORT = select(*REPORT_COLUMNS).where(
    Report.unit_id == bindparam("unit"), Report.period_id == bindparam("period")
)


def get_report(
    scope: Scope, permission: Permission, *, plan_code: str, unit_code: str, period_code: str
) -> ReportHandle:
    """The report, started or not. Raises :class:`NotFoundError` when out of scope or not reported there."""
    unit = get_unit(scope, permission, unit_code)
    plan = get_plan(unit, as_of=None, code=plan_code)
    period = get_period(plan.id, period_code)
    report = db.session.connection().execute(_REPORT, {"unit": unit.id, "period": period.id}).first()
    if report is None and not asked_of(unit, plan, period.ends_on):
        raise NotFoundError(N_("There is no such report."))
    return ReportHandle(unit, plan, period, ReportRow(*report) if report else None)


def get_sheet(
    scope: Scope, permission: Permission, *, plan_code: str, unit_code: str, period_code: str
) -> Sheet:
    """The report with its cells; raises as :func:`get_report` does."""
    found = get_report(scope, permission, plan_code=plan_code, unit_code=unit_code, period_code=period_code)
    unit, plan, period = found.unit, found.plan, found.period
    assigned = asked_of(unit, plan, period.ends_on)
    aims = aims_of([unit.id], plan.id, as_of=period.ends_on)
    entries = entries_of(plan.id, [unit.id])[unit.id]
    indicators = [one for one in indicators_of(plan) if one.id in assigned]
    cells = tuple(cells_of(unit, period, indicators, aims, entries))
    return Sheet(unit, plan, period, found.report, cells, evidence_of(unit.id, period.id))


def cells_of(
    unit: UnitRow,
    period: PeriodRow,
    indicators: Iterable[IndicatorRow],
    aims: Mapping[tuple[int, int], AimRow],
    entries: Mapping[CellKey, Sequence[EntryRow]],
) -> Iterator[Cell]:
    """The cells of a sheet in their order, from a unit's entries of the plan in the order of periods."""
    for indicator in indicators:
        for category in indicator.categories or (None,):
            rows = entries.get((indicator.id, category.id if category else WHOLE), ())
            now, earlier, has_later = None, [], False
            for row in rows:
                if row.ends_on < period.ends_on:
                    earlier.append(row)
                elif row.ends_on == period.ends_on:
                    now = row
                elif row.value is not None:
                    has_later = True
            aim = aims.get((unit.id, indicator.id))
            yield Cell(indicator, category, aim, now, tuple(earlier), has_later)


_ENTRY = (
    Entry.id,
    Entry.ends_on,
    Entry.state,
    Entry.value,
    Entry.denominator,
    Entry.reason,
    Entry.note,
    Entry.revision,
    Entry.touched,
    Entry.is_carried,
    Entry.return_reason,
    Entry.returned_revision,
)
_DRAFT = (EntryDraft.value, EntryDraft.whole, EntryDraft.is_na, EntryDraft.reason, EntryDraft.note)


def entries_of(plan_id: int, unit_ids: Sequence[int]) -> dict[int, dict[CellKey, list[EntryRow]]]:
    """All that units have entered for a plan, in the order of periods, by unit and cell."""
    found: dict[int, dict[CellKey, list[EntryRow]]] = {unit_id: {} for unit_id in unit_ids}
    rest: list[Any]
    for unit_id, indicator_id, category_id, *rest in db.session.execute(
        select(Entry.unit_id, Entry.indicator_id, Entry.category_id, *_ENTRY, *_DRAFT)
        .outerjoin(EntryDraft, EntryDraft.entry_id == Entry.id)
        .where(Entry.unit_id.in_(unit_ids), Entry.plan_id == plan_id)
        .order_by(Entry.unit_id, Entry.ends_on)
    ):
        *row, value, whole, is_na, said, note = rest
        row.append(DraftRow(value, whole, is_na, said, note) if value is not None else None)
        found[unit_id].setdefault((indicator_id, category_id or WHOLE), []).append(EntryRow(*row))
    return found
