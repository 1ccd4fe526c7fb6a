"""Sign-ins live on the server: a cookie is worth what the house says of it at each click."""

from __future__ import annotations

import sqlite3
import time
from datetime import timedelta

from sqlalchemy import event, select, text, update

from tests.conftest import Shelf
from tests.kit import accounts, make
from tests.kit.house import House
from tests.kit.visitor import Visitor
from tests.scale.counting import counted_statements
from tracker.core.audit import HOUSE
from tracker.core.clock import now
from tracker.core.db import db, writing
from tracker.domain.sign_in import SignInEnd
from tracker.features.accounts.models import SignIn
from tracker.features.accounts.queries import sign_in_id
from tracker.features.accounts.services import end_sign_ins


def cookie_of(visitor: Visitor) -> str:
    """The session cookie as a thief would copy it."""
    cookie = visitor.client.get_cookie(visitor.client.application.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return cookie.value


def with_cookie(house: House, value: str) -> Visitor:
    """Another browser with a copied cookie."""
    visitor = house.visitor()
    visitor.client.set_cookie(house.app.config["SESSION_COOKIE_NAME"], value)
    return visitor


def seen() -> list[object]:
    return list(db.session.scalars(select(SignIn.seen_at).order_by(SignIn.id)))


def sent_away(visitor: Visitor, *, saying: str) -> None:
    """The next click leads to the sign-in page, which says why."""
    assert saying in visitor.follow(visitor.get("/reports", status=303)).page.text


def test_a_cookie_that_was_copied_is_dead_after_signing_out(story: House) -> None:
    visitor = story.visitor("jiqing")
    thief = with_cookie(story, cookie_of(visitor))
    thief.get("/reports")
    visitor.sign_out()
    sent_away(thief, saying="You have signed out")
    thief.get("/api/v1/positions?unit=LC01&as_of=2022-06-30", status=401)
    with story.inside():
        assert [row.actor_name for row in accounts.records("sign_in.begin")][-1] == "jiqing"
        assert [row.actor_name for row in accounts.records("sign_in.end")] == ["jiqing"]


def test_nothing_in_the_database_is_worth_a_cookie(story: House) -> None:
    visitor = story.visitor("jiqing")
    with visitor.client.session_transaction() as kept:
        token = kept["sign_in"]
    assert len(token) >= 40
    with story.inside():
        row = db.session.execute(text("SELECT * FROM sign_ins")).one()
        assert token not in [str(value) for value in row]


def test_a_sign_in_ends_when_nothing_is_done(story: House) -> None:
    visitor = story.visitor("jiqing")
    with story.inside():
        accounts.unseen_for(29)
    visitor.get("/reports")
    with story.inside():
        accounts.unseen_for(31)
    sent_away(visitor, saying="nothing was done for 30 minutes")
    answer = visitor.send("POST", "/reports/LC-2022/LC01/2022-06", data={"csrf_token": visitor.token()})
    assert answer.status == 401


def test_a_sign_in_ends_at_its_age_however_much_is_done(story: House) -> None:
    visitor = story.visitor("jiqing")
    with story.inside(), writing():
        db.session.execute(update(SignIn).values(started_at=now() - timedelta(hours=12)))
        db.session.commit()
    sent_away(visitor, saying="a sign-in ends after 12 hours")


def test_idleness_can_be_allowed(shelf: Shelf) -> None:
    with shelf.house("story", IDLE_MINUTES=0) as house:
        visitor = house.visitor("jiqing")
        with house.inside():
            accounts.unseen_for(600)
        visitor.get("/reports")


def test_that_somebody_is_there_is_noted_once_a_minute_in_a_write_of_its_own(story: House) -> None:
    visitor = story.visitor("jiqing")
    with story.inside():
        accounts.unseen_for(2)
        before = seen()
    with counted_statements(story.app) as first:
        visitor.get("/reports")
    with story.inside():
        assert seen() != before
    with counted_statements(story.app) as second:
        visitor.get("/reports")
    updates = [statement for statement in first if statement.startswith("UPDATE")]
    assert [statement.split()[1] for statement in updates] == ["sign_ins"]
    assert not [statement for statement in second if statement.startswith("UPDATE")]
    assert len([statement for statement in second if "sign_ins" in statement]) == 1


def test_a_page_is_shown_while_somebody_else_holds_the_database(story: House) -> None:
    visitor = story.visitor("jiqing")
    with story.inside():
        accounts.unseen_for(2)
        before = seen()
    held = hold(story)
    begun = time.monotonic()
    visitor.get("/reports")
    assert time.monotonic() - begun < 5
    held.close()
    with story.inside():
        assert seen() == before
    visitor.get("/reports")
    with story.inside():
        assert seen() != before
        if story.kind == "sqlite":
            # Other writes wait for each other as before.
            patience = [db.session.execute(text("PRAGMA busy_timeout")).scalar_one() for _ in range(3)]
            assert patience == [10_000] * 3


def hold(house: House) -> sqlite3.Connection:
    """Hold what a note would have to write, as another process does."""
    if house.kind == "sqlite":
        other = sqlite3.connect(house.folder / "tracker.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        return other
    import psycopg

    held = psycopg.connect(house.url.replace("+psycopg", ""))
    held.execute("SELECT * FROM sign_ins FOR UPDATE")
    return held  # type: ignore[return-value]  # the visitor's cookie is a string here


def test_a_page_is_shown_when_the_database_can_only_be_read(story: House) -> None:
    visitor = story.visitor("jiqing")
    with story.inside():
        accounts.unseen_for(2)
        db.session.remove()
        engine = db.engine
        if story.kind == "sqlite":
            event.listen(engine, "connect", lambda raw, _record: raw.execute("PRAGMA query_only=ON"))
        else:
            with engine.connect() as connection:
                name = connection.execute(text("SELECT current_database()")).scalar_one()
                connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
                connection.commit()
        engine.dispose()
    visitor.get("/reports")
    visitor.get("/account")


def test_signing_in_gives_a_token_that_nobody_had_before(story: House) -> None:
    visitor = story.visitor()
    visitor.get("/sign-in")
    with visitor.client.session_transaction() as kept:
        kept["sign_in"] = "planted"
        secret = kept["csrf_token"]
    visitor.sign_in("jiqing")
    visitor.get("/reports")
    with visitor.client.session_transaction() as kept:
        first = kept["sign_in"]
        assert first != "planted"
        assert kept["csrf_token"] != secret
    copied = with_cookie(story, cookie_of(visitor))
    visitor.post("/sign-in/sample", {"csrf_token": visitor.token(), "username": "jiqing"})
    with visitor.client.session_transaction() as kept:
        assert kept["sign_in"] != first
    copied.get("/reports", status=303)
    visitor.get("/reports")


def test_others_can_end_all_sign_ins_of_a_user_but_one(story: House) -> None:
    visitors = [story.visitor("jiqing") for _ in range(3)]
    stranger = story.visitor("anning")
    with visitors[0].client.session_transaction() as kept:
        own = sign_in_id(kept["sign_in"])
    with story.inside(), writing():
        assert end_sign_ins(make.user_of("jiqing"), except_id=own, actor=HOUSE) == 2
        db.session.commit()
    visitors[0].get("/reports")
    for visitor in visitors[1:]:
        sent_away(visitor, saying="an administrator changed this account")
    with story.inside(), writing():
        assert end_sign_ins(make.user_of("jiqing"), actor=HOUSE) == 1
        assert end_sign_ins(make.user_of("jiqing"), actor=HOUSE) == 0
        db.session.commit()
    visitors[0].get("/reports", status=303)
    stranger.get("/reports")
    with story.inside():
        told = [row.difference for row in accounts.records("sign_in.end")]
        assert told == [f"ended: — → {n}\nbecause: — → administrator" for n in (2, 1)]


def test_an_operator_signs_a_user_out(story: House) -> None:
    visitor = story.visitor("jiqing")
    assert "已结束 1 个会话" in story.run("users", "sign-out", "jiqing").out
    assert "已结束 0 个会话" in story.run("users", "sign-out", "jiqing").out
    assert story.run("users", "sign-out", "nobody").code == 1
    sent_away(visitor, saying="an administrator changed this account")


def test_old_sign_ins_are_forgotten_and_the_last_one_is_still_told(story: House) -> None:
    with story.inside():
        accounts.add_person("rita")
        for _ in range(3):
            accounts.attempt("rita", make.PASSWORD)
        accounts.let_time_pass("rita", 31 * 24 * 60)
        tried = accounts.try_password("rita", make.PASSWORD)
        with writing():
            entry = accounts.enter_user(tried, accounts.HERE, leaving=None)
            db.session.commit()
        assert entry is not None
        assert entry.last_at is not None
        assert now() - entry.last_at > timedelta(days=30)
        user_id = make.user_of("rita").id
        kept = db.session.scalars(select(SignIn.ended_for).where(SignIn.user_id == user_id)).all()
        assert kept == [None]


def test_every_reason_to_sign_in_again_has_its_sentence(story: House) -> None:
    visitor = story.visitor("jiqing")
    texts = set()
    for end in SignInEnd:
        with story.inside(), writing():
            db.session.execute(update(SignIn).values(ended_at=now(), ended_for=end))
            db.session.commit()
        page = visitor.get("/sign-in").page
        texts.add(page.root.one("main").all("strong")[0].text)
    assert len(texts) == len(SignInEnd)
