"""How Alembic reaches the database: the engine and tables of the running application."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from tracker.core.db import Base, db


@contextmanager
def without_foreign_keys(connection: Connection) -> Iterator[None]:
    """Let a table that others refer to be made anew, which is how SQLite changes a column.

    SQLite ignores the switch inside a transaction, so it is thrown before one begins; afterwards
    every reference is checked, and one that leads nowhere undoes the migration.
    """
    raw = connection.connection.dbapi_connection
    if not isinstance(raw, sqlite3.Connection):
        yield
        return
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def check_references(connection: Connection) -> None:
    """Raise RuntimeError when a row refers to one that is not there (SQLite; others check by themselves)."""
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration has broken references: {broken[:5]}")


def run() -> None:
    """Run the migrations on the application's own database."""
    if context.is_offline_mode():
        context.configure(
            url=current_app.config["SQLALCHEMY_DATABASE_URI"],
            target_metadata=Base.metadata,
            literal_binds=True,
            render_as_batch=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        return
    with db.engine.connect() as connection, without_foreign_keys(connection):
        context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
        with context.begin_transaction():
            context.run_migrations()
        check_references(connection)
        connection.commit()


run()
