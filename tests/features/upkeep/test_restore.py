"""Restoring: all or nothing, and what was there before is never deleted."""

from __future__ import annotations

import hashlib
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select, text

from tests.bench.server import free_port, serve, wait_for_answer
from tests.cli.test_commands import assert_refused
from tests.core.test_archive import forge, manifest_of
from tests.features.upkeep.test_backup import the_backup
from tests.kit import make
from tests.kit.house import House, close_house
from tracker.core.archive import read_archive, sidecar
from tracker.core.audit import AuditRecord
from tracker.core.db import db
from tracker.core.locks import hold
from tracker.features.accounts.models import SignIn, User


def backed_up(house: House) -> Path:
    outcome = house.run("backup")
    assert outcome.code == 0, outcome
    close_house(house)
    return the_backup(house.folder / "backups")


def state_of(house: House) -> object:
    """Everything of an instance that a restore could change: its files, and every row on PostgreSQL."""
    close_house(house)
    files = {
        str(path.relative_to(house.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in house.folder.rglob("*")
        if path.is_file() and not path.name.endswith((".lock", "-shm"))
    }
    if house.kind == "sqlite":
        return files
    with house.inside():
        tables = db.session.execute(
            text("SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname !~ '^(pg_|info)'")
        ).scalars()
        rows = {
            name: sorted(map(str, db.session.execute(text(f"SELECT * FROM {name}")).all()))
            for name in sorted(tables)
        }
    close_house(house)
    return files, rows


def test_everything_comes_back_in_an_empty_instance(running: House, fresh: House) -> None:
    evidence = running.folder / "evidence" / "ab" / "照片.jpg"
    evidence.parent.mkdir(parents=True)
    evidence.write_bytes(b"photo")
    positions = running.run("positions", "--unit", "LC", "--as-of", "2022-06-30").out
    running.visitor("jiqing")
    archive = backed_up(running)
    outcome = fresh.run("restore", str(archive))
    assert outcome.code == 0, outcome
    assert fresh.run("verify").code == 0
    checked = fresh.run("doctor")
    assert checked.code == 0, checked
    assert fresh.run("positions", "--unit", "LC", "--as-of", "2022-06-30").out == positions
    assert (fresh.folder / "evidence" / "ab" / "照片.jpg").read_bytes() == b"photo"
    with fresh.inside():
        ends = db.session.scalars(select(SignIn.ended_at)).all()
        assert ends
        assert None not in ends
        actions = db.session.scalars(select(AuditRecord).order_by(AuditRecord.id)).all()[-2:]
        assert [record.action for record in actions] == ["sign_in.end_all", "backup.restore"]
        assert archive.name in actions[1].difference
        assert read_archive(archive).database.sha256 in actions[1].difference
    assert sorted(path.name for path in fresh.folder.glob("*before*")) == []
    assert list(fresh.folder.glob(".restore-*")) == []


def test_data_that_is_there_is_not_replaced_without_being_told_to(running: House) -> None:
    archive = backed_up(running)
    before = state_of(running)
    assert_refused(running.run("restore", str(archive)), "--replace")
    assert state_of(running) == before


def test_what_is_replaced_is_kept_aside_whole(running: House) -> None:
    archive = backed_up(running)
    evidence = running.folder / "evidence"
    evidence.mkdir()
    (evidence / "later.jpg").write_bytes(b"later")
    assert (
        running.run(
            "users",
            "add",
            "later",
            "--label",
            "后来",
            "--role",
            "official",
            "--unit",
            "LC",
            "--password",
            make.PASSWORD,
        ).code
        == 0
    )
    close_house(running)
    outcome = running.run("restore", "--replace", str(archive))
    assert outcome.code == 0, outcome
    assert "later\t" not in running.run("users", "list").out
    (aside,) = running.folder.glob("evidence.before-restore-*")
    assert (aside / "later.jpg").read_bytes() == b"later"
    if running.kind == "sqlite":
        (kept,) = running.folder.glob("tracker.before-restore-*.db")
        assert str(kept) in outcome.out
        with closing(sqlite3.connect(kept)) as connection:
            found = connection.execute("SELECT count(*) FROM users WHERE username = 'later'").fetchone()
        assert found == (1,)
    else:
        with running.inside():
            schema = db.session.scalar(text("SELECT nspname FROM pg_namespace WHERE nspname ~ '^before_'"))
            assert schema in outcome.out
            found = db.session.scalar(text(f"SELECT count(*) FROM {schema}.users WHERE username = 'later'"))
            assert found == 1
        close_house(running)
    # And a backup of what was restored holds no more than it should.
    assert running.run("doctor").code == 0
    assert running.run("backup", "--keep", "1").code == 0
    with running.inside():
        users = len(db.session.scalars(select(User)).unique().all())
    assert read_archive(the_backup(running.folder / "backups")).origin.counts["users"] == users


def test_an_archive_that_is_not_whole_changes_nothing(running: House) -> None:
    archive = backed_up(running)
    sidecar(archive).unlink()
    whole = archive.read_bytes()
    before = state_of(running)
    bad = running.folder / "bad.zip"
    step = len(whole) // 6
    for place in range(10, len(whole), step):
        bad.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert_refused(running.run("restore", "--replace", str(bad)), "backup")
        bad.write_bytes(whole[:place])
        assert_refused(running.run("restore", "--replace", str(bad)), "backup")
    members = [("database.sqlite", b"SQLite format 3\0" + bytes(84)), ("../secret_key", b"x")]
    forge(bad, list(members), manifest_of(members))
    assert_refused(running.run("restore", "--replace", str(bad)), "not made by this program")
    bad.write_bytes(b"no zip at all")
    assert_refused(running.run("restore", "--replace", str(bad)), "not a backup")
    bad.unlink()
    assert state_of(running) == before


def test_a_forged_database_is_refused_whatever_its_seal(running: House) -> None:
    name, begins = (
        ("database.sqlite", b"SQLite format 3\0")
        if running.kind == "sqlite"
        else ("database.pgdump", b"PGDMP")
    )
    close_house(running)
    before = state_of(running)
    bad = running.folder / "bad.zip"
    for content in (begins, begins + bytes(100), begins + b"\1" * 5000):
        members = [(name, content)]
        forge(bad, list(members), manifest_of(members, counts={"users": 1}))
        outcome = running.run("restore", "--replace", str(bad))
        assert outcome.code == 1, outcome
        assert "Traceback" not in outcome.err
    bad.unlink()
    assert state_of(running) == before


def test_a_database_that_is_not_the_one_of_the_manifest_is_refused(running: House, tmp_path: Path) -> None:
    archive = backed_up(running)
    out = tmp_path / "out"
    out.mkdir()
    manifest = read_archive(archive, out)
    name = manifest.database.name
    members = [(name, (out / name).read_bytes())]
    before = state_of(running)
    for changes in ({"counts": {**manifest.origin.counts, "users": 99}}, {"revision": "9999"}):
        facts = {"counts": manifest.origin.counts, "revision": manifest.origin.revision, **changes}
        bad = forge(tmp_path / "bad.zip", list(members), manifest_of(members, **facts))
        outcome = running.run("restore", "--replace", str(bad))
        assert outcome.code == 1, outcome
        assert "newer version" in outcome.err or "not" in outcome.err
        assert state_of(running) == before


def test_a_backup_of_the_other_kind_of_database_is_refused(running: House, tmp_path: Path) -> None:
    other = (
        ("database.pgdump", b"PGDMP")
        if running.kind == "sqlite"
        else ("database.sqlite", b"SQLite format 3\0")
    )
    bad = forge(tmp_path / "bad.zip", [other], manifest_of([other]))
    before = state_of(running)
    assert_refused(running.run("restore", "--replace", str(bad)), "another kind of database")
    assert state_of(running) == before


def test_an_older_revision_is_brought_up(running: House, fresh: House, tmp_path: Path) -> None:
    """The oldest tables that the program knows, without a row."""
    from flask_migrate import upgrade

    from tracker.core.audit import HOUSE
    from tracker.core.migrations import newest_revision, present_revision
    from tracker.features.upkeep.services import take_backup

    with fresh.inside():
        upgrade(revision="0001")
        if running.kind == "sqlite":
            db.session.execute(text("INSERT INTO instance (id, is_sample) VALUES (1, 0)"))
            db.session.commit()
        taken = take_backup(tmp_path / "old", actor=HOUSE)
    close_house(fresh)
    assert read_archive(taken.backup.path).origin.revision == "0001"
    close_house(running)
    outcome = running.run("restore", "--replace", str(taken.backup.path))
    assert outcome.code == 0, outcome
    with running.inside():
        assert present_revision() == newest_revision()
        assert list(db.session.scalars(select(User)).unique()) == []


def test_a_damaged_database_is_replaced_and_its_remains_are_kept(small: House) -> None:
    archive = backed_up(small)
    file = small.folder / "tracker.db"
    rubbish = b"rubbish" + file.read_bytes()[7:]
    file.write_bytes(rubbish)
    assert_refused(small.run("verify"), "damaged")
    checked = small.run("doctor")
    assert checked.code == 1
    assert "Traceback" not in checked.err
    assert_refused(small.run("restore", str(archive)), "--replace")
    outcome = small.run("restore", "--replace", str(archive))
    assert outcome.code == 0, outcome
    (kept,) = small.folder.glob("tracker.before-restore-*.db")
    assert kept.read_bytes() == rubbish
    assert small.run("doctor").code == 0


def test_a_lost_database_comes_back(small: House) -> None:
    archive = backed_up(small)
    (small.folder / "tracker.db").unlink()
    assert small.run("restore", str(archive)).code == 0
    assert small.run("doctor").code == 0


def test_while_a_server_runs_nothing_is_restored(small: House) -> None:
    archive = backed_up(small)
    port = free_port()
    process = serve(small.folder, port, small.folder / "server.log")
    try:
        wait_for_answer(process, port)
        assert_refused(small.run("restore", "--replace", str(archive)), "A server is running")
        process.kill()
        process.wait(30)
        outcome = small.run("restore", "--replace", str(archive))
        assert outcome.code == 0, outcome
    finally:
        process.kill()
        process.wait(30)


def test_while_something_is_restored_no_server_starts(small: House) -> None:
    close_house(small)
    with hold(small.folder / "serving.lock") as alone:
        assert alone
        outcome = small.run("serve", "--port", str(free_port()))
    assert outcome.code == 1
    assert "being restored" in outcome.err


def test_a_database_that_another_program_has_open_is_not_replaced(running: House) -> None:
    archive = backed_up(running)
    with running.inside():
        db.session.execute(select(User.id)).all()
        outcome = running.run("restore", "--replace", str(archive))
    assert outcome.code == 1
    assert "Another program has the database open" in outcome.err
    close_house(running)
    assert running.run("verify").code == 0
    assert running.run("restore", "--replace", str(archive)).code == 0


@pytest.mark.slow
def test_a_restore_that_is_killed_leaves_the_old_data_or_the_new(small: House, tmp_path: Path) -> None:
    """Killed at any moment, the name of the database always stands for a whole one."""
    archive = backed_up(small)
    environment = {"TRACKER_INSTANCE": str(small.folder), "PYTHONUTF8": "1", "PATH": ""}
    command = [sys.executable, "-m", "tracker", "restore", "--replace", str(archive)]
    for tenth in range(6, 26, 2):
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            process.wait(tenth / 10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(30)
        assert small.run("verify").code == 0
        close_house(small)
    assert small.run("restore", "--replace", str(archive)).code == 0
    assert list(small.folder.glob(".restore-*")) == []
