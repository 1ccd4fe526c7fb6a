"""The end of a month: everybody saves over HTTP while officials look, beside one reporter alone."""

from __future__ import annotations

import json
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.bench.browser import Browser, Lost
from tests.bench.measure import heading, milliseconds, p50, p95, table, verdict
from tests.bench.patterns import PATTERNS, value_of
from tests.bench.server import free_port, serve, wait_for_answer
from tests.bench.tree import AS_OF, PASSWORD, ROOT, USERNAME, Size, make_house, units_of
from tracker.core.audit import HOUSE
from tracker.core.db import db, unscale, writing
from tracker.domain.numbers import plain
from tracker.domain.roles import Role
from tracker.domain.rollup import ValueState
from tracker.features.accounts.services import add_user, grant_role, judge_password
from tracker.features.org.queries import units_by_code

TITLE = "Month-end: reporters save a cell every few seconds and submit, officials reload the overview"
GOAL = 5
INDICATORS = 12
OFFICIALS = 5
PERIOD, MONTH = f"{AS_OF:%Y-%m}", AS_OF.month
PLAN = f"PLAN-{AS_OF.year}"
_SEEN = re.compile(r'name="(c(\d+)-0)-seen"[^>]*value="([^"]*)"')


@dataclass
class Desk:
    """A reporter with the own sheet open: what was acknowledged, how long it took, what went wrong."""

    username: str
    unit: str
    pattern: int
    browser: Browser
    cells: list[tuple[str, int]] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)
    kept: dict[int, int | None] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The sheet."""
        return f"/reports/{PLAN}/{self.unit}/{PERIOD}"

    def sit_down(self) -> None:
        """Sign in and open the sheet."""
        self.browser.sign_in_with(self.username, PASSWORD)
        text = self.browser.look(self.address)
        self.seen = {name: seen for name, _, seen in _SEEN.findall(text)}
        self.cells = [(name, int(number)) for name, number, _ in _SEEN.findall(text)]
        assert len(self.cells) == INDICATORS, f"{self.username} sees {len(self.cells)} cells"

    def save(self, turn: int) -> None:
        """Save one cell as the grid's script does, and keep what was acknowledged."""
        place = turn % len(self.cells)
        name, indicator = self.cells[place]
        said = value_of(self.pattern, place, MONTH)
        cell: dict[str, object] = {"name": name, "seen": self.seen[name], "reason": said.reason or ""}
        cell |= {"value": _typed(said.value), "whole": _typed(said.denominator), "note": ""}
        cell["na"] = said.state is ValueState.NOT_APPLICABLE
        began = time.perf_counter()
        try:
            status, text = self.browser.post_json(
                f"{self.address}/cells", {"user": self.username, "cells": [cell]}
            )
        except Lost as error:
            self.errors.append(f"lost: {error.__cause__}")
            return
        self.times.append(time.perf_counter() - began)
        told = json.loads(text)["cells"][name] if status == 200 else {}
        if told.get("outcome") != "saved":
            self.errors.append(f"a save answered {status}: {text[:200]}")
            return
        self.seen[name] = told["seen"]
        self.kept[indicator] = said.value

    def submit(self) -> None:
        """Hand the whole sheet in by its form."""
        self.browser.look(self.address)
        status = self.browser.post(self.address, {"action": "submit"})
        if status != 303:
            self.errors.append(f"submitting answered {status}")


def run(folder: Path, *, quick: bool) -> None:
    """Make a house whose last month is empty, and have everybody report it."""
    heading(TITLE)
    reporters, seconds, pause = (30, 15.0, 1.5) if quick else (200, 60.0, 5.0)
    size = Size(f"month-end-{reporters}", (reporters,), 12, indicators=INDICATORS)
    house = folder / size.name
    _open_last_month(house, size)
    with _server(house) as port:
        desks = [
            Desk(_name(unit.code), unit.code, place % PATTERNS, Browser(port))
            for place, unit in enumerate(one for one in units_of(size) if one.depth == 1)
        ]
        began = time.perf_counter()
        for desk in desks:
            desk.sit_down()
        print(f"{len(desks)} reporters signed in within {time.perf_counter() - began:.0f} s", flush=True)
        alone = _alone(desks[0])
        looked = _everybody(desks, port, seconds=seconds, pause=pause)
        together = [taken for desk in desks for taken in desk.times]
        errors = [error for desk in desks for error in desk.errors]
        rate, crowd = _highest_rate(desks, seconds=5 if quick else 15)
        for desk in desks:
            desk.errors = []
        _at_once([desk.submit for desk in desks])
        errors += [error for desk in desks for error in desk.errors]
    rows = [
        _row("a save, one reporter alone", alone),
        _row(f"a save, {reporters} reporters, one every {pause:g} s", together),
        _row(f"the overview, {OFFICIALS} officials at the same time", looked),
    ]
    table(["what", "how many", "p50", "p95"], rows)
    print(f"highest rate of saves: {rate:.0f} a second, with {crowd} reporters saving without pause")
    lost = _lost(house, desks)
    verdict("p95 of a save among all over p50 of one alone", p95(together) / p50(alone), GOAL, at_most=True)
    verdict("saves and submissions that failed", len(errors), 0, at_most=True)
    verdict("acknowledged cells that are not stored, and reports not handed in", lost, 0, at_most=True)
    for error in errors[:5]:
        print(f"  {error}")


def _row(what: str, times: Sequence[float]) -> list[str]:
    return [what, f"{len(times):,}", milliseconds(p50(times)), milliseconds(p95(times))]


def _typed(scaled: int | None) -> str:
    return "" if scaled is None else plain(unscale(scaled))


def _name(unit: str) -> str:
    return f"reporter-{unit.lower()}"


def _open_last_month(folder: Path, size: Size) -> None:
    """A house with a reporter for each unit, and nothing yet of the last month."""
    house = make_house(folder, size)
    with house.app.app_context(), writing():
        units = units_by_code()
        if not _has_reporters(folder):
            for unit in units_of(size):
                if unit.depth:
                    name = _name(unit.code)
                    password = judge_password(name, PASSWORD)
                    user = add_user(name, f"填报员{unit.code}", password, actor=HOUSE)
                    grant_role(user, Role.REPORTER, units[unit.code], actor=HOUSE)
        connection = db.session.connection()
        for statement in _EMPTYING:
            connection.exec_driver_sql(statement, {"day": AS_OF.isoformat()})
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


_LAST = "SELECT id FROM periods WHERE ends_on = :day"
_EMPTYING = (
    "DELETE FROM entry_revisions WHERE entry_id IN (SELECT id FROM entries WHERE ends_on = :day)",
    "DELETE FROM entries WHERE ends_on = :day",
    f"DELETE FROM reports WHERE period_id IN ({_LAST})",
    f"DELETE FROM report_tallies WHERE period_id IN ({_LAST})",
    "DELETE FROM balances WHERE ends_on = :day",
)


def _has_reporters(folder: Path) -> bool:
    with closing(sqlite3.connect(folder / "tracker.db")) as database:
        found = database.execute("SELECT count(*) FROM users WHERE username LIKE 'reporter-%'").fetchone()
    return bool(found[0])


@contextmanager
def _server(folder: Path) -> Iterator[int]:
    """The real server, which is killed in the end in any case."""
    port = free_port()
    process = serve(folder, port, folder / "server.log")
    try:
        wait_for_answer(process, port)
        yield port
    finally:
        process.kill()
        process.wait(30)


def _alone(desk: Desk) -> list[float]:
    """Times of one reporter's saves while nobody else is there; the first few warm the server up."""
    for turn in range(30 + len(desk.cells)):
        desk.save(turn)
    alone, desk.times = desk.times[len(desk.cells) :], []
    return alone


def _everybody(desks: Sequence[Desk], port: int, *, seconds: float, pause: float) -> list[float]:
    """Everybody saves in turn, each at a moment of the own; the times in which officials saw the overview."""
    over = threading.Event()
    looked: list[float] = []
    officials = [_official(port) for _ in range(OFFICIALS)]

    def report(desk: Desk, delay: float) -> None:
        end = time.monotonic() + seconds
        time.sleep(delay)
        turn = 0
        # Who has filled every cell begins again with the first, so that none is left empty.
        while time.monotonic() < end or turn < len(desk.cells):
            began = time.monotonic()
            desk.save(turn)
            turn += 1
            time.sleep(max(0.0, pause - (time.monotonic() - began)))

    def watch(official: Browser) -> None:
        while not over.wait(1):
            began = time.perf_counter()
            assert official.get(f"/overview?unit={ROOT}&as_of={AS_OF}") == 200
            looked.append(time.perf_counter() - began)

    watching = [threading.Thread(target=watch, args=(official,)) for official in officials]
    for thread in watching:
        thread.start()
    _at_once([partial(report, desk, pause * n / len(desks)) for n, desk in enumerate(desks)])
    over.set()
    for thread in watching:
        thread.join()
    return looked


def _official(port: int) -> Browser:
    official = Browser(port)
    official.sign_in_with(USERNAME, PASSWORD)
    return official


def _at_once(tasks: Sequence[Callable[[], None]]) -> None:
    """Run all at the same time, to their end."""
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _highest_rate(desks: Sequence[Desk], *, seconds: float) -> tuple[float, int]:
    """Most saves a second that the server has borne without an error, and how many then saved at once."""
    best = (0.0, 0)
    for crowd in (1, 4, 16, 64):
        some = desks[:crowd]
        for desk in some:
            desk.times, desk.errors = [], []
        end = time.monotonic() + seconds

        def hurry(desk: Desk, end: float = end) -> None:
            turn = 0
            while time.monotonic() < end:
                desk.save(turn)
                turn += 1

        began = time.monotonic()
        _at_once([partial(hurry, desk) for desk in some])
        found = sum(len(desk.times) for desk in some) / (time.monotonic() - began)
        if not any(desk.errors for desk in some):
            best = max(best, (found, len(some)))
    return best


def _lost(folder: Path, desks: Sequence[Desk]) -> int:
    """How many acknowledged cells are stored otherwise, and how many reports nobody has handed in."""
    with closing(sqlite3.connect(folder / "tracker.db")) as database:
        stored = {
            (code, indicator): value
            for code, indicator, value in database.execute(
                "SELECT u.code, e.indicator_id, e.value FROM entries e JOIN org_units u ON u.id = e.unit_id "
                "WHERE e.ends_on = ?",
                (AS_OF.isoformat(),),
            )
        }
        (handed_in,) = database.execute(
            "SELECT count(*) FROM reports r JOIN periods p ON p.id = r.period_id "
            "WHERE p.ends_on = ? AND r.submitted_at IS NOT NULL",
            (AS_OF.isoformat(),),
        ).fetchone()
    wrong = [
        (desk.unit, indicator)
        for desk in desks
        for indicator, value in desk.kept.items()
        if stored.get((desk.unit, indicator), "missing") != value
    ]
    return len(wrong) + len(desks) - int(handed_in)
