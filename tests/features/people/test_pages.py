"""The pages about users: filters, what was typed, older versions, and what somebody can see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit import make
from tests.kit.databases import SqliteShelf
from tests.kit.house import House
from tests.kit.page import Element, Page
from tracker.core.access import Hold, Scope
from tracker.core.clock import today
from tracker.core.db import db, writing
from tracker.core.i18n import word
from tracker.domain.roles import Permission, Role
from tracker.features.people.pages.rights import page_places

DONGHU = "/people/users/donghu"


def names(page: Page) -> list[str]:
    """The user names that a list shows, in its order."""
    return [link["href"].rpartition("/")[2] for link in page.root.one("table").all("a")]


@pytest.fixture(scope="module")
def shown(sqlite: SqliteShelf) -> Iterator[House]:
    """The sample, for tests that change nothing."""
    with sqlite.house("story", PAGE_SIZE=5) as house:
        yield house


def test_the_list_is_by_user_name_and_cut_into_pages(shown: House) -> None:
    visitor = shown.visitor("guanli")
    found = []
    for number in (1, 2, 3):
        page = visitor.get(f"/people?page={number}").page
        assert len(names(page)) <= 5
        found += names(page)
    assert found == sorted(found)
    assert len(found) == 13


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=JIQ", ["jiqing"]),
        ("q=Jiqing Community", ["jiqing"]),
        ("q=吉庆", ["jiqing"]),
        ("q=jqsq", ["jiqing"]),
        ("q=ｓｈｅｎｊ", ["shenji"]),
        ("role=auditor", ["shenji"]),
        ("unit=LC07", ["donghu"]),
        ("unit=LC07&role=auditor", []),
        ("q=%25", []),
        ("state=disabled", []),
        ("state=nonsense&role=king&q=donghu", ["donghu"]),
    ],
)
def test_filters_stand_in_the_address(shown: House, query: str, expected: list[str]) -> None:
    page = shown.visitor("guanli").get(f"/people?{query}").page
    assert (names(page) if page.root.all("table") else []) == expected


def test_a_filter_stays_when_the_page_is_turned(shown: House) -> None:
    page = shown.visitor("guanli").get("/people?role=reporter&q=社区").page
    following = next(link["href"] for link in page.root.all("a", rel="next"))
    assert "role=reporter" in following
    assert "q=" in following


def test_what_was_typed_stays_when_it_is_refused(small: House) -> None:
    visitor = small.visitor("guanli")
    form = visitor.get("/people/invite").page.form("")
    sent = {
        "username": "donghu",
        "label": "新岗位",
        "role": "reporter",
        "unit": "LC07",
        "starts_on": "2022-08-01",
        "ends_on": "someday",
    }
    page = visitor.submit(form, sent, at="/people/invite", status=422).page
    assert {name: page.form("").fields[name] for name in sent} == sent
    assert "Write the day as 2022-06-30." in page.text
    page = visitor.submit(form, {**sent, "ends_on": ""}, at="/people/invite", status=422).page
    assert "is taken" in page.root.one("p", id="username-error").text
    # On a user's page each form keeps its own.
    form = visitor.get(DONGHU).page.form(f"{DONGHU}/grants")
    page = visitor.submit(form, {"role": "reviewer", "unit": "LC07"}, status=422).page
    assert "Nobody reviews figures" in page.root.one("p", id="role-error").text
    assert page.form(f"{DONGHU}/grants").fields["unit"] == "LC07"
    assert page.form(f"{DONGHU}/label").fields["name-label"] == "东湖社区填报员"


def test_a_change_by_somebody_else_in_the_meantime_is_told(small: House) -> None:
    with small.inside():
        make.add_sample_user("second", "administrator", "LC")
    first, second = small.visitor("guanli"), small.visitor("second")
    form = first.get(DONGHU).page.form(f"{DONGHU}/label")
    second.submit(second.get(DONGHU).page.form(f"{DONGHU}/grants"), {"role": "official", "unit": "LC07"})
    page = first.submit(form, {"name-label": "东湖社区"}, status=409).page
    assert "has changed since" in page.messages
    form = page.form(f"{DONGHU}/label")
    assert form.fields["name-label"] == "东湖社区"
    first.submit(form)
    assert "东湖社区" in first.get(DONGHU).page.form(f"{DONGHU}/label").fields["name-label"]


def test_a_password_is_reset_only_when_that_is_confirmed(small: House) -> None:
    visitor = small.visitor("guanli")
    form = visitor.get(DONGHU).page.form(f"{DONGHU}/code")
    page = visitor.submit(form, status=422).page
    assert "Confirm that" in page.root.one("p", id="sure-error").text
    with small.inside():
        assert not make.user_of("donghu").awaits_password
    slip = visitor.submit(form, {"sure": "y"}, status=200).page
    assert "Choose a new password" in slip.root.one("section", class_="slip").text
    page = visitor.get(DONGHU).page
    assert "A code has been made" in page.text
    visitor.submit(page.form(f"{DONGHU}/code/withdraw"))
    assert "was withdrawn" in visitor.get(DONGHU).page.text


def cells(row: Element) -> dict[str, str]:
    """The words of a row by the name of their column."""
    return {cell["data-label"]: cell.text for cell in row.all("td")}


@pytest.mark.parametrize("role", Role)
def test_what_somebody_can_see_is_what_the_guards_say(shown: House, role: Role) -> None:
    with shown.inside():
        name = f"only-{role}"
        try:
            make.user_of(name)
        except AssertionError:
            make.add_sample_user(name, role.value, "LC07")
        places = page_places(shown.app)
        scope = Scope((Hold(role, make.unit_of("LC07").path),))
        paths = {code: make.unit_of(code).path for code in ("LC", "LC07", "LC0701", "LC03")}
    visitor = shown.visitor("guanli")
    for code, path in paths.items():
        page = visitor.get(f"/people/users/{name}/rights?unit={code}").page
        by_unit, by_page = page.root.all("table")
        (row,) = by_unit.one("tbody").all("tr")
        allowed = [permission for permission in Permission if scope.allows(permission, path)]
        shown_tags = sorted(tag.text for tag in row.all("span", class_="tag"))
        with shown.app.test_request_context("/?lang=en"):
            assert shown_tags == sorted(word(permission) for permission in allowed)
        assert ("Nothing is held here" in row.text) == (not allowed)
        rows = by_page.one("tbody").all("tr")
        assert len(rows) == len(places)
        opened = [cells(row)["Allowed?"] == "Yes" for row in rows]
        wanted = [
            needs not in set(Permission) or scope.allows_somewhere(Permission(needs)) for needs in places
        ]
        assert opened == wanted


def test_a_role_that_does_not_count_today_gives_nothing_on_that_page(small: House) -> None:
    visitor = small.visitor("guanli")
    assert "Because of" in visitor.get(f"{DONGHU}/rights?unit=LC07").page.text
    with small.inside(), writing():
        make.user_of("donghu").grants[0].starts_on = today().replace(year=2023)
        db.session.commit()
    page = visitor.get(f"{DONGHU}/rights?unit=LC07").page
    assert "Not yet" in page.text
    assert page.root.all("table")[0].all("span", class_="tag") == []


def test_every_view_that_asks_for_something_is_on_that_page(shown: House) -> None:
    told = {address for addresses in page_places(shown.app).values() for address in addresses}
    assert told == {rule.rule for rule in shown.app.url_map.iter_rules() if rule.endpoint != "static"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_is_sound_in_both_languages(small: House, language: str) -> None:
    visitor = small.visitor("guanli", language=language)
    for path in (
        "/people",
        "/people/invite",
        DONGHU,
        "/people/users/guanli",
        f"{DONGHU}/rights",
        "/my-rights",
        "/welcome",
    ):
        visitor.get(path)
    form = visitor.get(DONGHU).page.form(f"{DONGHU}/disable")
    visitor.submit(form, {"reason": "x"})
    assert {"en": "Disabled", "zh": "已停用"}[language] in visitor.get(DONGHU).page.text
    visitor.get(f"{DONGHU}/rights")


def test_every_permission_has_a_word(shown: House) -> None:
    with shown.app.test_request_context():
        assert all(word(permission) for permission in Permission)


def test_what_a_role_lets_somebody_do_is_said_in_a_sentence(small: House) -> None:
    said = "Can do this at Licun Township and at all units below it: see the progress of every indicator, "
    visitor = small.visitor("guanli")
    held = visitor.get("/my-rights").page.root.all("section")[0].text
    assert said in held
    assert "invite users and give roles" in held
    assert "fill reports in" not in held
    reporter = small.visitor("donghu", language="zh")
    held = reporter.get("/my-rights").page.root.all("section")[0].text
    assert "填写并提交报表、从 Excel 导入数据。" in held
    assert "审核报表" not in held
