"""Reading users."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from tracker.core.db import db
from tracker.domain.roles import Role
from tracker.features.accounts.models import Grant, User
from tracker.features.org.models import OrgUnit


def user_by_name(username: str) -> User | None:
    """The user of this name, whatever the case of its letters."""
    return (
        db.session.execute(select(User).where(User.username == username.strip().lower()))
        .unique()
        .scalar_one_or_none()
    )


@dataclass(frozen=True)
class KnownName:
    """What comparing a password needs, and no more."""

    user_id: int
    username: str
    password_hash: str


def known_name(username: str) -> KnownName | None:
    """The account of this name, without what it holds."""
    columns = (User.id, User.username, User.password_hash)
    row = db.session.execute(select(*columns).where(User.username == username.strip().lower())).first()
    return None if row is None else KnownName(*row)


def all_users() -> list[User]:
    """Everyone, by name."""
    return list(db.session.scalars(select(User).order_by(User.username)).unique())


@dataclass(frozen=True)
class UserName:
    """What a user is called on pages."""

    name: str
    name_en: str | None


def names_of_users(ids: Collection[int]) -> dict[int, UserName]:
    """What users are called, by their ids."""
    if not ids:
        return {}
    rows = db.session.execute(select(User.id, User.label, User.label_en).where(User.id.in_(ids)))
    return {user_id: UserName(label, label_en) for user_id, label, label_en in rows}


@dataclass(frozen=True)
class SampleUser:
    """A user of the sample township, offered for one-click sign-in."""

    user_id: int
    username: str
    role: Role
    unit: OrgUnit


def sample_users() -> list[SampleUser]:
    """One user for each role and grant, in the order in which they were made, but for the disabled."""
    rows = db.session.execute(
        select(User.id, User.username, Grant.role, OrgUnit)
        .join(Grant, Grant.user_id == User.id)
        .join(OrgUnit, OrgUnit.id == Grant.unit_id)
        .where(User.is_sample, User.disabled_at.is_(None))
        .order_by(User.id, Grant.id)
    )
    return [SampleUser(*row) for row in rows]


def offered_users() -> list[SampleUser]:
    """The first sample user of each role: one click per role."""
    first: dict[Role, SampleUser] = {}
    for user in sample_users():
        first.setdefault(user.role, user)
    return list(first.values())
