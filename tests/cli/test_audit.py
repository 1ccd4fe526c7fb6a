"""The audit log at the command line: pruning keeps what must be kept, and the chain stays provable."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from tests.kit import tamper
from tests.kit.databases import SqliteShelf
from tests.kit.house import House
from tests.kit.visitor import Visitor
from tracker.app import create_app
from tracker.core import audit
from tracker.core.audit import AuditRecord
from tracker.core.db import db
from tracker.features.audit.queries import check_chain

OLD = datetime(2020, 1, 31, 15, 59, tzinfo=UTC)
"""A minute before midnight in China, the last of January."""


@pytest.fixture
def aged(blank: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """Ten records: five of January 2020, three of 1 February 2020, two of today."""
    with blank.inside():
        for moment, count in ((OLD, 5), (OLD + timedelta(minutes=1), 3)):
            with monkeypatch.context() as patch:
                patch.setattr(audit, "now", lambda moment=moment: moment)
                tamper.write_records(count, name=f"{moment:%H%M}")
        tamper.write_records(2, name="today")
    return blank


def numbers(house: House) -> list[int]:
    with house.inside():
        found = list(db.session.scalars(select(AuditRecord.id).order_by(AuditRecord.id)))
        db.session.rollback()
    return found


def hash_of_number(house: House, number: int) -> str:
    with house.inside():
        return str(db.session.scalar(select(AuditRecord.hash).where(AuditRecord.id == number)))


def test_pruning_removes_what_is_older_and_the_rest_stays_provable(aged: House) -> None:
    fifth = hash_of_number(aged, 5)
    outcome = aged.run("audit", "prune", "--before", "2020-02-01")
    assert (outcome.code, "5 records were removed." in outcome.out) == (0, True), outcome
    assert numbers(aged) == [6, 7, 8, 9, 10, 11]
    with aged.inside():
        last = db.session.scalars(select(AuditRecord).where(AuditRecord.id == 11)).one()
        assert last.action == "audit.prune"
        assert last.difference == f"removed: — → 1–5\nend hash: — → {fifth}"
    verified = aged.run("audit", "verify")
    assert (verified.code, "6 records, number 6 to 11." in verified.out) == (0, True), verified
    # What was noted before is still known by the record of the pruning.
    assert aged.run("audit", "verify", "--end", fifth).code == 0
    assert aged.run("audit", "prune", "--before", "2020-02-02").code == 0
    assert numbers(aged) == [9, 10, 11, 12]
    assert aged.run("audit", "verify").code == 0
    again = aged.run("audit", "prune", "--before", "2020-02-02")
    assert (again.code, "0 records" in again.out) == (0, True)
    assert numbers(aged) == [9, 10, 11, 12]


def test_after_pruning_a_record_cannot_go_or_come_back_unseen(aged: House) -> None:
    copy = f"CREATE TABLE put_away AS SELECT {tamper.COLUMNS} FROM audit_records WHERE id <= 5"
    back = f"INSERT INTO audit_records ({tamper.COLUMNS}) SELECT {tamper.COLUMNS} FROM put_away WHERE id = 4"
    with aged.inside(), db.engine.begin() as connection:
        connection.exec_driver_sql(copy)
    assert aged.run("audit", "prune", "--before", "2020-02-01").code == 0
    tamper.run(aged, back, "DELETE FROM audit_records WHERE id = 6")
    outcome = aged.run("audit", "verify")
    assert outcome.code == 1
    assert "The record at number 4 was inserted" in outcome.out
    assert "Record 6 was removed." in outcome.out


def test_the_record_of_the_pruning_cannot_be_taken_away(aged: House) -> None:
    assert aged.run("audit", "prune", "--before", "2020-02-01").code == 0
    tamper.run(aged, "DELETE FROM audit_records WHERE action = 'audit.prune'")
    outcome = aged.run("audit", "verify")
    assert outcome.code == 1
    assert "Records 1 to 5 were removed." in outcome.out


def test_nothing_is_pruned_from_a_broken_chain(aged: House) -> None:
    tamper.run(aged, "UPDATE audit_records SET actor_name = 'x' WHERE id = 2")
    outcome = aged.run("audit", "prune", "--before", "2020-02-01")
    assert outcome.code == 1
    assert "Record 2 was changed." in outcome.out
    assert "nothing is removed" in outcome.err
    assert len(numbers(aged)) == 10


def test_what_must_be_kept_is_kept(aged: House) -> None:
    for day in (date.today(), date.today() - timedelta(days=390)):
        outcome = aged.run("audit", "prune", "--before", day.isoformat())
        assert outcome.code == 1
        assert "Records of the last 400 days are kept." in outcome.err
        assert "最近 400 天" in outcome.err
    assert aged.run("audit", "prune", "--before", "soon").code == 2
    assert aged.run("audit", "prune").code == 2
    assert len(numbers(aged)) == 10


@pytest.mark.parametrize("days", ["399", "0", "-1", "many"])
def test_fewer_than_400_days_are_refused_at_the_start(tmp_path: Path, days: str) -> None:
    (tmp_path / "config.py").write_text(f"AUDIT_DAYS = {days!r}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="AUDIT_DAYS"):
        create_app(folder=tmp_path)
    (tmp_path / "config.py").write_text("AUDIT_DAYS = 400\n", encoding="utf-8")
    assert create_app(folder=tmp_path).config["AUDIT_DAYS"] == 400
    with pytest.raises(ValueError, match="at least 400"):
        create_app({"AUDIT_DAYS": 399}, folder=tmp_path)


def test_more_days_can_be_asked_for(sqlite: SqliteShelf, monkeypatch: pytest.MonkeyPatch) -> None:
    with sqlite.house("blank") as house:
        (house.folder / "config.py").write_text("AUDIT_DAYS = 100000\n", encoding="utf-8")
        outcome = house.run("audit", "prune", "--before", "2020-02-01")
        assert "Records of the last 100000 days are kept." in outcome.err


def test_a_clock_that_ran_wrong_prunes_too_little_rather_than_too_much(
    blank: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with blank.inside():
        for moment in (OLD, OLD + timedelta(days=4000), OLD):
            monkeypatch.setattr(audit, "now", lambda moment=moment: moment)
            tamper.write_records(1)
        monkeypatch.undo()
    assert blank.run("audit", "prune", "--before", "2020-03-01").code == 0
    assert numbers(blank) == [2, 3, 4]
    assert blank.run("audit", "verify").code == 0


def test_export_writes_the_days_asked_for_and_records_it(aged: House, tmp_path: Path) -> None:
    file = tmp_path / "日志.xlsx"
    days = ("--from", "2020-02-01", "--to", "2020-02-01")
    outcome = aged.run("audit", "export", *days, "--lang", "en", "-o", str(file))
    assert (outcome.code, "3 records" in outcome.out) == (0, True), outcome
    sheet = openpyxl.load_workbook(io.BytesIO(file.read_bytes())).worksheets[0]
    lines = [row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)]
    assert [line[0] for line in lines] == [8, 7, 6]
    assert lines[0][1] == "2020-02-01 00:00:00"
    with aged.inside():
        last = db.session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc())).first()
        assert last is not None
        assert (last.action, last.actor_name) == ("export.audit", "system")
        assert "from=2020-02-01; to=2020-02-01" in last.difference


def test_an_export_that_cannot_be_written_is_not_recorded(aged: House, tmp_path: Path) -> None:
    outcome = aged.run("audit", "export", "-o", str(tmp_path / "nowhere" / "x.xlsx"))
    assert outcome.code == 1
    assert "Cannot write" in outcome.err
    assert len(numbers(aged)) == 10


def test_a_pruned_log_can_still_be_read_and_checked_on_its_page(
    small: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small.inside():
        end = check_chain().facts.end.number
        with monkeypatch.context() as patch:
            later = datetime.now(UTC) + timedelta(days=1000)
            patch.setattr("tracker.features.audit.services.now", lambda: later)
            assert (
                small.run("audit", "prune", "--before", f"{later - timedelta(days=500):%Y-%m-%d}").code == 0
            )
    assert numbers(small) == [end + 1]
    auditor: Visitor = small.visitor("shenji")
    page = auditor.get("/audit")
    assert "Old audit records removed" in page.page.text
    assert f"1–{end}" in page.page.text
    said = auditor.follow(auditor.submit(page.page.form("/audit/check"))).page.messages
    assert "The chain is whole" in said
