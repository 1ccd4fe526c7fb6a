"""What is done with the audit log as a whole: taking a copy away, and removing what is old."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, update

from tracker.core.audit import Actor, AuditChain, AuditRecord, record
from tracker.core.clock import now, zone
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError
from tracker.features.audit.queries import Checked, can_prune_to, chain_facts

LOG = "audit log"
"""The log's own name in the log."""


def record_export(filters: str, rows: int, *, actor: Actor) -> None:
    """Keep that records were taken away: how many, and by which filters."""
    record(
        "export.audit",
        actor=actor,
        subject=LOG,
        changes={"filters": (None, filters or None), "rows": (None, rows)},
    )


def prune_records(before: date, checked: Checked, *, kept_days: int, actor: Actor) -> int:
    """Remove the records made before a local day; how many there were.

    ``checked`` is a check of the whole chain, made just before. What was removed is kept as a record,
    with the hash of the last one, so that the chain can be followed from there on. Raises
    :class:`RuleError` for a day within the last ``kept_days``, and where the chain is not whole.
    """
    earliest = now().astimezone(zone()).date() - timedelta(days=kept_days)
    if before > earliest:
        raise RuleError(
            N_("Records of the last %(days)s days are kept. The latest day to give is %(day)s."),
            field="before",
            days=kept_days,
            day=earliest.isoformat(),
        )
    facts = chain_facts()
    _check_is_whole(checked, first=facts.first)
    last = can_prune_to(datetime.combine(before, time(), zone()))
    if last is None or last.number < facts.first:
        return 0
    record(
        "audit.prune",
        actor=actor,
        subject=LOG,
        changes={"removed": (None, f"{facts.first}–{last.number}"), "end hash": (None, last.hash)},
    )
    # The database lets go of records below the first number only.
    db.session.execute(update(AuditChain).values(first_number=last.number + 1))
    db.session.execute(delete(AuditRecord).where(AuditRecord.id <= last.number))
    return last.number - facts.first + 1


def _check_is_whole(checked: Checked, *, first: int) -> None:
    """The chain that is pruned must be the one that was checked, from its first record on."""
    if not checked.is_whole or checked.facts.first != first or checked.looked_from != first:
        raise RuleError(N_("The chain of the audit log is not whole, so nothing is removed from it."))
