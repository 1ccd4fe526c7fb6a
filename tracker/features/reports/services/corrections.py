"""Correcting a figure that counts: proposed with a reason, reviewed by itself, posted when it is approved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

from sqlalchemy import Table, insert, select, update

from tracker.core.audit import Actor, record
from tracker.core.clock import now
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError, StaleError
from tracker.domain.review import Outcome, ReportState, Step
from tracker.features.reports.models import Correction, Entry, EntryRevision
from tracker.features.reports.queries import (
    Cell,
    CellKey,
    CorrectionRow,
    ReportHandle,
    Sheet,
    counted_before_and_after,
    reports_with_corrections,
    waiting_correction,
)
from tracker.features.reports.services.deciding import check_decider
from tracker.features.reports.services.drafts import CellDraft, check_draft, shifts_later
from tracker.features.reports.services.entries import cell_name, cell_text
from tracker.features.reports.services.evidence import lacks_evidence
from tracker.features.reports.services.placed import has_changed_places, post_changes
from tracker.features.reports.services.rows import write_rows
from tracker.features.reports.services.steps import check_open

_ENTRY = cast(Table, Entry.__table__)
_REVISION = cast(Table, EntryRevision.__table__)
_CORRECTION = cast(Table, Correction.__table__)

LONGEST_REASON = 500


def propose_correction(sheet: Sheet, draft: CellDraft, *, reason: str, revision: int, actor: Actor) -> None:
    """Propose another value for a cell of an approved report; what is there counts until it is reviewed.

    ``draft`` is what staff typed. Raises :class:`StaleError` when the cell is no longer at ``revision``.
    """
    _check_approved(sheet)
    check_open(sheet)
    reason = _needed(reason)
    cell = cell_of(sheet, draft.key)
    if revision != (cell.entry.revision if cell.entry else 0):
        raise StaleError(
            N_("This figure has changed since you opened it. Look at it again before you go on.")
        )
    if waiting_correction(sheet, cell.key) is not None:
        raise RuleError(N_("A correction of this figure is waiting for review. Take it back first."))
    note = cell.entry.note if cell.entry else None
    stored = check_draft(cell, replace(draft, reason=reason, note=note))
    _check_later(cell, stored)
    _check_evidence(sheet, cell, stored)
    if _amounts(stored) == _amounts(cell.entry):
        raise RuleError(N_("This is what the figure says already."))
    assert sheet.report is not None  # An approved report exists.
    db.session.add(
        Correction(
            report_id=sheet.report.id,
            indicator_id=cell.indicator.id,
            category_id=cell.category.id if cell.category else None,
            revision=revision,
            state=stored.state,
            value=stored.value,
            denominator=stored.denominator,
            reason=reason,
            outcome=Outcome.WAITING,
            proposed_by_id=actor.id,
            proposed_at=now(),
        )
    )
    db.session.flush()
    _record("correction.propose", sheet, cell, stored, reason=reason, actor=actor)


def approve_correction(sheet: Sheet, key: CellKey, *, correction_id: int, actor: Actor) -> None:
    """Have a proposed value count instead of the old one, here and at every unit above.

    Where reports are reviewed in two steps, whoever proposes a correction has looked at the figure, and
    the office approves it.
    """
    cell, found = _decided(sheet, key, correction_id)
    check_decider(sheet, Step.APPROVE, actor=actor, seen_by=found.proposed_by_id)
    if found.revision != (cell.entry.revision if cell.entry else 0):
        raise StaleError(
            N_("This figure has changed since you opened it. Look at it again before you go on.")
        )
    note = cell.entry.note if cell.entry else None
    draft = CellDraft(key, found.state, found.value, found.denominator, found.reason, note)
    _check_later(cell, draft)
    moment = now()
    _take_its_place(sheet, cell, found, draft, moment=moment, actor=actor)
    write_rows([(sheet, {})])
    _close(found, Outcome.APPROVED, None, moment, actor)
    _record("correction.approve", sheet, cell, draft, reason=found.reason, actor=actor)


def refuse_correction(sheet: Sheet, key: CellKey, reason: str, *, correction_id: int, actor: Actor) -> None:
    """Leave the figure as it is, and say why."""
    cell, found = _decided(sheet, key, correction_id)
    reason = _needed(reason)
    _close(found, Outcome.REFUSED, reason, now(), actor)
    _record("correction.refuse", sheet, cell, found, reason=reason, actor=actor)


def take_back_correction(sheet: Sheet, key: CellKey, *, correction_id: int, actor: Actor) -> None:
    """Propose it no longer."""
    cell, found = _decided(sheet, key, correction_id)
    _close(found, Outcome.TAKEN_BACK, None, now(), actor)
    _record("correction.take_back", sheet, cell, found, reason=None, actor=actor)


def refuse_while_waiting(sheet: ReportHandle) -> None:
    """Refuse to take a report out of the figures while a correction of one of them is waiting."""
    if waiting_correction(sheet) is not None:
        raise RuleError(N_("A correction of this report is waiting for review. Decide about it first."))


def refuse_while_any_waits(sheets: Sequence[ReportHandle]) -> None:
    """As :func:`refuse_while_waiting` for many reports at once, naming the first one."""
    waiting = reports_with_corrections([sheet.report.id for sheet in sheets if sheet.report])
    for sheet in sheets:
        if sheet.report is not None and sheet.report.id in waiting:
            raise RuleError(
                N_(
                    "A correction of the report of %(unit)s for %(period)s is waiting for review. "
                    "Decide about it first."
                ),
                unit=sheet.unit,
                period=sheet.period.code,
            )


def cell_of(sheet: Sheet, key: CellKey) -> Cell:
    """The cell; the caller has found it on the sheet."""
    return next(cell for cell in sheet.cells if cell.key == key)


def _check_approved(sheet: Sheet) -> None:
    if sheet.state is not ReportState.APPROVED:
        raise RuleError(N_("Only approved figures are corrected. This report can itself still be changed."))


def _check_later(cell: Cell, stored: CellDraft) -> None:
    if shifts_later(cell, stored):
        raise RuleError(
            N_("A later running total builds on this one. Correct the latest running total instead.")
        )


def _check_evidence(sheet: Sheet, cell: Cell, stored: CellDraft) -> None:
    """Refuse a figure that would come to count without the evidence that it needs.

    One that counts without it already, since it was asked for only later, can still be put right.
    """
    if lacks_evidence(sheet, cell, stored) and not lacks_evidence(sheet, cell, cell.entry):
        raise RuleError(
            N_(
                "This figure needs evidence, which is added while a report is filled in. "
                "The report has to be reopened for it."
            )
        )


def _needed(reason: str) -> str:
    if not reason.strip():
        raise RuleError(N_("Say in a few words why."), field="reason")
    if len(reason.strip()) > LONGEST_REASON:
        raise RuleError(
            N_("At most %(length)s characters. Please shorten it."), field="reason", length=LONGEST_REASON
        )
    return reason.strip()


def _amounts(content: object) -> tuple[object, ...]:
    return tuple(getattr(content, name, None) for name in ("state", "value", "denominator"))


def _decided(sheet: Sheet, key: CellKey, correction_id: int) -> tuple[Cell, CorrectionRow]:
    """The cell and the correction that waits for it, which must be the one that was looked at."""
    _check_approved(sheet)
    check_open(sheet)
    found = waiting_correction(sheet, key)
    if found is None or found.id != correction_id:
        raise StaleError(N_("This correction does not wait any more. Look at the figure again."))
    return cell_of(sheet, key), found


def _take_its_place(
    sheet: Sheet, cell: Cell, found: CorrectionRow, draft: CellDraft, *, moment: datetime, actor: Actor
) -> None:
    """Write the new revision, have it count, and post the difference; nothing else of the report changes."""
    connection = db.session.connection()
    content: dict[str, object] = {
        "state": draft.state,
        "value": draft.value,
        "denominator": draft.denominator,
        "reason": draft.reason,
        "note": draft.note,
    }
    number = (cell.entry.revision if cell.entry else 0) + 1
    entry_id = _write_entry(sheet, cell, content, number)
    # All else of the report holds what counts, so only this cell differs.
    series = counted_before_and_after(sheet, counts=True, whole=has_changed_places(sheet.unit))
    counted = {f"counted_{name}": content[name] for name in ("state", "value", "denominator")}
    connection.execute(update(_ENTRY).where(_ENTRY.c.id == entry_id).values(**counted))
    connection.execute(
        update(_REVISION)
        .where(
            _REVISION.c.entry_id == entry_id,
            _REVISION.c.approved_at.is_not(None),
            _REVISION.c.uncounted_at.is_(None),
        )
        .values(uncounted_at=moment)
    )
    connection.execute(
        insert(_REVISION).values(
            entry_id=entry_id,
            number=number,
            entered_by_id=found.proposed_by_id,
            entered_at=found.proposed_at,
            approved_by_id=actor.id,
            approved_at=moment,
            **content,
        )
    )
    post_changes(sheet, series)


def _write_entry(sheet: Sheet, cell: Cell, content: dict[str, object], number: int) -> int:
    connection = db.session.connection()
    if cell.entry is not None:
        connection.execute(
            update(_ENTRY).where(_ENTRY.c.id == cell.entry.id).values(revision=number, **content)
        )
        return cell.entry.id
    assert sheet.report is not None  # An approved report exists.
    row = {
        "report_id": sheet.report.id,
        "unit_id": sheet.unit.id,
        "plan_id": sheet.plan.id,
        "indicator_id": cell.indicator.id,
        "category_id": cell.category.id if cell.category else None,
        "ends_on": sheet.period.ends_on,
        "revision": number,
    }
    connection.execute(insert(_ENTRY).values(**row, **content))
    key = (_ENTRY.c[name] == row[name] for name in ("report_id", "indicator_id"))
    category = _ENTRY.c.category_id.is_not_distinct_from(row["category_id"])
    return int(connection.execute(select(_ENTRY.c.id).where(*key, category)).scalar_one())


def _close(
    found: CorrectionRow, outcome: Outcome, decision: str | None, moment: datetime, actor: Actor
) -> None:
    db.session.connection().execute(
        update(_CORRECTION)
        .where(_CORRECTION.c.id == found.id)
        .values(outcome=outcome, decision=decision, decided_at=moment, decided_by_id=actor.id)
    )


def _record(
    action: str,
    sheet: Sheet,
    cell: Cell,
    proposed: CellDraft | CorrectionRow,
    *,
    reason: str | None,
    actor: Actor,
) -> None:
    changes: dict[str, tuple[object, object]] = {
        cell_name(cell): (cell_text(cell.entry), cell_text(proposed))
    }
    if reason:
        changes["reason"] = (None, reason)
    record(action, actor=actor, subject=sheet.subject, unit_id=sheet.unit.id, changes=changes)
