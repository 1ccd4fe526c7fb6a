"""Users of before the sign-ins were kept on the server are there afterwards, and can sign in."""

from __future__ import annotations

from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select, text

from tests.kit.house import House
from tracker.core.db import db
from tracker.features.accounts.models import Grant, User


def test_users_and_grants_outlive_the_new_columns(story: House) -> None:
    visitor = story.visitor("jiqing")
    with story.inside():
        before = facts()
        db.session.remove()
        downgrade(revision="0001")
        assert db.session.execute(text("SELECT COUNT(stamp) FROM users")).scalar_one() == before[0]
        db.session.remove()
        upgrade()
        assert facts() == before
        users = db.session.scalars(select(User)).unique().all()
        assert all(user.password_set_at == user.created_at for user in users)
        assert not any(user.must_change_password for user in users)
        db.session.remove()
    # A cookie from before is worth nothing, and whoever it belongs to can sign in anew.
    visitor.get("/reports", status=303)
    visitor.sign_in("jiqing")
    visitor.get("/reports")


def facts() -> tuple[int | None, int | None]:
    """How many users and grants there are."""
    return db.session.scalar(select(func.count(User.id))), db.session.scalar(select(func.count(Grant.id)))
