"""The audit record: who did what to which object, in the transaction of the change itself.

Records form a chain (:mod:`tracker.core.chain`). They are only ever added; the database itself
refuses to change them, or to remove any but those that were pruned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol, cast

from flask import has_request_context, request
from sqlalchemy import (
    CheckConstraint,
    Connection,
    String,
    Table,
    Text,
    bindparam,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.chain import Content, hash_of
from tracker.core.clock import now
from tracker.core.db import Base, db, is_writing
from tracker.domain.numbers import plain


class Actor(Protocol):
    """Who changes something: a user, or the house itself at the command line."""

    @property
    def id(self) -> int | None:
        """The user's id; None for the house."""

    @property
    def username(self) -> str:
        """The name under which the record is kept."""


class _House:
    id = None
    username = "system"


HOUSE: Actor = _House()
"""The actor of commands that an operator runs on the machine itself."""

LONGEST_SUBJECT = 200


class _Stranger:
    id = None
    username = "—"


STRANGER: Actor = _Stranger()
"""The actor of what happens before anyone is signed in; no user can have this name."""


class AuditRecord(Base):
    """One record, kept as readable text. ``id`` is its number in the chain: from 1, without gaps."""

    __tablename__ = "audit_records"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(index=True)
    source: Mapped[str | None]
    action: Mapped[str] = mapped_column(index=True)
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT), index=True)
    unit_id: Mapped[int | None] = mapped_column(index=True)
    difference: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditChain(Base):
    """The single row that says where the chain begins and ends.

    It finds a last record that was removed, and lets records below ``first_number`` be deleted, which
    only pruning does. ``changed_number`` is the last record of something that a page may show.
    """

    __tablename__ = "audit_chain"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    first_number: Mapped[int]
    last_number: Mapped[int]
    last_hash: Mapped[str] = mapped_column(String(64))
    changed_number: Mapped[int]


SEEN_ONLY = frozenset(
    {
        "access.refused",
        "backup.delete",
        "backup.download",
        "export.audit",
        "export.plan",
        "export.progress",
        "export.template",
        "export.units",
        "instance.open_setup",
        "instance.wrong_code",
        "sign_in.begin",
        "sign_in.end",
        "sign_in.refuse",
    }
)
"""Actions that change nothing that a page of figures shows, so that remembered pages stay good."""

_GUARDS = {
    "sqlite": (
        "CREATE TRIGGER audit_records_never_change BEFORE UPDATE ON audit_records "
        "BEGIN SELECT RAISE(ABORT, 'audit records are never changed'); END",
        # REPLACE would remove a record without asking the trigger on removal.
        "CREATE TRIGGER audit_records_never_replace BEFORE INSERT ON audit_records "
        "WHEN EXISTS (SELECT 1 FROM audit_records WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, 'audit records are never changed'); END",
        "CREATE TRIGGER audit_records_never_go BEFORE DELETE ON audit_records "
        "WHEN OLD.id >= COALESCE((SELECT first_number FROM audit_chain WHERE id = 1), 0) "
        "BEGIN SELECT RAISE(ABORT, 'audit records are never removed'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_records_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'DELETE' THEN "
        "IF OLD.id < (SELECT first_number FROM audit_chain WHERE id = 1) THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION 'audit records are never removed'; END IF; "
        "RAISE EXCEPTION 'audit records are never changed'; END $$",
        "CREATE TRIGGER audit_records_never_change BEFORE UPDATE OR DELETE ON audit_records "
        "FOR EACH ROW EXECUTE FUNCTION audit_records_guard()",
        "CREATE TRIGGER audit_records_never_empty BEFORE TRUNCATE ON audit_records "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_records_guard()",
    ),
}
"""What has the database itself refuse; the migration holds the same text."""

_RECORDS = cast(Table, AuditRecord.__table__)
_CHAIN = cast(Table, AuditChain.__table__)


@event.listens_for(_RECORDS, "after_create")
def _guard(_table: object, connection: Connection, **_: object) -> None:
    for statement in _GUARDS[connection.dialect.name]:
        connection.exec_driver_sql(statement)


# Made once; inline, because the number of the new record is known before.
_ADD = insert(_RECORDS).inline()
_LAST = select(_CHAIN.c.last_number, _CHAIN.c.last_hash).where(_CHAIN.c.id == 1)
_MOVE = (
    update(_CHAIN).where(_CHAIN.c.id == 1).values(last_number=bindparam("number"), last_hash=bindparam("end"))
)
_MOVE_CHANGED = _MOVE.values(changed_number=bindparam("number"))


@dataclass(frozen=True, slots=True)
class Happening:
    """What is recorded: an action, the object it was done to, and what changed of it."""

    action: str
    subject: str
    unit_id: int | None = None
    changes: Mapping[str, tuple[object, object]] | None = None


def record(
    action: str,
    *,
    actor: Actor,
    subject: str,
    unit_id: int | None = None,
    changes: Mapping[str, tuple[object, object]] | None = None,
) -> None:
    """Add a record to the running transaction, which must have been begun by ``writing()``.

    ``subject`` names the object, as in ``report LC01 2022-06``; ``changes`` maps what changed to
    (before, after) and is kept one line each. The action needs its word in :mod:`tracker.core.actions`.
    """
    record_all([Happening(action, subject, unit_id, changes)], actor=actor)


def record_all(happenings: Iterable[Happening], *, actor: Actor) -> None:
    """Add a record of each, in this order, as :func:`record` does, in few statements."""
    connection = db.session.connection()
    if not is_writing(connection):
        raise RuntimeError("an audit record is added inside writing(), or two could follow the same one")
    last = connection.execute(_LAST).first()
    if last is None:
        # Going on would hide that somebody has removed it.
        raise RuntimeError("the row of audit_chain is gone, so nothing can be recorded")
    number, digest, moment = last.last_number, last.last_hash, now()
    source = request.remote_addr if has_request_context() else None
    rows: list[dict[str, object]] = []
    changed = False
    for one in happenings:
        number += 1
        content = Content(
            at=moment,
            actor_id=actor.id,
            actor_name=actor.username,
            source=source,
            action=one.action,
            # PostgreSQL refuses longer texts, and no record may fail for what somebody typed.
            subject=one.subject[:LONGEST_SUBJECT],
            unit_id=one.unit_id,
            difference="\n".join(_line(name, *change) for name, change in (one.changes or {}).items()),
        )
        previous, digest = digest, hash_of(number, digest, content)
        rows.append({"id": number, **_columns(content), "previous_hash": previous, "hash": digest})
        changed = changed or one.action not in SEEN_ONLY
    if rows:
        connection.execute(_ADD, rows)
        connection.execute(_MOVE_CHANGED if changed else _MOVE, {"number": number, "end": digest})


def _columns(content: Content) -> dict[str, object]:
    return {
        "at": content.at,
        "actor_id": content.actor_id,
        "actor_name": content.actor_name,
        "source": content.source,
        "action": content.action,
        "subject": content.subject,
        "unit_id": content.unit_id,
        "difference": content.difference,
    }


ARROW = " → "
NOTHING = "—"
BREAK = "\u2028"
"""Stands for a new line inside a value, since each change is one line; shown as a new line again."""


def _line(name: str, before: object, after: object) -> str:
    return f"{name}: {_say(before)}{ARROW}{_say(after)}"


def _say(value: object) -> str:
    if value is None:
        return NOTHING
    # The database gives decimals back with all their places, which would look like a change.
    return plain(value) if isinstance(value, Decimal) else BREAK.join(str(value).splitlines())
