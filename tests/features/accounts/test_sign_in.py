"""Signing in and out: who gets in, how long it lasts, and where it leads."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update

from tests.kit import make
from tests.kit.databases import SqliteShelf
from tests.kit.house import House
from tracker.core.db import db, writing
from tracker.core.instance import InstanceRow
from tracker.features.accounts.models import SignIn, User
from tracker.features.accounts.services import judge_password, reset_password

NEW = "Another good password 8"
ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "https://evil.example/",
    "https:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    "/.//evil.example\r\nSet-Cookie: a=b",
]


def with_password(house: House) -> None:
    """Give a sample user a password that is known."""
    with house.inside(), writing():
        reset_password(make.user_of("jiqing"), judge_password("jiqing", make.PASSWORD), actor=make.HOUSE)
        db.session.commit()


def test_a_password_lets_in_and_a_wrong_one_gets_a_sentence(story: House) -> None:
    with_password(story)
    visitor = story.visitor()
    form = visitor.get("/sign-in").page.form("")
    known = [("jiqing", "wrong"), ("nobody", make.PASSWORD), ("jiqing", ""), ("", "x"), ("x" * 300, "x")]
    for name, password in known:
        answer = visitor.submit(form, {"username": name, "password": password}, at="/sign-in", status=422)
        assert re.search("not right|Enter your|longer", answer.page.root.one("main").text)
        assert answer.page.form("").fields["username"] == name
        if password:
            assert f'value="{password}"' not in answer.page.source
    answer = visitor.submit(form, {"username": " JiQing ", "password": make.PASSWORD}, at="/sign-in")
    assert visitor.follow(visitor.follow(answer, status=302)).page.heading == "My reports"


def test_an_unknown_name_and_a_wrong_password_are_told_apart_by_nothing(small: House) -> None:
    with_password(small)
    visitor = small.visitor()
    form = visitor.get("/sign-in").page.form("")
    texts = [
        visitor.submit(form, {"username": name, "password": "wrong"}, at="/sign-in", status=422).page.text
        for name in ("jiqing", "nobody")
    ]
    assert texts[0] == texts[1]


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_no_redirect_leads_to_another_site(small: House, elsewhere: str) -> None:
    visitor = small.visitor()
    fields = {**visitor.get("/sign-in").page.form("").fields, "username": "jiqing", "next": elsewhere}
    home = {"/", "/reports", "/overview"}
    assert visitor.post("/sign-in/sample", fields).location in home
    query = {"next": elsewhere, "language": "en"}
    assert visitor.get("/sign-in", status=302, query_string=query).location in home
    assert visitor.get("/preferences", status=303, query_string=query).location in home


def test_signing_in_leads_back_to_the_page_that_was_asked_for(small: House) -> None:
    visitor = small.visitor()
    asked = "/overview?unit=LC01&as_of=2022-05-31"
    page = visitor.follow(visitor.get(asked, status=303)).page
    fields = page.form("").fields
    assert fields["next"] == asked
    assert visitor.post("/sign-in/sample", {**fields, "username": "jiqing"}).location == asked


@pytest.mark.parametrize(
    "near",
    [
        {"environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}},
        {"base_url": "http://tracker.example/"},
        {"base_url": "http://192.0.2.1:8765/"},
        {"base_url": "http://localhost.evil.example/"},
        {"environ_overrides": {"REMOTE_ADDR": "::ffff:192.0.2.7"}},
        {"environ_overrides": {"REMOTE_ADDR": "192.0.2.7", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}},
    ],
)
def test_one_click_signs_in_only_on_the_machine_itself(small: House, near: dict[str, object]) -> None:
    visitor = small.visitor()
    page = visitor.get("/sign-in", **near).page
    assert page.root.all("form", action="/sign-in/sample") == []
    fields = {**page.form("").fields, "username": "jiqing"}
    visitor.post("/sign-in/sample", fields, status=404, **near)
    visitor.get("/reports", status=303, **near)


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765", "[::1]:8765", "localhost"])
def test_one_click_works_under_every_name_of_the_machine(small: House, host: str) -> None:
    visitor = small.visitor()
    near = {"base_url": f"http://{host}/"}
    fields = {**visitor.get("/sign-in", **near).page.form("").fields, "username": "jiqing"}
    visitor.post("/sign-in/sample", fields, **near)
    assert visitor.get("/reports", **near).page.heading


def test_one_click_needs_a_sample_and_a_sample_user(small: House) -> None:
    with small.inside(), writing():
        db.session.execute(update(User).where(User.username == "anning").values(is_sample=False))
        db.session.commit()
    visitor = small.visitor()
    fields = visitor.get("/sign-in").page.form("").fields
    for name in ("anning", "nobody", "", "x" * 5000):
        visitor.post("/sign-in/sample", {**fields, "username": name}, status=404)
    with small.inside(), writing():
        db.session.execute(update(InstanceRow).values(is_sample=False))
        db.session.commit()
    assert visitor.get("/sign-in").page.root.all("form", action="/sign-in/sample") == []
    visitor.post("/sign-in/sample", {**fields, "username": "jiqing"}, status=404)


def test_one_click_offers_one_user_of_each_role(small: House) -> None:
    forms = small.visitor().get("/sign-in").page.root.all("form", action="/sign-in/sample")
    assert sorted(form.one("strong").text for form in forms) == [
        "Administrator",
        "Auditor",
        "Official",
        "Reporter",
        "Reviewer",
    ]


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(small: House) -> None:
    visitor = small.visitor()
    fields = {**visitor.get("/sign-in").page.form("").fields, "username": "jiqing"}
    cookies = visitor.post("/sign-in/sample", fields).headers.getlist("Set-Cookie")
    cookies += visitor.get("/preferences?language=zh&text=aplus", status=303).headers.getlist("Set-Cookie")
    assert {cookie.split("=")[0].split("_")[0] for cookie in cookies} == {"tracker", "language", "text"}
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


def test_behind_https_the_session_is_sent_over_https_only(sqlite: SqliteShelf) -> None:
    with sqlite.house("story", COOKIE_SECURE=True) as house:
        cookies = house.visitor().get("/sign-in").headers.getlist("Set-Cookie")
    assert cookies
    assert all("Secure" in cookie for cookie in cookies)


def test_signing_out_ends_the_session(small: House) -> None:
    visitor = small.visitor("jiqing")
    assert visitor.sign_out().location == "/sign-in"
    assert visitor.get("/reports", status=303).location.startswith("/sign-in")
    assert visitor.get("/api/v1/positions?unit=LC01&as_of=2022-06-30", status=401).json["error"]["code"]


def test_signing_out_needs_the_token_and_a_form(small: House) -> None:
    visitor = small.visitor("jiqing")
    visitor.post("/sign-out", {}, status=400)
    visitor.get("/sign-out", status=405)
    visitor.get("/reports")


def test_a_new_password_ends_every_open_session(story: House) -> None:
    visitors = [story.visitor("jiqing"), story.visitor("jiqing")]
    stranger = story.visitor("anning")
    assert story.run("users", "reset-password", "jiqing", "--password", NEW).code == 0
    for visitor in visitors:
        assert visitor.get("/reports", status=303).location.startswith("/sign-in")
    stranger.get("/reports")
    form = visitors[0].get("/sign-in").page.form("")
    visitors[0].submit(form, {"username": "jiqing", "password": NEW}, at="/sign-in")
    visitors[0].get("/reports")


def test_a_token_that_the_house_did_not_give_is_no_session(small: House) -> None:
    with small.inside():
        kept_id = db.session.scalars(select(SignIn.id)).first()
    for forged in ("1", "x" * 5000, "1.\0", "٣", "\ud800", 7, None, [], kept_id):
        visitor = small.visitor("jiqing")
        with visitor.client.session_transaction() as kept:
            kept["sign_in"] = forged
        visitor.get("/reports", status=303)


def test_a_chosen_language_stays(small: House) -> None:
    visitor = small.visitor(language="zh")
    assert visitor.get("/sign-in").page.root.one("html")["lang"] == "zh-CN"
    visitor.get("/preferences?language=en&next=/sign-in", status=303)
    assert visitor.get("/sign-in").page.root.one("html")["lang"] == "en"
    assert visitor.get("/sign-in?lang=zh").page.root.one("html")["lang"] == "zh-CN"
    visitor.get("/preferences?language=xx&text=huge", status=303)
    assert visitor.get("/sign-in").page.root.one("html")["lang"] == "en"
