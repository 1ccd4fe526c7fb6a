"""Invitations: a one-time link and code with which a user chooses a password.

The secret itself is handed back once and kept nowhere: not in the database, the audit record or a log.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from flask import current_app
from werkzeug.security import check_password_hash, generate_password_hash

from tracker.core.audit import HOUSE, Actor, record
from tracker.core.clock import now, today
from tracker.core.db import db
from tracker.domain.errors import N_, NotFoundError, RuleError
from tracker.domain.holdings import ALWAYS, Term, check_term
from tracker.domain.one_time_codes import CODE_LENGTH, CODE_LETTERS, MOST_TRIES, read_code
from tracker.domain.roles import Role
from tracker.features.accounts.models import User
from tracker.features.accounts.queries import user_by_name
from tracker.features.accounts.services import (
    add_user,
    choose_password,
    grant_role,
    nobodys_hash,
    take_password,
)
from tracker.features.org.queries import UnitRow
from tracker.features.people.models import Invitation, Purpose
from tracker.features.people.queries import hash_token, invitation_by_token, open_invitation
from tracker.features.people.services.guards import begin_change

_NO_CODE = generate_password_hash(secrets.token_hex(8))
"""Checked when there is nothing to check, so that the answer takes as long as for a wrong code."""


@dataclass(frozen=True)
class Newcomer:
    """Somebody to be invited, and the first role they get."""

    username: str
    label: str
    label_en: str | None
    role: Role
    unit: UnitRow
    term: Term = ALWAYS


@dataclass(frozen=True)
class Secret:
    """What opens an invitation, shown once; never printed by accident."""

    token: str = field(repr=False)
    code: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True)
class Prepared:
    """The slow part of an invitation, worked out before the write begins: the hashes of what is secret."""

    token: str = field(repr=False)
    code: str = field(repr=False)
    code_hash: str
    unknown: str


def prepare_invitations(count: int) -> list[Prepared]:
    """Tokens and codes with their hashes, for as many newcomers; nothing is kept of them yet."""
    unknown = nobodys_hash()
    return [replace(_prepare(), unknown=unknown) for _ in range(count)]


def _prepare() -> Prepared:
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    return Prepared(secrets.token_urlsafe(32), code, generate_password_hash(code), "")


def invite_user(newcomer: Newcomer, *, prepared: Prepared | None = None, actor: Actor) -> tuple[User, Secret]:
    """Add a user without a password, with a first role, and make the invitation."""
    check_term(newcomer.term, today())
    user = add_user(
        newcomer.username,
        newcomer.label,
        None,
        label_en=newcomer.label_en,
        unknown=prepared.unknown if prepared else None,
        actor=actor,
    )
    grant_role(user, newcomer.role, newcomer.unit, term=newcomer.term, actor=actor)
    return user, _make(user, Purpose.WELCOME, prepared=prepared, actor=actor)


def renew_invitation(user: User, *, version: int, actor: Actor) -> Secret:
    """Make a new invitation in place of any older one; a password that was in use stops working at once."""
    begin_change(user, version=version, actor=actor)
    if not user.is_active:
        raise RuleError(N_("This user is disabled. Enable the user first."))
    if user.awaits_password:
        return _make(user, Purpose.WELCOME, actor=actor)
    take_password(user, actor=actor)
    return _make(user, Purpose.RESET, actor=actor)


def withdraw_invitation(user: User, *, version: int, actor: Actor) -> None:
    """Make the open invitation worth nothing."""
    begin_change(user, version=version, actor=actor)
    invitation = open_invitation(user)
    if invitation is None:
        raise RuleError(N_("There is no open invitation to withdraw."))
    invitation.closed_at = now()
    db.session.flush()
    record("user.withdraw_invitation", actor=actor, subject=f"user {user.username}")


def accept_link(token: str, password: str) -> User:
    """Choose a password by the link. Raises :class:`NotFoundError` when it cannot be used any more."""
    found = invitation_by_token(token)
    if found is None:
        raise NotFoundError(N_("This link has been used, withdrawn or replaced, or its time is over."))
    invitation, user = found
    return _accept(invitation, user, password)


def accept_code(username: str, code: str, password: str) -> User | None:
    """Choose a password by user name and code; None when they do not open an invitation.

    A wrong code is counted, so the caller commits either way. Unknown names take as long and answer
    the same.
    """
    user = user_by_name(username)
    invitation = open_invitation(user) if user is not None and user.is_active else None
    matches = check_password_hash(invitation.code_hash if invitation else _NO_CODE, read_code(code))
    if user is None or invitation is None:
        return None
    if matches:
        return _accept(invitation, user, password)
    invitation.wrong_tries += 1
    db.session.flush()
    record(
        "user.wrong_code",
        actor=HOUSE,
        subject=f"user {user.username}",
        changes={"wrong codes": (invitation.wrong_tries - 1, f"{invitation.wrong_tries}/{MOST_TRIES}")},
    )
    return None


def _accept(invitation: Invitation, user: User, password: str) -> User:
    choose_password(user, password, actor=user)
    invitation.closed_at = now()
    db.session.flush()
    return user


def _make(user: User, purpose: Purpose, *, prepared: Prepared | None = None, actor: Actor) -> Secret:
    ready = prepared or _prepare()
    older = open_invitation(user)
    moment = now()
    if older is not None:
        older.closed_at = moment
    secret = Secret(
        token=ready.token,
        code=ready.code,
        expires_at=moment + timedelta(days=int(current_app.config["INVITE_DAYS"])),
    )
    db.session.add(
        Invitation(
            user_id=user.id,
            purpose=purpose,
            token_hash=hash_token(secret.token),
            code_hash=ready.code_hash,
            made_at=moment,
            expires_at=secret.expires_at,
        )
    )
    db.session.flush()
    record(
        "user.invite",
        actor=actor,
        subject=f"user {user.username}",
        changes={"valid until": (None, f"{secret.expires_at:%Y-%m-%d %H:%M} UTC")},
    )
    return secret
