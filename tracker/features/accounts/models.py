"""Users and grants."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.access import Hold, Scope
from tracker.core.db import Base, enum_of
from tracker.domain.roles import Role
from tracker.features.org.models import OrgUnit


class User(Base):
    """Someone who signs in. ``stamp`` changes with the password, which ends every open session."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str]
    label_en: Mapped[str | None]
    password_hash: Mapped[str] = mapped_column(String(255))
    stamp: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    is_sample: Mapped[bool] = mapped_column(default=False)
    grants: Mapped[list[Grant]] = relationship(
        back_populates="user", order_by="Grant.id", lazy="joined", cascade="all, delete-orphan"
    )

    is_authenticated = True
    is_active = True
    is_anonymous = False

    @property
    def scope(self) -> Scope:
        """All that the user's grants hold."""
        return Scope(tuple(Hold(grant.role, grant.unit.path) for grant in self.grants))

    @property
    def name(self) -> str:
        """What the user is called on pages: a role at a unit, never a person."""
        return self.label

    @property
    def name_en(self) -> str | None:
        """The English of :attr:`name`."""
        return self.label_en

    def get_id(self) -> str:
        """What the session cookie carries."""
        return f"{self.id}.{self.stamp}"


class Grant(Base):
    """A role held at a unit and everything below it."""

    __tablename__ = "grants"
    __table_args__ = (UniqueConstraint("user_id", "role", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    role: Mapped[Role] = mapped_column(enum_of(Role))
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_units.id"), index=True)
    user: Mapped[User] = relationship(back_populates="grants")
    unit: Mapped[OrgUnit] = relationship(lazy="joined", innerjoin=True)
