"""Making users, granting roles, and checking passwords."""

from __future__ import annotations

import re
import secrets

from sqlalchemy import select
from werkzeug.security import check_password_hash, generate_password_hash

from tracker.core.audit import Actor, record
from tracker.core.clock import now
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError
from tracker.domain.roles import Role
from tracker.features.accounts.models import Grant, User
from tracker.features.accounts.queries import user_by_name
from tracker.features.org.queries import UnitRow

SHORTEST_PASSWORD = 10
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")

_NOBODY = generate_password_hash(secrets.token_hex(8))
"""Checked when a name is unknown, so that the answer takes as long as for a wrong password."""


def add_user(
    username: str,
    label: str,
    password: str,
    *,
    label_en: str | None = None,
    is_sample: bool = False,
    actor: Actor,
) -> User:
    """Add a user. Raises :class:`RuleError` for a name that is taken or malformed, or a weak password."""
    name = username.strip().lower()
    if not _NAME.fullmatch(name):
        raise RuleError(
            N_("A user name has 2 to 63 letters, digits, dots or dashes and begins with a letter or digit."),
            field="username",
        )
    if user_by_name(name) is not None:
        raise RuleError(N_("The user name %(name)s is taken. Choose another."), field="username", name=name)
    user = User(
        username=name,
        label=label,
        label_en=label_en,
        password_hash=_hash(name, password),
        stamp=secrets.token_hex(8),
        created_at=now(),
        is_sample=is_sample,
    )
    db.session.add(user)
    db.session.flush()
    record("user.add", actor=actor, subject=f"user {name}")
    return user


def grant_role(user: User, role: Role, unit: UnitRow, *, actor: Actor) -> None:
    """Give the user the role at the unit and everything below it."""
    if any(grant.role is role and grant.unit_id == unit.id for grant in user.grants):
        raise RuleError(N_("The user already has this role there."), field="role")
    user.grants.append(Grant(role=role, unit_id=unit.id))
    db.session.flush()
    record(
        "user.grant",
        actor=actor,
        subject=f"user {user.username}",
        unit_id=unit.id,
        changes={"role": (None, f"{role} {unit.code}")},
    )


def reset_password(user: User, password: str, *, actor: Actor) -> None:
    """Set a new password and end every open session of the user."""
    user.password_hash = _hash(user.username, password)
    user.stamp = secrets.token_hex(8)
    db.session.flush()
    record("user.reset_password", actor=actor, subject=f"user {user.username}")


def end_all_sessions(*, actor: Actor) -> None:
    """End every open session of everyone, as after a restore: a cookie may be older than what it opens."""
    for user in db.session.scalars(select(User)).unique():
        user.stamp = secrets.token_hex(8)
    db.session.flush()
    record("user.end_all_sessions", actor=actor, subject="all users")


def check_password(username: str, password: str) -> User | None:
    """The user, if the password is right; unknown names take as long and answer the same."""
    user = user_by_name(username)
    matches = check_password_hash(user.password_hash if user else _NOBODY, password)
    return user if user is not None and matches else None


def _hash(name: str, password: str) -> str:
    if len(password) < SHORTEST_PASSWORD or password.lower() == name:
        raise RuleError(
            N_("A password needs at least %(length)s characters and must not be the user name."),
            field="password",
            length=SHORTEST_PASSWORD,
        )
    return generate_password_hash(password)
