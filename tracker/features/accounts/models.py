"""Users, what they hold, and their sign-ins."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.access import Hold, Scope
from tracker.core.db import Base, enum_of
from tracker.domain.holdings import Holding, Term
from tracker.domain.roles import Role
from tracker.domain.sign_in import Failures, SignInEnd
from tracker.features.org.models import OrgUnit


class User(Base):
    """Someone who signs in; ``must_change_password`` leads every page to the change of the password.

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
    password_set_at: Mapped[datetime]
    must_change_password: Mapped[bool] = mapped_column(default=False)
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


class FormerPassword(Base):
    """The hash of a password that a user has had, so that it is not chosen again too soon."""

    __tablename__ = "former_passwords"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    replaced_at: Mapped[datetime]


class SignIn(Base):
    """One browser in which somebody is signed in. ``id`` is the hash of the token that its cookie carries.

    Whoever reads the table learns no token. ``ended_for`` says why it was ended; what time alone has
    ended keeps both columns empty.
    """

    __tablename__ = "sign_ins"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_for: Mapped[SignInEnd | None] = mapped_column(enum_of(SignInEnd))
    source: Mapped[str | None] = mapped_column(String(64))
    browser: Mapped[str] = mapped_column(String(80))
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)


class Refusals(Base):
    """What was refused at the door: one row for each account, and one without a user for all other names.

    A name that nobody has gets no row of its own, so that an attack cannot fill the table.
    """

    __tablename__ = "sign_in_refusals"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), unique=True)
    in_a_row: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime | None]
    locked_until: Mapped[datetime | None]
    since_sign_in: Mapped[int] = mapped_column(default=0)
    unrecorded: Mapped[int] = mapped_column(default=0)
    recorded_at: Mapped[datetime | None]

    @property
    def failures(self) -> Failures:
        """What counts towards a lock."""
        return Failures(self.in_a_row, self.last_at, self.locked_until)

    @failures.setter
    def failures(self, found: Failures) -> None:
        self.in_a_row, self.last_at, self.locked_until = found.in_a_row, found.last_at, found.locked_until
