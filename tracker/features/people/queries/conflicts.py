"""Who holds roles together that one person must not hold, and who can review in another's place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, literal, or_, select
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


def reviewers_at(line: Collection[int]) -> dict[tuple[int, str], set[int]]:
    """Who can review today at which of these units: unit ids by (user id, user name).

    Whoever has been invited and has not chosen a password yet cannot, and nobody waits for them.
    """
    rows = db.session.execute(
        select(User.id, User.username, Grant.unit_id, Grant.starts_on, Grant.ends_on)
        .join(Grant, Grant.user_id == User.id)
        .where(Grant.unit_id.in_(line), Grant.role == Role.REVIEWER, _can_sign_in())
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
    held_at = aliased(OrgUnit)
    return _has_reviewer(
        path, held_at, depth_of(held_at.path) > depth_of(above), User.id.is_distinct_from(but)
    )


def has_reviewer_from(
    path: SQLColumnExpression[str],
    *,
    office: SQLColumnExpression[str],
    but: SQLColumnExpression[int | None],
    nor: int,
) -> ColumnElement[bool]:
    """Whether a third user reviews what lies at ``path`` from a unit no lower in the tree than ``office``."""
    held_at = aliased(OrgUnit)
    others = and_(User.id.is_distinct_from(but), User.id != nor)
    return _has_reviewer(path, held_at, depth_of(held_at.path) <= depth_of(office), others)


def _has_reviewer(
    path: SQLColumnExpression[str], held_at: type[OrgUnit], *wanted: ColumnElement[bool]
) -> ColumnElement[bool]:
    day = today()
    return (
        select(literal(1))
        .select_from(Grant)
        .join(held_at, held_at.id == Grant.unit_id)
        .join(User, User.id == Grant.user_id)
        .where(
            Grant.role == Role.REVIEWER,
            _can_sign_in(),
            or_(Grant.starts_on.is_(None), Grant.starts_on <= day),
            or_(Grant.ends_on.is_(None), Grant.ends_on >= day),
            path.startswith(held_at.path),
            *wanted,
        )
        .exists()
    )


def _can_sign_in() -> ColumnElement[bool]:
    return and_(User.disabled_at.is_(None), User.awaits_password.is_(False))


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
