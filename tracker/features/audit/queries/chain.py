"""The chain of the audit log: where it begins and ends, and whether it is whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from tracker.core.audit import AuditChain, AuditRecord
from tracker.core.chain import GENESIS, Content, End, Fault, FaultKind, Link, follow
from tracker.core.db import db
from tracker.core.history import changes_in
from tracker.domain.errors import N_, RuleError

PRUNE = "audit.prune"

_COLUMNS = (
    AuditRecord.id,
    AuditRecord.previous_hash,
    AuditRecord.hash,
    AuditRecord.at,
    AuditRecord.actor_id,
    AuditRecord.actor_name,
    AuditRecord.source,
    AuditRecord.action,
    AuditRecord.subject,
    AuditRecord.unit_id,
    AuditRecord.difference,
)

ROWS_AT_ONCE = 1_000


@dataclass(frozen=True)
class ChainFacts:
    """Where the chain begins and ends, as it was kept with the last record."""

    first: int
    end: End

    @property
    def count(self) -> int:
        """Records there should be."""
        return self.end.number - self.first + 1


@dataclass(frozen=True)
class Checked:
    """What checking has found. ``looked_from`` is the number of the first record that was looked at.

    ``noted_at`` is the number of the record whose hash was noted elsewhere; None when it is not there.
    """

    facts: ChainFacts
    looked_from: int
    faults: tuple[Fault, ...]
    noted_at: int | None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong with what was looked at."""
        return not self.faults


def chain_facts() -> ChainFacts:
    """Where the chain begins and ends. Raises :class:`RuleError` when the row that says so is gone."""
    row = db.session.execute(
        select(AuditChain.first_number, AuditChain.last_number, AuditChain.last_hash).where(
            AuditChain.id == 1
        )
    ).first()
    if row is None:
        raise RuleError(N_("What was kept about the end of the audit log was removed from the database."))
    return ChainFacts(row.first_number, End(row.last_number, row.last_hash))


def check_chain(*, newest: int | None = None, noted: str | None = None) -> Checked:
    """Work every hash out again and compare; with ``newest``, of that many records only.

    ``noted`` is the hash of a record, noted somewhere else, that must still be in the chain.
    """
    facts = chain_facts()
    looked_from = max(facts.first, facts.end.number - newest + 1) if newest else facts.first
    start = _record_before(looked_from) if looked_from > facts.first else None
    faults: tuple[Fault, ...] = ()
    if start is None:
        start = _last_pruning() or End(0, GENESIS)
        faults = _left_below(start.number)
    verdict = follow(_links(start.number), start, facts.end, look_for=noted)
    return Checked(facts, start.number + 1, faults + verdict.faults, verdict.seen_at)


def _record_before(number: int) -> End:
    """The record from which a check of the newest ones begins, taken as it is."""
    row = db.session.execute(
        select(AuditRecord.id, AuditRecord.hash)
        .where(AuditRecord.id < number)
        .order_by(AuditRecord.id.desc())
        .limit(1)
    ).first()
    return End(row.id, row.hash) if row else End(0, GENESIS)


def _last_pruning() -> End | None:
    """The last record that pruning removed, as the record about it says: the first one left must follow it.

    A beginning that is missing without such a record was removed by somebody else.
    """
    difference = db.session.scalar(
        select(AuditRecord.difference)
        .where(AuditRecord.action == PRUNE)
        .order_by(AuditRecord.id.desc())
        .limit(1)
    )
    said = {change.name: change.after or "" for change in changes_in(difference or "")}
    numbers = re.fullmatch(r"(\d+)–(\d+)", said.get("removed", ""))
    return End(int(numbers[2]), said.get("end hash", "")) if numbers else None


def _left_below(number: int) -> tuple[Fault, ...]:
    """Records that stand where all were pruned."""
    row = db.session.execute(
        select(func.min(AuditRecord.id), func.max(AuditRecord.id)).where(AuditRecord.id <= number)
    ).one()
    return () if row[0] is None else (Fault(FaultKind.INSERTED, row[0], row[1]),)


def _links(after: int) -> Iterator[Link]:
    """The records as they are kept, from the one after this number on."""
    rows: Any = db.session.execute(
        select(*_COLUMNS)
        .where(AuditRecord.id > after)
        .order_by(AuditRecord.id)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    for number, previous, digest, *content in rows:
        yield Link(number, previous, digest, Content(*content))


def can_prune_to(before: datetime) -> End | None:
    """The last of the records, counted from the first without a gap, that were all made before a moment."""
    kept = db.session.scalar(
        select(AuditRecord.id).where(AuditRecord.at >= before).order_by(AuditRecord.id).limit(1)
    )
    last = select(AuditRecord.id, AuditRecord.hash).order_by(AuditRecord.id.desc()).limit(1)
    row = db.session.execute(last if kept is None else last.where(AuditRecord.id < kept)).first()
    return End(row.id, row.hash) if row else None
