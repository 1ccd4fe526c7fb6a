"""Writing many reports at once, by the same rules as one: an import, and taking an import back.

What comes here is checked cell by cell (:func:`tracker.features.reports.services.drafts.check_draft`)
in the same transaction, or on data that has not changed since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast

from tracker.core.audit import Actor, Happening, record_all
from tracker.core.clock import local_day, now
from tracker.domain.review import ReportState, Step, after
from tracker.domain.rollup import between, differences
from tracker.features.progress.services import post_differences
from tracker.features.reports.queries import Cell, CellKey, ReportHandle
from tracker.features.reports.queries.counted import Series
from tracker.features.reports.queries.placed import CountedSeries, counted_of_units
from tracker.features.reports.services.corrections import refuse_while_any_waits
from tracker.features.reports.services.entries import (
    Changes,
    WrittenSheet,
    cell_changes,
    settle_cells,
    unsettle_cells,
    write_values,
)
from tracker.features.reports.services.fill import handed_in, taken_back
from tracker.features.reports.services.placed import Posting, has_changed_places, post_by_places
from tracker.features.reports.services.returned import begin_anew
from tracker.features.reports.services.review import mark_counted, reviewed
from tracker.features.reports.services.rows import write_rows
from tracker.features.reports.services.steps import check_open, move_tallies

Tell = Callable[[int], None]
"""Is told how many reports are written."""

UNITS_AT_ONCE = 40
"""Units whose figures are in memory together."""


@dataclass(frozen=True, slots=True)
class SheetChange:
    """A report as it was read, and the cells that are to hold something else.

    In ``settled`` stand those that hold what is meant, but beside a refused text, or not confirmed yet;
    on the way back, those that the import had confirmed. ``carried`` names the cells of both kinds that
    somebody is to confirm again then. ``odd`` says how many values of the report will be odd.
    """

    sheet: ReportHandle
    changed: Changes
    settled: Sequence[Cell] = ()
    carried: Collection[CellKey] = ()
    odd: int = 0


class Trace(NamedTuple):
    """What an import did to a cell: wrote the revision of this number, or only confirmed it.

    ``was_carried`` says whether the cell held a value before that was carried over and not confirmed.
    """

    entry_id: int
    number: int
    is_written: bool
    was_carried: bool


def check_importable(sheet: ReportHandle, into: ReportState) -> None:
    """Raise :class:`RuleError` when figures cannot be entered in the report, or not be taken ``into``."""
    check_open(sheet)
    state = after(Step.SAVE, sheet.state)
    if into is not ReportState.DRAFT:
        after(Step.SUBMIT, state)


def import_figures(
    changes: Sequence[SheetChange], *, into: ReportState, because: str | None, actor: Actor, tell: Tell
) -> list[Trace]:
    """Write the cells and take the reports ``into`` draft, submitted or approved; approved ones count.

    What stands in the reports' rows, cells, revisions, balances and tallies then is what saving, handing in
    and approving would have left. Returns what it did to each cell. Each report leaves one audit record.
    """

    def target(sheet: ReportHandle) -> ReportState:
        return after(Step.SAVE, sheet.state) if into is ReportState.DRAFT else into

    moment = now()
    traces: list[Trace] = []
    for run in _runs(changes):
        for one in run:
            check_importable(one.sheet, into)
        written = _write_reports(
            run, [{"state": target(one.sheet), **_steps(one, into, moment, actor)} for one in run]
        )
        settle_cells([cell for one in run for cell in one.settled])
        if into is ReportState.APPROVED:
            before = _counted(written)
            made = write_values(written, actor=actor, moment=moment, counts=True)
            known = [one.report_id for one in written if one.sheet.report is not None]
            if known:
                mark_counted(known, counts=True, moment=moment, actor=actor)
            _post(written, before)
        else:
            made = write_values(written, actor=actor, moment=moment)
        traces += _traces(run, made)
        move_tallies((one.sheet, target(one.sheet)) for one in run)
        record_all([_happening("report.import", one, target(one.sheet), because) for one in run], actor=actor)
        tell(len(run))
    return traces


def take_figures_back(
    changes: Sequence[SheetChange], *, because: str | None, actor: Actor, tell: Tell
) -> None:
    """Write what stood in the cells before an import, and make the reports drafts again.

    Approved ones no longer count, and cells that the import confirmed are to be confirmed again. Each
    report leaves one audit record. Raises :class:`RuleError` while a correction of one waits.
    """
    moment = now()
    for run in _runs(changes):
        for one in run:
            check_open(one.sheet)
        refuse_while_any_waits([one.sheet for one in run])
        steps = [_steps_back(one.sheet, moment, actor) for one in run]
        written = _write_reports(run, steps)
        counted = [one for one in written if one.sheet.state is ReportState.APPROVED]
        if counted:
            before = _counted(counted)
            ids_of = [one.report_id for one in counted]
            mark_counted(ids_of, counts=False, moment=moment, actor=actor)
            _post(counted, before)
        write_values(written, actor=actor, moment=moment)
        if counted:
            # What the import left as it was counted with it, and must not count again unseen.
            begin_anew(ids_of)
        unsettle_cells([cell for one in run for cell in one.settled if cell.key in one.carried])
        states = [step["state"] for step in steps]
        move_tallies((one.sheet, state) for one, state in zip(run, states, strict=True))
        record_all(
            [
                _happening("report.import.undo", one, state, because)
                for one, state in zip(run, states, strict=True)
            ],
            actor=actor,
        )
        tell(len(run))


def _runs(changes: Sequence[SheetChange]) -> list[list[SheetChange]]:
    """The changes in runs of some units of one plan each, which is what balances are made for."""
    by_plan: dict[int, dict[int, list[SheetChange]]] = defaultdict(lambda: defaultdict(list))
    for one in changes:
        by_plan[one.sheet.plan.id][one.sheet.unit.id].append(one)
    runs = []
    for by_unit in by_plan.values():
        units = list(by_unit.values())
        for start in range(0, len(units), UNITS_AT_ONCE):
            runs.append([one for unit in units[start : start + UNITS_AT_ONCE] for one in unit])
    return runs


def _steps(one: SheetChange, into: ReportState, moment: datetime, actor: Actor) -> dict[str, Any]:
    """What the steps up to a state leave in a report's row."""
    steps: dict[str, Any] = {}
    if into is not ReportState.DRAFT:
        steps |= handed_in(one.sheet, one.odd, moment, actor)
    if into is ReportState.APPROVED:
        steps |= reviewed(moment, actor)
    return steps


def _steps_back(sheet: ReportHandle, moment: datetime, actor: Actor) -> dict[str, Any]:
    """What taking an import back leaves in a report's row: the state, and what goes with it."""
    report = sheet.report
    if sheet.state is ReportState.SUBMITTED:
        return {"state": ReportState.DRAFT, **taken_back(sheet)}
    if report is None or sheet.state is not ReportState.APPROVED:
        return {"state": after(Step.SAVE, sheet.state)}
    first, last = report.handed_in_on, report.submitted_at
    if first is not None and last is not None and first < local_day(last):
        # Somebody had handed it in before the import, and is not late for what the import did.
        steps = {"handed_in_on": first, **reviewed(moment, actor)}
    else:
        steps = {"handed_in_on": None, "reviewed_at": None, "reviewed_by_id": None}
    return {"state": ReportState.DRAFT, "submitted_at": None, **steps}


def _write_reports(run: Sequence[SheetChange], rows: Sequence[Mapping[str, object]]) -> list[WrittenSheet]:
    ids = write_rows([(one.sheet, row) for one, row in zip(run, rows, strict=True)])
    return [
        WrittenSheet(one.sheet, its_id, one.changed, one.carried)
        for one, its_id in zip(run, ids, strict=True)
    ]


def _traces(run: Sequence[SheetChange], made: Sequence[tuple[int, int]]) -> list[Trace]:
    cells = [cell.entry for one in run for cell, _ in one.changed]
    written = [
        Trace(entry_id, number, True, entry is not None and entry.is_carried)
        for (entry_id, number), entry in zip(made, cells, strict=True)
    ]
    confirmed = [cell.entry for one in run for cell in one.settled if cell.entry]
    return [*written, *(Trace(entry.id, entry.revision, False, entry.is_carried) for entry in confirmed)]


def _counted(written: Sequence[WrittenSheet]) -> dict[tuple[int, int], CountedSeries]:
    """What counts at the units of these reports of one plan, by unit and indicator."""
    units = {one.sheet.unit.id for one in written}
    found = counted_of_units(written[0].sheet.plan.id, units)
    return {(one.unit_id, one.indicator_id): one for one in found}


def _post(written: Sequence[WrittenSheet], before: Mapping[tuple[int, int], CountedSeries]) -> None:
    """Post what has changed of what counts, once for each unit of the tree."""
    plan = written[0].sheet.plan
    units = {one.sheet.unit.id: one.sheet.unit for one in written}
    after_ = _counted(written)
    postings: dict[int, Posting] = defaultdict(dict)
    moved: dict[int, dict[int, Series]] = defaultdict(dict)
    for key in sorted({*before, *after_}):
        unit_id, indicator_id = key
        was, is_ = before.get(key), after_.get(key)
        measure = cast(CountedSeries, is_ or was).measure
        series = Series(measure, was.entries if was else [], is_.entries if is_ else [])
        if has_changed_places(units[unit_id]):
            moved[unit_id][indicator_id] = series
            continue
        change = between(differences(measure, series.before), differences(measure, series.after))
        for above in units[unit_id].line:
            posting = postings[above]
            for (category_id, day), found in change.items():
                at = (indicator_id, category_id, day)
                posting[at] = posting[at] + found if at in posting else found
    for unit_id in sorted(postings):
        post_differences([unit_id], plan.id, {at: found for at, found in postings[unit_id].items() if found})
    for unit_id, changed in moved.items():
        post_by_places(units[unit_id], plan, changed)


def _happening(action: str, one: SheetChange, state: ReportState, because: str | None) -> Happening:
    sheet = one.sheet
    changes: dict[str, tuple[object, object]] = {}
    if sheet.state is not state:
        changes["state"] = (sheet.state.value, state.value)
    if because:
        changes["because"] = (None, because)
    return Happening(action, sheet.subject, sheet.unit.id, {**changes, **cell_changes(one.changed)})
