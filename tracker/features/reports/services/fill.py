"""Filling a report in: save, submit, withdraw."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from tracker.core.audit import Actor, record
from tracker.core.clock import now, today
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError, StaleError
from tracker.domain.measures import ReportedAs
from tracker.domain.numbers import plain
from tracker.domain.review import ReportState, Step, after
from tracker.domain.rollup import ValueState
from tracker.features.reports.models import Entry, EntryRevision, Report
from tracker.features.reports.queries import Cell, CellKey, CorrectionRow, EntryRow, ReportHandle, Sheet
from tracker.features.reports.services.drafts import CellDraft, SheetError, check_draft, oddities
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
            errors[draft.key] = RuleError(
                N_("A later running total builds on this one. Clear that one first, then enter both.")
            )
        elif _differs(cell, stored):
            changed.append((cell, stored))
    if errors:
        raise SheetError(errors)
    if not changed and sheet.report is not None:
        return
    report_id = _write_report(sheet, state)
    _write_entries(sheet, report_id, changed, actor)
    move_tally(sheet, state)
    record(
        "report.save",
        actor=actor,
        subject=sheet.subject,
        unit_id=sheet.unit.id,
        changes={cell_name(cell): (cell_text(cell.entry), cell_text(draft)) for cell, draft in changed},
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
    odd = [cell for cell in sheet.cells if oddities(cell, cell.entry)]
    errors = {
        cell.key: RuleError(N_("This number is unusual. Give a short reason, or correct it."))
        for cell in odd
        if not (cell.entry and cell.entry.reason)
    }
    if errors:
        raise SheetError(errors)
    take_step(
        sheet,
        state,
        "report.submit",
        actor=actor,
        submitted_at=now(),
        submitted_by_id=actor.id,
        reason=None,
        odd=len(odd),
        handed_in_on=(sheet.report and sheet.report.handed_in_on) or today(),
    )


def withdraw_report(sheet: ReportHandle, *, actor: Actor) -> None:
    """Take a submitted report back to go on filling it in."""
    check_open(sheet)
    state = after(Step.WITHDRAW, sheet.state)
    # Taken back before anyone looked at it, it has not been handed in; once returned, it has been.
    kept = sheet.report.handed_in_on if sheet.report and sheet.report.reviewed_at else None
    take_step(sheet, state, "report.withdraw", actor=actor, submitted_at=None, handed_in_on=kept)


def shifts_later(cell: Cell, stored: CellDraft) -> bool:
    """Whether a change here would silently change a running total that was typed for a later period."""
    running = cell.indicator.reported_as is ReportedAs.RUNNING_TOTAL
    return running and cell.has_later and stored.value != (cell.entry.value if cell.entry else None)


def _differs(cell: Cell, stored: CellDraft) -> bool:
    content = (stored.state, stored.value, stored.denominator, stored.reason, stored.note)
    return content != (cell.entry.content if cell.entry else (None, None, None, None, None))


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


def _write_entries(
    sheet: Sheet, report_id: int, changed: Sequence[tuple[Cell, CellDraft]], actor: Actor
) -> None:
    moment = now()
    fresh = [(cell, draft) for cell, draft in changed if cell.entry is None]
    if fresh:
        db.session.execute(
            insert(Entry),
            [
                {
                    "report_id": report_id,
                    "unit_id": sheet.unit.id,
                    "plan_id": sheet.plan.id,
                    "indicator_id": cell.indicator.id,
                    "category_id": cell.category.id if cell.category else None,
                    "ends_on": sheet.period.ends_on,
                    **_content(draft),
                }
                for cell, draft in fresh
            ],
        )
    for cell, draft in changed:
        if cell.entry is not None:
            db.session.execute(
                update(Entry)
                .where(Entry.id == cell.entry.id)
                .values(**_content(draft), revision=cell.entry.revision + 1)
            )
    if changed:
        ids = _entry_ids(report_id)
        db.session.execute(
            insert(EntryRevision),
            [
                {
                    "entry_id": ids[cell.key],
                    "number": cell.entry.revision + 1 if cell.entry else 1,
                    "entered_by_id": actor.id,
                    "entered_at": moment,
                    **_content(draft),
                }
                for cell, draft in changed
            ],
        )


def _content(draft: CellDraft) -> dict[str, object]:
    return {
        "state": draft.state,
        "value": draft.value,
        "denominator": draft.denominator,
        "reason": draft.reason,
        "note": draft.note,
    }


def _entry_ids(report_id: int) -> dict[CellKey, int]:
    rows = db.session.execute(
        select(Entry.indicator_id, Entry.category_id, Entry.id).where(Entry.report_id == report_id)
    )
    return {(indicator_id, category_id or 0): entry_id for indicator_id, category_id, entry_id in rows}


def cell_name(cell: Cell) -> str:
    """A cell's name in the audit log."""
    return f"{cell.indicator.code} {cell.category.name}" if cell.category else cell.indicator.code


def cell_text(content: EntryRow | CellDraft | CorrectionRow | None) -> str | None:
    """What a cell holds, for the audit log; None for nothing."""
    if content is None or content.state is None:
        return None
    note = f" ({content.note})" if content.note else ""
    if content.state is ValueState.NOT_APPLICABLE:
        return f"n/a: {content.reason}{note}"
    whole = "" if content.denominator is None else f"/{plain(content.denominator)}"
    return f"{plain(content.value) if content.value is not None else ''}{whole}{note}"
