"""The auditor's page: what is found, who sees what, and what is taken away."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import openpyxl
import pytest
from sqlalchemy import select

from tests.kit import make, tamper
from tests.kit.databases import SqliteShelf
from tests.kit.house import House
from tests.kit.visitor import Answer
from tracker.core.audit import HOUSE, AuditRecord, record
from tracker.core.clock import now, zone
from tracker.core.db import db, writing
from tracker.core.history import history_of, history_steps

PAGES = ("/audit", "/audit/export.xlsx")


def rows(answer: Answer) -> list[str]:
    """The lines of the table, as texts."""
    tables = answer.page.root.all("table", class_="audit")
    return [row.text for row in tables[0].one("tbody").all("tr")] if tables else []


def numbers(answer: Answer) -> list[int]:
    return [int(found[1]) for row in rows(answer) if (found := re.search(r"No\. (\d+)", row))]


def test_the_log_shows_who_did_what_when_and_how_it_was_before(story: House) -> None:
    reviewer = story.visitor("chuangjianban")
    form = reviewer.get("/review/LC-2022/LC03/2022-06").page.form("/review/LC-2022/LC03/2022-06/return")
    reviewer.submit(form, {"reason": "Check <b>I01</b>\nand I02"})
    page = story.visitor("shenji").get("/audit")
    # The auditor's own sign-in came last.
    latest = rows(page)[1]
    for words in (
        "Returned to be mended",
        "Report LC-2022/LC03 2022-06",
        "Waiting for review",
        "Returned to be mended",
        "Check <b>I01</b> and I02",
        "Creation Office reviewer",
        "from 127.0.0.1",
        "Anning Community",
    ):
        assert words in latest
    with story.inside():
        returned = select(AuditRecord.at).where(AuditRecord.action == "report.return")
        at = db.session.scalars(returned.order_by(AuditRecord.id.desc())).first()
        local = at.astimezone(zone())
    moment = page.page.root.one("table", class_="audit").all("time")[1]
    assert (moment.text, moment["title"]) == (f"{local:%Y-%m-%d %H:%M:%S}", f"{at:%Y-%m-%d %H:%M:%S} UTC")
    chinese = story.visitor("shenji", language="zh").get("/audit")
    assert "登录" in rows(chinese)[0]
    told = next(row for row in rows(chinese) if "退回" in row)
    assert "报表 LC-2022/LC03 2022-06" in told


def test_the_newest_stand_first_and_older_ones_follow_page_by_page(sqlite: SqliteShelf) -> None:
    with sqlite.house("story", PAGE_SIZE=20) as house:
        auditor = house.visitor("shenji")
        with house.inside():
            wanted = list(db.session.scalars(select(AuditRecord.id).order_by(AuditRecord.id.desc())))
        answer, found = auditor.get("/audit"), list[int]()
        for _ in range(len(wanted)):
            found += numbers(answer)
            older = [a for a in answer.page.root.all("a") if a["rel"] == "next"]
            if not older:
                break
            # What is added meanwhile moves nothing on the pages that follow.
            answer = auditor.get(older[0]["href"])
        assert found == wanted


@pytest.mark.parametrize("before", ["x", "-1", "0", "99999999999", "²"])
def test_nonsense_for_a_page_is_harmless(library: House, before: str) -> None:
    library.visitor("shenji").get(f"/audit?before={before}")


def test_filters_find_by_person_action_object_and_unit(story: House) -> None:
    auditor = story.visitor("shenji")
    for query, words in {
        "who=donghu": "Donghu Community reporter",
        "who=Donghu+Community+rep": "Donghu Community reporter",
        "who=system": "The server's operator",
        "who=The+server's+operator": "The server's operator",
        "action=report.approve": "Approved",
        "subject=lc03": "LC03",
        "unit=LC03": "Anning",
        "unit=Anning+Community": "Anning",
    }.items():
        found = rows(auditor.get(f"/audit?{query}"))
        assert found, query
        assert all(words in row for row in found), query
    both = rows(auditor.get("/audit?action=report.submit&unit=LC03&subject=2022-06"))
    assert len(both) == 1
    for query in ("who=nobody", "subject=100%25", "subject=_", "action=report.reopen"):
        answer = auditor.get(f"/audit?{query}")
        assert rows(answer) == []
        assert "There is no such record." in answer.page.text
    # Everything below a unit belongs to it.
    assert len(rows(auditor.get("/audit?unit=LC&action=report.approve"))) > 10


def test_days_are_local_days(story: House) -> None:
    with story.inside():
        tamper.write_records(1)
        today = now().astimezone(zone()).date()
    auditor = story.visitor("shenji")
    yesterday, tomorrow = today - timedelta(days=1), today + timedelta(days=1)
    # A night in China begins at 16:00 in UTC.
    tamper.run(
        story,
        "UPDATE audit_records SET at = '2022-06-29 15:59:59.999999' WHERE id = 3",
        "UPDATE audit_records SET at = '2022-06-29 16:00:00.000000' WHERE id = 4",
        "UPDATE audit_records SET at = '2022-06-30 15:59:59.999999' WHERE id = 5",
        "UPDATE audit_records SET at = '2022-06-30 16:00:00.000000' WHERE id = 6",
    )
    assert numbers(auditor.get("/audit?from=2022-06-30&to=2022-06-30")) == [5, 4]
    assert numbers(auditor.get("/audit?to=2022-06-29")) == [3]
    assert numbers(auditor.get("/audit?from=2022-06-30&to=2022-07-01&action=unit.add")) == [6, 5, 4]
    assert rows(auditor.get(f"/audit?from={yesterday}&to={tomorrow}"))
    assert rows(auditor.get(f"/audit?from={tomorrow}")) == []


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=June", "This is not a day."),
        ("to=2022-02-30", "This is not a day."),
        ("from=0001-01-01", "This is not a day."),
        ("from=2022-06-30&to=2022-06-29", "The last day is before the first."),
        ("unit=LC99", "There is no unit LC99."),
        ("action=no.such", "Choose one of the list."),
        ("subject=" + "x" * 201, "This is too long to look for."),
    ],
)
def test_a_filter_that_cannot_be_is_said_at_its_field(library: House, query: str, sentence: str) -> None:
    auditor = library.visitor("shenji")
    for path in PAGES:
        answer = auditor.get(f"{path}?{query}", status=422)
        assert sentence in answer.page.text
        assert rows(answer) == []
    value = query.rpartition("=")[2]
    if "action" not in query:
        assert value in [field["value"] for field in answer.page.root.all("input")]


def test_an_auditor_of_a_unit_sees_its_records_only(story: House) -> None:
    with story.inside():
        make.add_sample_user("auditor01", "auditor", "LC01")
        make.add_sample_user("compounds", "auditor", "LC0101")
        with writing():
            record("unit.add", actor=HOUSE, subject="secret without unit")
            record("unit.add", actor=HOUSE, subject="of a compound", unit_id=make.unit_of("LC0101").id)
            record("unit.add", actor=HOUSE, subject="of a unit that is gone", unit_id=9999)
            db.session.commit()
    auditor = story.visitor("auditor01")
    text_of = "\n".join(rows(auditor.get("/audit")) + rows(auditor.get("/audit?subject=e")))
    assert "of a compound" in text_of
    assert "LC01" in text_of
    for foreign in ("LC03", "Anning", "without unit", "gone", "Licun Township"):
        assert foreign not in text_of
    assert rows(auditor.get("/audit?subject=LC03")) == []
    assert rows(auditor.get("/audit?who=guanli")) == []
    # A unit out of scope answers like one that does not exist.
    for code in ("LC03", "LC", "LC99"):
        assert f"There is no unit {code}." in auditor.get(f"/audit?unit={code}", status=422).page.text
    book = openpyxl.load_workbook(io.BytesIO(auditor.get("/audit/export.xlsx").body))
    cells = {str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row}
    assert not any("LC03" in cell or "without unit" in cell for cell in cells)
    below = rows(story.visitor("compounds").get("/audit"))
    assert "of a compound" in "".join(below)
    assert all("Jiqing Garden" in row for row in below)
    whole = "\n".join(rows(story.visitor("shenji").get("/audit?action=unit.add")))
    assert "secret without unit" in whole
    assert "of a unit that is gone" in whole


def test_nobody_but_an_auditor_gets_in_or_changes_the_chain(story: House) -> None:
    for name in ("guanli", "chuangjianban", "fenguan", "jiqing"):
        visitor = story.visitor(name)
        for path in (*PAGES, "/audit?unit=LC01"):
            assert visitor.get(path, status=403)
        visitor.post("/audit/check", {"csrf_token": visitor.token()}, status=403)
        assert "/audit" not in [
            a["href"] for a in visitor.follow(visitor.get("/", status=302)).page.root.all("a")
        ]
    auditor = story.visitor("shenji")
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert auditor.send(method, "/audit", data={"csrf_token": auditor.token()}).status == 405


def test_the_page_checks_the_chain_and_tells_what_it_found(story: House) -> None:
    auditor = story.visitor("shenji")
    form = auditor.get("/audit").page.form("/audit/check")
    said = auditor.follow(auditor.submit(form)).page.messages
    assert "The chain is whole" in said
    tamper.run(story, "DELETE FROM audit_records WHERE id = 7")
    said = auditor.follow(auditor.submit(form)).page.messages
    assert "The chain is broken." in said
    assert "Record 7 was removed." in said
    assert auditor.post("/audit/check", {}, status=400)


def test_a_long_chain_is_checked_in_part_and_the_page_says_so(
    small: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.features.audit.views.CHECKED_ON_A_PAGE", 50)
    auditor = small.visitor("shenji")
    said = auditor.follow(auditor.submit(auditor.get("/audit").page.form("/audit/check"))).page.messages
    assert "The chain is whole: 50 records" in said
    assert "tracker audit verify" in said


def test_the_export_holds_what_was_asked_for_and_is_recorded(story: House) -> None:
    auditor = story.visitor("shenji")
    link = [
        a["href"]
        for a in auditor.get("/audit?action=report.submit&unit=LC03").page.root.all("a")
        if "export.xlsx" in a["href"]
    ]
    answer = auditor.get(link[0])
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.body)).worksheets[0]
    lines = [row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)]
    assert len(lines) == 6
    assert {(line[5], line[7]) for line in lines} == {("Submitted for review", "Anning Community")}
    with story.inside():
        newest = db.session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc())).first()
        assert (newest.action, newest.actor_name) == ("export.audit", "shenji")
        assert "action=report.submit; unit=LC03" in newest.difference
        assert newest.difference.endswith("rows: — → 6")
        assert lines[0][9] == db.session.scalar(select(AuditRecord.hash).where(AuditRecord.id == lines[0][0]))


def test_an_export_with_more_rows_than_a_workbook_takes_says_so(
    small: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.features.audit.views.MOST_ROWS", 5)
    body = small.visitor("shenji").get("/audit/export.xlsx").body
    sheet = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert any("holds the newest 5 of the records" in cell for cell in cells)


def test_what_somebody_typed_is_no_formula_in_the_workbook(small: House) -> None:
    with small.inside(), writing():
        record("unit.add", actor=HOUSE, subject="=1+1", changes={"name": ("=cmd()", "@x")})
        db.session.commit()
    sheet = openpyxl.load_workbook(
        io.BytesIO(small.visitor("shenji").get("/audit/export.xlsx?subject=%3D1").body)
    ).worksheets[0]
    assert [cell.data_type for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"] == ["s"]


def test_text_that_is_looked_for_in_vain_is_looked_for_piece_by_piece(
    small: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.features.audit.queries.records.find_records.__kwdefaults__", {"window": 100})
    auditor = small.visitor("shenji")
    answer, found, pages = auditor.get("/audit?subject=unit+LC0101"), list[str](), 1
    while older := [a for a in answer.page.root.all("a") if a["rel"] == "next"]:
        assert "Looked through the records down to number" in answer.page.text
        found += rows(answer)
        answer, pages = auditor.get(older[0]["href"]), pages + 1
    assert pages == 5
    assert len(found + rows(answer)) == 4


def test_the_history_of_an_object_tells_old_and_new_who_when_and_why(hamlet: House) -> None:
    with hamlet.inside():
        make.aim_for("S", "A", "5")
        make.aim_for("S", "A", "7", "2")
        found = history_of("target P/S A")
        assert [(c.name, c.before, c.after) for c in found[0].changes] == [
            ("target", "5", "7"),
            ("baseline", None, "2"),
        ]
        assert found[0].number > found[1].number
        assert history_of("target P/S A", but=("target.set",)) == []
        assert len(history_of("target P/S A", limit=1)) == 1
        with hamlet.app.test_request_context("/?lang=zh"):
            step = history_steps(found)[0]
            assert (step.action_text, step.changes[0].name) == ("设定目标", "目标")
            assert step.actor == "服务器运维人员"


def test_a_reason_of_several_lines_stays_whole(blank: House) -> None:
    with blank.inside():
        with writing():
            changes = {"state": ("a", "b"), "reason": (None, "one → two\r\nthree: 3"), "name": ("x", None)}
            record("report.return", actor=HOUSE, subject="x", changes=changes)
            db.session.commit()
        (row,) = history_of("x")
        assert [(c.name, c.before, c.after) for c in row.changes] == [
            ("state", "a", "b"),
            ("reason", None, "one → two\nthree: 3"),
            ("name", "x", None),
        ]


def test_records_of_older_versions_are_shown_as_they_are(story: House) -> None:
    tamper.run(
        story,
        "UPDATE audit_records SET action = 'old.thing', subject = 'thing 1', "
        "difference = 'no change at all' WHERE id = 5",
        "UPDATE audit_records SET difference = 'reason: — → one' || chr(10) || 'two' WHERE id = 6"
        if story.kind == "postgres"
        else "UPDATE audit_records SET difference = 'reason: — → one' || char(10) || 'two' WHERE id = 6",
    )
    answer = story.visitor("shenji").get("/audit?before=7")
    assert "old.thing" in rows(answer)[1]
    assert "no change at all" in rows(answer)[1]
    assert "one two" in rows(answer)[0]
