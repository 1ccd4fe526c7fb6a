"""Reminding units of missing reports: who is listed, once a day, a trace, a text, and a calendar file."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from tests.kit import make
from tests.kit.house import House
from tests.kit.page import Page
from tracker.core.audit import AuditRecord
from tracker.core.db import db
from tracker.features.urging.models import Urge
from tracker.features.urging.sheets import Event, calendar_file

JAN = "2022-01"


@pytest.fixture
def plan(hamlet: House) -> House:
    """The small plan, with a reviewer of one community and reporters."""
    with hamlet.inside():
        make.add_sample_user("rex", "reviewer", "A")
        make.add_sample_user("rita", "reporter", "A1")
        make.save("A1", JAN, {"F": "1"})
        make.save("A2", JAN, {"F": "1"})
        make.submit("A2", JAN)
    return hamlet


def listed(page: Page) -> list[str]:
    """The units on the page."""
    return [cell.text for cell in page.root.all("th", scope="row")]


def test_what_is_missing_is_listed_and_urged_once_a_day(plan: House) -> None:
    rex, rita = plan.visitor("rex"), plan.visitor("rita")
    page = rex.get(f"/urging?in_period={JAN}").page
    assert listed(page) == ["Unit A1", "Unit A"]
    text = page.root.one("textarea").text
    assert "Unit A1 (Being filled in), Unit A (Not started)" in text
    one = next(form for form in page.root.all("form", action="/urging") if form.all("input", value="A1"))
    fields = {e["name"]: e["value"] for e in one.all("input")}
    answer = rex.follow(rex.post("/urging", fields))
    assert "1 unit reminded" in answer.page.messages
    assert "Reminder of 3 March 2022" in rita.get("/reports").page.text
    every = {"csrf_token": fields["csrf_token"], "period": JAN}
    assert "1 unit reminded" in rex.follow(rex.post("/urging", every)).page.messages
    assert "Nobody was reminded" in rex.follow(rex.post("/urging", every)).page.messages
    with plan.inside():
        make.tell_on(date(2022, 3, 4))
    assert "2 units reminded" in rex.follow(rex.post("/urging", every)).page.messages
    with plan.inside():
        assert db.session.scalar(select(func.count()).select_from(Urge)) == 4
        traces = db.session.scalars(select(AuditRecord.subject).where(AuditRecord.action == "report.urge"))
        assert sorted(traces) == [f"report P/A {JAN}"] * 2 + [f"report P/A1 {JAN}"] * 2
        make.submit("A1", JAN)
    assert "Reminder of" not in rita.get("/reports").page.text


def test_the_list_begins_with_the_latest_period_that_is_over(plan: House) -> None:
    """March has begun on the third, but nobody could have reported it yet."""
    page = plan.visitor("rex").get("/urging").page
    assert "February 2022" in page.root.all("h2")[0].text


def test_nobody_is_urged_out_of_scope_or_in_a_period_that_is_none(plan: House) -> None:
    rex = plan.visitor("rex")
    token = rex.token()
    for period, unit in ((JAN, "B"), ("2031-01", "A1")):
        rex.post("/urging", {"csrf_token": token, "period": period, "plan": "P", "unit": unit})
    rex.get("/urging?in_period=nonsense")
    with plan.inside():
        assert db.session.scalar(select(func.count()).select_from(Urge)) == 0


def test_the_calendar_file_holds_every_due_day_of_ones_plans(plan: House) -> None:
    answer = plan.visitor("rita").get("/due-dates.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    lines = answer.body.decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    with plan.inside():
        due = [make.sheet_of("A1", f"2022-0{month}").period.due_on for month in range(1, 5)]
    assert [line for line in lines if line.startswith("DTSTART")] == [
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}" for day in due
    ]


def test_lines_are_folded_between_characters_and_texts_escaped() -> None:
    title = "第一，季度；" + "报表" * 40 + ";,\\\n完"
    body = calendar_file(
        [Event("due-P-2022-01@here", date(2022, 12, 31), title, "text")],
        name="期限",
        zone="Asia/Shanghai",
        made_at=datetime(2022, 1, 1, 9, tzinfo=UTC) + timedelta(hours=1),
    )
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"")
    parts = body.split(b"\r\n")
    assert max(map(len, parts)) <= 75
    for part in parts:
        part.decode()  # No character is cut in two.
    unfolded = body.replace(b"\r\n ", b"").decode().split("\r\n")
    escaped = title.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    assert f"SUMMARY:{escaped}" in unfolded
    assert "DTEND;VALUE=DATE:20230101" in unfolded
    assert "DTSTAMP:20220101T100000Z" in unfolded
