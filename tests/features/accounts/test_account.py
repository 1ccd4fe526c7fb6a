"""One's own account: changing the password, and ending sign-ins in other browsers."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from tests.conftest import Shelf
from tests.kit import accounts, make
from tests.kit.house import House
from tests.kit.visitor import Answer, Visitor
from tracker.core.db import db, writing
from tracker.domain.errors import StaleError
from tracker.features.accounts.models import FormerPassword
from tracker.features.accounts.queries import sign_in_id, user_by_name
from tracker.features.accounts.services import change_password, prepare_password

CHANGE = "/account/password"
NEW = "Kettle loom rain 41"


def person(house: House, *, must_change: bool = False) -> Visitor:
    """A browser in which the one and same user has signed in with a password."""
    with house.inside():
        if user_by_name("rita") is None:
            accounts.add_person("rita", must_change=must_change)
    visitor = house.visitor()
    accounts.sign_in(visitor, "rita")
    return visitor


def change(
    visitor: Visitor, present: str, new: str, again: str | None = None, *, status: int = 303, at: str = CHANGE
) -> Answer:
    """Send the form of the change."""
    form = visitor.get(at).page.form("")
    fields = {"present": present, "password": new, "again": new if again is None else again}
    return visitor.submit(form, fields, at=CHANGE, status=status)


def test_a_new_password_ends_the_other_browsers_at_their_next_click(story: House) -> None:
    here, there = person(story), person(story)
    there.get("/reports")
    page = here.follow(change(here, make.PASSWORD, NEW)).page
    assert page.heading == "My account"
    assert "signed out everywhere else" in page.messages
    page = there.follow(there.get("/reports", status=303)).page
    assert "the password of this account was changed" in page.text
    assert page.form("").fields["next"] == "/reports"
    accounts.sign_in(story.visitor(), "rita", make.PASSWORD, status=422)
    assert accounts.sign_in(there, "rita", NEW).location == "/"
    with story.inside():
        assert [row.actor_name for row in accounts.records("user.change_password")] == ["rita"]


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        (("wrong", NEW, NEW), "present", "is not right"),
        (("", NEW, NEW), "present", "Enter your present password"),
        ((make.PASSWORD, "", ""), "password", "Enter a new password"),
        ((make.PASSWORD, NEW, "other"), "again", "not the same"),
        ((make.PASSWORD, "Ab1-", None), "password", "at least 10 characters; this one has 4"),
        ((make.PASSWORD, "kettle loom rain", None), "password", "Not in it yet: capital letters, digits"),
        ((make.PASSWORD, "Rita loom rain 41", None), "password", "user name rita"),
        ((make.PASSWORD, "Woaini1314520!", None), "password", "first that others would try"),
        ((make.PASSWORD, make.PASSWORD, None), "password", "had this password before"),
        ((make.PASSWORD, "Ab1-" * 33, None), "password", "at most 128 characters"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_changes(
    small: House, typed: tuple[str, str, str | None], field: str, sentence: str
) -> None:
    visitor, other = person(small), person(small)
    answer = change(visitor, *typed, status=422)
    assert sentence in answer.page.root.one("p", id=f"{field}-error").text
    assert not any(word and f'value="{word}"' in answer.page.source for word in typed)
    other.get("/reports")
    with small.inside():
        assert accounts.attempt("rita", make.PASSWORD)


def test_the_last_passwords_do_not_come_back_and_older_ones_do(shelf: Shelf) -> None:
    with shelf.house("story", PASSWORD_HISTORY=3) as house:
        visitor = person(house)
        words = [make.PASSWORD, *(f"Kettle loom rain {n}" for n in range(41, 44))]
        for present, new in pairwise(words):
            change(visitor, present, new)
        for refused in words[1:]:
            change(visitor, words[-1], refused, status=422)
        with house.inside():
            assert db.session.scalar(select(func.count()).select_from(FormerPassword)) == 2
        change(visitor, words[-1], words[0])


def test_two_changes_at_once_do_not_overwrite_each_other(story: House) -> None:
    with story.inside():
        accounts.add_person("rita")
        first, second = (prepare_password(make.user_of("rita"), f"{NEW} {n}") for n in (1, 2))
        with writing():
            change_password(make.user_of("rita"), first, keep=None, actor=make.user_of("rita"))
            db.session.commit()
        with pytest.raises(StaleError), writing():
            change_password(make.user_of("rita"), second, keep=None, actor=make.user_of("rita"))
        assert accounts.hash_of("rita") == first.hash


def test_a_password_that_somebody_else_chose_is_changed_before_anything_else(story: House) -> None:
    visitor = person(story, must_change=True)
    asked = "/overview?unit=LC01&as_of=2022-05-31"
    for path in (asked, "/", "/reports", "/account", "/no-such-page", "/exports/progress.xlsx?unit=LC01"):
        assert visitor.get(path, status=303).location.startswith(CHANGE)
    assert visitor.post("/account/sign-ins/end-others", {"csrf_token": token(visitor)}).location == CHANGE
    error = visitor.get("/api/v1/positions?unit=LC01&as_of=2022-06-30", status=403).json["error"]
    assert error["code"] == "password_change_needed"
    assert visitor.get("/preferences?language=en&next=/sign-in", status=303).location == "/sign-in"
    led = visitor.get(asked, status=303).location
    assert "Somebody else has chosen your password" in visitor.get(led).page.text
    assert change(visitor, make.PASSWORD, NEW, at=led).location == asked
    visitor.get("/reports")
    visitor.get("/api/v1/positions?unit=LC01&as_of=2022-06-30")


def token(visitor: Visitor) -> str:
    return visitor.get(CHANGE).page.form("").fields["csrf_token"]


def test_whoever_has_to_change_the_password_may_sign_out_instead(story: House) -> None:
    visitor = person(story, must_change=True)
    assert visitor.post("/sign-out", {"csrf_token": token(visitor)}).location == "/sign-in"
    visitor.get("/reports", status=303)


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_the_change_leads_to_no_other_site(small: House, elsewhere: str) -> None:
    visitor = person(small)
    form = visitor.get(CHANGE, query_string={"next": elsewhere}).page.form("")
    fields = {"present": make.PASSWORD, "password": NEW, "again": NEW}
    assert visitor.submit(form, fields, at=CHANGE).location == "/"


def test_an_old_password_is_changed_at_the_next_sign_in_and_not_in_the_middle_of_work(story: House) -> None:
    visitor = person(story)
    with story.inside(), writing():
        user = make.user_of("rita")
        user.password_set_at -= timedelta(days=90)
        db.session.commit()
    with story.inside():
        accounts.let_time_pass("rita", 5)
    visitor.get("/reports", status=303)
    other = person(story)
    assert "older than 90 days" in other.get(other.get("/reports", status=303).location).page.text


def test_sample_users_never_have_to_change_anything(story: House) -> None:
    assert story.run("users", "reset-password", "jiqing", "--password", NEW).code == 0
    with story.inside():
        accounts.let_time_pass("jiqing", 400 * 24 * 60)
    story.visitor("jiqing").get("/reports")


def test_the_command_line_asks_for_a_change_at_the_first_sign_in(story: House) -> None:
    new = ("users", "add", "sam", "--label", "x", "--role", "reporter", "--unit", "LC01", "--password", NEW)
    assert story.run(*new).code == 0
    visitor = story.visitor()
    accounts.sign_in(visitor, "sam", NEW)
    assert visitor.get("/reports", status=303).location.startswith(CHANGE)
    change(visitor, NEW, make.PASSWORD)
    visitor.get("/reports")
    assert story.run("users", "reset-password", "sam", "--password", f"{NEW} again").code == 0
    sent = visitor.follow(visitor.get("/reports", status=303)).page
    assert "the password of this account was changed" in sent.text
    accounts.sign_in(visitor, "sam", f"{NEW} again")
    assert visitor.get("/reports", status=303).location.startswith(CHANGE)


def test_the_account_shows_where_one_is_signed_in_and_ends_one(story: House) -> None:
    here, there, third = person(story), person(story), person(story)
    page = here.get("/account").page
    rows = page.root.one("table").one("tbody").all("tr")
    assert [("this one" in row.text) for row in rows] == [True, False, False]
    ends = [form for form in page.root.all("form") if form["action"] == "/account/sign-ins/end"]
    assert len(ends) == 2
    with there.client.session_transaction() as kept:
        chosen = sign_in_id(kept["sign_in"])
    fields = {"csrf_token": token(here), "sign_in": chosen}
    assert here.post("/account/sign-ins/end", fields).location == "/account"
    assert "from another browser" in there.follow(there.get("/reports", status=303)).page.text
    third.get("/reports")
    # Sent once more, as by a double click, it changes nothing.
    here.post("/account/sign-ins/end", fields)
    with story.inside():
        assert len(accounts.records("sign_in.end")) == 1
    here.post("/account/sign-ins/end-others", {"csrf_token": fields["csrf_token"]})
    third.get("/reports", status=303)
    page = here.get("/account").page
    assert len(page.root.one("table").one("tbody").all("tr")) == 1
    assert not page.root.all("form", action="/account/sign-ins/end-others")


def test_nobody_ends_the_sign_in_of_somebody_else(story: House) -> None:
    stranger = story.visitor("anning")
    with stranger.client.session_transaction() as kept:
        foreign = sign_in_id(kept["sign_in"])
    visitor = person(story)
    for id in (foreign, "x", "0" * 64):
        visitor.post("/account/sign-ins/end", {"csrf_token": token(visitor), "sign_in": id}, status=404)
    stranger.get("/reports")


def test_the_account_is_linked_on_every_page(small: House) -> None:
    visitor = small.visitor("jiqing")
    links = visitor.get("/reports").page.root.all("a", href="/account")
    assert len(links) == 2
    assert all(link["aria-label"].startswith("My account") for link in links)
