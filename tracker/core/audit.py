"""The audit record: who did what to which object, in the transaction of the change itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol, cast

from flask import has_request_context, request
from sqlalchemy import Table, Text, insert
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.clock import now
from tracker.core.db import Base, db


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


class _Stranger:
    id = None
    username = "—"


STRANGER: Actor = _Stranger()
"""The actor of what happens before anyone is signed in; no user can have this name."""


class AuditRecord(Base):
    """One change, kept as readable text; rows are only ever added."""

    __tablename__ = "audit_records"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor_id: Mapped[int | None]
    actor_name: Mapped[str]
    source: Mapped[str | None]
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    unit_id: Mapped[int | None] = mapped_column(index=True)
    difference: Mapped[str] = mapped_column(Text)


_ADD = insert(cast(Table, AuditRecord.__table__)).inline()
"""Made once; inline, because the new record's number is of no use to anyone."""


def record(
    action: str,
    *,
    actor: Actor,
    subject: str,
    unit_id: int | None = None,
    changes: Mapping[str, tuple[object, object]] | None = None,
) -> None:
    """Add a record to the running transaction.

    ``subject`` names the object, as in ``report LC01 2022-06``; ``changes`` maps what changed to
    (before, after) and is kept one line each.
    """
    lines = [f"{name}: {_say(before)} → {_say(after)}" for name, (before, after) in (changes or {}).items()]
    db.session.connection().execute(
        _ADD,
        {
            "at": now(),
            "actor_id": actor.id,
            "actor_name": actor.username,
            "source": request.remote_addr if has_request_context() else None,
            "action": action,
            "subject": subject,
            "unit_id": unit_id,
            "difference": "\n".join(lines),
        },
    )


def _say(value: object) -> str:
    return "—" if value is None else str(value)
