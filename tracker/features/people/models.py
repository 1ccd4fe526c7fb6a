"""Invitations: how somebody without a password comes in, once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, enum_of
from tracker.domain.one_time_codes import MOST_TRIES
from tracker.features.accounts.models import User


class Purpose(StrEnum):
    """What an invitation is for."""

    WELCOME = "welcome"
    RESET = "reset"


class Invitation(Base):
    """A link and a code with which one user chooses a password, once; only their hashes are kept.

    ``closed_at`` is when it was used, withdrawn, or replaced by a newer one.
    """

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), index=True)
    purpose: Mapped[Purpose] = mapped_column(enum_of(Purpose))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str] = mapped_column(String(255))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    wrong_tries: Mapped[int] = mapped_column(default=0)

    def is_open(self, moment: datetime) -> bool:
        """Whether it can still be used."""
        return self.closed_at is None and moment < self.expires_at and self.wrong_tries < MOST_TRIES
