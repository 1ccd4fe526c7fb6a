"""Backups while many people save: every save that was acknowledged before is in them, and all sums hold."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.bench.browser import Browser
from tests.bench.server import free_port, serve, wait_for_answer
from tests.conftest import Shelf
from tests.features.upkeep.conftest import programs, settle
from tests.kit import make
from tests.kit.databases import PostgresShelf, SqliteShelf
from tests.kit.house import House, close_house, open_house
from tests.kit.visitor import Visitor
from tracker.core.archive import read_archive
from tracker.core.db import db
from tracker.features.org.models import OrgUnit
from tracker.features.reports.models import Entry, EntryRevision, Report

PERIOD = "2022-07"
SAVERS = {"LC01": "jiqing", "LC07": "donghu"}


@dataclass
class Load:
    """What was acknowledged so far, as (unit, number)."""

    done: list[tuple[str, int]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def wait_for(self, more: int) -> None:
        """Return when so many further saves were acknowledged."""
        wanted, end = len(self.done) + more, time.monotonic() + 60
        while len(self.done) < wanted and not self.wrong and time.monotonic() < end:
            time.sleep(0.01)
        assert len(self.done) >= wanted, self.wrong


@contextmanager
def saving(senders: dict[str, Callable[[int, int], int]]) -> Iterator[Load]:
    """One thread for each unit saves number after number, each in both cells of its report."""
    load = Load()

    def work(unit: str, send: Callable[[int, int], int]) -> None:
        version = 0
        while not load.stop.is_set() and not load.wrong:
            number = 1000 + version
            status = send(version, number)
            if status == 303:
                load.done.append((unit, number))
            else:
                load.wrong.append(f"{unit} {number}: {status}")
            version += 1

    threads = [threading.Thread(target=work, args=pair) for pair in senders.items()]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.stop.set()
        for thread in threads:
            thread.join(60)
    assert load.wrong == []


def cells(house: House) -> dict[str, list[str]]:
    with house.inside():
        return {
            unit: [
                "c{}-{}-value".format(*make.cell_key(make.sheet_of(unit, PERIOD, plan="LC-2022"), name))
                for name in ("I01", "I08")
            ]
            for unit in SAVERS
        }


def revisions(house: House) -> set[tuple[str, int]]:
    """Every number that a cell of these reports has ever held; both cells hold the same."""
    with house.inside():
        rows = db.session.execute(
            select(OrgUnit.code, Entry.indicator_id, EntryRevision.value)
            .join(Entry, Entry.id == EntryRevision.entry_id)
            .join(Report, Report.id == Entry.report_id)
            .join(OrgUnit, OrgUnit.id == Report.unit_id)
            .where(EntryRevision.value >= Decimal(1000), OrgUnit.code.in_(SAVERS))
        ).all()
    by_cell: dict[tuple[str, int], set[int]] = {}
    for unit, indicator, value in rows:
        by_cell.setdefault((unit, indicator), set()).add(int(value))
    found: set[tuple[str, int]] = set()
    for unit in SAVERS:
        held = [numbers for (code, _), numbers in by_cell.items() if code == unit]
        assert len(held) == 2, "both cells are filled"
        assert held[0] == held[1], "half a save"
        found |= {(unit, number) for number in held[0]}
    return found


def restored(shelf: Shelf, archive: Path, folder: Path) -> House:
    """A new house with what is in the archive, which is found to be well."""
    settle(shelf, folder)
    url = (
        shelf.empty()
        if isinstance(shelf, PostgresShelf)
        else f"sqlite:///{(folder / 'tracker.db').as_posix()}"
    )
    house = open_house("restored", folder, url, **programs(shelf))
    close_house(house)
    outcome = house.run("restore", str(archive))
    assert outcome.code == 0, outcome
    assert house.run("verify").code == 0
    checked = house.run("doctor")
    assert checked.code == 0, checked
    return house


def check(
    shelf: Shelf, folder: Path, taken: list[tuple[set[tuple[str, int]], Path, set[tuple[str, int]]]]
) -> None:
    """Each backup holds what was acknowledged before it began, and nothing that was never asked for."""
    assert len(taken) >= 3
    for number, (before, archive, asked) in enumerate(taken):
        read_archive(archive)
        house = restored(shelf, archive, folder / f"restored{number}")
        found = revisions(house)
        close_house(house)
        assert before <= found, sorted(before - found)[:5]
        newest = {unit: max(n for code, n in asked if code == unit) for unit in SAVERS}
        assert all(n <= newest[unit] + 1 for unit, n in found)


def test_backups_under_a_load_of_saves_hold_every_acknowledged_one(
    running: House, shelf: Shelf, tmp_path: Path
) -> None:
    keys = cells(running)
    visitors = {unit: running.visitor(user) for unit, user in SAVERS.items()}
    senders = {unit: in_process(visitors[unit], unit, keys[unit]) for unit in SAVERS}
    administrator = running.visitor("guanli")
    form = administrator.get("/upkeep").page.form("/upkeep/backups")
    taken = []
    with saving(senders) as load:
        for _ in range(3):
            load.wait_for(6)
            before = set(load.done)
            said = administrator.submit(form)
            assert said.status == 303
            archive = max(
                (running.folder / "backups").glob("*.zip"), key=lambda path: path.stat().st_mtime_ns
            )
            taken.append((before, archive, set(load.done)))
    assert len({archive for _, archive, _ in taken}) == 3
    close_house(running)
    check(shelf, tmp_path, taken)


def saved(names: list[str], revision: int, number: int) -> dict[str, object]:
    """A save of the number in cells that hold their ``revision`` now."""
    seen = {name.replace("-value", "-seen"): f"{revision}.0" for name in names}
    return {"action": "save", **seen, **dict.fromkeys(names, number)}


def in_process(visitor: Visitor, unit: str, names: list[str]) -> Callable[[int, int], int]:
    token = visitor.token()
    address = f"/reports/LC-2022/{unit}/{PERIOD}"

    def send(version: int, number: int) -> int:
        fields = {"csrf_token": token, **saved(names, version, number)}
        return visitor.send("POST", address, data=fields).status

    return send


@pytest.mark.slow
def test_backups_of_a_real_server_under_load_come_back_whole(sqlite: SqliteShelf, tmp_path: Path) -> None:
    """The server is a process of its own, and so is each backup; in the end the server is killed."""
    with sqlite.house("story") as house:
        keys = cells(house)
        close_house(house)
        port = free_port()
        process = serve(house.folder, port, tmp_path / "server.log")
        try:
            wait_for_answer(process, port)
            senders = {unit: over_http(port, user, unit, keys[unit]) for unit, user in SAVERS.items()}
            taken = []
            with saving(senders) as load:
                for number in range(4):
                    load.wait_for(5)
                    before = set(load.done)
                    outcome = house.run("backup", "--to", str(tmp_path / f"to{number}"))
                    assert outcome.code == 0, outcome
                    (archive,) = (tmp_path / f"to{number}").glob("*.zip")
                    taken.append((before, archive, set(load.done)))
                load.wait_for(5)
        finally:
            process.kill()
            process.wait(30)
        check(sqlite, tmp_path, taken)


def over_http(port: int, user: str, unit: str, names: list[str]) -> Callable[[int, int], int]:
    address = f"/reports/LC-2022/{unit}/{PERIOD}"
    browser = Browser(port)
    browser.sign_in(user, address)

    def send(version: int, number: int) -> int:
        return browser.post(address, saved(names, version, number))

    return send
