"""Writing many reports at once, by the same rules as one: an import, and taking an import back.

What comes here is checked cell by cell (:func:`tracker.features.reports.services.drafts.check_draft`)
in the same transaction, or on data that has not changed since.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, insert, select, update

from tracker.core.audit import Actor, Happening, record_all
from tracker.core.clock import now
from tracker.core.db import db
from tracker.domain.errors import StaleError
from tracker.domain.review import ReportState, Step, after
from tracker.domain.rollup import between, differences
from tracker.features.places.queries import line_of
from tracker.features.progress.services import post_differences
from tracker.features.reports.models import Report
from tracker.features.reports.queries import Cell, ReportHandle
from tracker.features.reports.queries.counted import Series
from tracker.features.reports.queries.placed import CountedSeries, counted_of_units
from tracker.features.reports.services.entries import (
    Changes,
    WrittenSheet,
    cell_changes,
    settle_cells,
    write_values,
)
from tracker.features.reports.services.placed import Posting, has_changed_places, post_by_places
from tracker.features.reports.services.review import mark_counted
from tracker.features.reports.services.steps import CHANGED, add_tallies, check_open

Tell = Callable[[int], None]
"""Is told how many reports are written."""

UNITS_AT_ONCE = 40
"""Units whose figures are in memory together."""


@dataclass(frozen=True, slots=True)
class SheetChange:
    """A report as it was read, and the cells that are to hold something else.

    In ``settled`` stand those that hold what is meant, but beside a refused text, or not confirmed yet.
    """

    sheet: ReportHandle
    changed: Changes
    settled: Sequence[Cell] = ()


def check_importable(sheet: ReportHandle, into: ReportState) -> None:
    """Raise :class:`RuleError` when figures cannot be entered in the report, or not be taken ``into``."""
    check_open(sheet)
    state = after(Step.SAVE, sheet.state)
    if into is not ReportState.DRAFT:
        after(Step.SUBMIT, state)


def import_figures(
    changes: Sequence[SheetChange], *, into: ReportState, because: str | None, actor: Actor, tell: Tell
) -> list[tuple[int, int]]:
    """Write the cells and take the reports ``into`` draft, submitted or approved; approved ones count.

    Returns (entry id, revision number) of all that was written. Each report leaves one audit record.
    """

    def target(sheet: ReportHandle) -> ReportState:
        return after(Step.SAVE, sheet.state) if into is ReportState.DRAFT else into

    moment = now()
    made: list[tuple[int, int]] = []
    for run in _runs(changes):
        for one in run:
            check_importable(one.sheet, into)
        ids = _write_reports(run, target, _steps(into, actor, moment))
        written = [WrittenSheet(one.sheet, ids[_key(one.sheet)], one.changed) for one in run]
        settle_cells([cell for one in run for cell in one.settled])
        if into is ReportState.APPROVED:
            before = _counted(written)
            made += write_values(written, actor=actor, moment=moment, counts=True)
            known = [one.report_id for one in written if one.sheet.report is not None]
            if known:
                mark_counted(known, counts=True, moment=moment, actor=actor)
            _post(written, before)
        else:
            made += write_values(written, actor=actor, moment=moment)
        _move_tallies(run, target)
        record_all([_happening("report.import", one, target(one.sheet), because) for one in run], actor=actor)
        tell(len(run))
    return made


def take_figures_back(
    changes: Sequence[SheetChange], *, because: str | None, actor: Actor, tell: Tell
) -> None:
    """Write what stood in the cells before an import, and make the reports drafts again.

    Approved ones no longer count. Each report leaves one audit record.
    """
    moment = now()
    for run in _runs(changes):
        for one in run:
            check_open(one.sheet)
        ids = _write_reports(run, lambda _: ReportState.DRAFT, {"submitted_at": None})
        written = [WrittenSheet(one.sheet, ids[_key(one.sheet)], one.changed) for one in run]
        counted = [one for one in written if one.sheet.state is ReportState.APPROVED]
        if counted:
            before = _counted(counted)
            ids_of = [one.report_id for one in counted]
            mark_counted(ids_of, counts=False, moment=moment, actor=actor)
            _post(counted, before)
        write_values(written, actor=actor, moment=moment)
        _move_tallies(run, lambda _: ReportState.DRAFT)
        record_all(
            [_happening("report.import.undo", one, ReportState.DRAFT, because) for one in run], actor=actor
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


def _key(sheet: ReportHandle) -> tuple[int, int]:
    return sheet.unit.id, sheet.period.id


_REPORT = cast(Table, Report.__table__)
_NEW = insert(_REPORT)


def _steps(into: ReportState, actor: Actor, moment: datetime) -> dict[str, object]:
    """What the steps up to a state leave in a report's row."""
    steps: dict[str, object] = {}
    if into is not ReportState.DRAFT:
        steps |= {"submitted_at": moment, "submitted_by_id": actor.id, "reason": None}
        steps |= {"checked_at": None, "checked_by_id": None}
    if into is ReportState.APPROVED:
        steps |= {"reviewed_at": moment, "reviewed_by_id": actor.id}
    return steps


def _write_reports(
    run: Sequence[SheetChange], target: Callable[[ReportHandle], ReportState], steps: Mapping[str, object]
) -> dict[tuple[int, int], int]:
    """Make or change the reports' rows; their ids by unit and period."""
    connection = db.session.connection()
    new = [
        {
            "unit_id": one.sheet.unit.id,
            "period_id": one.sheet.period.id,
            "state": target(one.sheet),
            "version": 1,
            **steps,
        }
        for one in run
        if one.sheet.report is None
    ]
    if new:
        connection.execute(_NEW, new)
    known = [
        {
            "its_id": one.sheet.report.id,
            "seen": one.sheet.report.version,
            "state": target(one.sheet),
            "version": one.sheet.report.version + 1,
            **steps,
        }
        for one in run
        if one.sheet.report is not None
    ]
    if known:
        change = update(_REPORT).where(
            _REPORT.c.id == bindparam("its_id"), _REPORT.c.version == bindparam("seen")
        )
        if connection.execute(change, known).rowcount not in (len(known), -1):
            raise StaleError(CHANGED)
    found = {_key(one.sheet): one.sheet.report.id for one in run if one.sheet.report is not None}
    if new:
        rows = connection.execute(
            select(_REPORT.c.unit_id, _REPORT.c.period_id, _REPORT.c.id).where(
                _REPORT.c.unit_id.in_({one.sheet.unit.id for one in run}),
                _REPORT.c.period_id.in_({one.sheet.period.id for one in run}),
            )
        )
        found |= {(unit_id, period_id): its_id for unit_id, period_id, its_id in rows}
    return found


def _move_tallies(run: Sequence[SheetChange], target: Callable[[ReportHandle], ReportState]) -> None:
    moves: dict[tuple[int, int, str], int] = defaultdict(int)
    for one in run:
        sheet, state = one.sheet, target(one.sheet)
        for unit_id in line_of(sheet.unit, sheet.period.ends_on):
            moves[unit_id, sheet.period.id, state] += 1
            if sheet.report is not None:
                moves[unit_id, sheet.period.id, sheet.state] -= 1
    add_tallies({key: by for key, by in moves.items() if by})


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
