"""The database: typed base, column types, and the one way to write.

SQLite runs with WAL and full durability; a write takes the lock when it begins and queues inside
the process, so that nobody fails with 'database is locked' half-way.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Executable,
    MetaData,
    String,
    event,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.types import TypeDecorator

from tracker.core.failures import BusyError
from tracker.domain.numbers import PLACES


class Scaled(TypeDecorator[Decimal]):
    """A decimal kept as an integer of ten-thousandths: sums are exact on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Scale up; a value with more places than are kept is a programming error."""
        return None if value is None else scale(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Scale down."""
        return None if value is None else unscale(int(value))


def scale(value: Decimal) -> int:
    """The integer of ten-thousandths. Raises ValueError when the value has more places."""
    scaled = value.scaleb(PLACES)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{value} has more than {PLACES} decimal places")
    return int(scaled)


def unscale(value: int) -> Decimal:
    """The decimal of an integer of ten-thousandths."""
    return Decimal(value).scaleb(-PLACES)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept as naive UTC so that both databases sort and compare alike."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments, keep UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be kept")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give it its zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


def path_type() -> String:
    """The type of a materialised path: compared byte by byte on every database, so ranges hold."""
    return String(255).with_variant(String(255, collation="C"), "postgresql")


def enum_of(kind: type[StrEnum], **options: Any) -> Enum:
    """A column of one of the words of ``kind``, kept as text and checked by the database."""
    return Enum(
        kind,
        native_enum=False,
        length=32,
        create_constraint=True,
        name=options.pop("name", kind.__name__.lower()),
        values_callable=lambda members: [member.value for member in members],
        **options,
    )


class Base(DeclarativeBase):
    """What every table inherits."""

    registry = registry(
        type_annotation_map={Decimal: Scaled(), datetime: UtcDateTime(), str: String(200)},
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(column_0_N_label)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False})

_writers = threading.Lock()
_WRITES = "tracker_writes"
_LOCK = 7_210_2022
"""The number of the house's lock among PostgreSQL's advisory locks."""


@contextmanager
def writing() -> Iterator[None]:
    """Begin a write that others wait for; the caller commits inside, exactly once.

    Everything read before is read anew, so that rules are judged on what is true now. Leaving
    without a commit rolls back and, unless an exception is on its way, is a programming error.
    Raises :class:`BusyError` when the others have not finished in BUSY_SECONDS.
    """
    session = db.session
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("something was changed before the write began")
    session.rollback()
    # Whoever waits here behind one that waits for another process would add its time to their own.
    if not _writers.acquire(timeout=float(current_app.config["BUSY_SECONDS"])):
        raise BusyError
    try:
        _begin_write(session())
        yield
        if session().in_transaction():
            raise RuntimeError("a write was begun but not committed")
    except BaseException:
        session.rollback()
        raise
    finally:
        _writers.release()


class _TakenBack(Exception):
    """Ends a trial."""


@contextmanager
def taken_back() -> Iterator[None]:
    """Try a write to see what it would do, and take it back: nothing of it is ever committed."""
    try:
        with writing():
            yield
            raise _TakenBack
    except _TakenBack:
        pass


def _begin_write(session: Session) -> None:
    """Take the lock of the database itself, so that other processes wait as well."""
    if session.get_bind().dialect.name != "postgresql":
        session.connection(execution_options={_WRITES: True})
        return
    # What is read after the lock must be what is true then, not what was when the wait began.
    connection = session.connection(execution_options={"isolation_level": "READ COMMITTED", _WRITES: True})
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def is_writing(connection: Connection) -> bool:
    """Whether the running transaction was begun by :func:`writing`, and so holds the lock."""
    return connection.get_execution_options().get(_WRITES) is True


def write_if_free(statement: Executable) -> bool:
    """Run one changing statement by itself, but only if nobody has to be waited for; whether it was run.

    For what is good to know and never worth a page: where the database is busy, locked or read-only,
    nothing happens. It has a connection of its own, so it is no part of anyone's transaction. It
    leaves no audit record, so it must change nothing that a page shows to others.
    """
    if not _writers.acquire(blocking=False):
        return False
    try:
        with db.engine.connect() as connection, _in_haste(connection):
            connection.execute(statement)
            connection.commit()
        return True
    except SQLAlchemyError:
        return False
    finally:
        _writers.release()


@contextmanager
def _in_haste(connection: Connection) -> Iterator[None]:
    """Fail at once where another process holds the lock."""
    raw = connection.connection.dbapi_connection
    if not isinstance(raw, sqlite3.Connection):
        connection.execute(text("SET LOCAL lock_timeout = '50ms'"))
        yield
        return
    raw.execute("PRAGMA busy_timeout=0")
    try:
        yield
    finally:
        raw.execute(f"PRAGMA busy_timeout={int(current_app.config['BUSY_SECONDS']) * 1000}")


def can_write() -> bool:
    """Whether a write can begin and end; nothing is written.

    Whoever asks does not queue: that somebody is writing just now is answer enough.
    """
    if not _writers.acquire(timeout=0.5):
        return True
    try:
        # How a transaction begins is decided by its first statement.
        db.session.rollback()
        _begin_write(db.session())
        if db.engine.dialect.name == "postgresql":
            return db.session.scalar(text("SELECT current_setting('transaction_read_only') = 'off'")) is True
        return True
    except (SQLAlchemyError, OSError):
        return False
    finally:
        db.session.rollback()
        _writers.release()


def engine_options(url: str) -> dict[str, object]:
    """How the engine of this address is made.

    On PostgreSQL a page reads one snapshot, as it does on SQLite, so that its figures agree with each
    other; and a connection that the server has closed is replaced before it is used.
    """
    if make_url(url).get_backend_name() == "postgresql":
        return {"isolation_level": "REPEATABLE READ", "pool_pre_ping": True}
    return {}


def init_db(app: Flask) -> None:
    """Bind the database to the application and set each new connection up."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        # The file holds password hashes: it is its owner's alone from the first byte on.
        file = Path(str(url.database))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
    db.init_app(app)
    with app.app_context():
        engine = db.engine
    milliseconds = int(app.config["BUSY_SECONDS"]) * 1000
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine, milliseconds)
    else:
        _prepare_postgres(engine, milliseconds)


def _prepare_postgres(engine: Engine, milliseconds: int) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        # Without it, a save would wait for the house's lock as long as another process holds it.
        connection.execute(f"SET lock_timeout = {milliseconds}")
        connection.commit()


def _prepare_sqlite(engine: Engine, milliseconds: int) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        # The driver must not begin transactions by itself: on_begin decides which kind it is.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={milliseconds}",
            "cache_size=-16000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing(connection) else "BEGIN")
