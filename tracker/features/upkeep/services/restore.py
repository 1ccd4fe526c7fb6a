"""Judging a backup before anything is replaced, and recording that it was restored."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tracker.core.archive import MADE_UP, read_archive
from tracker.core.audit import Actor, record
from tracker.core.manifest import Manifest
from tracker.core.migrations import known_revisions
from tracker.core.sqlite_copy import faults_of_file, sqlite_counts, sqlite_revision
from tracker.domain.errors import N_, RuleError
from tracker.features.upkeep.queries.backups import SUBJECT
from tracker.features.upkeep.queries.house import database_file


@dataclass(frozen=True)
class Restored:
    """What was restored: its manifest, where it came from, and under which name the former data is kept."""

    manifest: Manifest
    name: str
    kept: str | None


def check_backup(path: Path, into: Path, *, actor: Actor) -> Manifest:
    """Unpack a backup into an empty folder, having checked all of it. Nothing else is touched.

    Raises :class:`RuleError` when it is damaged, of another kind of database, newer than the program,
    or when its database is not sound or not the one that its manifest describes.
    """
    manifest = read_archive(path, into)
    wanted = "database.sqlite" if database_file() is not None else "database.pgdump"
    if manifest.database.name != wanted:
        raise RuleError(
            N_(
                "This backup is of another kind of database (SQLite, PostgreSQL) than this installation. "
                "Restore it where DATABASE_URL names the same kind."
            )
        )
    if manifest.origin.revision not in known_revisions():
        raise RuleError(
            N_("This backup was made by a newer version of the program. Install that version first.")
        )
    if wanted == "database.sqlite":
        _check_sqlite(into / wanted, manifest)
    return manifest


def record_restore(restored: Restored, *, actor: Actor) -> None:
    """Keep in the audit log of the restored data where it came from."""
    origin = restored.manifest.origin
    record(
        "backup.restore",
        actor=actor,
        subject=SUBJECT,
        changes={
            "file": (None, restored.name),
            "made at": (None, origin.made_at.isoformat()),
            "sha256 of the database": (None, restored.manifest.database.sha256),
            "revision": (None, origin.revision),
            "former data": (None, restored.kept),
        },
    )


def _check_sqlite(file: Path, manifest: Manifest) -> None:
    faults = faults_of_file(file)
    if faults:
        raise RuleError(
            N_("The database in this backup is damaged: %(fault)s. Use another one."), fault=faults[0]
        )
    if sqlite_revision(file) != manifest.origin.revision or sqlite_counts(file) != manifest.origin.counts:
        raise RuleError(MADE_UP)
