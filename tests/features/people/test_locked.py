"""An account that is locked after wrong passwords is shown so, found, and unlocked by an administrator."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.kit import accounts, make
from tests.kit.house import House
from tests.kit.visitor import Visitor
from tracker.core.audit import AuditRecord
from tracker.core.clock import now
from tracker.core.db import db
from tracker.features.accounts.models import Refusals

PAGE = "/people/users/teller"


@pytest.fixture
def boss(hamlet: House) -> Visitor:
    """An administrator; somebody who typed five wrong passwords; somebody who did not."""
    with hamlet.inside():
        for name, role, unit in (
            ("boss", "administrator", "T"),
            ("teller", "reporter", "A1"),
            ("other", "reporter", "B"),
        ):
            make.add_sample_user(name, role, unit)
        for _ in range(5):
            accounts.attempt("teller", "wrong")
    return hamlet.visitor("boss")


def listed(visitor: Visitor, state: str) -> list[str]:
    """The user names in the list of one state."""
    page = visitor.get(f"/people?state={state}").page
    return [
        link["href"].rpartition("/")[2] for link in page.root.all("a") if "/people/users/" in link["href"]
    ]


def test_a_lock_is_shown_and_found_while_it_lasts(boss: Visitor, hamlet: House) -> None:
    assert listed(boss, "locked") == ["teller"]
    assert listed(boss, "active") == ["boss", "other"]
    assert "Locked after wrong passwords until" in boss.get(PAGE).page.text
    assert "Locked" in boss.get("/units/A1").page.text
    with hamlet.inside():
        db.session.execute(update(Refusals).values(locked_until=now() - timedelta(seconds=1)))
        db.session.commit()
    assert listed(boss, "locked") == []
    assert "Locked after wrong passwords" not in boss.get(PAGE).page.text


def test_an_administrator_ends_it_and_that_is_recorded(boss: Visitor, hamlet: House) -> None:
    form = boss.get(PAGE).page.form(f"{PAGE}/unlock")
    text = boss.follow(boss.submit(form)).page.text
    assert "can sign in again" in text
    assert "Account unlocked" in text
    assert listed(boss, "locked") == []
    with hamlet.inside():
        assert accounts.attempt("teller", make.PASSWORD)
        record = db.session.scalars(select(AuditRecord).where(AuditRecord.action == "user.unlock")).one()
        assert (record.subject, record.actor_name) == ("user teller", "boss")
    # The page that was open before is an old one, and there is nothing left to unlock.
    boss.submit(form, status=409)
    fresh = {"csrf_token": boss.token(), "version": "2"}
    assert "not locked" in boss.post(f"{PAGE}/unlock", fresh, status=422).page.text


def test_who_is_switched_off_is_disabled_first_of_all(boss: Visitor) -> None:
    sent = {"csrf_token": boss.token(), "version": "1", "reason": "Left."}
    boss.post(f"{PAGE}/disable", sent)
    assert listed(boss, "locked") == []
    assert listed(boss, "disabled") == ["teller"]
