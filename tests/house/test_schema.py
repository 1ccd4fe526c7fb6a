"""The schema: what the migrations build is what the models say, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from tests.conftest import Shelf
from tests.kit import make
from tests.kit.databases import SqliteShelf
from tests.kit.house import House, close_house, open_house
from tracker.core.db import Base, db
from tracker.features.reports.models import Entry

pytestmark = pytest.mark.filterwarnings("ignore:.*expression-based index")

EXPRESSION_INDEX = "uq_entries_cell"
"""The one index over an expression, which Alembic cannot compare; a test inserts a duplicate instead."""


def differences(connection: Connection) -> list[object]:
    """What Alembic would change to get from the database to the models."""
    options = {"compare_type": True, "compare_server_default": True}
    found = compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
    return [each for each in found if not (each[0] == "add_index" and each[1].name == EXPRESSION_INDEX)]


def test_the_migrations_build_what_the_models_say(blank: House) -> None:
    with blank.inside(), db.engine.connect() as connection:
        assert differences(connection) == []


def test_a_schema_made_at_once_has_the_same_tables_columns_and_names(blank: House, shelf: Shelf) -> None:
    fresh = create_engine(shelf.empty())
    Base.metadata.create_all(fresh)
    with blank.inside():
        assert shape(db.engine) == shape(fresh)
        assert guards(db.engine) == guards(fresh) != []
    fresh.dispose()


def shape(engine: Engine) -> dict[str, object]:
    """All tables with their columns, keys, indexes and checks, by name."""
    seen = inspect(engine)
    return {
        table: (
            {column["name"]: (str(column["type"]), column["nullable"]) for column in seen.get_columns(table)},
            seen.get_pk_constraint(table),
            sorted(str(key) for key in seen.get_foreign_keys(table)),
            sorted(str(key) for key in seen.get_unique_constraints(table)),
            sorted(str((i["name"], i["unique"], i["column_names"])) for i in seen.get_indexes(table)),
            sorted(str(check["name"]) for check in seen.get_check_constraints(table)),
        )
        for table in seen.get_table_names()
        if table != "alembic_version"
    }


def guards(engine: Engine) -> list[str]:
    """Every trigger, as the database has it; on PostgreSQL also what it calls."""
    asked = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT pg_get_triggerdef(t.oid) || pg_get_functiondef(t.tgfoid) FROM pg_trigger t "
        "WHERE NOT t.tgisinternal",
    }
    with engine.connect() as connection:
        return sorted(connection.execute(text(asked[engine.dialect.name])).scalars())


@pytest.mark.parametrize("category", [False, True])
def test_one_cell_holds_one_entry(hamlet: House, category: bool) -> None:
    with hamlet.inside():
        make.save("A", "2022-01", {"SC/甲": "1"} if category else {"S": "1"})
        columns = Entry.__table__.columns
        row = dict(db.session.execute(db.select(*columns)).mappings().one())
        del row["id"]
        with pytest.raises(IntegrityError):
            db.session.execute(db.insert(Entry).values(row))
        db.session.rollback()


def test_a_word_that_is_none_of_its_kind_is_refused_by_the_database(hamlet: House) -> None:
    with hamlet.inside():
        make.save("A", "2022-01", {"S": "1"})
        with pytest.raises(IntegrityError):
            db.session.execute(text("UPDATE reports SET state = 'lost'"))
        db.session.rollback()


def test_foreign_keys_are_kept(hamlet: House) -> None:
    with hamlet.inside():
        with pytest.raises(IntegrityError):
            db.session.execute(text("DELETE FROM org_units"))
        db.session.rollback()


def test_paths_are_compared_byte_by_byte_on_postgresql(postgres: Shelf) -> None:
    with postgres.house("blank") as house, house.inside():
        column = "table_name = 'org_units' AND column_name = 'path'"
        query = f"SELECT collation_name FROM information_schema.columns WHERE {column}"
        found = db.session.execute(text(query)).scalars()
        assert set(found) == {"C"}


def test_sqlite_keeps_what_it_acknowledges(sqlite: SqliteShelf) -> None:
    with sqlite.house("blank") as house, house.inside():
        wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        assert {name: db.session.execute(text(f"PRAGMA {name}")).scalar() for name in wanted} == wanted


def test_the_schema_can_be_taken_down_to_nothing_and_built_again(sqlite: SqliteShelf, tmp_path: Path) -> None:
    house = open_house("sqlite", tmp_path, sqlite.empty())
    with house.inside():
        upgrade()
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        db.engine.dispose()
        upgrade()
        with db.engine.connect() as connection:
            assert differences(connection) == []
    close_house(house)
