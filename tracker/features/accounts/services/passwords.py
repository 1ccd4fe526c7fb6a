"""Setting passwords: judged by the rules, hashed, and kept from coming back too soon."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import delete, select
from werkzeug.security import check_password_hash

from tracker.core.audit import Actor, record
from tracker.core.clock import now
from tracker.core.db import db
from tracker.core.slow_hashes import slow_hash
from tracker.domain.errors import N_, RuleError, SeveralRulesError, StaleError
from tracker.domain.passwords import password_faults
from tracker.domain.sign_in import SignInEnd
from tracker.features.accounts.models import FormerPassword, User
from tracker.features.accounts.queries import password_rules
from tracker.features.accounts.services.sessions import end_sign_ins


@dataclass(frozen=True)
class NewPassword:
    """A password that was found good for a user who had the password with the hash ``instead_of``."""

    hash: str
    instead_of: str


@dataclass(frozen=True)
class GoodPassword:
    """The hash of a password that somebody else has chosen for a user and that was found good."""

    hash: str = field(repr=False)


def judge_password(username: str, password: str) -> GoodPassword:
    """Judge and hash a password for a user. Raises :class:`SeveralRulesError` with all that is missing.

    Hashing is slow on purpose: call it before the write begins, so that nobody waits for it.
    """
    faults = password_faults(password, username=username.strip().lower(), rules=password_rules())
    if faults:
        raise SeveralRulesError(faults)
    return GoodPassword(slow_hash(password))


def prepare_password(user: User, password: str) -> NewPassword:
    """Judge and hash a password that the user has chosen. Raises :class:`RuleError`.

    It compares with every former hash, which takes a tenth of a second each: call it before the
    write begins, so that nobody waits for it.
    """
    known = [user.password_hash, *_former(user, password_rules().kept - 1)]
    made = judge_password(user.username, password).hash
    if any(check_password_hash(each, password) for each in known):
        raise RuleError(
            N_("You have had this password before. Choose one that is not among your last ones."),
            field="password",
        )
    return NewPassword(made, user.password_hash)


def change_password(user: User, new: NewPassword, *, keep: str | None, actor: Actor) -> None:
    """Set the password that a user has chosen and end every other sign-in; ``keep`` is the user's own.

    Raises :class:`StaleError` when the password was changed elsewhere since it was judged.
    """
    _check_present(user, new)
    _put(user, new.hash, must_change=False)
    record("user.change_password", actor=actor, subject=f"user {user.username}")
    end_sign_ins(user, except_id=keep, end=SignInEnd.PASSWORD, actor=actor)


def reset_password(user: User, password: GoodPassword, *, actor: Actor) -> None:
    """Set a password for somebody else, who has to change it at the next sign-in; end every sign-in.

    A sample user need not change it.
    """
    _put(user, password.hash, must_change=not user.is_sample)
    record("user.reset_password", actor=actor, subject=f"user {user.username}")
    end_sign_ins(user, end=SignInEnd.PASSWORD, actor=actor)


def choose_password(user: User, new: NewPassword, *, actor: Actor) -> None:
    """Set the password that an invited user has chosen, in place of one that nobody knows.

    Raises :class:`StaleError` when the password was changed elsewhere since it was judged.
    """
    _check_present(user, new)
    _put(user, new.hash, must_change=False)
    record("user.choose_password", actor=actor, subject=f"user {user.username}")
    end_sign_ins(user, end=SignInEnd.PASSWORD, actor=actor)


def take_password(user: User, unknown: str, *, actor: Actor) -> None:
    """Make the user's password worth nothing, at once; one has to be chosen by invitation.

    ``unknown`` is what :func:`tracker.core.slow_hashes.nobodys_hash` has made before the write began.
    """
    _put(user, unknown, must_change=False)
    user.awaits_password = True
    record("user.take_password", actor=actor, subject=f"user {user.username}")
    end_sign_ins(user, actor=actor)


def _check_present(user: User, new: NewPassword) -> None:
    if user.password_hash != new.instead_of:
        raise StaleError(N_("The password was changed elsewhere in the meantime. Nothing was changed here."))


def _put(user: User, made: str, *, must_change: bool) -> None:
    """Replace the hash; of the former ones keep as many as the rule needs, and no more."""
    moment = now()
    if not user.awaits_password:
        db.session.add(FormerPassword(user_id=user.id, password_hash=user.password_hash, replaced_at=moment))
    user.awaits_password = False
    user.password_hash = made
    user.password_set_at = moment
    user.must_change_password = must_change
    db.session.flush()
    kept = select(FormerPassword.id).where(FormerPassword.user_id == user.id)
    kept = kept.order_by(FormerPassword.id.desc()).limit(max(0, password_rules().kept - 1))
    db.session.execute(
        delete(FormerPassword).where(
            FormerPassword.user_id == user.id, FormerPassword.id.not_in(list(db.session.scalars(kept)))
        )
    )


def _former(user: User, most: int) -> list[str]:
    rows = select(FormerPassword.password_hash).where(FormerPassword.user_id == user.id)
    return list(db.session.scalars(rows.order_by(FormerPassword.id.desc()).limit(max(0, most))))
