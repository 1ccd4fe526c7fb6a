"""Counting what a page asks of the database: statements, and steps of SQLite's virtual machine."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import Connection, Engine, event

from tracker.core.db import db


@contextmanager
def counted_statements(app: Flask) -> Iterator[list[str]]:
    """The statements that are run meanwhile, in order."""
    found: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        found.append(statement)

    engine = _engine(app)
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def counted_steps(app: Flask) -> Iterator[Counter[str]]:
    """The steps that SQLite takes meanwhile, by statement."""
    found: Counter[str] = Counter()
    running = [""]
    watched: list[sqlite3.Connection] = []

    def step() -> int:
        found[running[0]] += 1
        return 0

    def note(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        running[0] = statement
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        if raw not in watched:
            raw.set_progress_handler(step, 1)
            watched.append(raw)

    engine = _engine(app)
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
        for raw in watched:
            raw.set_progress_handler(None, 0)


def _engine(app: Flask) -> Engine:
    with app.app_context():
        return db.engine
