"""Copying a SQLite database while people work in it, checking a copy, and setting a database aside."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from tracker.domain.errors import N_, RuleError

COMPANIONS = ("-wal", "-shm", "-journal")
"""What belongs to a database while it is open, by what is added to the name of its file."""


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a database that may be in use into a new file of its owner's alone, and check the copy.

    The copy is one snapshot: it holds everything that was committed before, nothing of what came
    later, and keeps nobody waiting. Raises sqlite3.Error when it cannot be made, and
    :class:`RuleError` when the copy is not sound, which then holds for the database as well.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(_open(source)) as live, closing(sqlite3.connect(target)) as copy:
        # In one step: done page by page, it would begin anew with every save of another process.
        live.backup(copy, pages=-1)
        # One file without companions, that can be packed and carried away.
        copy.execute("PRAGMA journal_mode=DELETE")
        found = sqlite_faults(copy)
    if found:
        raise RuleError(
            N_("The database is damaged, so no backup was made: %(fault)s. Run tracker doctor."),
            fault=found[0],
        )


def sqlite_faults(connection: sqlite3.Connection, *, most: int = 20) -> list[str]:
    """What SQLite finds wrong with a database, as it says it; an empty list for a sound one."""
    found = [row[0] for row in connection.execute(f"PRAGMA integrity_check({most})") if row[0] != "ok"]
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check").fetchmany(most):
        found.append(f"row {row} of {table} refers to a row of {parent} that is not there")
    return found


def faults_of_file(path: Path) -> list[str]:
    """What is wrong with a database in a file, also when it is none at all."""
    try:
        with closing(_open(path)) as connection:
            return sqlite_faults(connection)
    except sqlite3.DatabaseError as error:
        return [str(error)]


def sqlite_counts(path: Path) -> dict[str, int]:
    """The number of rows of each table."""
    with closing(_open(path)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        )
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for (name,) in sorted(names.fetchall())
        }


def sqlite_revision(path: Path) -> str | None:
    """The revision of the schema that a database says it has."""
    with closing(_open(path)) as connection:
        try:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        except sqlite3.OperationalError:
            return None
    return found[0][0] if len(found) == 1 else None


def gather(path: Path) -> None:
    """Put everything into the one file, which only succeeds while nobody else has the database open.

    Raises :class:`RuleError` when somebody has.
    """
    try:
        with closing(sqlite3.connect(path, timeout=2)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()
    except sqlite3.OperationalError as error:
        raise RuleError(
            N_("Another program has the database open. Stop the server and close other programs first.")
        ) from error


def set_aside(path: Path, kept: Path) -> None:
    """Keep a database under a second name, with whatever belongs to it, also when it is damaged.

    The first name is then free to be replaced; where the disk knows hard links it never points to
    nothing. Raises :class:`RuleError` while somebody has the database open.
    """
    try:
        gather(path)
    except sqlite3.DatabaseError:
        # No database any more: its remains are kept as they are, for whoever can still read them.
        for end in COMPANIONS:
            part = path.with_name(path.name + end)
            if part.exists():
                part.rename(kept.with_name(kept.name + end))
    try:
        os.link(path, kept)
    except OSError:
        path.rename(kept)


def _open(path: Path) -> sqlite3.Connection:
    """Open a database that is there already; nothing is made where there is none."""
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=10)
