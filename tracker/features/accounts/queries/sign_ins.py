"""Reading sign-ins."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from tracker.core.clock import now
from tracker.core.db import db
from tracker.domain.sign_in import SignInEnd, end_by_time
from tracker.features.accounts.models import SignIn, User
from tracker.features.accounts.queries.limits import sign_in_limits


@dataclass(frozen=True)
class FoundSignIn:
    """A sign-in with its user; ``end`` says why it is over, None that it lasts."""

    id: str
    user: User
    started_at: datetime
    seen_at: datetime
    end: SignInEnd | None


def sign_in_id(token: str) -> str:
    """What the database keeps of a token: a hash, from which the token cannot be found again."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def find_sign_in(token: str) -> FoundSignIn | None:
    """The sign-in that a browser's token belongs to, read with its user in one statement."""
    row = db.session.execute(_BY_ID, {"id": sign_in_id(token)}).unique().scalar_one_or_none()
    if row is None:
        return None
    end = row.ended_for or end_by_time(
        started_at=row.started_at, seen_at=row.seen_at, now=now(), limits=sign_in_limits()
    )
    if end is None and not row.user.is_active:
        end = SignInEnd.ADMINISTRATOR
    return FoundSignIn(row.id, row.user, row.started_at, row.seen_at, end)


_BY_ID = select(SignIn).where(SignIn.id == bindparam("id"))
"""Every request asks this, so it is made once."""


def open_sign_ins(user: User) -> list[SignIn]:
    """Where the user is signed in at this moment, the latest first."""
    limits, moment = sign_in_limits(), now()
    rows = db.session.scalars(
        select(SignIn)
        .where(SignIn.user_id == user.id, SignIn.ended_at.is_(None))
        .order_by(SignIn.seen_at.desc(), SignIn.id)
    ).unique()
    return [
        row
        for row in rows
        if end_by_time(started_at=row.started_at, seen_at=row.seen_at, now=moment, limits=limits) is None
    ]


def latest_sign_in(user: User) -> datetime | None:
    """When the user last signed in."""
    return db.session.scalar(select(func.max(SignIn.started_at)).where(SignIn.user_id == user.id))
