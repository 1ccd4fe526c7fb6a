"""What an object was called in the audit log, and when: codes change, records never do.

The log itself tells it. Each change of a code is a record with what it was and became, so no second
table has to be kept true; and whoever prunes the log removes the oldest records, so that a change
that is gone has nothing left before it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from tracker.core.audit import ARROW, AuditRecord
from tracker.core.db import db


@dataclass(frozen=True)
class LogName:
    """A subject of the log, and the records among which it meant the object.

    Those are the ones numbered above ``after`` and up to ``until``; None is: up to now. Outside of
    them the same name may have belonged to something else.
    """

    subject: str
    after: int = 0
    until: int | None = None

    @property
    def code(self) -> str:
        """The code at the end of the subject: what stands after the last blank or stroke."""
        return self.subject.rpartition(" ")[2].rpartition("/")[2]

    def clause(self) -> ColumnElement[bool]:
        """The condition for the records under this name."""
        parts = [AuditRecord.subject == self.subject]
        if self.after:
            parts.append(AuditRecord.id > self.after)
        if self.until is not None:
            parts.append(AuditRecord.id <= self.until)
        return and_(*parts)


def names_in_log(
    current: str, among: ColumnElement[bool], *, made: Collection[str], renamed: str
) -> tuple[LogName, ...]:
    """The names of an object through time, the present one first.

    ``current`` is its subject now, a word and a code, as in ``unit LC01`` or ``indicator P/I01``;
    ``among`` narrows the records down; ``made`` are the actions by which such an object comes into
    being, and ``renamed`` is the one that records another code.
    """
    rows = db.session.execute(
        select(AuditRecord.id, AuditRecord.action, AuditRecord.subject, AuditRecord.difference)
        .where(
            among,
            or_(
                AuditRecord.action.in_(made),
                and_(AuditRecord.action == renamed, AuditRecord.difference.contains("code: ")),
            ),
        )
        .order_by(AuditRecord.id.desc())
    ).all()
    code = LogName(current).code
    stem, until = current.removesuffix(code), None
    found: list[LogName] = []
    for row in rows:
        if row.action in made:
            # It was made under this name: what the name meant before was something else.
            if row.subject == stem + code:
                return (*found, LogName(stem + code, row.id - 1, until))
            continue
        before, after = codes_in(row.difference)
        if after == code and row.subject.startswith(stem):
            found.append(LogName(stem + code, row.id - 1, until))
            code, until = before, row.id
    return (*found, LogName(stem + code, 0, until))


def codes_in(difference: str) -> tuple[str, str]:
    """The code before and after that a record tells of; blanks where none has changed."""
    for line in difference.split("\n"):
        if line.startswith("code: "):
            before, _, after = line.removeprefix("code: ").partition(ARROW)
            return before, after
    return "", ""
