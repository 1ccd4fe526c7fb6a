"""Passwords that are tried: compared, counted for each account, and recorded without a flood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from werkzeug.security import check_password_hash

from tracker.core.audit import STRANGER, Actor, record
from tracker.core.clock import now
from tracker.core.db import db
from tracker.core.slow_hashes import nobodys_hash
from tracker.domain.sign_in import Failures, after_failure
from tracker.features.accounts.models import Refusals, User
from tracker.features.accounts.queries import KnownName, known_name, lock_limits, user_by_name

_PAUSE = timedelta(minutes=1)
"""The shortest time between two audit records of what one account was refused."""


@dataclass(frozen=True)
class Attempt:
    """A user name and a password that somebody has tried; what counts is judged when it is admitted."""

    username: str
    hash: str
    matches: bool


def try_password(username: str, password: str) -> Attempt:
    """Compare a password; slow on purpose, and as slow for a name that nobody has.

    Call it before the write begins, so that nobody waits for it.
    """
    account = known_name(username)
    # An unknown name takes as long as a wrong password.
    known = nobodys_hash() if account is None else account.password_hash
    matches = check_password_hash(known, password)
    return Attempt(username, known, matches and account is not None)


def admit_attempt(attempt: Attempt) -> User | None:
    """The user whose password was right, unless the account is locked; otherwise count the refusal.

    Everything is read anew inside the write: however many attempts run side by side, not one more
    than the limit is compared in earnest. Known and unknown names take the same statements.
    """
    account = known_name(attempt.username)
    refusals = _refusals_of(account.user_id if account else None)
    right = account is not None and attempt.matches and attempt.hash == account.password_hash
    if right and not refusals.failures.is_locked(now()):
        user = user_by_name(attempt.username)
        if user is not None and user.is_active:
            return user
    _count(refusals, account)
    return None


def confirm_password(attempt: Attempt, *, actor: Actor) -> bool:
    """Whether somebody who is signed in knows the present password; a wrong one counts as at the door."""
    user = admit_attempt(attempt)
    if user is None or user.id != actor.id:
        return False
    _refusals_of(user.id).failures = Failures()
    return True


def forget_refusals(user: User) -> int:
    """Begin to count anew, since the right one came; returns how many were refused meanwhile."""
    refusals = _refusals_of(user.id)
    found = refusals.since_sign_in
    refusals.failures = Failures()
    refusals.since_sign_in = refusals.unrecorded = 0
    return found


def unlock_user(user: User, *, actor: Actor) -> bool:
    """Let the account sign in again at once; whether it was locked."""
    refusals = _refusals_of(user.id)
    was_locked = refusals.failures.is_locked(now())
    refusals.failures = Failures()
    record("user.unlock", actor=actor, subject=f"user {user.username}")
    return was_locked


def _refusals_of(user_id: int | None) -> Refusals:
    """The one row of this user, or the one of all names that nobody has; writers come one by one."""
    which = Refusals.user_id.is_not_distinct_from(user_id)
    row = db.session.scalars(select(Refusals).where(which)).one_or_none()
    if row is None:
        row = Refusals(user_id=user_id, in_a_row=0, since_sign_in=0, unrecorded=0)
        db.session.add(row)
        db.session.flush()
    return row


def _count(refusals: Refusals, account: KnownName | None) -> None:
    moment, before = now(), refusals.failures
    refusals.unrecorded += 1
    if account is None:
        # A name that nobody has is never kept: people type their password into the wrong field.
        refusals.last_at, subject = moment, "unknown user names"
    else:
        subject = f"user {account.username}"
        refusals.since_sign_in += 1
        refusals.failures = after_failure(before, moment, lock_limits())
        if refusals.failures.is_locked(moment) and not before.is_locked(moment):
            record(
                "user.lock",
                actor=STRANGER,
                subject=subject,
                changes={"until": (None, refusals.failures.locked_until)},
            )
    if refusals.recorded_at is None or moment - refusals.recorded_at >= _PAUSE:
        record(
            "sign_in.refuse",
            actor=STRANGER,
            subject=subject,
            changes={"refused": (None, refusals.unrecorded)},
        )
        refusals.recorded_at, refusals.unrecorded = moment, 0
