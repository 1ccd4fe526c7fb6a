"""Making users and granting roles."""

from __future__ import annotations

import re

from tracker.core.audit import Actor, record
from tracker.core.clock import now, today
from tracker.core.db import db
from tracker.core.instance import close_setup
from tracker.core.slow_hashes import nobodys_hash
from tracker.domain.errors import N_, RuleError
from tracker.domain.holdings import ALWAYS, Term
from tracker.domain.roles import Role
from tracker.features.accounts.models import Grant, User
from tracker.features.accounts.queries import user_by_name
from tracker.features.accounts.services.passwords import GoodPassword
from tracker.features.accounts.services.sessions import end_sign_ins
from tracker.features.org.queries import UnitRow

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")


def add_user(
    username: str,
    label: str,
    password: GoodPassword | None,
    *,
    label_en: str | None = None,
    is_sample: bool = False,
    must_change: bool = False,
    unknown: str | None = None,
    actor: Actor,
) -> User:
    """Add a user; without a password nobody can sign in until one is chosen.

    ``password`` comes from :func:`judge_password`, which works it out before the write begins.
    ``unknown`` is the hash of a password that nobody knows, where it was worked out beforehand.
    ``must_change`` is for a password that somebody else has chosen: it lets in once, to change it.
    Raises :class:`RuleError` for a name that is taken or malformed.
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
        password_hash=(unknown or nobodys_hash()) if password is None else password.hash,
        password_set_at=moment,
        must_change_password=must_change and not is_sample,
        created_at=moment,
        is_sample=is_sample,
        awaits_password=password is None,
    )
    db.session.add(user)
    db.session.flush()
    # Whoever comes first, in the browser or at the command line, ends the set-up for everybody else.
    close_setup()
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
