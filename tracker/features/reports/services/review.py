"""Reviewing a report: check, return, approve, reopen; approval alone posts to the balances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, Update, bindparam, null, select, update

from tracker.core.audit import Actor
from tracker.core.clock import now
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError, StaleError
from tracker.domain.review import Step, after
from tracker.features.reports.models import Entry, EntryRevision
from tracker.features.reports.queries import CellKey, ReportHandle, Sheet, counted_before_and_after
from tracker.features.reports.services.corrections import refuse_while_waiting
from tracker.features.reports.services.deciding import check_decider, check_due
from tracker.features.reports.services.entries import cell_name
from tracker.features.reports.services.placed import has_changed_places, post_changes
from tracker.features.reports.services.returned import begin_anew, mark_returned
from tracker.features.reports.services.steps import check_open, take_step

LONGEST_REASON = 500
"""Characters of what is to be mended in a cell."""


def return_report(
    sheet: Sheet,
    reason: str,
    *,
    version: int,
    actor: Actor,
    cells: Mapping[CellKey, str] | None = None,
) -> None:
    """Give a report that waits back with a reason, or single cells of it with a reason each, or both.

    Raises :class:`StaleError` for an older version.
    """
    state = after(Step.RETURN, sheet.state)
    check_open(sheet)
    _check_reviewed_version(sheet, version)
    asked = {key: text.strip() for key, text in (cells or {}).items() if text.strip()}
    if any(len(text) > LONGEST_REASON for text in asked.values()):
        raise RuleError(N_("At most %(length)s characters. Please shorten it."), length=LONGEST_REASON)
    reason = reason.strip() if asked else _needed(reason)
    mark_returned(sheet, asked)
    take_step(
        sheet,
        state,
        "report.return",
        actor=actor,
        reason=reason or None,
        told={cell_name(cell): (None, asked[cell.key]) for cell in sheet.cells if cell.key in asked},
        **reviewed(now(), actor),
    )


def check_report(sheet: ReportHandle, *, version: int, actor: Actor) -> None:
    """Take the first of two steps: the report goes on to whoever approves, and does not count yet."""
    state = after(Step.CHECK, sheet.state)
    check_due(sheet, Step.CHECK)
    check_open(sheet)
    _check_reviewed_version(sheet, version)
    _check_decider(sheet, Step.CHECK, actor)
    take_step(
        sheet, state, "report.check", actor=actor, reason=None, checked_at=now(), checked_by_id=actor.id
    )


def approve_report(sheet: ReportHandle, *, version: int, actor: Actor) -> None:
    """Approve a report that waits for it: its values count from now on, here and at every unit above."""
    state = after(Step.APPROVE, sheet.state)
    check_due(sheet, Step.APPROVE)
    check_open(sheet)
    _check_reviewed_version(sheet, version)
    _check_decider(sheet, Step.APPROVE, actor)
    _post(sheet, counts=True, moment=now(), actor=actor)
    take_step(sheet, state, "report.approve", actor=actor, reason=None, **reviewed(now(), actor))


def reopen_report(sheet: ReportHandle, reason: str, *, version: int, actor: Actor) -> None:
    """Take an approved report out of the figures and give it back with a reason.

    Where reports are approved by the office alone, they are reopened by it alone.
    """
    state = after(Step.REOPEN, sheet.state)
    _check_reviewed_version(sheet, version)
    check_open(sheet)
    check_decider(sheet, Step.REOPEN, actor=actor)
    refuse_while_waiting(sheet)
    reason = _needed(reason)
    _post(sheet, counts=False, moment=now(), actor=actor)
    assert sheet.report is not None  # Only an approved report is reopened.
    begin_anew([sheet.report.id])
    mark_returned(sheet, {})
    take_step(sheet, state, "report.reopen", actor=actor, reason=reason, **reviewed(now(), actor))


def _check_decider(sheet: ReportHandle, step: Step, actor: Actor) -> None:
    assert sheet.report is not None  # Only a report that waits for a reviewer comes here.
    seen = {"submitted_by": sheet.report.submitted_by_id, "seen_by": sheet.report.checked_by_id}
    check_decider(sheet, step, actor=actor, **seen)


def _check_reviewed_version(sheet: ReportHandle, version: int) -> None:
    if version != sheet.version:
        raise StaleError(
            N_("The report has changed since you opened it. Look at it again before you decide.")
        )


def _needed(reason: str) -> str:
    if not reason.strip():
        raise RuleError(N_("Give a reason, so that the reporter knows what to do."), field="reason")
    return reason.strip()


def reviewed(moment: datetime, actor: Actor) -> dict[str, Any]:
    """What looking at a report and deciding leaves in its row."""
    return {"reviewed_at": moment, "reviewed_by_id": actor.id}


def _post(report: ReportHandle, *, counts: bool, moment: datetime, actor: Actor) -> None:
    """Have the report's entries count, or no longer, and add the difference that makes to the balances."""
    assert report.report is not None  # Only a report that was submitted or approved comes here.
    found = counted_before_and_after(report, counts=counts, whole=has_changed_places(report.unit))
    mark_counted([report.report.id], counts=counts, moment=moment, actor=actor)
    post_changes(report, found)


def mark_counted(report_ids: Sequence[int], *, counts: bool, moment: datetime, actor: Actor) -> None:
    """Keep of the reports' entries and revisions that they count, or no longer; balances are not posted."""
    connection = db.session.connection()
    for statement, names in _COUNT if counts else _UNCOUNT:
        rows = [{"report": report_id, "actor": actor.id, "moment": moment} for report_id in report_ids]
        connection.execute(statement, [{name: row[name] for name in names} for row in rows])


_ENTRY = cast(Table, Entry.__table__)
_REVISION = cast(Table, EntryRevision.__table__)
_OF_REPORT = _ENTRY.c.report_id == bindparam("report")

_COUNT: tuple[tuple[Update, tuple[str, ...]], ...] = (
    (
        update(_ENTRY)
        .where(_OF_REPORT)
        .values(
            counted_state=_ENTRY.c.state,
            counted_value=_ENTRY.c.value,
            counted_denominator=_ENTRY.c.denominator,
            return_reason=null(),
            returned_revision=null(),
        ),
        ("report",),
    ),
    (
        update(_REVISION)
        .where(
            _REVISION.c.entry_id == _ENTRY.c.id,
            _REVISION.c.number == _ENTRY.c.revision,
            _OF_REPORT,
        )
        .values(approved_by_id=bindparam("actor"), approved_at=bindparam("moment"), uncounted_at=null()),
        ("report", "actor", "moment"),
    ),
)
"""What a report holds now counts, and its revisions say since when: statements, and what they are given."""

_UNCOUNT: tuple[tuple[Update, tuple[str, ...]], ...] = (
    (
        update(_ENTRY)
        .where(_OF_REPORT)
        .values(counted_state=null(), counted_value=null(), counted_denominator=null()),
        ("report",),
    ),
    (
        update(_REVISION)
        .where(
            _REVISION.c.entry_id.in_(select(_ENTRY.c.id).where(_OF_REPORT)),
            _REVISION.c.approved_at.is_not(None),
            _REVISION.c.uncounted_at.is_(None),
        )
        .values(uncounted_at=bindparam("moment")),
        ("report", "moment"),
    ),
)
"""Nothing of a report counts, and its revisions say since when."""
