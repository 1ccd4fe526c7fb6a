"""Where this installation's data lies, and how much of it there is."""

from __future__ import annotations

from pathlib import Path

from flask import current_app
from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url

from tracker.core.access import Scope
from tracker.core.db import db
from tracker.core.manifest import EVIDENCE
from tracker.domain.roles import Permission
from tracker.features.org.queries import holds_everywhere

SERVING = "serving.lock"
"""The file that a running server locks, and writes its address into."""


def manages_house(scope: Scope) -> bool:
    """Whether someone administers the whole house: what concerns everyone's data is not for a part of it."""
    return holds_everywhere(scope, Permission.MANAGE_HOUSE)


def home() -> Path:
    """The instance folder."""
    return Path(current_app.instance_path)


def database_file() -> Path | None:
    """The file of a SQLite database; None for PostgreSQL."""
    url = make_url(str(current_app.config["SQLALCHEMY_DATABASE_URI"]))
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None


def database_size() -> int:
    """Bytes that the database takes."""
    file = database_file()
    if file is None:
        return int(db.session.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    return sum(part.stat().st_size for part in (file, file.with_name(file.name + "-wal")) if part.exists())


def has_tables() -> bool:
    """Whether the database has been set up at all."""
    return inspect(db.engine).has_table("org_units")


def evidence_files() -> list[tuple[str, Path]]:
    """The files that belong to the data, by their names in an archive; unfinished ones are left out."""
    top = home() / EVIDENCE
    return sorted(
        (path.relative_to(home()).as_posix(), path)
        for path in top.rglob("*")
        if path.is_file() and not path.is_symlink() and not path.name.startswith(".")
    )
