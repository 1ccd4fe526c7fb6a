"""One-time links and codes: what opens them, how often, until when, and what is kept of them."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from tests.kit import make
from tests.kit.house import House
from tests.kit.visitor import Answer, Visitor
from tracker.core.audit import AuditRecord
from tracker.core.clock import now
from tracker.core.db import db, is_writing, writing
from tracker.domain.errors import NotFoundError
from tracker.domain.one_time_codes import CODE_LETTERS, MOST_TRIES, group_code, read_code
from tracker.domain.roles import Role
from tracker.features.people.models import Invitation
from tracker.features.people.services import (
    Newcomer,
    Secret,
    accept_code,
    accept_link,
    invite_user,
    prepare_invitations,
    renew_invitation,
    try_code,
    try_link,
    withdraw_invitation,
)

PASSWORD = "Three quiet rivers 7"


@pytest.fixture
def place(hamlet: House) -> House:
    """The small township with its administrator."""
    with hamlet.inside():
        make.add_sample_user("top", "administrator", "T")
    return hamlet


def invite(place: House, name: str = "new") -> Secret:
    """Invite a reporter at A."""
    with place.inside(), writing():
        newcomer = Newcomer(name, "新填报员", "New reporter", Role.REPORTER, make.unit_of("A"))
        (prepared,) = prepare_invitations(1)
        _, secret = invite_user(newcomer, prepared=prepared, actor=make.user_of("top"))
        db.session.commit()
    return secret


def renew(place: House, name: str = "new") -> Secret:
    with place.inside(), writing():
        user = make.user_of(name)
        (prepared,) = prepare_invitations(1)
        top = make.user_of("top")
        secret = renew_invitation(user, version=user.version, prepared=prepared, actor=top)
        db.session.commit()
    return secret


def by_link(place: House, token: str, password: str = PASSWORD, visitor: Visitor | None = None) -> Answer:
    """Send a password to a link's address."""
    visitor = visitor or place.visitor()
    fields = {"csrf_token": visitor.token(), "password": password, "again": password}
    return visitor.send("POST", f"/welcome/{token}", data=fields)


def by_code(place: House, name: str, code: str, password: str = PASSWORD) -> Answer:
    """Send a password with user name and code."""
    visitor = place.visitor()
    fields = {
        "csrf_token": visitor.token(),
        "username": name,
        "code": code,
        "password": password,
        "again": password,
    }
    return visitor.send("POST", "/welcome", data=fields)


def is_in(place: House, name: str = "new", password: str = PASSWORD) -> bool:
    """Whether the user can sign in with this password."""
    visitor = place.visitor()
    form = visitor.get("/sign-in").page.form("")
    sent = {**form.fields, "username": name, "password": password}
    return visitor.send("POST", "/sign-in", data=sent).status == 303


def test_a_link_lets_its_user_choose_a_password_once(place: House) -> None:
    secret = invite(place)
    visitor = place.visitor()
    # Looking at a link, as chat programs do, uses nothing up.
    for _ in range(3):
        assert "new" in visitor.get(f"/welcome/{secret.token}").page.root.one("main").text
    assert by_link(place, secret.token, visitor=visitor).status == 303
    # The link opens no session: the new password does, which shows that it works.
    visitor.get("/reports", status=303)
    assert by_link(place, secret.token, "Another long password 8").status == 404
    place.visitor().get(f"/welcome/{secret.token}", status=404)
    assert by_code(place, "new", secret.code).status == 422
    assert is_in(place)


@pytest.mark.parametrize("typed", ["{0}", "{1}", " {1} ", "{2}", "{3}"])
def test_a_code_may_be_typed_with_dashes_blanks_small_or_full_width_letters(place: House, typed: str) -> None:
    code = invite(place).code
    forms = (code, group_code(code), code.lower(), "".join(chr(ord(letter) + 0xFEE0) for letter in code))
    assert by_code(place, " NEW ", typed.format(*forms)).status == 303
    assert is_in(place)
    assert by_code(place, "new", code).status == 422


def test_a_code_is_of_letters_that_are_not_taken_for_one_another() -> None:
    assert not set("01258BGILOSUVZ") & set(CODE_LETTERS)
    assert read_code(group_code(CODE_LETTERS)) == CODE_LETTERS
    assert group_code("ABCDEFGHJKLM") == "ABCD-EFGH-JKLM"


def test_a_code_opens_its_own_users_invitation_only(place: House) -> None:
    first, second = invite(place, "first"), invite(place, "second")
    assert by_code(place, "first", second.code).status == 422
    assert by_code(place, "top", first.code).status == 422
    assert by_code(place, "first", first.code).status == 303
    assert not is_in(place, "second")


def test_wrong_codes_are_counted_and_too_many_kill_the_invitation(place: House) -> None:
    secret = invite(place)
    for _ in range(MOST_TRIES - 1):
        assert by_code(place, "new", "ACDE-FHJK-MNPQ").status == 422
    # The link still works before the last try; a weak password does not count as a wrong code.
    assert by_code(place, "new", secret.code, "short").status == 422
    place.visitor().get(f"/welcome/{secret.token}")
    assert by_code(place, "new", "ACDE-FHJK-MNPQ").status == 422
    assert by_code(place, "new", secret.code).status == 422
    assert by_link(place, secret.token).status == 404
    assert by_code(place, "new", renew(place).code).status == 303


def test_a_wrong_code_a_wrong_name_and_a_dead_code_are_answered_alike(place: House) -> None:
    secret = invite(place)
    by_link(place, secret.token)
    other = invite(place, "other")
    texts = set()
    for name, code in (("other", "XXXX"), ("nobody", other.code), ("new", secret.code), ("top", "XXXX")):
        page = by_code(place, name, code).page
        assert page.form("/welcome").fields["username"] == name
        texts.add(page.messages)
    assert len(texts) == 1


@pytest.mark.parametrize("ended", ["expired", "withdrawn", "replaced", "disabled"])
def test_an_invitation_that_has_ended_opens_nothing(place: House, ended: str) -> None:
    secret = invite(place)
    with place.inside(), writing():
        user = make.user_of("new")
        if ended == "expired":
            db.session.scalars(select(Invitation)).one().expires_at = now() - timedelta(seconds=1)
        elif ended == "withdrawn":
            withdraw_invitation(user, version=user.version, actor=make.user_of("top"))
        elif ended == "replaced":
            (prepared,) = prepare_invitations(1)
            top = make.user_of("top")
            renew_invitation(user, version=user.version, prepared=prepared, actor=top)
        else:
            user.disabled_at = now()
        db.session.commit()
    assert by_link(place, secret.token).status == 404
    assert by_code(place, "new", secret.code).status == 422
    assert not is_in(place)


def test_an_invitation_holds_for_the_days_of_the_setting(place: House) -> None:
    place.app.config["INVITE_DAYS"] = 3
    left = invite(place).expires_at - now()
    assert timedelta(days=2, hours=23) < left <= timedelta(days=3)


def test_a_reset_stops_the_old_password_at_once_and_ends_the_session(place: House) -> None:
    by_link(place, invite(place).token)
    visitor = place.visitor()
    form = visitor.get("/sign-in").page.form("")
    visitor.submit(form, {"username": "new", "password": PASSWORD}, at="/sign-in")
    secret = renew(place)
    visitor.get("/reports", status=303)
    assert not is_in(place)
    assert by_code(place, "new", secret.code, "Four loud rivers 8").status == 303
    assert is_in(place, password="Four loud rivers 8")
    assert not is_in(place)


def test_a_password_that_is_too_weak_or_typed_differently_uses_nothing_up(place: House) -> None:
    secret = invite(place)
    visitor = place.visitor()
    page = visitor.get(f"/welcome/{secret.token}").page
    # What is asked of a password stands there before anybody has typed one, as on the page of the account.
    assert "has 10 to 128 characters" in page.text
    form = page.form("")
    address = f"/welcome/{secret.token}"
    for password, again in (("short", "short"), (PASSWORD, "other"), ("", "")):
        sent = {"password": password, "again": again}
        page = visitor.submit(form, sent, at=address, status=422).page
        assert page.root.all("p", class_="field__error")
        assert f'value="{password}"' not in page.source or not password
    visitor.submit(form, {"password": PASSWORD, "again": PASSWORD}, at=address)


def test_nothing_that_is_stored_or_recorded_opens_an_invitation(place: House) -> None:
    secret = invite(place)
    assert repr(secret).count("token") == repr(secret).count("code") == 0
    with place.inside():
        kept = db.session.execute(text("SELECT token_hash, code_hash FROM invitations")).one()
        said = "\n".join(db.session.scalars(select(AuditRecord.difference)))
        for hidden in (secret.token, secret.code, group_code(secret.code)):
            assert hidden not in said
            assert all(hidden not in column for column in kept)
        actions = list(db.session.scalars(select(AuditRecord.action).order_by(AuditRecord.id)))
        assert actions[-3:] == ["user.add", "user.grant", "user.invite"]
    by_code(place, "new", "XXXX")
    by_link(place, secret.token)
    with place.inside():
        rows = db.session.execute(
            select(AuditRecord.action, AuditRecord.actor_name).order_by(AuditRecord.id.desc()).limit(2)
        ).all()
        assert [tuple(row) for row in rows] == [
            ("user.choose_password", "new"),
            ("user.wrong_code", "system"),
        ]


def test_the_slip_shows_the_secret_once_and_is_kept_by_no_cache(place: House) -> None:
    visitor = place.visitor("top")
    form = visitor.get("/people/invite").page.form("")
    sent = {"username": "paper", "label": "纸", "role": "reporter", "unit": "A"}
    answer = visitor.submit(form, sent, at="/people/invite", status=200)
    assert "no-store" in answer.headers["Cache-Control"]
    found = re.search(
        r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", answer.page.root.one("section", class_="slip").text
    )
    link = answer.page.root.one("input", id="slip-link")["value"]
    assert found is not None
    assert found[0] not in visitor.get("/people/users/paper").page.source
    assert link.rpartition("/")[2] not in visitor.get("/people/users/paper").page.source
    assert by_code(place, "paper", found[0]).status == 303


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each slow hash that is worked out, whether the house's lock was held meanwhile."""
    found: list[bool] = []
    scrypt = hashlib.scrypt

    def watched(*given: Any, **named: Any) -> bytes:
        session = db.session()
        found.append(session.in_transaction() and is_writing(session.connection()))
        return scrypt(*given, **named)

    monkeypatch.setattr(hashlib, "scrypt", watched)
    return found


def test_nobody_waits_for_a_slow_hash(place: House, held: list[bool]) -> None:
    visitor = place.visitor("top")
    fields = {"username": "paper", "label": "纸", "role": "reporter", "unit": "A"}
    shown = visitor.submit(
        visitor.get("/people/invite").page.form(""), fields, at="/people/invite", status=200
    )
    link = str(shown.page.root.one("input", id="slip-link")["value"])
    before = len(held)
    assert by_link(place, link.rpartition("/")[2]).status == 303
    # The hash that nobody knows, and the one that is made.
    assert len(held) >= before + 2
    assert by_code(place, "nobody", "ACDE-FHJK-MNPQ").status == 422
    form = visitor.get("/people/users/paper").page.form("/people/users/paper/code")
    shown = visitor.submit(form, {"sure": "y"}, at="/people/users/paper/code", status=200)
    slip = shown.page.root.one("section", class_="slip").text
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", slip)
    assert code is not None
    for typed, password, status in (
        ("ACDE-FHJK-MNPQ", PASSWORD, 422),
        (code[0], PASSWORD, 422),
        (code[0], "Four loud rivers 8", 303),
    ):
        assert by_code(place, "paper", typed, password).status == status
    people = {"csrf_token": visitor.token(), "people": "later, 后来者, reporter, A", "action": "preview"}
    visitor.post("/people/invite/many", people, status=200)
    visitor.post("/people/invite/many", people | {"action": "confirm"}, status=200)
    assert len(held) > before + 10
    assert not any(held)


def test_a_password_that_changed_since_it_was_judged_is_not_replaced(place: House) -> None:
    secret = invite(place)
    with place.inside():
        tried = [try_link(secret.token, PASSWORD), try_link(secret.token, "Four loud rivers 8")]
        with writing():
            accept_link(tried[0])
            db.session.commit()
        with pytest.raises(NotFoundError), writing():
            accept_link(tried[1])


def test_codes_compared_side_by_side_count_as_if_one_came_after_the_other(place: House) -> None:
    secret = invite(place)
    with place.inside():
        right = try_code("new", secret.code, PASSWORD)
        wrong = [try_code("new", "ACDE-FHJK-MNPQ", PASSWORD) for _ in range(MOST_TRIES)]
        for tried in (*wrong, right):
            with writing():
                assert accept_code(tried) is None
                db.session.commit()
    assert not is_in(place)
