"""What happened to one object, from its audit records, ready to be shown on its page.

A room shows it with ``history_steps(history_of("user jiqing"))`` and the macro of
``components/history.html``; whether somebody may see the object is decided before. An object whose
code can change is asked for by all its names (:mod:`tracker.core.former_names`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app
from flask_babel import gettext
from sqlalchemy import ColumnElement, or_, select, true

from tracker.core.actions import action_word
from tracker.core.audit import ARROW, BREAK, HOUSE, NOTHING, AuditRecord
from tracker.core.db import db
from tracker.core.fields import field_word, value_words
from tracker.core.former_names import LogName
from tracker.core.i18n import Named, name_of

ActorNames = Callable[[Collection[int]], Mapping[int, Named]]
"""From ids of users to what they are called on pages."""


@dataclass(frozen=True)
class Change:
    """What something was and became; None where there was or is nothing."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class HistoryRow:
    """One record about an object. ``actor`` is None for someone who is no user any more, or never was."""

    number: int
    at: datetime
    action: str
    subject: str
    actor_name: str
    actor: Named | None
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class HistoryStep:
    """One record about an object, in words; ``about`` names a part of it that the record is about."""

    at: datetime
    action_text: str
    about: str
    actor: str
    reason: str | None
    changes: tuple[Change, ...]


def init_history(app: Flask, actor_names: ActorNames) -> None:
    """Keep the way to what users are called, since the plumbing knows no users."""
    app.extensions["actor_names"] = actor_names


def history_of(
    *names: str | LogName,
    among: ColumnElement[bool] | None = None,
    but: Collection[str] = (),
    limit: int = 100,
) -> list[HistoryRow]:
    """The records about an object by the names it has in the log, the latest first.

    ``among`` narrows them down; actions in ``but`` are left out.
    """
    named = [LogName(name) if isinstance(name, str) else name for name in names]
    rows = db.session.execute(
        select(
            AuditRecord.id,
            AuditRecord.at,
            AuditRecord.action,
            AuditRecord.subject,
            AuditRecord.actor_name,
            AuditRecord.actor_id,
            AuditRecord.difference,
        )
        .where(
            or_(*(name.clause() for name in named)),
            true() if among is None else among,
            AuditRecord.action.not_in(but),
        )
        .order_by(AuditRecord.id.desc())
        .limit(limit)
    ).all()
    names_of: ActorNames = current_app.extensions["actor_names"]
    actors = names_of({row.actor_id for row in rows if row.actor_id is not None})
    return [
        HistoryRow(
            row.id,
            row.at,
            row.action,
            row.subject,
            row.actor_name,
            actors.get(row.actor_id or 0),
            changes_in(row.difference),
        )
        for row in rows
    ]


def changes_in(difference: str) -> tuple[Change, ...]:
    """The changes that a record keeps, one line each; older records may hold lines that are none."""
    found: list[Change] = []
    for line in difference.split("\n") if difference else ():
        name, colon, rest = line.partition(": ")
        before, arrow, after = rest.partition(ARROW)
        if colon and arrow:
            found.append(Change(name, _read(before), _read(after)))
        elif found:
            last = found.pop()
            found.append(Change(last.name, last.before, f"{last.after or ''}\n{line}"))
        else:
            found.append(Change("", None, line))
    return tuple(found)


UNSAID = frozenset({"path"})
"""What only the program reads: the way by numbers to a unit, beside which its code above is recorded."""


def _read(said: str) -> str | None:
    return None if said == NOTHING else said.replace(BREAK, "\n")


def actor_text(actor: Named | None, actor_name: str) -> str:
    """What someone is called: by role and unit, as the house itself, or by the name that was recorded."""
    if actor is not None:
        return name_of(actor)
    return gettext("The server's operator") if actor_name == HOUSE.username else actor_name


def in_words(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes with the words of the language being spoken."""
    return tuple(
        Change(
            field_word(change.name),
            *(
                None if value is None else value_words(change.name, value)
                for value in (change.before, change.after)
            ),
        )
        for change in changes
        if change.name not in UNSAID
    )


def history_steps(
    rows: Sequence[HistoryRow],
    *,
    hide: Collection[str] = (),
    about: Callable[[HistoryRow], str] = lambda _row: "",
) -> tuple[HistoryStep, ...]:
    """The records in words. ``hide`` names changes that the action's word says already."""
    hidden = {"reason", *hide}
    return tuple(
        HistoryStep(
            at=row.at,
            action_text=action_word(row.action),
            about=about(row),
            actor=actor_text(row.actor, row.actor_name),
            reason=next((c.after for c in row.changes if c.name == "reason"), None),
            changes=in_words(c for c in row.changes if c.before != c.after and c.name not in hidden),
        )
        for row in rows
    )
