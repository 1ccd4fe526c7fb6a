"""Somebody with the database's own tools: the audit log changed by plain SQL, its guards taken away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from tests.kit.house import House
from tracker.core.audit import HOUSE, record
from tracker.core.db import db, writing

_GUARDS = {
    "sqlite": (
        "DROP TRIGGER audit_records_never_change",
        "DROP TRIGGER audit_records_never_replace",
        "DROP TRIGGER audit_records_never_go",
    ),
    "postgresql": (
        "DROP TRIGGER audit_records_never_change ON audit_records",
        "DROP TRIGGER audit_records_never_empty ON audit_records",
    ),
}

COLUMNS = "id, at, actor_id, actor_name, source, action, subject, unit_id, difference, previous_hash, hash"


def write_records(count: int, *, name: str = "note") -> None:
    """Records of nothing in particular, one transaction each."""
    for number in range(1, count + 1):
        with writing():
            record("unit.add", actor=HOUSE, subject=f"{name} {number}", changes={"name": (None, "甲")})
            db.session.commit()


@contextmanager
def unguarded(house: House) -> Iterator[Connection]:
    """A connection past the product, to a database without its triggers."""
    with house.inside():
        db.session.rollback()
        with db.engine.begin() as connection:
            for statement in _GUARDS[connection.dialect.name]:
                connection.execute(text(statement))
            yield connection


def run(house: House, *statements: str) -> None:
    """Run statements past the product, without the guards."""
    with unguarded(house) as connection:
        for statement in statements:
            connection.execute(text(statement))
