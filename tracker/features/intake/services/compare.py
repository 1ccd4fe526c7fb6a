"""What a workbook of figures would change: compared with what is stored, without changing it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from tracker.core.access import Scope
from tracker.core.remember import data_version
from tracker.domain.errors import N_, RuleError
from tracker.domain.review import ReportState
from tracker.domain.roles import Permission
from tracker.domain.rollup import ValueState
from tracker.excel.declared import Problem
from tracker.excel.tables import LongTable
from tracker.features.intake.services.comparison import (
    MOST,
    Comparison,
    Example,
    elsewhere_error,
    stale_error,
)
from tracker.features.intake.services.drafts import StaleCellError, Way, check_approving, judged, shown
from tracker.features.intake.services.lines import Line
from tracker.features.intake.services.resolve import Resolver, Target
from tracker.features.org.queries import UnitRow
from tracker.features.plans.queries import AimRow, PeriodRow
from tracker.features.reports.queries import (
    Cell,
    CellKey,
    EntryRow,
    ReportHandle,
    Sheet,
    UnitFigures,
    aims_on,
    figures_of_units,
)
from tracker.features.reports.services import (
    CellDraft,
    SheetChange,
    check_importable,
    differs,
    find_odd_cells,
    open_points,
)

UNITS_AT_ONCE = 40

Place = tuple[int, int]
"""Number of a table, and of a row in it."""


def compare_figures(
    tables: Sequence[LongTable],
    scope: Scope,
    permission: Permission,
    way: Way,
    *,
    tell: Callable[[int, int], None],
) -> Comparison:
    """Compare the rows with what is stored, unit by unit; units out of scope are as good as not there."""
    return _Comparer(tables, Resolver(scope, permission), way, tell).compare()


class _Comparer:
    def __init__(
        self,
        tables: Sequence[LongTable],
        resolver: Resolver,
        way: Way,
        tell: Callable[[int, int], None],
    ) -> None:
        self.tables, self.resolver, self.way, self.tell = tables, resolver, way, tell
        # What the data stands at is asked first, in the snapshot in which all else is read.
        self.found = Comparison(data_version())
        self.found.note(way.into.value, way.because)
        self.total = sum(len(table.rows) for table in tables)
        self.done = 0

    def compare(self) -> Comparison:
        rows = self._rows_by_unit()
        units = [unit for unit, _ in rows.values()]
        for start in range(0, len(units), UNITS_AT_ONCE):
            run = units[start : start + UNITS_AT_ONCE]
            figures = self._figures(run)
            for unit in run:
                self._unit(unit, rows.pop(unit.id)[1], figures.get(unit.id, []))
                self.tell(self.done, self.total)
        self.found.problems.sort(key=lambda one: (one[0], one[1].row))
        return self.found

    def _rows_by_unit(self) -> dict[int, tuple[UnitRow, list[Place]]]:
        rows: dict[int, tuple[UnitRow, list[Place]]] = {}
        units: dict[str, UnitRow | RuleError] = {}
        for number, table in enumerate(self.tables):
            self.found.problems += [(number, problem) for problem in table.problems]
            broken = {problem.row for problem in table.problems}
            for row, values in table.rows.items():
                line = Line(*values)  # type: ignore[arg-type]  # a row's types are not known to mypy
                if line.unit is None:
                    continue
                if line.unit not in units:
                    units[line.unit] = self._unit_or_error(line.unit)
                unit = units[line.unit]
                if isinstance(unit, RuleError):
                    self._refuse((number, row), unit)
                elif row in broken:
                    self.found.count(unit).refused += 1
                else:
                    rows.setdefault(unit.id, (unit, []))[1].append((number, row))
        return rows

    def _unit_or_error(self, text: str) -> UnitRow | RuleError:
        try:
            return self.resolver.unit(text)
        except RuleError as error:
            return error

    def _figures(self, units: Sequence[UnitRow]) -> dict[int, list[UnitFigures]]:
        """What the units have said of each of their plans."""
        by_plan: dict[int, list[UnitRow]] = defaultdict(list)
        plans = {}
        for unit in units:
            for plan in self.resolver.plans_of(unit):
                plans[plan.id] = plan
                by_plan[plan.id].append(unit)
        loaded = {plan_id: figures_of_units(plans[plan_id], some) for plan_id, some in by_plan.items()}
        self.aims: dict[tuple[int, date], dict[tuple[int, int], AimRow]] = {}
        self.run = by_plan
        return {
            unit.id: [loaded[plan.id][unit.id] for plan in self.resolver.plans_of(unit)] for unit in units
        }

    def _aims(self, figures: UnitFigures, period: PeriodRow) -> dict[tuple[int, int], AimRow]:
        key = figures.plan.id, period.ends_on
        if key not in self.aims:
            self.aims[key] = aims_on(figures.plan, self.run[figures.plan.id], period.ends_on)
        return self.aims[key]

    def _line(self, place: Place) -> Line:
        return Line(*self.tables[place[0]].rows[place[1]])  # type: ignore[arg-type]  # a row's types are not known to mypy

    def _unit(self, unit: UnitRow, places: Sequence[Place], figures: Sequence[UnitFigures]) -> None:
        sheets: dict[tuple[int, int], dict[CellKey, Place]] = defaultdict(dict)
        targets: dict[tuple[int, int], Target] = {}
        written: dict[tuple[int, CellKey], set[date]] = defaultdict(set)
        counts = self.found.count(unit)
        for place in places:
            try:
                target = self.resolver.target(self._line(place), figures)
                at = target.plan.id, target.period.id
                if target.key in sheets[at]:
                    other = sheets[at][target.key]
                    raise RuleError(
                        N_("Row %(row)s of sheet %(sheet)s is about the same figure. Keep one of the two."),
                        field="indicator",
                        row=other[1],
                        sheet=self.tables[other[0]].sheet,
                    )
            except RuleError as error:
                counts.refused += 1
                self._refuse(place, error)
                continue
            sheets[at][target.key] = place
            targets[at] = target
            written[target.plan.id, target.key].add(target.period.ends_on)
        by_plan = {one.plan.id: one for one in figures}
        for at in sorted(targets, key=lambda at: targets[at].period.ends_on):
            found, period = by_plan[at[0]], targets[at].period
            self._sheet(found, period, sheets[at], {key: written[at[0], key] for key in sheets[at]})
        self.done += len(places)

    def _sheet(
        self,
        figures: UnitFigures,
        period: PeriodRow,
        places: dict[CellKey, Place],
        written: dict[CellKey, set[date]],
    ) -> None:
        sheet = figures.sheet(period, self._aims(figures, period))
        changed: list[tuple[Cell, CellDraft, Place]] = []
        for cell in sheet.cells:
            place = places.get(cell.key)
            if place is not None:
                cell = figures.without_later(cell, written[cell.key], period.ends_on)  # noqa: PLW2901 (the same cell, seen differently)
                draft = self._judge(sheet, cell, place)
                if draft is not None:
                    changed.append((cell, draft, place))
        if not changed:
            return
        then = _after(sheet, changed)
        if not self._is_open(sheet, then, changed, places):
            return
        written_now: list[tuple[Cell, CellDraft]] = []
        settled: list[Cell] = []
        for cell, draft, place in changed:
            if differs(cell, draft):
                self._take(sheet, cell, draft, place)
                figures.put(cell, _entry(cell, draft, period))
                written_now.append((cell, draft))
            else:
                self.found.count(sheet.unit).unchanged += 1
                self.found.note(cell.key, cell.seen)
                settled.append(cell)
        handle = ReportHandle(sheet.unit, sheet.plan, sheet.period, sheet.report)
        odd = 0 if self.way.into is ReportState.DRAFT else len(find_odd_cells(then))
        self.found.changes.append(SheetChange(handle, written_now, settled, odd=odd))
        self.found.note(sheet.subject, sheet.version)

    def _judge(self, sheet: Sheet, cell: Cell, place: Place) -> CellDraft | None:
        counts, line, table = self.found.count(sheet.unit), self._line(place), self.tables[place[0]]
        try:
            draft = judged(cell, line, table.fields.keys(), self.way)
        except StaleCellError:
            counts.stale += 1
            yours = "n/a" if line.na else "/".join(part for part in (line.value, line.whole) if part)
            theirs = shown(cell, cell.entry)
            example = self._example(sheet, cell, place, theirs, yours)
            if len(self.found.stale) < MOST:
                self.found.stale.append(example)
            self.found.stale_problems.append((place[0], self._problem(place, stale_error(theirs, yours))))
            return None
        except RuleError as error:
            counts.refused += 1
            self._refuse(place, error)
            return None
        if draft is None:
            counts.unchanged += 1
        return draft

    def _is_open(
        self,
        sheet: Sheet,
        then: Sheet,
        changed: Sequence[tuple[Cell, CellDraft, Place]],
        places: dict[CellKey, Place],
    ) -> bool:
        """Refuse all rows of a report that cannot be changed, or not be handed in with what else is in it."""
        try:
            check_importable(sheet, self.way.into)
            check_approving(sheet, self.way.into, self.resolver.scope)
        except RuleError as error:
            self.found.count(sheet.unit).refused += len(changed)
            for _, _, place in changed:
                self._refuse(place, RuleError(error.message, field="period", **error.params))
            return False
        if self.way.into is ReportState.DRAFT:
            return True
        left = open_points(then, is_filed=self.way.into is ReportState.APPROVED)
        for key, point in left.items():
            self.found.count(sheet.unit).refused += 1
            if key in places:
                self._refuse(places[key], point)
            else:
                self._refuse(changed[0][2], elsewhere_error(sheet, key, point))
        return not left

    def _take(self, sheet: Sheet, cell: Cell, draft: CellDraft, place: Place) -> None:
        counts = self.found.count(sheet.unit)
        is_new = cell.entry is None or cell.entry.state is None
        kept = self.found.new if is_new else self.found.changed
        if is_new:
            counts.new += 1
        else:
            counts.changed += 1
        if len(kept) < MOST:
            old, new = shown(cell, cell.entry), shown(cell, draft)
            kept.append(self._example(sheet, cell, place, old, new))
        state = draft.state.value if isinstance(draft.state, ValueState) else None
        self.found.note(cell.key, cell.seen, state, draft.value, draft.denominator)
        self.found.note(draft.reason, draft.note)

    def _example(self, sheet: Sheet, cell: Cell, place: Place, old: str | None, new: str | None) -> Example:
        name = self.tables[place[0]].sheet
        return Example(name, place[1], sheet.unit, sheet.period, cell, old, new)

    def _problem(self, place: Place, error: RuleError) -> Problem:
        address = self.tables[place[0]].address(place[1], error.field or "value")
        return Problem(place[1], address, error.field, error.message, error.params)

    def _refuse(self, place: Place, error: RuleError) -> None:
        self.found.problems.append((place[0], self._problem(place, error)))


def _entry(cell: Cell, draft: CellDraft, period: PeriodRow) -> EntryRow:
    """What will stand in the cell."""
    its_id = cell.entry.id if cell.entry else 0
    content = (draft.state, draft.value, draft.denominator, draft.reason, draft.note)
    return EntryRow(its_id, period.ends_on, *content, revision=0)


def _after(sheet: Sheet, changed: Sequence[tuple[Cell, CellDraft, Place]]) -> Sheet:
    """The report as it will be when these cells are written."""
    new = {cell.key: replace(cell, entry=_entry(cell, draft, sheet.period)) for cell, draft, _ in changed}
    cells = tuple(new.get(cell.key, cell) for cell in sheet.cells)
    return replace(sheet, cells=cells)
