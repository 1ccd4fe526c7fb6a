"""Users with known passwords, and their sign-ins, made by the product's own services."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from werkzeug.security import generate_password_hash

from tests.kit import make
from tests.kit.visitor import Answer, Visitor
from tracker.core.audit import HOUSE, AuditRecord
from tracker.core.clock import now
from tracker.core.db import db, is_writing, writing
from tracker.domain.roles import Role
from tracker.features.accounts.models import Refusals, SignIn, User
from tracker.features.accounts.services import (
    Visit,
    add_user,
    enter_user,
    grant_role,
    judge_password,
    try_password,
)

HERE = Visit("192.0.2.1", "Firefox 128, Linux")


def add_person(username: str, *, must_change: bool = False, role: Role = Role.REPORTER) -> None:
    """A user of a real township with one role at LC01 and the password of the tests.

    Its hash is a cheap one, so that thousands of attempts take seconds; nothing else differs.
    """
    with writing():
        user = add_user(
            username, username, judge_password(username, make.PASSWORD), must_change=must_change, actor=HOUSE
        )
        user.password_hash = generate_password_hash(make.PASSWORD, "pbkdf2:sha256:1")
        grant_role(user, role, make.unit_of("LC01"), actor=HOUSE)
        db.session.commit()


def attempt(username: str, password: str) -> bool:
    """Try to sign in, as the page does; whether somebody got in."""
    tried = try_password(username, password)
    with writing():
        entry = enter_user(tried, HERE, leaving=None)
        db.session.commit()
    return entry is not None


def sign_in(visitor: Visitor, username: str, password: str = make.PASSWORD, *, status: int = 303) -> Answer:
    """Sign in with a password at the page."""
    form = visitor.get("/sign-in").page.form("")
    return visitor.submit(form, {"username": username, "password": password}, at="/sign-in", status=status)


def refusals_of(username: str | None) -> Refusals:
    """What was refused to a user, or to all names that nobody has."""
    id = None if username is None else make.user_of(username).id
    return db.session.scalars(select(Refusals).where(Refusals.user_id.is_not_distinct_from(id))).one()


def let_time_pass(username: str, minutes: int) -> None:
    """Make everything about a user's sign-ins, password and refusals so much older."""
    id, span = make.user_of(username).id, timedelta(minutes=minutes)
    with writing():
        for row in db.session.scalars(select(SignIn).where(SignIn.user_id == id)).unique():
            row.started_at, row.seen_at = row.started_at - span, row.seen_at - span
        for refusals in db.session.scalars(select(Refusals).where(Refusals.user_id == id)):
            for name in ("last_at", "locked_until", "recorded_at"):
                at = getattr(refusals, name)
                setattr(refusals, name, at and at - span)
        user = make.user_of(username)
        user.password_set_at = user.password_set_at - span
        db.session.commit()


def unseen_for(minutes: int) -> None:
    """Make every browser silent for so long."""
    with writing():
        db.session.execute(update(SignIn).values(seen_at=now() - timedelta(minutes=minutes)))
        db.session.commit()


def records(action: str) -> list[AuditRecord]:
    """The audit records of one kind, in their order."""
    rows = select(AuditRecord).where(AuditRecord.action == action).order_by(AuditRecord.id)
    return list(db.session.scalars(rows))


def hash_of(username: str) -> str:
    """The hash of the user's present password."""
    return db.session.scalars(select(User.password_hash).where(User.username == username)).one()


def watch_slow_hashes(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Begin to note, for each slow hash that is worked out, whether the house's lock was held meanwhile."""
    found: list[bool] = []
    scrypt = hashlib.scrypt

    def watched(*given: Any, **named: Any) -> bytes:
        session = db.session()
        found.append(session.in_transaction() and is_writing(session.connection()))
        return scrypt(*given, **named)

    monkeypatch.setattr(hashlib, "scrypt", watched)
    return found
