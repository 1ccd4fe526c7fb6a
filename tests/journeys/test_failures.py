"""Full disks, read-only and busy databases: a clear sentence, nothing lost, and work goes on afterwards."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import make_url

from tests.bench.browser import Browser
from tests.bench.server import HOST, free_port, serve, wait_for_answer
from tests.conftest import Shelf
from tests.journeys.test_bad_input import ADDRESS, cell_of
from tests.kit import make
from tests.kit.databases import SqliteShelf
from tests.kit.house import House, close_house
from tests.kit.visitor import Answer, Visitor
from tracker.core.db import _LOCK, db
from tracker.features.reports.services import find_differences


@pytest.fixture
def brisk(shelf: Shelf) -> Iterator[House]:
    """The sample's story, in which a save waits for others for one second only."""
    with shelf.house("story", BUSY_SECONDS=1) as house:
        yield house


def save(visitor: Visitor, house: House, value: str, status: int) -> Answer:
    """Open the form, as before the trouble began or in it, and send a value."""
    form = visitor.get(ADDRESS).page.form("")
    fields = {f"{cell_of(house)}-value": value, "action": "save"}
    return visitor.submit(form, fields, at=ADDRESS, status=status)


def kept(house: House) -> str:
    with house.inside():
        cells = make.sheet_of("LC01", "2022-07", plan="LC-2022").cells
        values = [str(cell.entry.value.normalize()) for cell in cells if cell.entry and cell.entry.value]
        assert list(find_differences()) == []
    return ",".join(values)


@contextmanager
def each_connection(house: House, *statements: str) -> Iterator[None]:
    """Every connection of the house says this first, as long as the block lasts."""
    close_house(house)
    with house.inside():
        engine = db.engine

    def say(connection: Any, _record: object) -> None:
        for statement in statements:
            connection.execute(statement)
        if house.kind == "postgres":
            connection.commit()

    event.listen(engine, "connect", say)
    try:
        yield
    finally:
        event.remove(engine, "connect", say)
        close_house(house)


@contextmanager
def full(house: House) -> Iterator[None]:
    """The database gets no byte more: SQLite by its own limit, PostgreSQL by the error of a full disk."""
    if house.kind == "sqlite":
        with house.inside():
            pages = db.session.scalar(text("PRAGMA page_count"))
        with each_connection(house, f"PRAGMA max_page_count={pages}"):
            yield
        return
    with house.inside():
        db.session.execute(
            text(
                "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; "
                "END $$"
            )
        )
        db.session.execute(
            text("CREATE TRIGGER full_disk BEFORE INSERT ON entries EXECUTE FUNCTION full_disk()")
        )
        db.session.commit()
    yield
    with house.inside():
        db.session.execute(text("DROP TRIGGER full_disk ON entries"))
        db.session.commit()


@contextmanager
def read_only(house: House) -> Iterator[None]:
    """The database takes no writes."""
    statement = "PRAGMA query_only=ON" if house.kind == "sqlite" else "SET default_transaction_read_only = on"
    with each_connection(house, statement):
        yield


@contextmanager
def busy(house: House) -> Iterator[None]:
    """Another process holds the database and does not let go."""
    if house.kind == "postgres":
        url = make_url(house.url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url) as other:
            other.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
            yield
        return
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); "
        "c.execute('BEGIN EXCLUSIVE'); print('held', flush=True); sys.stdin.read()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(house.folder / "tracker.db")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"held"
        yield
    finally:
        process.kill()
        process.communicate()


TROUBLES = {
    "full": (full, "The disk is full", "磁盘已满"),
    "read-only": (read_only, "The server cannot write to its disk", "服务器无法写入磁盘"),
    "busy": (busy, "The database is busy", "数据库正忙"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_save_in_trouble_says_why_loses_nothing_and_works_afterwards(brisk: House, trouble: str) -> None:
    begin, english, chinese = TROUBLES[trouble]
    visitor, other = brisk.visitor("jiqing"), brisk.visitor("jiqing", language="zh")
    save(visitor, brisk, "11", 303)
    with begin(brisk):
        for value in ("12", "13"):
            assert english in attempt(visitor, brisk, value).page.text
        assert chinese in attempt(other, brisk, "14").page.text
        # What was saved can still be read, and the product says that it is not well.
        assert visitor.get(ADDRESS).page.root.one("input", name=f"{cell_of(brisk)}-value")["value"] == "11"
        if trouble == "read-only":
            assert visitor.get("/healthz", status=503).json["checks"]["database"] is False
    assert kept(brisk) == "11"
    visitor.get("/healthz")
    save(visitor, brisk, "15", 303)
    assert kept(brisk) == "15"


def attempt(visitor: Visitor, house: House, value: str) -> Answer:
    """Send so much that the database would have to grow."""
    form = visitor.get(ADDRESS).page.form("")
    fields = {name: "备注" * 200 for name in form.fields if name.endswith("-note")}
    for name in form.fields:
        cell = name.removesuffix("-value")
        if cell != name and f"{cell}-whole" not in form.fields:
            fields[name] = value
    return visitor.submit(form, {**fields, "action": "save"}, at=ADDRESS, status=503)


def test_those_who_wait_behind_one_who_waits_are_answered_as_soon(sqlite: SqliteShelf) -> None:
    """Or eight savers would wait for eight times the limit, and the server would answer nobody."""
    with sqlite.house("story", BUSY_SECONDS=1) as house:
        visitors = [house.visitor("jiqing") for _ in range(6)]
        cell = cell_of(house)
        forms = [visitor.get(ADDRESS).page.form("") for visitor in visitors]
        found: list[int] = []

        def send(number: int) -> None:
            fields = {**forms[number].fields, f"{cell}-value": "3", "action": "save"}
            found.append(visitors[number].send("POST", ADDRESS, status=503, data=fields).status)

        with busy(house):
            threads = [threading.Thread(target=send, args=(n,)) for n in range(6)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(4)
            assert found == [503] * 6
        assert kept(house) == ""


def test_a_damaged_database_is_told_to_people_and_programs(small: House) -> None:
    visitor = small.visitor("fenguan")
    close_house(small)
    file = small.folder / "tracker.db"
    file.write_bytes(b"rubbish" * 1000)
    page = visitor.get("/overview", status=503).page
    assert "The database is damaged" in page.text
    answer = visitor.get("/api/v1/positions?unit=LC&as_of=2022-06-30", status=503).json
    assert answer == {"error": {"code": "unavailable", "message": "Nothing was saved."}}
    assert visitor.get("/healthz", status=503).json["status"] == "failing"
    outcome = small.run("verify")
    assert outcome.code == 1
    assert "数据库已损坏" in outcome.err
    assert "The database is damaged" in outcome.err
    assert "Traceback" not in outcome.err


def test_a_command_in_trouble_is_a_sentence_in_both_languages(shelf: Shelf) -> None:
    with shelf.house("story") as house:
        settings = "BUSY_SECONDS = 1\n"
        (house.folder / "config.py").write_text(settings, encoding="utf-8")
        new = ("users", "add", "new", "--label", "新", "--role", "official", "--unit", "LC")
        with busy(house):
            outcome = house.run(*new, "--password", make.PASSWORD)
        assert outcome.code == 1
        assert "数据库正忙" in outcome.err
        assert "The database is busy" in outcome.err
        assert "Traceback" not in outcome.err
        assert house.run(*new, "--password", make.PASSWORD).code == 0


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are a matter of Linux")
def test_a_real_server_on_a_full_disk_keeps_reading_and_recovers(sqlite: SqliteShelf) -> None:
    """The system itself lets the server's files grow no further, and then lets them grow again."""
    import resource

    with sqlite.house("story") as house:
        cell = cell_of(house, "I01", "LC07")
        close_house(house)
        port = free_port()
        process = serve(house.folder, port, house.folder / "server.log")
        try:
            wait_for_answer(process, port)
            browser = Browser(port)
            browser.sign_in("donghu", "/reports/LC-2022/LC07/2022-07")
            address, fields = "/reports/LC-2022/LC07/2022-07", {"action": "save"}
            first = {**fields, f"{cell}-seen": "0.0", f"{cell}-value": 21}
            assert browser.post(address, first) == 303
            fields[f"{cell}-seen"] = "1.0"
            before = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (4096, before[1]))
            try:
                for _ in range(3):
                    assert browser.post(address, {**fields, f"{cell}-value": 22}) == 503
                assert status_of(port, "/healthz") == 503
                assert status_of(port, "/sign-in") == 200
            finally:
                resource.prlimit(process.pid, resource.RLIMIT_FSIZE, before)
            assert status_of(port, "/healthz") == 200
            assert browser.post(address, {**fields, f"{cell}-value": 23}) == 303
        finally:
            process.kill()
            process.wait(30)
        assert house.run("verify").code == 0
        assert house.run("doctor").out.count("Failure") <= 1
        with house.inside():
            values = [
                found.entry.value
                for found in make.sheet_of("LC07", "2022-07", plan="LC-2022").cells
                if found.entry
            ]
        assert values == [23]


def status_of(port: int, address: str) -> int:
    import http.client

    with closing(http.client.HTTPConnection(HOST, port, timeout=20)) as connection:
        connection.request("GET", address)
        return connection.getresponse().status


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    from tests.kit.command import tracker

    (tmp_path / "file").write_bytes(b"")
    outcome = tracker("init", folder=tmp_path / "file" / "instance")
    assert outcome.code == 1
    assert "Cannot read or write" in outcome.err
    assert "Traceback" not in outcome.err
