"""Making users and granting roles."""

from __future__ import annotations

import re

from tracker.core.audit import Actor, record
from tracker.core.clock import now
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError
from tracker.domain.roles import Role
from tracker.features.accounts.models import Grant, User
from tracker.features.accounts.queries import user_by_name
from tracker.features.accounts.services.passwords import hash_if_good
from tracker.features.org.queries import UnitRow

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")


def add_user(
    username: str,
    label: str,
    password: str,
    *,
    label_en: str | None = None,
    is_sample: bool = False,
    must_change: bool = False,
    actor: Actor,
) -> User:
    """Add a user. Raises :class:`RuleError` for a name that is taken or malformed, or a weak password.

    ``must_change`` is for a password that somebody else has chosen: it lets in once, to change it.
    """
    name = username.strip().lower()
    if not _NAME.fullmatch(name):
        raise RuleError(
            N_("A user name has 2 to 63 letters, digits, dots or dashes and begins with a letter or digit."),
            field="username",
        )
    if user_by_name(name) is not None:
        raise RuleError(N_("The user name %(name)s is taken. Choose another."), field="username", name=name)
    moment = now()
    user = User(
        username=name,
        label=label,
        label_en=label_en,
        password_hash=hash_if_good(name, password),
        password_set_at=moment,
        must_change_password=must_change and not is_sample,
        created_at=moment,
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
