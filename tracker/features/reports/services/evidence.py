"""Binding files to figures: adding, captions, taking away, and what lacks evidence."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import delete, update

from tracker.core.audit import Actor, record
from tracker.core.clock import now
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError, StaleError
from tracker.domain.review import Step, after
from tracker.domain.rollup import ValueState
from tracker.features.evidence.services import HandedIn, forget_file, keep_file
from tracker.features.plans.queries import CategoryRow
from tracker.features.reports.models import Evidence
from tracker.features.reports.queries import (
    Cell,
    CellContent,
    CellKey,
    EvidenceRow,
    EvidenceSpot,
    ReportHandle,
    Sheet,
    is_used,
    was_approved,
)
from tracker.features.reports.services.steps import check_open


def check_evidence_open(report: ReportHandle) -> None:
    """Raise :class:`RuleError` when the report cannot be changed: evidence changes as its figures do."""
    after(Step.SAVE, report.state)
    check_open(report)


def add_evidence(
    spot: EvidenceSpot, handed: HandedIn, *, category: CategoryRow | None, caption: str, actor: Actor
) -> int:
    """Bind a file to the indicator in this report, and return the number of the piece.

    Raises :class:`RuleError` when the report cannot be changed, the file is there already, or there
    are too many.
    """
    report = spot.report
    check_evidence_open(report)
    most = int(current_app.config["EVIDENCE_FILES"])
    if len(spot.present) >= most:
        raise RuleError(
            N_("%(most)s files are the most for one figure. Remove one first."), field="files", most=most
        )
    category_id = category.id if category else None
    marks = {handed.looked.source, handed.looked.likeness, handed.sha256}
    if any(row.marks & marks and row.category_id == category_id for row in spot.present):
        raise RuleError(N_("This file is here already."), field="files")
    evidence = Evidence(
        unit_id=report.unit.id,
        period_id=report.period.id,
        indicator_id=spot.indicator.id,
        category_id=category_id,
        file_id=keep_file(handed, actor=actor),
        source_sha256=handed.looked.source,
        name=handed.name,
        caption=caption,
        taken_at=handed.taken_at,
        added_at=now(),
        added_by_id=actor.id,
    )
    db.session.add(evidence)
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {
        "indicator": (None, spot.indicator.code),
        "file": (None, handed.name),
        "sha256": (None, handed.sha256),
    }
    if category:
        changes["category"] = (None, category.name)
    if caption:
        changes["caption"] = (None, caption)
    record("evidence.add", actor=actor, subject=report.subject, unit_id=report.unit.id, changes=changes)
    return evidence.id


def caption_evidence(spot: EvidenceSpot, row: EvidenceRow, caption: str, *, seen: str, actor: Actor) -> None:
    """Say what a piece shows. Raises :class:`StaleError` when somebody else has said it since."""
    report = spot.report
    check_evidence_open(report)
    _check_present(row)
    if caption == row.caption:
        return
    if seen != row.caption:
        raise StaleError(N_("Someone else changed this caption while you had it open. Look at it again."))
    db.session.execute(update(Evidence).where(Evidence.id == row.id).values(caption=caption))
    changes: dict[str, tuple[object, object]] = {
        "indicator": (None, spot.indicator.code),
        "file": (None, row.name),
        "caption": (row.caption or None, caption or None),
    }
    record("evidence.caption", actor=actor, subject=report.subject, unit_id=report.unit.id, changes=changes)


def remove_evidence(
    spot: EvidenceSpot, row: EvidenceRow, reason: str | None, *, actor: Actor
) -> tuple[str, ...]:
    """Take a piece away: before the report was ever approved wholly, afterwards with a trace and a reason.

    Returns the digests of contents that are to be cleared away once this is committed. Raises
    :class:`RuleError` when the reason is missing or the report cannot be changed.
    """
    report = spot.report
    check_evidence_open(report)
    _check_present(row)
    if was_approved(report.report.id if report.report else None):
        _withdraw(spot, row, reason, actor)
        return ()
    db.session.execute(delete(Evidence).where(Evidence.id == row.id))
    changes: dict[str, tuple[object, object]] = {
        "indicator": (spot.indicator.code, None),
        "file": (row.name, None),
        "sha256": (row.sha256, None),
    }
    if reason:
        changes["reason"] = (None, reason)
    record("evidence.remove", actor=actor, subject=report.subject, unit_id=report.unit.id, changes=changes)
    return () if is_used(row.file_id) else forget_file(row.file_id, actor=actor)


def lacks_evidence(sheet: Sheet, cell: Cell, content: CellContent | None) -> bool:
    """Whether this, in a cell, needs evidence and there is none; zero and not applicable need none."""
    if not cell.indicator.needs_evidence or content is None or content.state is not ValueState.VALUE:
        return False
    shown = sheet.evidence.get(cell.indicator.id, ())
    return bool(content.value) and all(row.is_withdrawn for row in shown)


def find_lacking_evidence(sheet: Sheet) -> dict[CellKey, RuleError]:
    """The first cell of each indicator that needs evidence and has none."""
    lacking: dict[CellKey, RuleError] = {}
    said: set[int] = set()
    for cell in sheet.cells:
        if cell.indicator.id not in said and lacks_evidence(sheet, cell, cell.entry):
            said.add(cell.indicator.id)
            lacking[cell.key] = RuleError(
                N_("This figure needs evidence. Save the draft, then add a photo or document to it.")
            )
    return lacking


def _withdraw(spot: EvidenceSpot, row: EvidenceRow, reason: str | None, actor: Actor) -> None:
    report = spot.report
    if not reason:
        raise RuleError(
            N_("This report was approved with this file. Give a reason for withdrawing it."), field="reason"
        )
    db.session.execute(
        update(Evidence)
        .where(Evidence.id == row.id)
        .values(withdrawn_at=now(), withdrawn_by_id=actor.id, withdrawn_reason=reason)
    )
    changes: dict[str, tuple[object, object]] = {
        "indicator": (spot.indicator.code, None),
        "file": (row.name, None),
        "sha256": (row.sha256, None),
        "reason": (None, reason),
    }
    record("evidence.withdraw", actor=actor, subject=report.subject, unit_id=report.unit.id, changes=changes)


def _check_present(row: EvidenceRow) -> None:
    if row.is_withdrawn:
        raise RuleError(N_("This file was withdrawn already."))
