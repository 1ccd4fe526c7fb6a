"""Fixtures: houses on both databases, fresh or shared by tests that only read."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import pytest

from tests.kit.databases import LEFT_OUT, PostgresShelf, SqliteShelf
from tests.kit.house import House
from tracker.core import slow_hashes

BOTH = [pytest.param("sqlite"), pytest.param("postgres", marks=pytest.mark.postgres)]

Shelf = SqliteShelf | PostgresShelf

QUICK_HASHES = "scrypt:256:8:1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, or one worker would be left alone with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """Keep what was loaded out of each search for garbage, which would take a tenth of the run."""
    _stay()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """The same for what a file of tests has left behind for good: tables, and what was worked out once."""
    yield
    if nextitem is None or nextitem.path != item.path:
        _stay()


def _stay() -> None:
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> Iterator[None]:
    """Hash passwords in the same way, but quickly; servers and commands of their own do it in earnest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slow_hashes, "METHOD", QUICK_HASHES)
        yield


@pytest.fixture(scope="session", autouse=True)
def _plain_environment() -> Iterator[None]:
    """Settings of the developer's own instance must not reach the tests."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("TRACKER_")}
    yield
    os.environ.update(kept)


@pytest.fixture(scope="session")
def sqlite() -> Iterator[SqliteShelf]:
    """SQLite databases."""
    shelf = SqliteShelf()
    yield shelf
    shelf.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresShelf]:
    """PostgreSQL databases."""
    shelf = PostgresShelf()
    yield shelf
    shelf.close()


@pytest.fixture(scope="session", params=BOTH)
def shelf(request: pytest.FixtureRequest) -> Shelf:
    """Each kind of database in turn."""
    found: Shelf = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def blank(shelf: Shelf) -> Iterator[House]:
    """A fresh house with the schema and nothing else."""
    with shelf.house("blank") as house:
        yield house


@pytest.fixture
def hamlet(shelf: Shelf) -> Iterator[House]:
    """A fresh house with the small plan, of which nothing is reported yet."""
    with shelf.house("hamlet") as house:
        yield house


@pytest.fixture
def house(shelf: Shelf) -> Iterator[House]:
    """A fresh house with the whole sample, everything approved."""
    with shelf.house("sample") as house:
        yield house


@pytest.fixture
def story(shelf: Shelf) -> Iterator[House]:
    """A fresh house with the sample's story: June is a draft at one community and waits at another."""
    with shelf.house("story") as house:
        yield house


@pytest.fixture(scope="session")
def library(shelf: Shelf) -> Iterator[House]:
    """The whole sample, shared: for tests that change nothing."""
    with shelf.house("sample") as house:
        yield house


@pytest.fixture
def small(sqlite: SqliteShelf) -> Iterator[House]:
    """A fresh house with the sample's story on SQLite alone, for what no database has a part in."""
    with sqlite.house("story") as house:
        yield house


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the very end when PostgreSQL was left out, since a skipped test is easily overlooked."""
    skipped = [
        report for report in terminalreporter.stats.get("skipped", []) if LEFT_OUT in str(report.longrepr)
    ]
    if skipped:
        terminalreporter.section("NOT TESTED ON POSTGRESQL", red=True, bold=True)
        why = skipped[0].longrepr
        why = why[-1] if isinstance(why, tuple) else why
        terminalreporter.line(f"{len(skipped)} tests: {why}", red=True)
