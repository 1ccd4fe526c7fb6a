"""A user of one community can neither see, change, export nor guess what belongs to another."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest

from tests.kit import make
from tests.kit.house import House
from tests.kit.visitor import Answer, Visitor
from tracker.domain.roles import Role

OWN, OTHER, NOWHERE = "LC01", "LC03", "LC99"
READ = (
    "/overview?unit={unit}",
    "/overview?unit={unit}&as_of=2022-06-30&plan=LC-2022",
    "/indicators/I01?unit={unit}",
    "/indicators/I99?unit={unit}",
    "/exports/progress.xlsx?unit={unit}",
    "/api/v1/positions?unit={unit}&as_of=2022-06-30",
    "/api/v1/positions?unit={unit}&as_of=2022-06-30&plan=NO",
    "/reports/LC-2022/{unit}/2022-06",
    "/reports/LC-2022/{unit}/2099-01",
    "/reports/NO/{unit}/2022-06",
    "/review/LC-2022/{unit}/2022-06",
)
SENT = (
    "/reports/LC-2022/{unit}/2022-06",
    "/reports/LC-2022/{unit}/2022-06/withdraw",
    "/review/LC-2022/{unit}/2022-06/approve",
    "/review/LC-2022/{unit}/2022-06/return",
    "/review/LC-2022/{unit}/2022-06/reopen",
)


def same(answer: Answer, unit: str) -> tuple[int, str]:
    """What an answer says, but for the code that was asked for and the token of the session."""
    body = re.sub(r'(name="csrf_token" value=)"[^"]*"', r"\1", answer.body.decode())
    return answer.status, body.replace(unit, "?")


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_another_unit_answers_like_one_that_does_not_exist(story: House, role: str) -> None:
    with story.inside():
        make.add_sample_user("own", role, OWN)
    visitor = story.visitor("own")
    token = visitor.token()
    fields = {"csrf_token": token, "version": "1", "reason": "Because.", "action": "submit"}
    for method, paths, data in (("GET", READ, None), ("POST", SENT, fields)):
        for path in paths:
            # The township above is as foreign as the community beside.
            there, above, nowhere = (
                same(visitor.send(method, path.format(unit=unit), data=data), unit)
                for unit in (OTHER, "LC", NOWHERE)
            )
            assert there == nowhere, path
            assert above[0] == nowhere[0] in {403, 404}, (path, above[0])
    with story.inside():
        sheet = make.sheet_of(OTHER, "2022-06", plan="LC-2022")
        assert (sheet.state, sheet.version) == ("submitted", sheet.version)


def open_everything(visitor: Visitor) -> str:
    """All that a user's pages say, and whatever they link to."""
    seen: dict[str, str] = {}
    waiting = ["/", "/overview", "/reports?state=all", "/review?state=all"]
    while waiting:
        path = waiting.pop()
        # One month of reports is like another.
        if path in seen or re.search(r"/2022-0[1-4]|as_of=2022-0[1-4]", path):
            continue
        answer = visitor.send("GET", path)
        seen[path] = answer.body.decode() if answer.is_page else ""
        if answer.status in {302, 303}:
            waiting.append(answer.location)
        elif answer.is_page and answer.status == 200:
            links = [link["href"] for link in answer.page.root.all("a")]
            waiting += [
                link for link in links if link.startswith("/") and not link.startswith("/preferences")
            ]
            options = [option["value"] for option in answer.page.root.all("option")]
            waiting += [f"/overview?unit={value}" for value in options if value.startswith("LC")]
    assert len(seen) > 5
    return "\n".join(seen.values())


@pytest.mark.parametrize("role", ["reporter", "reviewer"])
def test_no_page_of_a_community_names_another(small: House, role: str) -> None:
    with small.inside():
        make.add_sample_user("own", role, OWN)
    text = open_everything(small.visitor("own"))
    assert "Jiqing" in text
    for foreign in ("LC02", "LC03", "LC07", "Heshun", "Anning", "Donghu", "安宁"):
        assert foreign not in text


def test_no_workbook_of_a_community_names_another(small: House) -> None:
    book = small.visitor("jiqing").get("/exports/progress.xlsx?lang=en").body
    words = {
        str(cell)
        for sheet in openpyxl.load_workbook(io.BytesIO(book)).worksheets
        for row in sheet.iter_rows(values_only=True)
        for cell in row
    }
    text = "\n".join(words)
    assert "Jiqing" in text
    for foreign in ("LC03", "Anning", "Heshun", "安宁"):
        assert foreign not in text


def test_every_link_of_every_role_can_be_opened(small: House) -> None:
    for name in ("jiqing", "chuangjianban", "fenguan", "shenji"):
        visitor = small.visitor(name)
        answer = visitor.follow(visitor.get("/", status=302))
        links = {link["href"] for link in answer.page.root.all("a") if link["href"].startswith("/")}
        for link in sorted(links):
            found = visitor.send("GET", link)
            assert found.status in {200, 302, 303}, (name, link, found.status)


def test_filters_and_pages_of_the_lists_stay_within_the_scope(story: House) -> None:
    visitor = story.visitor("jiqing")
    for query in ("state=all", "state=submitted", "state=draft", "page=2", "page=-1", "page=x", "state=x"):
        text = visitor.get(f"/reports?{query}").page.root.one("main").text
        assert "Anning" not in text
        assert "Donghu" not in text
