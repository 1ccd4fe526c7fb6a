"""Records of the audit log, in scope, the newest first.

A page costs about the same however long the log is. Records are reached by their number, by an index,
or, where no index serves (a text, several units or several people), within a window of numbers:
what lies beyond is looked at when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, not_, or_, select

from tracker.core.access import EVERYWHERE, Scope, within
from tracker.core.audit import AuditRecord
from tracker.core.clock import zone
from tracker.core.db import db
from tracker.core.history import Change, changes_in
from tracker.domain.errors import N_, RuleError
from tracker.domain.roles import Permission
from tracker.features.accounts.models import User
from tracker.features.accounts.queries import UserName
from tracker.features.org.models import OrgUnit
from tracker.features.org.queries import UnitRow, get_unit, root_unit

READ = Permission.READ_AUDIT

WINDOW = 200_000
"""Records that one page looks through where no index leads to the wanted ones."""


@dataclass(frozen=True)
class Asked:
    """What somebody wants to see; empty parts ask for nothing. ``who`` are user names."""

    since: date | None = None
    until: date | None = None
    who: tuple[str, ...] | None = None
    action: str = ""
    subject: str = ""
    unit: UnitRow | None = None


@dataclass(frozen=True)
class RecordRow:
    """One record. ``unit`` is None where the record has none, or one that is gone."""

    number: int
    at: datetime
    actor_name: str
    actor: UserName | None
    source: str | None
    action: str
    subject: str
    unit_code: str | None
    unit: UserName | None
    changes: tuple[Change, ...]
    hash: str


@dataclass(frozen=True)
class Found:
    """Records, the newest first. ``older`` is the number before which to go on, if there is anything.

    ``looked_to`` is set when the window ended before the page was full: the last number looked at.
    """

    rows: tuple[RecordRow, ...]
    older: int | None
    looked_to: int | None = None


def find_records(
    scope: Scope, asked: Asked, *, before: int | None, limit: int, window: int = WINDOW
) -> Found:
    """The newest records in scope that were asked for, with numbers below ``before``."""
    first, last = _numbers(asked)
    if first is None or last is None:
        return Found((), None)
    top = min(last, before - 1) if before is not None else last
    at_the_top = _is_at_the_top(scope)
    floor = max(first, top - window + 1) if _needs_window(asked, at_the_top) else first
    between = [AuditRecord.id <= top, AuditRecord.id >= floor]
    rows = _rows([*between, *_visible(scope, at_the_top), *_wanted(asked)], limit + 1)
    if len(rows) > limit:
        return Found(tuple(rows[:limit]), rows[limit - 1].number)
    more = floor > first
    return Found(tuple(rows), floor if more else None, floor if more else None)


def _rows(conditions: Sequence[ColumnElement[bool]], limit: int) -> list[RecordRow]:
    found = db.session.execute(
        select(
            AuditRecord.id,
            AuditRecord.at,
            AuditRecord.actor_name,
            User.label,
            User.label_en,
            AuditRecord.source,
            AuditRecord.action,
            AuditRecord.subject,
            OrgUnit.code,
            OrgUnit.name,
            OrgUnit.name_en,
            AuditRecord.difference,
            AuditRecord.hash,
        )
        .outerjoin(User, User.id == AuditRecord.actor_id)
        .outerjoin(OrgUnit, OrgUnit.id == AuditRecord.unit_id)
        .where(*conditions)
        .order_by(AuditRecord.id.desc())
        .limit(limit)
    )
    return [
        RecordRow(
            number,
            at,
            actor_name,
            UserName(label, label_en) if label is not None else None,
            source,
            action,
            subject,
            code,
            UserName(unit_name, unit_en) if unit_name is not None else None,
            changes_in(difference),
            digest,
        )
        for (
            number,
            at,
            actor_name,
            label,
            label_en,
            source,
            action,
            subject,
            code,
            unit_name,
            unit_en,
            difference,
            digest,
        ) in found
    ]


def _numbers(asked: Asked) -> tuple[int | None, int | None]:
    """First and last number that can be meant: of the days asked for, by the index on the time.

    A clock that was set back mixes numbers and days, so the days are asked for once more with the rows.
    """
    row = db.session.execute(
        select(func.min(AuditRecord.id), func.max(AuditRecord.id)).where(*_days(asked))
        if asked.since or asked.until
        else select(
            select(func.min(AuditRecord.id)).scalar_subquery(),
            select(func.max(AuditRecord.id)).scalar_subquery(),
        )
    ).one()
    return row[0], row[1]


def _days(asked: Asked) -> list[ColumnElement[bool]]:
    """From the first moment of the first local day to the last of the last."""
    conditions: list[ColumnElement[bool]] = []
    if asked.since:
        conditions.append(AuditRecord.at >= _midnight(asked.since))
    if asked.until:
        conditions.append(AuditRecord.at < _midnight(asked.until + timedelta(days=1)))
    return conditions


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), zone())


def _wanted(asked: Asked) -> list[ColumnElement[bool]]:
    conditions = _days(asked)
    if asked.who is not None:
        conditions.append(
            AuditRecord.actor_name == asked.who[0]
            if len(asked.who) == 1
            else AuditRecord.actor_name.in_(asked.who)
        )
    if asked.action:
        conditions.append(AuditRecord.action == asked.action)
    if asked.subject:
        conditions.append(AuditRecord.subject.icontains(asked.subject, autoescape=True))
    if asked.unit:
        conditions.append(
            AuditRecord.unit_id.in_(select(OrgUnit.id).where(within(OrgUnit.path, asked.unit.path)))
        )
    return conditions


def _needs_window(asked: Asked, at_the_top: bool) -> bool:
    several = asked.who is not None and len(asked.who) > 1
    return bool(several or asked.subject or asked.unit or not at_the_top)


def _is_at_the_top(scope: Scope) -> bool:
    """Whether the role is held over the unit that the house is named after, or over everything."""
    paths = scope.paths(READ)
    root = root_unit()
    return EVERYWHERE in paths or (root is not None and root.path in paths)


def _visible(scope: Scope, at_the_top: bool) -> list[ColumnElement[bool]]:
    """Records of units in scope; what belongs to no unit, or to one that is gone, only at the top."""
    if EVERYWHERE in scope.paths(READ):
        return []
    here = scope.clause(READ, OrgUnit.path)
    if not at_the_top:
        return [AuditRecord.unit_id.in_(select(OrgUnit.id).where(here))]
    elsewhere = select(OrgUnit.id).where(not_(here))
    return [or_(AuditRecord.unit_id.is_(None), AuditRecord.unit_id.not_in(elsewhere))]


def usernames_like(text: str) -> tuple[str, ...]:
    """The user names that a text may mean: the name itself, and users called by it."""
    wanted = text.strip()
    called = db.session.scalars(
        select(User.username)
        .where(
            User.username != wanted.lower(),
            or_(
                User.label.icontains(wanted, autoescape=True),
                User.label_en.icontains(wanted, autoescape=True),
            ),
        )
        .order_by(User.username)
        .limit(50)
    )
    exact = db.session.scalar(select(User.username).where(User.username == wanted.lower()))
    # The house, and who is no user any more, are asked for by the name that was recorded.
    return tuple(([exact] if exact else []) + list(called)) or (wanted,)


def find_unit(scope: Scope, text: str) -> UnitRow:
    """The unit in scope with this code or name. Raises :class:`RuleError` when there is none."""
    found = db.session.scalar(
        select(OrgUnit.code)
        .where(
            or_(OrgUnit.code == text, OrgUnit.name == text, OrgUnit.name_en == text),
            scope.clause(READ, OrgUnit.path),
        )
        .order_by(OrgUnit.path)
        .limit(1)
    )
    if found is None:
        raise RuleError(N_("There is no unit %(code)s."), field="unit", code=text)
    return get_unit(scope, READ, found)
