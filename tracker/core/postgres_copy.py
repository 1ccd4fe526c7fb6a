"""Copying a PostgreSQL database with its own programs, and loading a copy in place of what is there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, Engine, text

from tracker.domain.errors import N_, RuleError

ASIDE = "before_restore_"
"""How the names of schemas begin that hold what a restore has replaced; a backup leaves them out."""

SCHEMA = "public"

_LOOKS = 15
"""How often it is looked whether others have gone, five times a second."""


def find_program(name: str, folder: str) -> str:
    """Where one of PostgreSQL's programs lies: in the folder, or on the PATH when none is given.

    Raises :class:`RuleError` when it is not there.
    """
    found = shutil.which(name, path=folder or None)
    if found is None:
        raise RuleError(
            N_(
                "The program %(program)s was not found. Install PostgreSQL's client programs, or name "
                "their folder in the setting PG_BIN."
            ),
            program=name,
        )
    return found


def require_programs(engine: Engine, folder: str) -> None:
    """Raises :class:`RuleError` when a program is missing, or older than the server and so of no use."""
    with engine.connect() as connection:
        server = int(connection.scalar(text("SELECT current_setting('server_version_num')")) or 0) // 10_000
    for name in ("pg_dump", "pg_restore"):
        program = find_program(name, folder)
        said = subprocess.run(
            [program, "--version"], capture_output=True, encoding="utf-8", check=False
        ).stdout
        version = re.search(r"\d+", said)
        if version is None or int(version[0]) < server:
            raise RuleError(
                N_(
                    "%(program)s is older than the server (version %(server)s) and cannot be used. Name the "
                    "folder of that version in the setting PG_BIN."
                ),
                program=program,
                server=server,
            )


def dump_postgres(engine: Engine, target: Path, *, programs: str) -> tuple[dict[str, int], str]:
    """Copy the database into a file in PostgreSQL's custom format, as one snapshot.

    Returns the rows of each table and the revision of the schema, both of that very snapshot. Raises
    :class:`RuleError` when a program is missing or fails.
    """
    require_programs(engine, programs)
    program = find_program("pg_dump", programs)
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with engine.connect() as connection:
        _require_schema(connection)
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        counts = postgres_counts(connection)
        revision = str(connection.scalar(text("SELECT version_num FROM alembic_version")))
        arguments = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        arguments += [f"--exclude-schema={ASIDE}*", f"--file={target}"]
        _run(program, arguments, connection)
    return counts, revision


@contextmanager
def replaced_postgres(engine: Engine, dump: Path, *, kept: str, programs: str) -> Iterator[None]:
    """Load a copy for the length of the block, and for good when the block ends well.

    What was there is kept in a schema of its own, named ``kept``; an exception puts it back. Raises
    :class:`RuleError` while anyone else is connected, and when the copy cannot be loaded.
    """
    require_programs(engine, programs)
    program = find_program("pg_restore", programs)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        _require_schema(connection)
        _require_alone(connection)
        _run(program, ["--list", str(dump)], None)
        connection.execute(text(f'ALTER SCHEMA {SCHEMA} RENAME TO "{kept}"'))
        try:
            connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
            arguments = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
            _run(program, [*arguments, str(dump)], connection)
            yield
        except BaseException:
            # The engine's other connections may still hold locks on what is thrown away here.
            engine.dispose()
            connection.execute(text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
            connection.execute(text(f'ALTER SCHEMA "{kept}" RENAME TO {SCHEMA}'))
            raise


def postgres_counts(connection: Connection) -> dict[str, int]:
    """The number of rows of each table."""
    names = connection.execute(
        text("SELECT tablename FROM pg_tables WHERE schemaname = :schema ORDER BY tablename"),
        {"schema": SCHEMA},
    ).scalars()
    return {
        name: int(connection.scalar(text(f'SELECT count(*) FROM {SCHEMA}."{name}"')) or 0)
        for name in names.all()
    }


def _require_schema(connection: Connection) -> None:
    if connection.scalar(text("SELECT current_schema()")) != SCHEMA:
        raise RuleError(
            N_("The tables lie in another schema than public; back this database up with pg_dump itself.")
        )


def _require_alone(connection: Connection) -> None:
    """The server takes a moment to notice that a connection has been closed, also one of our own."""
    for _ in range(_LOOKS):
        others = connection.scalar(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
        )
        if not others:
            return
        time.sleep(0.2)
    raise RuleError(
        N_("Another program has the database open. Stop the server and close other programs first.")
    )


def _run(program: str, arguments: Sequence[str], connection: Connection | None) -> None:
    """Run a program on the database of a connection; the password never stands on the command line."""
    environment = dict(os.environ)
    if connection is not None:
        info: Any = connection.connection.dbapi_connection
        arguments = [f"--dbname={make_conninfo(**info.info.get_parameters())}", *arguments]
        if info.info.password:
            environment["PGPASSWORD"] = info.info.password
    ended = subprocess.run(
        [program, "--no-password", *arguments] if connection is not None else [program, *arguments],
        env=environment | {"LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if ended.returncode:
        said = [line for line in ended.stderr.splitlines() if line.strip()]
        raise RuleError(
            N_("%(program)s has failed: %(said)s"),
            program=Path(program).name,
            said=" ".join(said[:2])[:400] if said else str(ended.returncode),
        )
