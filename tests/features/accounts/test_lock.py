"""Wrong passwords: they lock one account for its time, bother nobody else, and flood nothing."""

from __future__ import annotations

import gc
import sys
import threading

import pytest
from sqlalchemy import event, func, select
from werkzeug.security import generate_password_hash

from tests.conftest import Shelf
from tests.kit import accounts, make
from tests.kit.house import House
from tracker.core.audit import AuditRecord
from tracker.core.db import Base, db, writing
from tracker.features.accounts.models import Refusals
from tracker.features.accounts.services import enter_user, try_password

MANY = {"sqlite": 10_000, "postgres": 1_000}
"""How many wrong passwords are tried; PostgreSQL behaves alike and only takes longer to be asked."""


def rows() -> dict[str, int]:
    """How many rows each table has."""
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }


@pytest.mark.slow
def test_ten_thousand_wrong_passwords_lock_one_account_and_leave_nothing_behind(blank: House) -> None:
    with blank.inside():
        if blank.kind == "sqlite":
            # What is shown here has nothing to do with power cuts, and ten thousand of them take minutes.
            event.listen(db.engine, "connect", lambda raw, _record: raw.execute("PRAGMA synchronous=OFF"))
            db.session.remove()
            db.engine.dispose()
        many = MANY[blank.kind]
        make.small_plan()
        for name in ("victim", "other"):
            make_person(name)
        for _ in range(500):
            assert not accounts.attempt("victim", "wrong")
        before, blocks, told = rows(), memory(), len(accounts.records("sign_in.refuse"))
        for number in range(500, many):
            assert not accounts.attempt("victim", f"wrong {number}")
        # An object that were kept for each attempt would be at least one block.
        assert memory() - blocks < many / 5
        assert not accounts.attempt("victim", make.PASSWORD)
        assert accounts.attempt("other", make.PASSWORD)
        assert accounts.refusals_of("victim").since_sign_in == many + 1
        after = rows()
        grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
        # The other's sign-in; and of the audit record one row a minute, that sign-in, and a new lock
        # where a slow machine takes longer than a lock lasts.
        records = grown.pop("audit_records")
        assert grown == {"sign_ins": 1, "sign_in_refusals": 1}
        assert records <= len(accounts.records("sign_in.refuse")) - told + 2
        assert records < 30
        accounts.let_time_pass("victim", 15)
        assert accounts.attempt("victim", make.PASSWORD)


def memory() -> int:
    """How many blocks of memory Python holds."""
    gc.collect()
    return sys.getallocatedblocks()


def make_person(name: str) -> None:
    """A user of the small township."""
    make.add_sample_user(name, "reporter", "A")
    with writing():
        user = make.user_of(name)
        user.password_hash = generate_password_hash(make.PASSWORD, "pbkdf2:sha256:1")
        db.session.commit()


def test_the_fifth_wrong_password_locks_and_the_right_one_is_refused_too(story: House) -> None:
    with story.inside():
        accounts.add_person("rita")
        assert [accounts.attempt("rita", "wrong") for _ in range(4)] == [False] * 4
        assert accounts.attempt("rita", make.PASSWORD)
        for _ in range(5):
            accounts.attempt("rita", "wrong")
        assert not accounts.attempt("rita", make.PASSWORD)
        assert len(accounts.records("user.lock")) == 1
        accounts.let_time_pass("rita", 14)
        assert not accounts.attempt("rita", make.PASSWORD)
        accounts.let_time_pass("rita", 1)
        assert accounts.attempt("rita", make.PASSWORD)


def test_the_limits_are_settings(shelf: Shelf) -> None:
    with shelf.house("story", LOCK_AFTER=2, LOCK_MINUTES=60) as house, house.inside():
        accounts.add_person("rita")
        for _ in range(2):
            accounts.attempt("rita", "wrong")
        accounts.let_time_pass("rita", 59)
        assert not accounts.attempt("rita", make.PASSWORD)
        accounts.let_time_pass("rita", 1)
        assert accounts.attempt("rita", make.PASSWORD)
    with shelf.house("story", LOCK_AFTER=0) as house, house.inside():
        accounts.add_person("rita")
        for _ in range(20):
            accounts.attempt("rita", "wrong")
        assert accounts.attempt("rita", make.PASSWORD)


def test_an_attempt_that_was_compared_before_the_lock_is_judged_after_it(story: House) -> None:
    with story.inside():
        accounts.add_person("rita")
        early = try_password("rita", make.PASSWORD)
        assert early.matches
        for _ in range(5):
            accounts.attempt("rita", "wrong")
        with writing():
            assert enter_user(early, accounts.HERE, leaving=None) is None
            db.session.commit()


def test_many_at_once_are_counted_one_by_one(story: House) -> None:
    with story.inside():
        accounts.add_person("rita")

    def try_wrong() -> None:
        with story.inside():
            for _ in range(5):
                accounts.attempt("rita", "wrong")

    threads = [threading.Thread(target=try_wrong) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with story.inside():
        assert accounts.refusals_of("rita").since_sign_in == 20
        assert len(accounts.records("user.lock")) == 1


def test_locked_wrong_and_unknown_are_told_apart_by_nothing(story: House) -> None:
    with story.inside():
        accounts.add_person("rita")
        accounts.add_person("locked")
        for _ in range(5):
            accounts.attempt("locked", "wrong")
    tries = [("rita", "wrong"), ("nobody", "wrong"), ("locked", "wrong"), ("locked", make.PASSWORD)]
    texts = {
        accounts.sign_in(story.visitor(), name, password, status=422).page.root.one("main").text
        for name, password in tries
    }
    assert len(texts) == 1
    assert "After 5 wrong passwords in a row an account is locked for 15 minutes" in texts.pop()


def test_a_name_that_nobody_has_takes_the_same_statements_and_no_row(story: House) -> None:
    with story.inside():
        accounts.add_person("rita")
        for name in ("rita", "nobody"):
            accounts.attempt(name, "wrong")
        before = rows()
        for number in range(50):
            accounts.attempt(f"stranger{number}", "my own password, typed into the wrong field")
        assert rows() == before
        assert db.session.scalar(select(func.count()).select_from(Refusals)) == 2
        kept = "".join(db.session.scalars(select(AuditRecord.subject + AuditRecord.difference)))
        assert "stranger" not in kept
        assert "wrong field" not in kept


def test_refused_sign_ins_leave_one_record_a_minute_with_their_number(story: House) -> None:
    with story.inside():
        accounts.add_person("rita")
        for _ in range(20):
            accounts.attempt("rita", "wrong")
        assert [row.difference for row in accounts.records("sign_in.refuse")] == ["refused: — → 1"]
        accounts.let_time_pass("rita", 1)
        accounts.attempt("rita", "wrong")
        first, second = accounts.records("sign_in.refuse")
        assert second.difference == "refused: — → 20"
        assert (first.subject, first.actor_id, first.actor_name) == ("user rita", None, "—")


def test_whoever_gets_in_is_told_when_it_was_last_and_what_was_refused_since(story: House) -> None:
    with story.inside():
        accounts.add_person("rita")
    visitor = story.visitor()
    page = visitor.follow(visitor.follow(accounts.sign_in(visitor, "rita"), status=302)).page
    assert "Last sign-in" not in page.messages
    again = story.visitor()
    page = again.follow(again.follow(accounts.sign_in(again, "rita"), status=302)).page
    assert "Last sign-in: 20" in page.messages
    assert "No attempt was refused since" in page.messages
    with story.inside():
        for _ in range(3):
            accounts.attempt("rita", "wrong")
    third = story.visitor()
    page = third.follow(third.follow(accounts.sign_in(third, "rita"), status=302)).page
    assert "refused before this one: 3" in page.messages
    with story.inside():
        assert accounts.records("sign_in.begin")[-1].difference == "refused before: — → 3"


def test_an_operator_unlocks_an_account(story: House) -> None:
    with story.inside():
        accounts.add_person("rita")
        for _ in range(5):
            accounts.attempt("rita", "wrong")
    outcome = story.run("users", "unlock", "rita")
    assert (outcome.code, "is unlocked" in outcome.out) == (0, True)
    assert "was not locked" in story.run("users", "unlock", "RITA").out
    assert story.run("users", "unlock", "nobody").code == 1
    with story.inside():
        assert accounts.attempt("rita", make.PASSWORD)
        assert [row.actor_name for row in accounts.records("user.unlock")] == ["system", "system"]


def test_a_wrong_present_password_on_the_own_page_counts_as_well(story: House) -> None:
    with story.inside():
        accounts.add_person("rita")
    visitor = story.visitor()
    accounts.sign_in(visitor, "rita")
    new = "Kettle loom rain 41"
    for present in ["wrong"] * 5 + [make.PASSWORD]:
        form = visitor.get("/account/password").page.form("")
        answer = visitor.submit(
            form, {"present": present, "password": new, "again": new}, at="/account/password", status=422
        )
        assert "is locked for 15 minutes" in answer.page.root.one("p", id="present-error").text
    with story.inside():
        assert not accounts.attempt("rita", make.PASSWORD)
        accounts.let_time_pass("rita", 15)
        assert accounts.attempt("rita", make.PASSWORD)
