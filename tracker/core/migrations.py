"""Which revisions of the schema this program knows, and which one a database has."""

from __future__ import annotations

from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import inspect, text

from tracker.core.db import db


def known_revisions() -> frozenset[str]:
    """Every revision from which this program can bring a database up."""
    return frozenset(script.revision for script in _scripts().walk_revisions())


def newest_revision() -> str:
    """The revision that this program works with."""
    return _scripts().get_current_head() or ""


def present_revision() -> str | None:
    """The revision of the application's own database; None when it has no schema yet."""
    if not inspect(db.engine).has_table("alembic_version"):
        return None
    with db.engine.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    return found[0] if len(found) == 1 else None


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())
