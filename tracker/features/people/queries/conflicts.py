"""Who holds roles together that one person must not hold, and who can review in another's place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import or_, select

from tracker.core.clock import today
from tracker.core.db import db
from tracker.domain.holdings import Holding, Term, stand_apart
from tracker.domain.roles import Role
from tracker.features.accounts.models import Grant, User
from tracker.features.org.models import OrgUnit
from tracker.features.org.queries import UnitRow


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


def other_reviewers(unit: UnitRow, user_id: int) -> list[str]:
    """User names of everybody else who can review the unit's reports today; by name."""
    rows = db.session.execute(
        select(User.username, Grant.starts_on, Grant.ends_on)
        .join(Grant, Grant.user_id == User.id)
        .where(
            Grant.unit_id.in_(unit.line),
            Grant.role == Role.REVIEWER,
            User.id != user_id,
            User.disabled_at.is_(None),
        )
    )
    day = today()
    return sorted({name for name, starts_on, ends_on in rows if Term(starts_on, ends_on).holds_on(day)})


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
