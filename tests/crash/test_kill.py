"""``kill -9`` in the middle of saves: what was acknowledged is there, and nothing is half there."""

from __future__ import annotations

import os
import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.bench.browser import Browser, Lost
from tests.bench.server import command, free_port, serve, wait_for_answer
from tracker.cli import cli

ROUNDS = 50
UNIT, PERIOD, PLAN = "LC07", "2022-06", "LC-2022"
SHEET = f"/reports/{PLAN}/{UNIT}/{PERIOD}"
REVIEW = f"/review/{PLAN}/{UNIT}/{PERIOD}"
SAVES_BEFORE_REVIEW = 3


@dataclass
class Story:
    """What was asked of the server, and what it has acknowledged, over all rounds."""

    cells: tuple[int, int]
    number: int = 1000
    asked: list[int] = field(default_factory=list)
    saved: list[int] = field(default_factory=list)
    steps_asked: dict[str, int] = field(default_factory=lambda: {"approve": 0, "reopen": 0})
    steps_done: dict[str, int] = field(default_factory=lambda: {"approve": 0, "reopen": 0})
    unexpected: list[str] = field(default_factory=list)


@pytest.mark.slow
def test_kill_in_the_middle_of_saves(tmp_path: Path) -> None:
    """Fifty times: saves and decisions without pause, death at a random moment, restart, and a full check."""
    seed = int(os.environ.get("CRASH_SEED", random.SystemRandom().randrange(10**6)))
    print(f"CRASH_SEED={seed}")
    chance = random.Random(seed)
    folder = tmp_path / "instance"
    command(folder, "demo", "--story").check_returncode()
    story = Story(_two_cells(folder))
    reporter = reviewer = None
    for turn in range(ROUNDS):
        with _server(folder, tmp_path / "server.log") as (port, kill):
            if reporter is None or reviewer is None:
                reporter, reviewer = Browser(port), Browser(port)
                reporter.sign_in("donghu", SHEET)
                reviewer.sign_in("chuangjianban", REVIEW)
            else:
                reporter.meet(port)
                reviewer.meet(port)
                _check(folder, story, f"round {turn}, seed {seed}")
            client = threading.Thread(target=_work, args=(folder, story, reporter, reviewer))
            client.start()
            time.sleep(chance.uniform(0.05, 0.6))
            kill()
            client.join(60)
            assert not client.is_alive(), "the client did not notice that the server is gone"
    with _server(folder, tmp_path / "server.log"):
        _check(folder, story, f"after the last round, seed {seed}")
    for check in (("verify",), ("audit", "verify")):
        verified = command(folder, *check)
        assert verified.returncode == 0, verified.stdout + verified.stderr
    assert len(story.saved) >= ROUNDS, "too few saves were acknowledged for the test to mean anything"
    assert story.steps_done["approve"] > 0
    assert story.steps_done["reopen"] > 0
    print(f"{len(story.asked)} saves asked, {len(story.saved)} acknowledged; decisions: {story.steps_done}")


@contextmanager
def _server(folder: Path, log: Path) -> Iterator[tuple[int, object]]:
    """The real server on a free port, with the call that kills it; it is killed in the end in any case."""
    port = free_port()
    process = serve(folder, port, log)
    try:
        wait_for_answer(process, port)
        yield port, process.kill
    finally:
        process.kill()
        process.wait(30)


def _two_cells(folder: Path) -> tuple[int, int]:
    """Two indicators of the unit whose cell takes a single number."""
    with closing(_database(folder)) as database:
        rows = database.execute(
            "SELECT i.id FROM indicators i JOIN assignments a ON a.indicator_id = i.id "
            "JOIN org_units u ON u.id = a.unit_id WHERE u.code = ? AND i.measure = 'flow' "
            "AND NOT EXISTS (SELECT 1 FROM categories c WHERE c.indicator_id = i.id) ORDER BY i.id LIMIT 2",
            (UNIT,),
        ).fetchall()
    (first,), (second,) = rows
    return first, second


def _database(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / "tracker.db")


def _report(folder: Path) -> tuple[int, str, int]:
    """Id, state and version of the report."""
    with closing(_database(folder)) as database:
        found: tuple[int, str, int] = database.execute(
            "SELECT r.id, r.state, r.version FROM reports r JOIN org_units u ON u.id = r.unit_id "
            "JOIN periods p ON p.id = r.period_id WHERE u.code = ? AND p.code = ?",
            (UNIT, PERIOD),
        ).fetchone()
    return found


def _seen(folder: Path) -> dict[int, str]:
    """What a page shows as seen of each cell, by the id of its indicator."""
    with closing(_database(folder)) as database:
        rows = database.execute(
            "SELECT e.indicator_id, e.revision || '.' || e.touched FROM entries e WHERE e.report_id = ?",
            (_report(folder)[0],),
        ).fetchall()
    return dict(rows)


def _work(folder: Path, story: Story, reporter: Browser, reviewer: Browser) -> None:
    """Save, submit, approve and reopen, one after another, until the server is gone."""
    _, state, version = _report(folder)
    saves = 0
    try:
        while not story.unexpected:
            if state == "submitted":
                _decide(story, reviewer, "approve", version)
                state, version = "approved", version + 1
            elif state == "approved":
                _decide(story, reviewer, "reopen", version)
                state, version = "returned", version + 1
            else:
                saves += 1
                submits = saves % SAVES_BEFORE_REVIEW == 0
                _save(story, reporter, _seen(folder), submits=submits)
                state, version = ("submitted", version + 2) if submits else (state, version + 1)
    except Lost:
        return


def _save(story: Story, reporter: Browser, seen: dict[int, str], *, submits: bool) -> None:
    """Write the next number into both cells at once."""
    story.number += 1
    number = story.number
    story.asked.append(number)
    fields: dict[str, object] = {"action": "submit" if submits else "save"}
    for indicator_id in story.cells:
        # Such a number is unusual, which a submitted sheet has to explain.
        fields |= {f"c{indicator_id}-0-value": number, f"c{indicator_id}-0-reason": "断电演练"}
        fields[f"c{indicator_id}-0-seen"] = seen.get(indicator_id, "0.0")
    status = reporter.post(SHEET, fields)
    if status == 303:
        story.saved.append(number)
    else:
        story.unexpected.append(f"saving {number} over {seen} answered {status}")


def _decide(story: Story, reviewer: Browser, step: str, version: int) -> None:
    story.steps_asked[step] += 1
    status = reviewer.post(f"{REVIEW}/{step}", {"version": version, "reason": "断电演练"})
    if status == 303:
        story.steps_done[step] += 1
    else:
        story.unexpected.append(f"{step} at version {version} answered {status}")


def _check(folder: Path, story: Story, when: str) -> None:
    """Every acknowledged save is there in both cells, none in one of them only, and all sums hold."""
    assert not story.unexpected, f"{when}: {story.unexpected}"
    report_id, state, _ = _report(folder)
    first, second = (_revisions(folder, report_id, cell) for cell in story.cells)
    assert first == second, f"{when}: half a save, in one cell only: {sorted(first ^ second)}"
    lost = set(story.saved) - first
    assert not lost, f"{when}: acknowledged and lost: {sorted(lost)}"
    assert first <= set(story.asked), f"{when}: never asked for: {sorted(first - set(story.asked))}"
    for step, done in story.steps_done.items():
        kept = _audited(folder, step)
        assert done <= kept <= story.steps_asked[step], (
            f"{when}: {step}: {done} acknowledged, {kept} recorded"
        )
    # On a slow machine death may come before the very first save.
    if first:
        _check_sheet(folder, story, when, report=(report_id, state), latest=max(first))
    verified = CliRunner(env={"TRACKER_INSTANCE": str(folder), "TRACKER_DATABASE_URL": None}).invoke(
        cli, ["verify"]
    )
    assert verified.exit_code == 0, f"{when}: {verified.output}"


def _check_sheet(folder: Path, story: Story, when: str, *, report: tuple[int, str], latest: int) -> None:
    """Both cells hold the latest save, and count exactly while the report is approved."""
    report_id, state = report
    with closing(_database(folder)) as database:
        held, counted = zip(
            *database.execute(
                "SELECT value / 10000, counted_value / 10000 FROM entries "
                "WHERE report_id = ? AND indicator_id IN (?, ?)",
                (report_id, *story.cells),
            ).fetchall(),
            strict=True,
        )
    assert set(held) == {latest}, f"{when}: the sheet holds {held}, the latest save is {latest}"
    assert set(counted) == ({latest} if state == "approved" else {None}), (
        f"{when}: {state}, counted {counted}"
    )


def _revisions(folder: Path, report_id: int, indicator_id: int) -> set[int]:
    """All numbers of this test that the cell has ever held."""
    with closing(_database(folder)) as database:
        rows = database.execute(
            "SELECT v.value / 10000 FROM entry_revisions v JOIN entries e ON e.id = v.entry_id "
            "WHERE e.report_id = ? AND e.indicator_id = ? AND v.reason = '断电演练'",
            (report_id, indicator_id),
        )
        return {number for (number,) in rows}


def _audited(folder: Path, step: str) -> int:
    """How often the audit log says that the step was taken by somebody over the network."""
    with closing(_database(folder)) as database:
        (found,) = database.execute(
            "SELECT count(*) FROM audit_records WHERE action = ? AND source IS NOT NULL", (f"report.{step}",)
        ).fetchone()
    return int(found)
