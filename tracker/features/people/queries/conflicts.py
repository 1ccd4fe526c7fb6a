"""Who holds roles together that one person must not hold, and who can review in another's place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, SQLColumnExpression, literal, or_, select
from sqlalchemy.orm import aliased

from tracker.core.clock import today
from tracker.core.db import db
from tracker.domain.holdings import Holding, Term, stand_apart
from tracker.domain.roles import Role
from tracker.features.accounts.models import Grant, User
from tracker.features.org.models import OrgUnit
from tracker.features.org.queries import depth_of


def users_in_conflict() -> list[str]:
    """User names of those who hold, today or later, what must not be held together; by name."""
    return sorted(name for name, held in _holdings().items() if not stand_apart(held))


def users_brought_into_conflict(moves: Mapping[str, str]) -> list[str]:
    """User names of those to whom that would happen if units stood elsewhere; by name.

    ``moves`` has the new path of each unit that moves by its path of today. Whoever is in conflict
    already is left out: the move neither brings that about nor can it be mended there.
    """
    found = []
    for name, held in _holdings().items():
        after = [replace(one, path=_path_after(one.path, moves)) for one in held]
        if stand_apart(held) and not stand_apart(after):
            found.append(name)
    return sorted(found)


def reviewers_at(line: Sequence[int]) -> dict[tuple[int, str], set[int]]:
    """Who holds the role of reviewer today at which units of the line: unit ids by (user id, user name)."""
    rows = db.session.execute(
        select(User.id, User.username, Grant.unit_id, Grant.starts_on, Grant.ends_on)
        .join(Grant, Grant.user_id == User.id)
        .where(Grant.unit_id.in_(line), Grant.role == Role.REVIEWER, User.disabled_at.is_(None))
        .order_by(User.username)
    )
    day = today()
    found = defaultdict[tuple[int, str], set[int]](set)
    for user_id, name, unit_id, starts_on, ends_on in rows:
        if Term(starts_on, ends_on).holds_on(day):
            found[user_id, name].add(unit_id)
    return dict(found)


def has_reviewer_within(
    path: SQLColumnExpression[str],
    *,
    above: SQLColumnExpression[str],
    but: SQLColumnExpression[int | None],
) -> ColumnElement[bool]:
    """Whether another user reviews what lies at ``path`` from a unit lower in the tree than ``above``."""
    held_at, day = aliased(OrgUnit), today()
    return (
        select(literal(1))
        .select_from(Grant)
        .join(held_at, held_at.id == Grant.unit_id)
        .join(User, User.id == Grant.user_id)
        .where(
            Grant.role == Role.REVIEWER,
            User.disabled_at.is_(None),
            or_(Grant.starts_on.is_(None), Grant.starts_on <= day),
            or_(Grant.ends_on.is_(None), Grant.ends_on >= day),
            path.startswith(held_at.path),
            depth_of(held_at.path) > depth_of(above),
            User.id.is_distinct_from(but),
        )
        .exists()
    )


def _holdings() -> dict[str, list[Holding]]:
    """What everybody holds today or later, by user name."""
    found = defaultdict[str, list[Holding]](list)
    for name, role, path, starts_on, ends_on in db.session.execute(
        select(User.username, Grant.role, OrgUnit.path, Grant.starts_on, Grant.ends_on)
        .join(Grant, Grant.user_id == User.id)
        .join(OrgUnit, OrgUnit.id == Grant.unit_id)
        .where(or_(Grant.ends_on.is_(None), Grant.ends_on >= today()))
    ):
        found[name].append(Holding(role, path, Term(starts_on, ends_on)))
    return found


def _path_after(path: str, moves: Mapping[str, str]) -> str:
    for old, new in moves.items():
        if path.startswith(old):
            return new + path[len(old) :]
    return path
