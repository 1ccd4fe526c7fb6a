"""Filling a report in: save, carry over, submit, withdraw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tracker.core.audit import Actor, record
from tracker.core.clock import now, today
from tracker.domain.errors import N_, RuleError, StaleError
from tracker.domain.measures import Measure, ReportedAs
from tracker.domain.review import ReportState, Step, after
from tracker.features.reports.queries import Cell, CellKey, ReportHandle, Sheet
from tracker.features.reports.services.drafts import CellDraft, SheetError, check_stored, differs, oddities
from tracker.features.reports.services.entries import (
    Changes,
    WrittenSheet,
    cell_changes,
    settle_cells,
    write_values,
)
from tracker.features.reports.services.open import open_points
from tracker.features.reports.services.rows import SAVED_MEANWHILE, write_report
from tracker.features.reports.services.steps import check_open, move_tally, take_step


def save_report(sheet: Sheet, drafts: Sequence[CellDraft], *, version: int, actor: Actor) -> None:
    """Save the cells that changed as new revisions; all of them or, with :class:`SheetError`, none.

    Raises :class:`StaleError` when someone saved the sheet after ``version``.
    """
    state = check_fillable(sheet)
    if version != sheet.version:
        raise StaleError(SAVED_MEANWHILE)
    cells = {cell.key: cell for cell in sheet.cells}
    errors: dict[CellKey, RuleError] = {}
    changed: list[tuple[Cell, CellDraft]] = []
    settled: list[Cell] = []
    for draft in drafts:
        cell = cells[draft.key]
        try:
            stored = check_stored(cell, draft)
        except RuleError as error:
            errors[draft.key] = error
            continue
        if differs(cell, stored):
            changed.append((cell, stored))
        elif cell.entry and cell.entry.draft:
            settled.append(cell)
    if errors:
        raise SheetError(errors)
    if not changed and not settled and sheet.report is not None:
        return
    report_id = write_report(sheet, state)
    write_values([WrittenSheet(sheet, report_id, changed)], actor=actor)
    settle_cells(settled)
    finish_save(sheet, state, changed, actor=actor)


def carry_over(sheet: Sheet, *, actor: Actor) -> tuple[int, int]:
    """Fill the cells that are blank with what was reported last, each marked to be confirmed.

    A period's own increase is left blank: that it happened once more is nothing to be assumed.
    Gives how many cells were filled, and how many are still blank.
    """
    state = check_fillable(sheet)
    blank = [cell for cell in sheet.cells if cell.entry is None or _is_blank(cell)]
    changed = [(cell, stored) for cell in blank if (stored := _carried(cell)) is not None]
    if changed:
        report_id = write_report(sheet, state)
        carried = {cell.key for cell, _ in changed}
        write_values([WrittenSheet(sheet, report_id, changed, carried)], actor=actor)
        move_tally(sheet, state)
        record(
            "report.carry",
            actor=actor,
            subject=sheet.subject,
            unit_id=sheet.unit.id,
            changes=cell_changes(changed),
        )
    return len(changed), len(blank) - len(changed)


def submit_report(sheet: Sheet, *, actor: Actor) -> None:
    """Hand the saved report in for review.

    Raises :class:`SheetError` naming the cells in which something is still open, and
    :class:`RuleError` when nothing at all is filled in.
    """
    state = after(Step.SUBMIT, sheet.state)
    check_open(sheet)
    errors = open_points(sheet)
    if errors:
        raise SheetError(errors)
    if sheet.filled == 0:
        raise RuleError(
            N_("Nothing is filled in yet. Enter at least one figure, or mark it as not applicable.")
        )
    take_step(
        sheet,
        state,
        "report.submit",
        actor=actor,
        **handed_in(sheet, len(find_odd_cells(sheet)), now(), actor),
    )


def withdraw_report(sheet: ReportHandle, *, actor: Actor) -> None:
    """Take a submitted report back to go on filling it in."""
    check_open(sheet)
    state = after(Step.WITHDRAW, sheet.state)
    take_step(sheet, state, "report.withdraw", actor=actor, **taken_back(sheet))


def handed_in(sheet: ReportHandle, odd: int, moment: datetime, actor: Actor) -> dict[str, Any]:
    """What handing a report in leaves in its row, of whose values so many are odd."""
    return {
        "submitted_at": moment,
        "submitted_by_id": actor.id,
        "reason": None,
        "odd": odd,
        "handed_in_on": (sheet.report and sheet.report.handed_in_on) or today(),
        "checked_at": None,
        "checked_by_id": None,
    }


def taken_back(sheet: ReportHandle) -> dict[str, Any]:
    """What taking a submitted report back leaves in its row."""
    # Taken back before anyone looked at it, it has not been handed in; once returned, it has been.
    kept = sheet.report.handed_in_on if sheet.report and sheet.report.reviewed_at else None
    return {"submitted_at": None, "handed_in_on": kept}


def find_odd_cells(sheet: Sheet) -> list[Cell]:
    """The cells of the sheet whose values are odd."""
    return [cell for cell in sheet.cells if oddities(cell, cell.entry)]


def check_fillable(sheet: Sheet) -> ReportState:
    """The state that saving leads to; raises :class:`RuleError` where nothing can be saved now."""
    check_open(sheet)
    return after(Step.SAVE, sheet.state)


def finish_save(sheet: Sheet, state: ReportState, changed: Changes, *, actor: Actor) -> None:
    """Write what follows from a save: the tallies up the tree, and the audit record."""
    move_tally(sheet, state)
    record(
        "report.save",
        actor=actor,
        subject=sheet.subject,
        unit_id=sheet.unit.id,
        changes=cell_changes(changed),
    )


def _is_blank(cell: Cell) -> bool:
    return cell.entry is not None and cell.entry.state is None and cell.entry.draft is None


def _carried(cell: Cell) -> CellDraft | None:
    """What the last period's value says about this one, as it is stored; None where it says nothing."""
    last, indicator = cell.last, cell.indicator
    is_increase = indicator.measure is Measure.FLOW and indicator.reported_as is ReportedAs.INCREASE
    if last is None or is_increase:
        return None
    value = last.value
    if value is not None and indicator.reported_as is ReportedAs.RUNNING_TOTAL:
        value = cell.total_before
    kept = cell.entry.note if cell.entry else None
    reason = last.reason if value is None else None
    try:
        return check_stored(cell, CellDraft(cell.key, last.state, value, last.denominator, reason, kept))
    except RuleError:
        # The rules have changed since, or a later total stands on this one: it stays blank.
        return None
