"""Houses that can be backed up and restored, and empty places to restore into."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.conftest import Shelf
from tests.kit.databases import PostgresShelf, postgres_programs
from tests.kit.house import House, close_house, open_house

MakeHouse = Callable[[str], AbstractContextManager[House]]


@contextmanager
def furnished(shelf: Shelf, content: str) -> Iterator[House]:
    """A house of this content whose commands and pages find the database's own programs."""
    with shelf.house(content, **programs(shelf)) as house:
        settle(shelf, house.folder)
        if house.kind == "sqlite":
            # The program makes it so; the copy of a test's template is anybody's.
            (house.folder / "tracker.db").chmod(0o600)
        yield house


def programs(shelf: Shelf) -> dict[str, str]:
    return {"PG_BIN": postgres_programs()} if isinstance(shelf, PostgresShelf) else {}


def settle(shelf: Shelf, folder: Path) -> None:
    """Write the settings that commands need into an instance folder."""
    lines = [f"{name} = {value!r}\n" for name, value in programs(shelf).items()]
    folder.mkdir(exist_ok=True)
    (folder / "config.py").write_text("".join(lines), encoding="utf-8")
    (folder / "config.py").chmod(0o600)


@pytest.fixture
def running(shelf: Shelf) -> Iterator[House]:
    """The sample's story."""
    with furnished(shelf, "story") as house:
        yield house


@pytest.fixture
def fresh(shelf: Shelf, tmp_path: Path) -> Iterator[House]:
    """An instance without any table, to restore into."""
    folder = tmp_path / "另一台 fresh"
    settle(shelf, folder)
    url = f"sqlite:///{(folder / 'tracker.db').as_posix()}"
    if isinstance(shelf, PostgresShelf):
        url = shelf.empty()
    house = open_house("empty", folder, url, **programs(shelf))
    close_house(house)
    yield house
    close_house(house)
