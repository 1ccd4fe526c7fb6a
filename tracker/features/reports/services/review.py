"""Reviewing a report: return, approve, reopen; approval posts to the balances."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import select, update

from tracker.core.audit import Actor
from tracker.core.clock import now
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError, StaleError
from tracker.domain.review import Step, after
from tracker.domain.rollup import Difference, between, differences
from tracker.features.org.models import OrgUnit
from tracker.features.progress.services import post_differences
from tracker.features.reports.models import Entry, EntryRevision
from tracker.features.reports.queries import Sheet, counted_series
from tracker.features.reports.services.steps import check_open, take_step


def return_report(sheet: Sheet, reason: str, *, version: int, actor: Actor) -> None:
    """Give a submitted report back with a reason. Raises :class:`StaleError` for an older version."""
    state = after(Step.RETURN, sheet.state)
    _check_reviewed_version(sheet, version)
    take_step(sheet, state, "report.return", actor=actor, reason=_needed(reason), **_reviewed(actor))


def approve_report(sheet: Sheet, *, version: int, actor: Actor) -> None:
    """Approve a submitted report: its values count from now on, here and at every unit above."""
    state = after(Step.APPROVE, sheet.state)
    _check_reviewed_version(sheet, version)
    moment = now()
    _post(sheet, _count_entries, actor=actor, moment=moment)
    take_step(sheet, state, "report.approve", actor=actor, reason=None, **_reviewed(actor))


def reopen_report(sheet: Sheet, reason: str, *, version: int, actor: Actor) -> None:
    """Take an approved report out of the figures and give it back with a reason."""
    state = after(Step.REOPEN, sheet.state)
    _check_reviewed_version(sheet, version)
    check_open(sheet)
    reason = _needed(reason)
    _post(sheet, _uncount_entries, actor=actor, moment=now())
    take_step(sheet, state, "report.reopen", actor=actor, reason=reason, **_reviewed(actor))


def _check_reviewed_version(sheet: Sheet, version: int) -> None:
    if version != sheet.version:
        raise StaleError(
            N_("The report has changed since you opened it. Look at it again before you decide.")
        )


def _needed(reason: str) -> str:
    if not reason.strip():
        raise RuleError(N_("Give a reason, so that the reporter knows what to do."), field="reason")
    return reason.strip()


def _reviewed(actor: Actor) -> dict[str, object]:
    return {"reviewed_at": now(), "reviewed_by_id": actor.id}


def _post(
    sheet: Sheet, change: Callable[[int, int | None, datetime], None], *, actor: Actor, moment: datetime
) -> None:
    """Change what counts, and add the difference that makes to the balances."""
    assert sheet.report is not None  # Only a report that was submitted or approved comes here.
    # The unit's row serves as the lock of its series: two approvals of one unit must not both
    # compute their difference from the same past. SQLite has one writer at a time anyway.
    db.session.execute(select(OrgUnit.id).where(OrgUnit.id == sheet.unit.id).with_for_update())
    before = counted_series(sheet.unit.id, sheet.plan.id)
    change(sheet.report.id, actor.id, moment)
    now_counted = counted_series(sheet.unit.id, sheet.plan.id)
    posting: dict[tuple[int, int, date], Difference] = {}
    for indicator in {cell.indicator.id: cell.indicator for cell in sheet.cells}.values():
        changed = between(
            differences(indicator.measure, before.get(indicator.id, [])),
            differences(indicator.measure, now_counted.get(indicator.id, [])),
        )
        for (category_id, ends_on), difference in changed.items():
            posting[indicator.id, category_id, ends_on] = difference
    post_differences(sheet.unit.line, sheet.plan.id, posting)


def _count_entries(report_id: int, actor_id: int | None, moment: datetime) -> None:
    db.session.execute(
        update(Entry)
        .where(Entry.report_id == report_id)
        .values(
            counted_state=Entry.state,
            counted_value=Entry.value,
            counted_denominator=Entry.denominator,
        )
    )
    db.session.execute(
        update(EntryRevision)
        .where(
            EntryRevision.entry_id == Entry.id,
            EntryRevision.number == Entry.revision,
            Entry.report_id == report_id,
        )
        .values(approved_by_id=actor_id, approved_at=moment, uncounted_at=None)
        .execution_options(synchronize_session=False)
    )


def _uncount_entries(report_id: int, _actor_id: int | None, moment: datetime) -> None:
    db.session.execute(
        update(Entry)
        .where(Entry.report_id == report_id)
        .values(counted_state=None, counted_value=None, counted_denominator=None)
    )
    db.session.execute(
        update(EntryRevision)
        .where(
            EntryRevision.entry_id.in_(select(Entry.id).where(Entry.report_id == report_id)),
            EntryRevision.approved_at.is_not(None),
            EntryRevision.uncounted_at.is_(None),
        )
        .values(uncounted_at=moment)
        .execution_options(synchronize_session=False)
    )
