"""Filling a report in: save, submit, withdraw."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError

from tracker.core.audit import Actor, record
from tracker.core.clock import now
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError, StaleError
from tracker.domain.review import ReportState, Step, after
from tracker.features.reports.models import Report
from tracker.features.reports.queries import Cell, CellKey, ReportHandle, Sheet
from tracker.features.reports.services.cells import WrittenSheet, cell_changes, write_cells
from tracker.features.reports.services.drafts import (
    LATER,
    CellDraft,
    SheetError,
    check_draft,
    differs,
    oddities,
    shifts_later,
)
from tracker.features.reports.services.steps import check_open, move_tally, take_step, write_version

_SAVED_MEANWHILE = N_("Someone saved this sheet while you were filling it in. Compare, then save again.")


def save_report(sheet: Sheet, drafts: Sequence[CellDraft], *, version: int, actor: Actor) -> None:
    """Save the cells that changed as new revisions; all of them or, with :class:`SheetError`, none.

    Raises :class:`StaleError` when someone saved the sheet after ``version``.
    """
    _check_writable(sheet, version)
    state = after(Step.SAVE, sheet.state)
    cells = {cell.key: cell for cell in sheet.cells}
    errors: dict[CellKey, RuleError] = {}
    changed: list[tuple[Cell, CellDraft]] = []
    for draft in drafts:
        cell = cells[draft.key]
        try:
            stored = check_draft(cell, draft)
        except RuleError as error:
            errors[draft.key] = error
            continue
        if shifts_later(cell, stored):
            errors[draft.key] = RuleError(LATER)
        elif differs(cell, stored):
            changed.append((cell, stored))
    if errors:
        raise SheetError(errors)
    if not changed and sheet.report is not None:
        return
    report_id = _write_report(sheet, state)
    write_cells([WrittenSheet(sheet, report_id, changed)], actor=actor, moment=now())
    move_tally(sheet, state)
    record(
        "report.save",
        actor=actor,
        subject=sheet.subject,
        unit_id=sheet.unit.id,
        changes=cell_changes(changed),
    )


def submit_report(sheet: Sheet, *, actor: Actor) -> None:
    """Hand the saved report in for review.

    Raises :class:`SheetError` naming the cells with odd values that lack a reason, and
    :class:`RuleError` when nothing at all is filled in.
    """
    state = after(Step.SUBMIT, sheet.state)
    check_open(sheet)
    if sheet.filled == 0:
        raise RuleError(
            N_("Nothing is filled in yet. Enter at least one figure, or mark it as not applicable.")
        )
    errors = {
        cell.key: RuleError(N_("This number is unusual. Give a short reason, or correct it."))
        for cell in sheet.cells
        if oddities(cell, cell.entry) and not (cell.entry and cell.entry.reason)
    }
    if errors:
        raise SheetError(errors)
    take_step(
        sheet, state, "report.submit", actor=actor, submitted_at=now(), submitted_by_id=actor.id, reason=None
    )


def withdraw_report(sheet: ReportHandle, *, actor: Actor) -> None:
    """Take a submitted report back to go on filling it in."""
    check_open(sheet)
    take_step(sheet, after(Step.WITHDRAW, sheet.state), "report.withdraw", actor=actor, submitted_at=None)


def _check_writable(sheet: Sheet, version: int) -> None:
    check_open(sheet)
    after(Step.SAVE, sheet.state)
    if version != sheet.version:
        raise StaleError(_SAVED_MEANWHILE)


def _write_report(sheet: Sheet, state: ReportState) -> int:
    if sheet.report is not None:
        write_version(sheet.report, state=state)
        return sheet.report.id
    report = Report(unit_id=sheet.unit.id, period_id=sheet.period.id, state=state, version=1)
    db.session.add(report)
    try:
        db.session.flush()
    except IntegrityError as error:
        # On PostgreSQL two people can both find the report not started; the second is told.
        raise StaleError(_SAVED_MEANWHILE) from error
    return report.id
