"""The chain in the database: what is done to it by plain SQL is said in words, and the guards hold."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from flask_migrate import upgrade
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.conftest import Shelf
from tests.kit import make, tamper
from tests.kit.databases import SqliteShelf
from tests.kit.house import House, close_house, open_house
from tracker.config import ROOT
from tracker.core.audit import HOUSE, AuditChain, AuditRecord, record
from tracker.core.db import db, writing
from tracker.features.audit.queries import check_chain

LAST = 10
SHIFT_UP = (
    "UPDATE audit_records SET id = -id - 1 WHERE id >= {n}",
    "UPDATE audit_records SET id = -id WHERE id < 0",
)
"""Makes room at a number, in two steps since no number may stand twice."""

COPY = "INSERT INTO audit_records ({columns}) SELECT {n}, {rest} FROM audit_records WHERE id = 3"
SWAP = (
    "UPDATE audit_records SET id = -1 WHERE id = 4",
    "UPDATE audit_records SET id = 4 WHERE id = 8",
    "UPDATE audit_records SET id = 8 WHERE id = -1",
)


@pytest.fixture
def kept(blank: House) -> House:
    """A house with a chain of ten records."""
    with blank.inside():
        tamper.write_records(LAST)
    return blank


def copy_to(number: int) -> str:
    columns = tamper.COLUMNS
    return COPY.format(n=number, columns=columns, rest=columns.removeprefix("id, "))


def verified(house: House, *more: str) -> tuple[int, str]:
    outcome = house.run("audit", "verify", *more)
    assert "Traceback" not in outcome.err
    return outcome.code, outcome.out + outcome.err


@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        (("UPDATE audit_records SET difference = 'x' WHERE id = 1",), "Record 1 was changed."),
        (("UPDATE audit_records SET actor_name = 'nobody' WHERE id = 5",), "Record 5 was changed."),
        (("UPDATE audit_records SET at = '2020-01-01 00:00:00' WHERE id = 10",), "Record 10 was changed."),
        (("UPDATE audit_records SET unit_id = 1 WHERE id = 6",), "Record 6 was changed."),
        (("DELETE FROM audit_records WHERE id = 1",), "Record 1 was removed."),
        (("DELETE FROM audit_records WHERE id IN (4, 5)",), "Records 4 to 5 were removed."),
        # The number that was kept beside the log tells that the last one is missing.
        (("DELETE FROM audit_records WHERE id = 10",), "Record 10 was removed."),
        (("DELETE FROM audit_records",), "Records 1 to 10 were removed."),
        ((copy_to(11),), "The record at number 11 was inserted"),
        (
            (*(step.format(n=6) for step in SHIFT_UP), copy_to(6)),
            "The record at number 6 was inserted",
        ),
        (SWAP, "was moved; it now stands at number"),
        # Whoever lets the guard believe that old records were pruned has no record that says so.
        (
            ("UPDATE audit_chain SET first_number = 4", "DELETE FROM audit_records WHERE id < 4"),
            "Records 1 to 3 were removed.",
        ),
    ],
)
def test_what_was_done_is_said(kept: House, statements: tuple[str, ...], sentence: str) -> None:
    tamper.run(kept, *statements)
    code, said = verified(kept)
    assert code == 1
    assert sentence in said
    assert "条" in said, "the sentence is said in both languages"
    assert "differences." in said


def test_swapped_records_are_both_named(kept: House) -> None:
    tamper.run(kept, *SWAP)
    _, said = verified(kept)
    assert "Record 4 was moved; it now stands at number 8." in said
    assert "Record 8 was moved; it now stands at number 4." in said


def test_a_whole_chain_says_its_length_and_end(kept: House) -> None:
    with kept.inside():
        end = db.session.scalar(select(AuditRecord.hash).where(AuditRecord.id == LAST))
    code, said = verified(kept)
    assert code == 0
    assert f"{LAST} records" in said
    assert str(end) in said
    assert "whole" in said


def test_an_end_on_paper_finds_what_the_database_can_no_longer_tell(kept: House) -> None:
    with kept.inside():
        noted = str(db.session.scalar(select(AuditRecord.hash).where(AuditRecord.id == LAST)))
        tamper.write_records(2, name="later")
    code, said = verified(kept, "--end", noted.upper())
    assert (code, "What you noted is record 10; 2 were written after it." in said) == (0, True)
    # The last records go, and so does what was kept beside them: only the paper knows.
    tamper.run(
        kept,
        "DELETE FROM audit_records WHERE id >= 10",
        "UPDATE audit_chain SET last_number = 9, last_hash = (SELECT hash FROM audit_records WHERE id = 9)",
    )
    assert verified(kept)[0] == 0
    code, said = verified(kept, "--end", noted)
    assert code == 1
    assert "The hash you noted is not in the chain" in said
    assert kept.run("audit", "verify", "--end", "abc").code == 2


def test_the_database_refuses_to_change_or_remove_records(kept: House) -> None:
    attempts = [
        "UPDATE audit_records SET difference = 'x'",
        "UPDATE audit_records SET id = 99 WHERE id = 10",
        "DELETE FROM audit_records",
        "DELETE FROM audit_records WHERE id = 10",
    ]
    attempts.append(
        f"REPLACE INTO audit_records ({tamper.COLUMNS}) SELECT {tamper.COLUMNS} FROM audit_records"
        if kept.kind == "sqlite"
        else "TRUNCATE audit_records"
    )
    with kept.inside():
        for attempt in attempts:
            with pytest.raises(DBAPIError, match="audit records are never"):
                db.session.execute(text(attempt))
            db.session.rollback()
        # With the row that says where the chain begins taken away, nothing is let go of either.
        with pytest.raises(DBAPIError, match="never removed"):
            db.session.execute(text("DELETE FROM audit_chain"))
            db.session.execute(text("DELETE FROM audit_records"))
        db.session.rollback()
        assert check_chain().is_whole


def test_a_record_outside_a_write_is_a_programming_error(blank: House) -> None:
    with blank.inside():
        with pytest.raises(RuntimeError, match=r"inside writing\(\)"):
            record("unit.add", actor=HOUSE, subject="unit A")
        db.session.rollback()
        with pytest.raises(RuntimeError, match=r"inside writing\(\)"), writing():
            record("unit.add", actor=HOUSE, subject="unit A")
            db.session.commit()
            # What comes after the commit belongs to no write any more.
            record("unit.add", actor=HOUSE, subject="unit B")
        assert db.session.scalars(select(AuditRecord.subject)).all() == ["unit A"]
        assert check_chain().is_whole


def test_a_long_subject_and_odd_letters_are_kept(blank: House) -> None:
    with blank.inside():
        with writing():
            for subject in ("长" * 300, "a\u2028b\tc", '"\\\x01', "😀"):
                record("unit.add", actor=HOUSE, subject=subject, changes={"name": ("a\r\nb", "\u2028")})
            db.session.commit()
        assert check_chain().is_whole


def test_threads_keep_the_chain_whole(blank: House) -> None:
    failed: list[BaseException] = []

    def work(name: str) -> None:
        try:
            with blank.inside():
                tamper.write_records(8, name=name)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(f"thread {n}",)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    with blank.inside():
        checked = check_chain()
        assert (checked.faults, checked.facts.count) == ((), 40)


WRITER = """
import sys
from pathlib import Path
from tests.kit.tamper import write_records
from tracker.app import create_app
with create_app({"DATABASE_URL": sys.argv[1]}, folder=Path(sys.argv[2])).app_context():
    write_records(8, name=sys.argv[3])
"""


def test_processes_keep_the_chain_whole(blank: House) -> None:
    commands = [
        [sys.executable, "-c", WRITER, blank.url, str(blank.folder), f"process {n}"] for n in range(3)
    ]
    running = [subprocess.Popen(command, cwd=ROOT) for command in commands]
    with blank.inside():
        tamper.write_records(8, name="here")
    assert [process.wait(120) for process in running] == [0, 0, 0]
    with blank.inside():
        checked = check_chain()
        assert (checked.faults, checked.facts.count) == ((), 32)


def test_the_records_of_an_older_instance_are_chained_in_their_order(shelf: Shelf, tmp_path: Path) -> None:
    house = open_house("old", tmp_path, shelf.empty())
    with house.inside():
        upgrade(revision="0001")
        insert = text(
            "INSERT INTO audit_records (id, at, actor_name, action, subject, difference) "
            "VALUES (:id, :at, 'system', 'unit.add', :subject, 'name: — → 甲\n\"')"
        )
        with db.engine.begin() as connection:
            for number in (2, 3, 7, 1500, 1501):
                at = "2022-06-30 08:00:00.000000" if number == 2 else "2022-06-30 08:00:00.120000"
                connection.execute(insert, {"id": number, "at": at, "subject": f"unit {number}"})
        upgrade()
        rows = db.session.execute(select(AuditRecord.id, AuditRecord.subject).order_by(AuditRecord.id))
        assert [tuple(row) for row in rows] == [
            (1, "unit 2"),
            (2, "unit 3"),
            (3, "unit 7"),
            (4, "unit 1500"),
            (5, "unit 1501"),
        ]
        assert check_chain().is_whole
        tamper.write_records(1)
        checked = check_chain()
        assert (checked.faults, checked.facts.count) == ((), 6)
    close_house(house)


def test_the_sample_is_a_whole_chain(library: House) -> None:
    with library.inside():
        checked = check_chain()
        assert checked.is_whole
        assert checked.facts.count > 100


def test_the_chain_has_one_beginning_and_one_end(kept: House) -> None:
    with kept.inside():
        with pytest.raises(IntegrityError):
            db.session.execute(
                db.insert(AuditChain).values(
                    id=2, first_number=1, last_number=0, last_hash="", changed_number=0
                )
            )
        db.session.rollback()


def test_without_the_row_of_its_end_the_log_says_so_and_takes_no_record(kept: House) -> None:
    tamper.run(kept, "DELETE FROM audit_chain")
    code, said = verified(kept)
    assert code == 1
    assert "was removed from the database" in said
    with kept.inside(), pytest.raises(RuntimeError, match="audit_chain is gone"):
        tamper.write_records(1)


def test_the_newest_records_can_be_checked_alone(sqlite: SqliteShelf) -> None:
    with sqlite.house("blank") as house:
        with house.inside():
            tamper.write_records(LAST)
        tamper.run(house, "UPDATE audit_records SET difference = 'x' WHERE id = 4")
        with house.inside():
            assert check_chain(newest=6).is_whole
            assert check_chain(newest=6).looked_from == 5
            assert [fault.first for fault in check_chain(newest=7).faults] == [4]
            assert check_chain(newest=99).looked_from == 1


def test_a_step_with_a_report_is_one_record_of_the_chain(hamlet: House) -> None:
    with hamlet.inside():
        make.approved("A", "2022-01", {"S": "5"})
        actions = db.session.scalars(select(AuditRecord.action).order_by(AuditRecord.id.desc()).limit(3))
        assert list(actions) == ["report.approve", "report.submit", "report.save"]
        assert check_chain().is_whole
