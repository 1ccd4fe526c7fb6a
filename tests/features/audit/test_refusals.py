"""What was refused is recorded, once, and never stands in the way of the answer."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from tests.kit import make, tamper
from tests.kit.house import House
from tracker.core import refusals
from tracker.core.audit import AuditRecord
from tracker.core.db import db
from tracker.features.audit.queries import check_chain


def refused(house: House) -> list[tuple[str, str, str]]:
    """(who, what, difference) of the refusals that were recorded."""
    with house.inside():
        rows = db.session.execute(
            select(AuditRecord.actor_name, AuditRecord.subject, AuditRecord.difference)
            .where(AuditRecord.action == "access.refused")
            .order_by(AuditRecord.id)
        )
        return [tuple(row) for row in rows]  # type: ignore[misc]  # rows of any columns


def test_a_refused_page_is_recorded_with_its_path_and_without_its_query(story: House) -> None:
    official = story.visitor("fenguan")
    official.get("/audit?token=secret", status=403)
    official.post("/review/LC-2022/LC03/2022-06/approve", {"csrf_token": official.token()}, status=403)
    assert refused(story) == [
        ("fenguan", "address /audit", "method: — → GET"),
        ("fenguan", "address /review/LC-2022/LC03/2022-06/approve", "method: — → POST"),
    ]
    with story.inside():
        assert check_chain().is_whole


def test_only_what_a_role_does_not_include_is_recorded(story: House) -> None:
    story.visitor().get("/audit", status=303)
    reporter = story.visitor("jiqing")
    reporter.get("/overview?unit=LC03", status=404)
    reporter.get("/nowhere", status=404)
    reporter.post("/reports/LC-2022/LC01/2022-06/withdraw", {}, status=400)
    assert refused(story) == []


def test_the_same_refusal_is_recorded_once_a_minute(small: House, monkeypatch: pytest.MonkeyPatch) -> None:
    official, reporter = small.visitor("fenguan"), small.visitor("jiqing")
    for _ in range(5):
        official.get("/audit?x=1", status=403)
        official.get("/audit?x=2", status=403)
        reporter.get("/audit", status=403)
    official.get("/review", status=403)
    known = [("fenguan", "address /audit"), ("jiqing", "address /audit"), ("fenguan", "address /review")]
    assert [row[:2] for row in refused(small)] == known
    monkeypatch.setattr(refusals, "PAUSE", timedelta(0))
    official.get("/audit", status=403)
    assert [row[:2] for row in refused(small)] == [*known, known[0]]


def test_nobody_fills_the_log_by_trying_addresses(small: House) -> None:
    official = small.visitor("fenguan")
    for number in range(refusals.MOST_IN_PAUSE + 15):
        official.get(f"/review/LC-2022/{'x' * 300}{number}/2022-06", status=403)
        official.get(f"/review/LC-2022/x{number}/2022-06", status=403)
    assert len(refused(small)) == refusals.MOST_IN_PAUSE
    assert max(len(subject) for _, subject, _ in refused(small)) == 200


def test_many_at_once_are_recorded_once(story: House) -> None:
    visitors = [story.visitor("fenguan") for _ in range(4)]
    threads = [threading.Thread(target=v.get, args=("/audit",), kwargs={"status": 403}) for v in visitors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(refused(story)) == 1


def read_only(house: House) -> None:
    """From now on nothing can be written to the database."""
    with house.inside():
        db.session.rollback()
        if house.kind == "sqlite":
            # What the file's own permissions would do, which the tests' user may override.
            with db.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA query_only = ON")
        else:
            name = db.engine.url.database
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
            db.engine.dispose()


@pytest.mark.parametrize("path", ["/audit", "/review"])
def test_a_refusal_is_a_refusal_though_nothing_can_be_written(story: House, path: str) -> None:
    official = story.visitor("fenguan")
    read_only(story)
    answer = official.get(path, status=403)
    assert "You may not do this" in answer.page.text
    assert refused(story) == []


def test_an_export_that_cannot_be_recorded_is_not_handed_out_and_says_so(story: House) -> None:
    auditor, official = story.visitor("shenji"), story.visitor("fenguan")
    read_only(story)
    for visitor, path in ((auditor, "/audit/export.xlsx"), (official, "/exports/progress.xlsx")):
        answer = visitor.get(path, status=503)
        assert "The server cannot write to its disk" in answer.page.text
    # Looking and checking need no writing.
    auditor.get("/audit")
    auditor.submit(auditor.get("/audit").page.form("/audit/check"))


def test_a_refusal_does_not_fail_while_the_database_is_locked(small: House) -> None:
    official = small.visitor("fenguan")
    with small.inside():
        db.engine.dispose()
    with closing(sqlite3.connect(small.folder / "tracker.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        official.get("/audit", status=403)
        other.execute("ROLLBACK")
    assert refused(small) == []
    official.get("/audit", status=403)
    assert len(refused(small)) == 1


def test_a_refusal_and_an_export_leave_remembered_pages_good(small: House) -> None:
    official = small.visitor("fenguan")
    official.get("/overview")
    pages = small.app.extensions["remembered_pages"]
    kept = len(pages._kept)
    assert kept == 1
    official.get("/audit", status=403)
    official.get("/exports/progress.xlsx")
    official.get("/overview")
    assert len(pages._kept) == kept
    with small.inside():
        tamper.write_records(1)
    official.get("/overview")
    assert len(pages._kept) == kept + 1


def test_someone_without_any_role_is_recorded_as_well(small: House) -> None:
    with small.inside():
        make.add_sample_user("left", "reporter", "LC01")
    visitor = small.visitor("left")
    with small.inside():
        make.take_roles("left")
    visitor.get("/overview", status=403)
    assert refused(small)[0][:2] == ("left", "address /overview")
