"""Invitations: a one-time link and code with which a user chooses a password.

The secret itself is handed back once and kept nowhere: not in the database, the audit record or a log.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import current_app
from werkzeug.security import check_password_hash

from tracker.core.audit import HOUSE, Actor, record
from tracker.core.clock import now, today
from tracker.core.db import db
from tracker.core.slow_hashes import nobodys_hash, slow_hash
from tracker.domain.errors import N_, NotFoundError, RuleError
from tracker.domain.holdings import ALWAYS, Term, check_term
from tracker.domain.one_time_codes import CODE_LENGTH, CODE_LETTERS, MOST_TRIES, read_code
from tracker.domain.roles import Role
from tracker.features.accounts.models import User
from tracker.features.accounts.queries import user_by_name
from tracker.features.accounts.services import (
    NewPassword,
    add_user,
    choose_password,
    grant_role,
    prepare_password,
    take_password,
)
from tracker.features.org.queries import UnitRow
from tracker.features.people.models import Invitation, Purpose
from tracker.features.people.queries import hash_token, invitation_by_token, open_invitation
from tracker.features.people.services.guards import begin_change


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


@dataclass(frozen=True)
class TriedLink:
    """A link, and a password that was found good for its user."""

    token: str = field(repr=False)
    password: NewPassword = field(repr=False)


@dataclass(frozen=True)
class TriedCode:
    """A user name and a code that were compared: ``opens`` is the invitation for which the code was right.

    With it comes the password, or why that was not good.
    """

    username: str
    opens: int | None
    password: NewPassword | None = field(default=None, repr=False)
    refusal: RuleError | None = None


def prepare_invitations(count: int) -> list[Prepared]:
    """Tokens and codes with their hashes, for as many newcomers; nothing is kept of them yet.

    Slow on purpose: call it before the write begins, so that nobody waits for it.
    """
    return [_prepare() for _ in range(count)]


def placeholders(count: int) -> list[Prepared]:
    """What stands in for prepared invitations in a trial: opens nothing, and costs nothing."""
    return [Prepared(f"trial {number}", "", "-", "-") for number in range(count)]


def _prepare() -> Prepared:
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
    return Prepared(secrets.token_urlsafe(32), code, slow_hash(code), nobodys_hash())


def invite_user(newcomer: Newcomer, *, prepared: Prepared, actor: Actor) -> tuple[User, Secret]:
    """Add a user without a password, with a first role, and make the invitation."""
    check_term(newcomer.term, today())
    user = add_user(
        newcomer.username,
        newcomer.label,
        None,
        label_en=newcomer.label_en,
        unknown=prepared.unknown,
        actor=actor,
    )
    grant_role(user, newcomer.role, newcomer.unit, term=newcomer.term, actor=actor)
    return user, _make(user, Purpose.WELCOME, prepared=prepared, actor=actor)


def renew_invitation(user: User, *, version: int, prepared: Prepared, actor: Actor) -> Secret:
    """Make a new invitation in place of any older one; a password that was in use stops working at once."""
    begin_change(user, version=version, actor=actor)
    if not user.is_active:
        raise RuleError(N_("This user is disabled. Enable the user first."))
    if user.awaits_password:
        return _make(user, Purpose.WELCOME, prepared=prepared, actor=actor)
    take_password(user, prepared.unknown, actor=actor)
    return _make(user, Purpose.RESET, prepared=prepared, actor=actor)


def withdraw_invitation(user: User, *, version: int, actor: Actor) -> None:
    """Make the open invitation worth nothing."""
    begin_change(user, version=version, actor=actor)
    invitation = open_invitation(user)
    if invitation is None:
        raise RuleError(N_("There is no open invitation to withdraw."))
    invitation.closed_at = now()
    db.session.flush()
    record("user.withdraw_invitation", actor=actor, subject=f"user {user.username}")


def try_link(token: str, password: str) -> TriedLink:
    """Judge and hash the password that somebody chooses by a link, before the write begins.

    Raises :class:`NotFoundError` when the link cannot be used, :class:`RuleError` for a weak password
    or one that the user has had before.
    """
    _, user = _by_link(token)
    return TriedLink(token, prepare_password(user, password))


def accept_link(tried: TriedLink) -> User:
    """Choose the password by the link. Raises :class:`NotFoundError` when it cannot be used any more."""
    invitation, user = _by_link(tried.token)
    return _accept(invitation, user, tried.password)


def try_code(username: str, code: str, password: str) -> TriedCode:
    """Compare a code, and judge the password where it is right, before the write begins.

    Unknown names take as long as wrong codes. What counts is judged anew by :func:`accept_code`.
    """
    user = user_by_name(username)
    invitation = open_invitation(user) if user is not None and user.is_active else None
    matches = check_password_hash(invitation.code_hash if invitation else nobodys_hash(), read_code(code))
    if user is None or invitation is None or not matches:
        return TriedCode(username, None)
    try:
        return TriedCode(username, invitation.id, prepare_password(user, password))
    except RuleError as error:
        return TriedCode(username, invitation.id, refusal=error)


def accept_code(tried: TriedCode) -> User | None:
    """Choose a password by user name and code; None when they do not open an invitation.

    A wrong code is counted, so the caller commits either way; however many are tried side by side, a
    right one opens nothing once too many wrong ones were counted. Unknown names answer the same.
    Raises :class:`RuleError` when the code is right and the password is not good.
    """
    user = user_by_name(tried.username)
    invitation = open_invitation(user) if user is not None and user.is_active else None
    if user is None or invitation is None:
        return None
    if invitation.id == tried.opens:
        if tried.refusal is not None:
            raise tried.refusal
        assert tried.password is not None  # A right code has either a refusal or a password.
        return _accept(invitation, user, tried.password)
    invitation.wrong_tries += 1
    db.session.flush()
    record(
        "user.wrong_code",
        actor=HOUSE,
        subject=f"user {user.username}",
        changes={"wrong codes": (invitation.wrong_tries - 1, f"{invitation.wrong_tries}/{MOST_TRIES}")},
    )
    return None


def _by_link(token: str) -> tuple[Invitation, User]:
    found = invitation_by_token(token)
    if found is None:
        raise NotFoundError(N_("This link has been used, withdrawn or replaced, or its time is over."))
    return found


def _accept(invitation: Invitation, user: User, password: NewPassword) -> User:
    choose_password(user, password, actor=user)
    invitation.closed_at = now()
    db.session.flush()
    return user


def _make(user: User, purpose: Purpose, *, prepared: Prepared, actor: Actor) -> Secret:
    older = open_invitation(user)
    moment = now()
    if older is not None:
        older.closed_at = moment
    secret = Secret(
        token=prepared.token,
        code=prepared.code,
        expires_at=moment + timedelta(days=int(current_app.config["INVITE_DAYS"])),
    )
    db.session.add(
        Invitation(
            user_id=user.id,
            purpose=purpose,
            token_hash=hash_token(secret.token),
            code_hash=prepared.code_hash,
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
