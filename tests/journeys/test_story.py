"""The main job from end to end: fill in, return, mend, approve, see the change, take the sheet along."""

from __future__ import annotations

import io
import re
from datetime import date

import openpyxl
import pytest

from tests.kit import make
from tests.kit.house import House
from tests.kit.visitor import Visitor
from tracker.core.clock import today
from tracker.features.reports.services import find_differences

JUNE = "LC-2022/LC07/2022-06"


def parking(visitor: Visitor) -> tuple[int, int, int]:
    """New parking spaces of the township on its overview, and how many units of how many reported them."""
    page = visitor.get("/overview?unit=LC&as_of=2022-06-30").page
    line = next(row for row in page.root.all("tr", class_="board__row") if "New parking spaces" in row.text)
    actual = line.one("td", class_="board__actual").one("span", class_="figure__number").text
    reported = re.search(r"(\d+) of (\d+) reported", line.text)
    assert reported is not None
    return int(actual.replace(",", "")), int(reported[1]), int(reported[2])


def in_workbook(visitor: Visitor) -> tuple[object, object]:
    """The same figure in the workbook that the official takes along."""
    body = visitor.get("/exports/progress.xlsx?unit=LC&as_of=2022-06-30").body
    sheet = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]
    line = next(row for row in sheet.iter_rows(values_only=True) if row[1] == "I01")
    return line[8], line[14]


def test_june_of_a_community_from_the_form_to_the_workbook(story: House) -> None:
    reporter, reviewer = story.visitor("donghu"), story.visitor("chuangjianban")
    official = story.visitor("fenguan")
    before = parking(official)
    assert before[1:] == (6, 8)
    with story.inside():
        sheet = make.sheet_of("LC07", "2022-06", plan="LC-2022")
        cells = {c.indicator.code: "c{}-{}".format(*c.key) for c in sheet.cells if c.category is None}
        parked = next(c.entry.value for c in sheet.cells if c.indicator.code == "I01" and c.entry)

    # The reporter finds the draft among the tasks, fills it in and hands it in.
    tasks = reporter.get("/reports").page
    assert f"/reports/{JUNE}" in {link["href"] for link in tasks.root.all("a")}
    form = reporter.get(f"/reports/{JUNE}").page.form("")
    fields = {f"{cells['I01']}-value": "5000", f"{cells['I01']}-reason": "a new car park", "action": "submit"}
    assert reporter.submit(form, fields, at=f"/reports/{JUNE}").location == "/reports"
    assert "Submitted" in reporter.get("/reports").page.messages
    assert parking(official) == before

    # The reviewer gives it back with a reason, which the reporter reads.
    address = f"/review/{JUNE}"
    form = reviewer.get(address).page.form(f"{address}/return")
    assert "Give a reason" in reviewer.submit(form, {"reason": " "}, status=422).page.text
    reviewer.submit(form, {"reason": "5,000 cannot be right"})
    page = reporter.get(f"/reports/{JUNE}").page
    assert "5,000 cannot be right" in page.text
    assert page.root.one("input", name=f"{cells['I01']}-value")["value"] == "5000"

    # The reporter mends it, the reviewer approves it, and the township's figures change.
    fields = {f"{cells['I01']}-value": "100", f"{cells['I01']}-reason": "", "action": "submit"}
    reporter.submit(page.form(""), fields, at=f"/reports/{JUNE}")
    form = reviewer.get(address).page.form(f"{address}/approve")
    answer = reviewer.follow(reviewer.submit(form))
    assert "Approved" in answer.page.messages
    assert parking(official) == (before[0] + 100, 7, 8)
    assert in_workbook(official) == (before[0] + 100, "7/8")
    assert parked != 100

    # Whoever reads the report sees its whole life; the balances hold.
    history = reviewer.get(address).page.text
    for step in ("Submitted for review", "Returned to be mended", "Approved", "5,000 cannot be right"):
        assert step in history
    with story.inside():
        assert list(find_differences()) == []

    # Reopening takes it out again.
    form = reviewer.get(address).page.form(f"{address}/reopen")
    reviewer.submit(form, {"reason": "counted twice"})
    assert parking(official) == before
    assert in_workbook(official)[0] == before[0]


def test_today_of_the_sample_is_the_day_its_story_is_told(story: House) -> None:
    with story.inside():
        assert today() == date(2022, 7, 4)
    page = story.visitor("jiqing").get("/reports").page
    # July has begun, August has not.
    addresses = {link["href"] for link in page.root.all("a") if link["href"].startswith("/reports/")}
    assert addresses == {f"/reports/LC-2022/LC01/2022-0{month}" for month in range(1, 8)}
    assert "1 day left" in story.visitor("donghu").get("/reports").page.text
    assert "June 2022" in story.visitor("fenguan").get("/overview").page.heading


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_of_a_role_is_sound_in_both_languages(small: House, language: str) -> None:
    donghu = ("/reports", f"/reports/{JUNE}", "/reports/LC-2022/LC07/2022-05", "/overview", "/indicators/I01")
    indicators = [f"/indicators/I{number:02}?unit=LC" for number in range(1, 17)]
    pages = {
        "donghu": donghu,
        "chuangjianban": ("/review", "/review?state=all", "/review/LC-2022/LC03/2022-06", f"/review/{JUNE}"),
        "fenguan": ("/overview?signal=behind", *indicators),
        "shenji": ("/review?state=all&page=2", "/review/LC-2022/LC01/2022-05"),
    }
    for name, addresses in pages.items():
        visitor = small.visitor(name, language=language)
        for address in addresses:
            page = visitor.get(address).page
            assert page.root.one("html")["lang"] == {"en": "en", "zh": "zh-CN"}[language]
            assert {"en": "Sample data", "zh": "示例数据"}[language] in page.text, address


def test_a_page_that_was_seen_before_is_never_shown_to_another_or_too_long(story: House) -> None:
    with story.inside():
        make.add_sample_user("second", "official", "LC")
    official, auditor = story.visitor("fenguan"), story.visitor("shenji")
    texts = [visitor.get("/overview?unit=LC").page.text for visitor in (official, auditor, official)]
    assert texts[0] == texts[2]
    assert "Official in charge" in texts[0]
    assert "Auditor" in texts[1]
    # Not even to someone with the very same role.
    other = story.visitor("second").get("/overview?unit=LC").page.text
    assert "second" in other
    assert "Official in charge" not in other
    # A page seen before still carries a token that works.
    page = official.get("/overview?unit=LC").page
    token = page.root.all("input", name="csrf_token")[0]["value"]
    official.post("/sign-out", {"csrf_token": token})
    official.get("/overview?unit=LC", status=303)
    before = auditor.get("/indicators/I01?unit=LC").page.text
    with story.inside():
        make.approve("LC03", "2022-06", plan="LC-2022")
    assert auditor.get("/indicators/I01?unit=LC").page.text != before
    # A role that is taken away ends what it showed, page seen before or not.
    with story.inside():
        make.take_roles("shenji")
    assert auditor.send("GET", "/overview?unit=LC").status == 403
