"""Reading invitations: only their hashes are kept, so a link is found by the hash of its token."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import func, select

from tracker.core.clock import now
from tracker.core.db import db
from tracker.features.accounts.models import User
from tracker.features.people.models import Invitation


def latest_invitation(user: User) -> Invitation | None:
    """The newest invitation of the user, whether it can still be used or not."""
    query = select(Invitation).where(Invitation.user_id == user.id).order_by(Invitation.id.desc()).limit(1)
    return db.session.scalars(query).one_or_none()


def latest_invitations(user_ids: Sequence[int]) -> dict[int, Invitation]:
    """The newest invitation of each of these users, whether it can still be used or not."""
    newest = (
        select(func.max(Invitation.id)).where(Invitation.user_id.in_(user_ids)).group_by(Invitation.user_id)
    )
    rows = db.session.scalars(select(Invitation).where(Invitation.id.in_(newest)))
    return {row.user_id: row for row in rows}


def open_invitation(user: User) -> Invitation | None:
    """The invitation that the user can still use, if there is one."""
    latest = latest_invitation(user)
    return latest if latest is not None and latest.is_open(now()) else None


def invitation_by_token(token: str) -> tuple[Invitation, User] | None:
    """The invitation of this link with its user, if it can still be used."""
    query = select(Invitation).where(Invitation.token_hash == hash_token(token))
    invitation = db.session.scalars(query).one_or_none()
    if invitation is None or not invitation.is_open(now()):
        return None
    user = db.session.get(User, invitation.user_id)
    return (invitation, user) if user is not None and user.is_active else None


def hash_token(token: str) -> str:
    """What is kept of a link's token, which is too long to be guessed from it."""
    return hashlib.sha256(token.encode()).hexdigest()
