"""Users and grants."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.access import Hold, Scope
from tracker.core.db import Base, enum_of
from tracker.domain.holdings import Holding, Term
from tracker.domain.roles import Role
from tracker.features.org.models import OrgUnit


class User(Base):
    """Someone who signs in. ``stamp`` changes with password and roles, which ends every open session.

    Users are never deleted, since their work names them: they are disabled, with a reason.
    ``awaits_password`` holds from an invitation or reset until they have chosen a password;
    ``version`` counts what administrators change.
    """

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str]
    label_en: Mapped[str | None]
    password_hash: Mapped[str] = mapped_column(String(255))
    stamp: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]
    is_sample: Mapped[bool] = mapped_column(default=False)
    awaits_password: Mapped[bool] = mapped_column(default=False, server_default=false())
    disabled_at: Mapped[datetime | None]
    disabled_reason: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    grants: Mapped[list[Grant]] = relationship(
        back_populates="user", order_by="Grant.id", lazy="joined", cascade="all, delete-orphan"
    )

    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Whether the user may be signed in at all."""
        return self.disabled_at is None

    def scope_on(self, day: date) -> Scope:
        """All that the user's grants hold on that day; nothing for a user who is disabled."""
        if not self.is_active:
            return Scope()
        return Scope(
            tuple(Hold(grant.role, grant.unit.path) for grant in self.grants if grant.term.holds_on(day))
        )

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
    """A role held at a unit and everything below it, from the first to the last day where there are such."""

    __tablename__ = "grants"
    __table_args__ = (UniqueConstraint("user_id", "role", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    role: Mapped[Role] = mapped_column(enum_of(Role))
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_units.id"), index=True)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    user: Mapped[User] = relationship(back_populates="grants")
    unit: Mapped[OrgUnit] = relationship(lazy="joined", innerjoin=True)

    @property
    def term(self) -> Term:
        """The days on which the role counts."""
        return Term(self.starts_on, self.ends_on)

    @property
    def holding(self) -> Holding:
        """The grant as the rules see it."""
        return Holding(self.role, self.unit.path, self.term)
