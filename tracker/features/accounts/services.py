"""Making users, granting roles, and checking passwords."""

from __future__ import annotations

import re
import secrets

from werkzeug.security import check_password_hash, generate_password_hash

from tracker.core.audit import Actor, record
from tracker.core.clock import now, today
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError
from tracker.domain.holdings import ALWAYS, Term
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
    password: str | None,
    *,
    label_en: str | None = None,
    is_sample: bool = False,
    actor: Actor,
) -> User:
    """Add a user; without a password nobody can sign in until one is chosen.

    Raises :class:`RuleError` for a name that is taken or malformed, or a weak password.
    """
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
        password_hash=_unknown() if password is None else _hash(name, password),
        stamp=secrets.token_hex(8),
        created_at=now(),
        is_sample=is_sample,
        awaits_password=password is None,
    )
    db.session.add(user)
    db.session.flush()
    record("user.add", actor=actor, subject=f"user {name}")
    return user


def grant_role(user: User, role: Role, unit: UnitRow, *, term: Term = ALWAYS, actor: Actor) -> None:
    """Give the user the role at the unit and everything below it, for a time or for good.

    A grant that is over is taken up again. What one person may not hold together is for the caller to
    check, who knows for whom the roles are.
    """
    grant = next((one for one in user.grants if one.role is role and one.unit_id == unit.id), None)
    if grant is not None and not grant.term.is_over(today()):
        raise RuleError(N_("The user already has this role there."), field="role")
    if grant is None:
        grant = Grant(role=role, unit_id=unit.id)
        user.grants.append(grant)
    grant.starts_on, grant.ends_on = term.starts_on, term.ends_on
    end_sign_ins(user, actor=actor)
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {"role": (None, f"{role} {unit.code}")}
    days = {"first day": term.starts_on, "last day": term.ends_on}
    changes |= {name: (None, day) for name, day in days.items() if day is not None}
    record("user.grant", actor=actor, subject=f"user {user.username}", unit_id=unit.id, changes=changes)


def reset_password(user: User, password: str, *, actor: Actor) -> None:
    """Set a new password and end every open session of the user."""
    user.password_hash = _hash(user.username, password)
    user.awaits_password = False
    end_sign_ins(user, actor=actor)
    db.session.flush()
    record("user.reset_password", actor=actor, subject=f"user {user.username}")


def choose_password(user: User, password: str, *, actor: Actor) -> None:
    """Set the password that the user has chosen themselves, in place of one that nobody knows."""
    user.password_hash = _hash(user.username, password)
    user.awaits_password = False
    end_sign_ins(user, actor=actor)
    db.session.flush()
    record("user.choose_password", actor=actor, subject=f"user {user.username}")


def take_password(user: User, *, actor: Actor) -> None:
    """Make the user's password worth nothing, at once; one has to be chosen by invitation."""
    user.password_hash = _unknown()
    user.awaits_password = True
    end_sign_ins(user, actor=actor)
    db.session.flush()
    record("user.take_password", actor=actor, subject=f"user {user.username}")


def end_sign_ins(user: User, *, except_id: int | None = None, actor: Actor) -> None:
    """End the user's open sessions at their next request."""
    user.stamp = secrets.token_hex(8)


def check_password(username: str, password: str) -> User | None:
    """The user, if the password is right; unknown and disabled ones take as long and answer the same."""
    user = user_by_name(username)
    matches = check_password_hash(user.password_hash if user else _NOBODY, password)
    return user if user is not None and user.is_active and matches else None


def _hash(name: str, password: str) -> str:
    if len(password) < SHORTEST_PASSWORD or password.lower() == name:
        raise RuleError(
            N_("A password needs at least %(length)s characters and must not be the user name."),
            field="password",
            length=SHORTEST_PASSWORD,
        )
    return generate_password_hash(password)


def _unknown() -> str:
    """The hash of a password that nobody knows: checking it takes as long as any other."""
    return generate_password_hash(secrets.token_urlsafe(32))
