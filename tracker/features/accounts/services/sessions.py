"""Beginning and ending sign-ins. What a browser carries is a random token; what is kept is its hash."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, true, update

from tracker.core.audit import Actor, record
from tracker.core.clock import now
from tracker.core.db import db, write_if_free
from tracker.core.visits import Visit
from tracker.domain.errors import N_, NotFoundError
from tracker.domain.sign_in import SignInEnd
from tracker.features.accounts.models import SignIn, User
from tracker.features.accounts.queries import latest_sign_in, sign_in_id, sign_in_limits
from tracker.features.accounts.services.attempts import Attempt, admit_attempt, forget_refusals

_KEPT = timedelta(days=30)
"""How long a sign-in that is over is kept, so that its browser can be told why. It is nobody's statistics."""


@dataclass(frozen=True)
class Entry:
    """Somebody who got in: the token for the browser, the sign-in before, and what was refused since."""

    token: str
    last_at: datetime | None
    refused: int


def enter_user(attempt: Attempt, visit: Visit, *, leaving: str | None) -> Entry | None:
    """Let in whose password was right, or count the refusal: None says that nobody got in.

    ``leaving`` is the token that the browser carried so far; that sign-in ends. The caller commits
    in both cases.
    """
    user = admit_attempt(attempt)
    if user is None:
        return None
    last_at, refused = latest_sign_in(user), forget_refusals(user)
    token = begin_sign_in(user, visit, leaving=leaving, refused=refused, actor=user)
    return Entry(token, last_at, refused)


def begin_sign_in(user: User, visit: Visit, *, leaving: str | None, refused: int = 0, actor: Actor) -> str:
    """Begin a sign-in and return its token, which nobody has seen before and which is kept nowhere."""
    moment, token = now(), secrets.token_urlsafe(32)
    if leaving is not None:
        _end(SignIn.id == sign_in_id(leaving), SignInEnd.SIGNED_OUT)
    forgotten = moment - max(_KEPT, sign_in_limits().age)
    db.session.execute(delete(SignIn).where(SignIn.user_id == user.id, SignIn.seen_at < forgotten))
    db.session.add(
        SignIn(
            id=sign_in_id(token),
            user_id=user.id,
            started_at=moment,
            seen_at=moment,
            source=visit.source,
            browser=visit.browser,
        )
    )
    db.session.flush()
    changes = {"refused before": (None, refused)} if refused else {}
    record("sign_in.begin", actor=actor, subject=f"user {user.username}", changes=changes)
    return token


def end_sign_in(user: User, id: str, *, end: SignInEnd, actor: Actor) -> None:
    """End one sign-in of the user. Raises :class:`NotFoundError` when it is none of theirs."""
    if db.session.scalar(select(SignIn.user_id).where(SignIn.id == id)) != user.id:
        raise NotFoundError(N_("There is no such sign-in."))
    if _end(SignIn.id == id, end):
        record("sign_in.end", actor=actor, subject=f"user {user.username}")


def end_sign_ins(
    user: User,
    *,
    except_id: str | None = None,
    end: SignInEnd = SignInEnd.ADMINISTRATOR,
    actor: Actor,
) -> int:
    """End all sign-ins of the user, or all but one; returns how many there were.

    For whatever changes who somebody is or what they may do: the next click in each of those browsers
    leads to the sign-in page, which says why.
    """
    others = SignIn.user_id == user.id
    if except_id is not None:
        others &= SignIn.id != except_id
    count = _end(others, end)
    if count:
        record(
            "sign_in.end",
            actor=actor,
            subject=f"user {user.username}",
            changes={"ended": (None, count), "because": (None, end)},
        )
    return count


def end_all_sign_ins(*, actor: Actor) -> int:
    """End everyone's sign-ins, as after a restore: a cookie may be older than what it opens."""
    count = _end(true(), SignInEnd.ADMINISTRATOR)
    record("sign_in.end_all", actor=actor, subject="all users", changes={"ended": (None, count)})
    return count


def note_seen(id: str) -> bool:
    """Note that the browser of a sign-in is still in use, unless somebody would have to wait for it."""
    return write_if_free(
        update(SignIn).where(SignIn.id == id, SignIn.ended_at.is_(None)).values(seen_at=now())
    )


def _end(which: ColumnElement[bool], end: SignInEnd) -> int:
    ended = db.session.execute(
        update(SignIn)
        .where(which, SignIn.ended_at.is_(None))
        .values(ended_at=now(), ended_for=end)
        .returning(SignIn.id)
    )
    return len(ended.all())
