"""Backups: everything that was saved is in them, nobody waits, and nothing else is touched."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from tests.cli.test_commands import assert_refused
from tests.kit.house import House
from tracker.core.archive import read_archive, sidecar
from tracker.core.audit import HOUSE, AuditRecord
from tracker.core.db import db, writing
from tracker.core.locks import hold
from tracker.features.upkeep.queries import is_too_old, last_backup_at, list_backups
from tracker.features.upkeep.queries.backups import backup_name
from tracker.features.upkeep.services import take_backup


def the_backup(folder: Path) -> Path:
    (found,) = folder.glob("tracker-*.zip")
    return found


def last_action() -> AuditRecord:
    return db.session.scalars(select(AuditRecord).order_by(AuditRecord.id.desc()).limit(1)).one()


def test_a_backup_is_made_checked_named_and_recorded(running: House) -> None:
    outcome = running.run("backup")
    assert (outcome.code, outcome.err) == (0, ""), outcome
    archive = the_backup(running.folder / "backups")
    assert archive.name.startswith("tracker-LC-")
    manifest = read_archive(archive)
    assert manifest.origin.unit == "LC"
    assert manifest.origin.counts["org_units"] == 30
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert digest in outcome.out
    assert str(archive) in outcome.out
    with running.inside():
        record = last_action()
        assert (record.action, record.actor_name) == ("backup.make", "system")
        assert digest in record.difference
    if sys.platform != "win32":
        assert stat.S_IMODE(archive.stat().st_mode) == 0o600
        assert stat.S_IMODE(archive.parent.stat().st_mode) == 0o700
    left = {path.name for path in running.folder.iterdir()} - {
        "tracker.db",
        "tracker.db-shm",
        "tracker.db-wal",
    }
    assert left <= {"backups", "backup.lock", "config.py", "secret_key"}


def test_evidence_is_in_it_and_secrets_are_not(running: House) -> None:
    folder = running.folder / "evidence" / "ab"
    folder.mkdir(parents=True)
    (folder / "照片 1.jpg").write_bytes(b"photo")
    (folder / ".half.part").write_bytes(b"not yet")
    (folder.parent / "link").symlink_to(running.folder / "config.py")
    assert running.run("backup").code == 0
    archive = the_backup(running.folder / "backups")
    names = {member.name for member in read_archive(archive).members}
    database = "database.sqlite" if running.kind == "sqlite" else "database.pgdump"
    assert names == {database, "evidence/ab/照片 1.jpg"}
    with running.inside():
        assert str(running.app.config["SECRET_KEY"]).encode() not in archive.read_bytes()


def test_keep_removes_only_older_backups_of_its_own_naming(running: House, tmp_path: Path) -> None:
    others = [
        "notes.zip",
        "tracker-LC-20220101-000000.zip.bak",
        "tracker-LC-2022.zip",
        "tracker-LC-99999999-000000.zip",
    ]
    for name in others:
        (tmp_path / name).write_bytes(b"mine")
    old = [f"tracker-LC-2022010{day}-000000.zip" for day in range(1, 5)]
    for name in old:
        (tmp_path / name).write_bytes(b"old")
        sidecar(tmp_path / name).write_text("0" * 64, encoding="utf-8")
    outcome = running.run("backup", "--to", str(tmp_path), "--keep", "3")
    assert outcome.code == 0, outcome
    kept = {path.name for path in tmp_path.iterdir()} - {sidecar(tmp_path / name).name for name in old}
    new = {name for name in kept if name not in {*others, *old} and name.endswith(".zip")}
    assert len(new) == 1
    assert kept - new - {f"{name}.sha256" for name in new} == {*others, *old[2:]}
    assert sorted(path.name for path in tmp_path.glob("*.sha256")) == sorted(
        f"{name}.sha256" for name in [*old[2:], *new]
    )
    for name in old[:2]:
        assert name in outcome.out
    with running.inside():
        assert old[0] in last_action().difference


def test_backups_within_one_second_do_not_overwrite_each_other(running: House) -> None:
    with running.inside():
        names = {take_backup(actor=HOUSE).backup.name for _ in range(3)}
        assert len(names) == 3
        assert {backup.name for backup in list_backups(running.folder / "backups")} == names


def test_a_name_is_safe_whatever_the_code_of_the_unit(small: House) -> None:
    at = datetime(2026, 11, 23, 1, 2, 3, tzinfo=UTC)
    with small.inside():
        assert backup_name("LC-1", at) == "tracker-LC-1-20261123-090203.zip"
        assert backup_name("../../etc", at) == "tracker-etc-20261123-090203.zip"
        assert backup_name("李村", at, 2) == "tracker-house-20261123-090203-2.zip"


def test_a_second_backup_at_the_same_time_is_refused(running: House) -> None:
    with hold(running.folder / "backup.lock") as alone:
        assert alone
        assert_refused(running.run("backup"), "Another backup is just being made")
    assert running.run("backup").code == 0


def test_what_a_killed_backup_has_left_is_swept_away(running: House) -> None:
    folder = running.folder / "backups"
    folder.mkdir()
    (folder / ".tracker-LC-20220101-000000.zip.part").write_bytes(b"half")
    (running.folder / ".backup-abc").mkdir()
    (running.folder / ".backup-abc" / "database.sqlite").write_bytes(b"half")
    assert running.run("backup").code == 0
    assert not (folder / ".tracker-LC-20220101-000000.zip.part").exists()
    assert not (running.folder / ".backup-abc").exists()


def test_a_backup_waits_for_nobody_and_leaves_out_what_is_not_committed(running: House) -> None:
    with running.inside(), writing():
        db.session.execute(text("UPDATE users SET label = 'not yet' WHERE username = 'jiqing'"))
        taken = take_backup(actor=HOUSE)
        db.session.commit()
    if running.kind == "sqlite":
        assert labels(taken.backup.path, running.folder)["jiqing"] == "吉庆社区填报员"


def labels(archive: Path, folder: Path) -> dict[str, str]:
    out = folder / "out"
    out.mkdir()
    read_archive(archive, out)
    with closing(sqlite3.connect(out / "database.sqlite")) as connection:
        return dict(connection.execute("SELECT username, label FROM users").fetchall())


def test_a_damaged_database_is_not_passed_off_as_a_backup(small: House) -> None:
    with small.inside(), closing(sqlite3.connect(small.folder / "tracker.db")) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("UPDATE grants SET unit_id = 999999 WHERE id = 1")
        connection.commit()
    assert_refused(small.run("backup"), "The database is damaged", "grants")
    assert list((small.folder / "backups").iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights of files are a matter of Unix")
def test_a_folder_that_cannot_be_written_is_a_sentence(small: House) -> None:
    (small.folder / "file").write_bytes(b"")
    outcome = small.run("backup", "--to", "/proc/tracker")
    assert outcome.code == 1
    assert "Traceback" not in outcome.err
    assert small.run("backup").code == 0


def test_postgres_without_its_programs_says_what_to_install(running: House) -> None:
    (running.folder / "config.py").write_text(f"PG_BIN = {str(running.folder)!r}\n", encoding="utf-8")
    outcome = running.run("backup")
    if running.kind == "sqlite":
        assert outcome.code == 0
    else:
        assert_refused(outcome, "pg_dump", "PG_BIN")


def test_the_age_of_the_last_backup_counts_backups_in_other_folders(running: House, tmp_path: Path) -> None:
    with running.inside():
        assert is_too_old(last_backup_at())
    assert running.run("backup", "--to", str(tmp_path / "usb")).code == 0
    with running.inside():
        last = last_backup_at()
        assert last is not None
        assert not is_too_old(last)
        assert is_too_old(last - timedelta(days=7, minutes=5))
