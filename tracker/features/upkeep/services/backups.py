"""Making a backup while people work, and what becomes of it."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import current_app

from tracker import __version__
from tracker.core.archive import require_space, sidecar, write_archive
from tracker.core.audit import Actor, record
from tracker.core.clock import now
from tracker.core.db import db
from tracker.core.durable import PART, own_folder
from tracker.core.locks import hold
from tracker.core.manifest import Origin, is_safe
from tracker.core.postgres_copy import dump_postgres
from tracker.core.sqlite_copy import copy_sqlite, sqlite_counts, sqlite_revision
from tracker.domain.errors import N_, RuleError
from tracker.features.org.queries import root_code
from tracker.features.upkeep.queries.backups import (
    SUBJECT,
    TAKEN,
    Backup,
    backup_folder,
    backup_name,
    list_backups,
)
from tracker.features.upkeep.queries.house import database_file, database_size, evidence_files, home

_STAGING = ".backup-"


@dataclass(frozen=True)
class Taken:
    """A backup that was made, and the names of older ones that were removed for it."""

    backup: Backup
    removed: tuple[str, ...]


def take_backup(to: Path | None = None, *, keep: int | None = None, actor: Actor) -> Taken:
    """Copy database and evidence into one archive, while others work; nothing is written to the database.

    The archive holds everything that was saved before the call. With ``keep``, only so many backups
    stay in the folder. The caller records it. Raises :class:`RuleError` when another backup is being
    made or something is wrong with the data, and OSError or sqlite3.Error when it cannot be written;
    then nothing is left behind.
    """
    folder = (to or backup_folder()).absolute()
    own_folder(folder)
    with hold(home() / "backup.lock") as alone:
        if not alone:
            raise RuleError(N_("Another backup is just being made. Wait for it to finish."))
        _sweep(folder)
        require_space(home(), database_size())
        with TemporaryDirectory(prefix=_STAGING, dir=home()) as staging:
            backup = _write(folder, Path(staging), actor)
        return Taken(backup, _prune(folder, keep))


def record_backup(taken: Taken, *, actor: Actor) -> None:
    """Keep in the audit log that a backup was made, and which ones it has replaced."""
    backup = taken.backup
    changes: dict[str, tuple[object, object]] = {
        "file": (None, str(backup.path)),
        "sha256": (None, backup.digest),
        "size": (None, backup.size),
    }
    if taken.removed:
        changes["removed"] = (", ".join(taken.removed), None)
    record(TAKEN, actor=actor, subject=SUBJECT, changes=changes)


def record_download(backup: Backup, *, actor: Actor) -> None:
    """Keep in the audit log that a backup was taken away."""
    record(
        "backup.download",
        actor=actor,
        subject=SUBJECT,
        changes={"file": (None, backup.name), "sha256": (None, backup.digest)},
    )


def record_deletion(backup: Backup, *, actor: Actor) -> None:
    """Keep in the audit log that a backup was there; :func:`drop_backup` removes it once that is kept."""
    record(
        "backup.delete",
        actor=actor,
        subject=SUBJECT,
        changes={"file": (backup.name, None), "sha256": (backup.digest, None)},
    )


def drop_backup(backup: Backup) -> None:
    """Remove a backup and its checksum. Raises OSError when it cannot go."""
    _remove(backup.path)


def _write(folder: Path, staging: Path, actor: Actor) -> Backup:
    unit, made_at, file = root_code(), now(), database_file()
    if file is None:
        name = "database.pgdump"
        counts, revision = dump_postgres(
            db.engine, staging / name, programs=str(current_app.config["PG_BIN"])
        )
    else:
        name = "database.sqlite"
        copy_sqlite(file, staging / name)
        counts, revision = sqlite_counts(staging / name), sqlite_revision(staging / name) or ""
    # Listed after the copy of the database, so that nothing that it names is missing.
    evidence = evidence_files()
    for path, _ in evidence:
        if not is_safe(path):
            raise RuleError(N_("The file %(name)s has a name that cannot be restored. Rename it."), name=path)
    origin = Origin(__version__, made_at, actor.username, unit or "", revision, counts)
    target = _free_name(folder, unit or "", made_at)
    manifest, digest = write_archive(target, [(name, staging / name), *evidence], origin)
    return Backup(target.name, target, manifest.origin.made_at, target.stat().st_size, digest)


def _free_name(folder: Path, unit: str, at: datetime) -> Path:
    for again in range(1000):
        target = folder / backup_name(unit, at, again)
        if not target.exists():
            return target
    raise RuleError(N_("Another backup is just being made. Wait for it to finish."))


def _prune(folder: Path, keep: int | None) -> tuple[str, ...]:
    """Remove the oldest backups beyond the number; files of other names are never touched."""
    if keep is None:
        return ()
    old = list_backups(folder)[max(1, keep) :]
    for backup in old:
        _remove(backup.path)
    return tuple(backup.name for backup in old)


def _remove(path: Path) -> None:
    path.unlink()
    sidecar(path).unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Remove what a backup has left that was killed half-way; nobody makes one while this lock is held."""
    with suppress(OSError):
        for left in home().glob(f"{_STAGING}*"):
            shutil.rmtree(left)
        for left in folder.glob(f".tracker-*.zip*{PART}"):
            left.unlink()
