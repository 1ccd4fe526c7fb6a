"""Reports approved per second, beside bare sqlite3 that writes the same rows just as durably."""

from __future__ import annotations

import gc
import hashlib
import shutil
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from tests.bench.measure import heading, milliseconds, p50, p95, table, verdict
from tests.bench.tree import MOMENT, Size, make_house
from tracker.app import create_app
from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.roles import Permission
from tracker.features.reports.queries import get_report
from tracker.features.reports.services import approve_report

TITLE = "Save: approved reports of 40 entries per second"
GOAL = 0.3
Key = tuple[str, str, str]
"""Codes of plan, unit and period."""


def run(folder: Path, *, quick: bool) -> None:
    """Approve all reports of a county's year, one after another, in turns with plain SQL."""
    heading(TITLE)
    size = Size("approvals", (4, 5 if quick else 15), 12, indicators=40)
    original = folder / f"{size.name}-{size.units}"
    make_house(original, size)
    # Both begin with a database of their own, since both change it.
    ours, bare = folder / "ours.db", folder / "bare.db"
    for path in (ours, bare):
        shutil.copyfile(original / "tracker.db", path)
    wanted = list(_prepare(ours))
    for _ in _prepare(bare):
        pass
    app = create_app({"DATABASE_URL": f"sqlite:///{ours.as_posix()}"}, folder=original)
    plain = _open(bare)
    times: dict[str, list[float]] = {"product": [], "bare sqlite3": []}
    written: dict[str, int] = dict.fromkeys(times, 0)
    gc.collect()
    for key, rows in wanted:
        for name, task in (
            ("product", lambda key=key: _approve(app, key)),
            ("bare sqlite3", lambda rows=rows: _write(plain, rows)),
        ):
            began = time.perf_counter()
            written[name] += task()
            times[name].append(time.perf_counter() - began)
    plain.close()
    _compare(ours, bare)
    rates = {name: len(found) / sum(found) for name, found in times.items()}
    lines = [
        [
            name,
            f"{len(found)}",
            f"{written[name] / len(found):.0f}",
            f"{rates[name]:.0f}",
            milliseconds(p50(found)),
            milliseconds(p95(found)),
        ]
        for name, found in times.items()
    ]
    table(["way", "reports", "rows each", "per second", "p50", "p95"], lines)
    print(
        "Both: WAL, synchronous=FULL, one transaction per report; "
        "both databases hold the same figures afterwards."
    )
    verdict("product over bare sqlite3", rates["product"] / rates["bare sqlite3"], GOAL, at_most=False)


def _approve(app: Flask, key: Key) -> int:
    """Approve one report the way the page does, without the page; the number of rows written."""
    plan, unit, period = key
    with app.app_context(), writing():
        raw = db.session.connection().connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        before = raw.total_changes
        report = get_report(
            WHOLE_HOUSE, Permission.REVIEW_REPORTS, plan_code=plan, unit_code=unit, period_code=period
        )
        approve_report(report, version=report.version, actor=HOUSE)
        db.session.commit()
        return raw.total_changes - before


class Rows:
    """The rows that the approval of one report writes, ready to be bound."""

    def __init__(self, report_id: int) -> None:
        self.report_id = report_id
        self.entries: list[tuple[object, ...]] = []
        self.revisions: list[tuple[object, ...]] = []
        self.balances: list[tuple[object, ...]] = []
        self.tallies: list[tuple[object, ...]] = []
        self.audit: tuple[object, ...] = ()
        self.hash = hashlib.sha256(str(report_id).encode()).hexdigest()


def _prepare(database: Path) -> Iterator[tuple[Key, Rows]]:
    """Take every approval back, and hand out what approving again has to write, period by period."""
    connection = _open(database)
    connection.execute("BEGIN")
    balances: dict[tuple[int, str], list[tuple[object, ...]]] = defaultdict(list)
    connection.execute(
        "UPDATE entries SET counted_state = state, counted_value = value, counted_denominator = denominator"
    )
    for unit_id, ends_on, *rest in connection.execute(
        "SELECT unit_id, ends_on, plan_id, indicator_id, value, denominator, covered, not_applicable, "
        "reported FROM balances ORDER BY unit_id, indicator_id"
    ):
        balances[unit_id, ends_on].append((ends_on, *rest))
    entries = defaultdict(list)
    for report_id, *rest in connection.execute(
        "SELECT report_id, counted_state, counted_value, counted_denominator, id FROM entries ORDER BY id"
    ):
        entries[report_id].append(tuple(rest))
    found = []
    for report_id, unit_id, path, unit, period_id, period, ends_on, plan in connection.execute(
        "SELECT r.id, u.id, u.path, u.code, p.id, p.code, p.ends_on, l.code FROM reports r "
        "JOIN org_units u ON u.id = r.unit_id JOIN periods p ON p.id = r.period_id "
        "JOIN plans l ON l.id = p.plan_id WHERE r.state = 'approved' ORDER BY p.ends_on, u.path"
    ):
        rows = Rows(report_id)
        line = [int(part) for part in path.split("/") if part]
        rows.entries = entries[report_id]
        rows.revisions = [(MOMENT, entry[-1]) for entry in rows.entries]
        rows.balances = [
            (above, plan_id, indicator_id, day, *amounts)
            for above in line
            for day, plan_id, indicator_id, *amounts in balances[unit_id, ends_on]
        ]
        rows.tallies = [
            (above, period_id, *move) for above in line for move in (("approved", 1), ("submitted", -1))
        ]
        rows.audit = (
            MOMENT,
            "system",
            "report.approve",
            f"report {plan}/{unit} {period}",
            unit_id,
            "state: submitted → approved",
        )
        found.append(((plan, unit, period), rows))
    for statement in _TAKE_BACK:
        connection.execute(statement, {"moment": MOMENT} if ":moment" in statement else {})
    connection.execute("COMMIT")
    connection.close()
    yield from found


_TAKE_BACK = (
    "UPDATE entries SET counted_state = NULL, counted_value = NULL, counted_denominator = NULL",
    "INSERT INTO entry_revisions (entry_id, number, state, value, denominator, reason, entered_at) "
    "SELECT id, 1, state, value, denominator, reason, :moment FROM entries",
    "DELETE FROM balances",
    "UPDATE reports SET state = 'submitted', version = 2",
    "DELETE FROM report_tallies WHERE state = 'submitted'",
    "UPDATE report_tallies SET state = 'submitted', reports = (SELECT count(*) FROM reports r "
    "JOIN org_units u ON u.id = r.unit_id JOIN org_units a ON a.id = report_tallies.unit_id "
    "WHERE r.period_id = report_tallies.period_id "
    "AND u.path >= a.path AND u.path < rtrim(a.path, '/') || '0')",
)


def _open(database: Path) -> sqlite3.Connection:
    """A plain connection with the product's own settings."""
    connection = sqlite3.connect(database, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _write(connection: sqlite3.Connection, rows: Rows) -> int:
    """The same rows by plain SQL in one transaction; the number of rows written."""
    before = connection.total_changes
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        "UPDATE entries SET counted_state = ?, counted_value = ?, counted_denominator = ? WHERE id = ?",
        rows.entries,
    )
    connection.executemany(
        "UPDATE entry_revisions SET approved_at = ? WHERE entry_id = ? AND number = 1", rows.revisions
    )
    connection.executemany(_ADD_BALANCE, rows.balances)
    connection.executemany(
        "INSERT INTO report_tallies (unit_id, period_id, state, reports) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (unit_id, period_id, state) DO UPDATE SET reports = reports + excluded.reports",
        rows.tallies,
    )
    connection.execute(
        "UPDATE reports SET state = 'approved', version = version + 1, reviewed_at = ? WHERE id = ?",
        (MOMENT, rows.report_id),
    )
    # A hash costs nothing here; what is compared is writing the same columns.
    connection.execute(
        "INSERT INTO audit_records (id, previous_hash, hash, at, actor_name, action, subject, unit_id, "
        "difference) SELECT last_number + 1, last_hash, ?, ?, ?, ?, ?, ?, ? FROM audit_chain",
        (rows.hash, *rows.audit),
    )
    connection.execute(
        "UPDATE audit_chain SET last_number = last_number + 1, changed_number = last_number + 1, "
        "last_hash = ? WHERE id = 1",
        (rows.hash,),
    )
    connection.execute("COMMIT")
    return connection.total_changes - before


_ADD_BALANCE = (
    "INSERT INTO balances (unit_id, plan_id, category_id, indicator_id, ends_on, value, denominator, "
    "covered, not_applicable, reported) VALUES (?, ?, 0, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (unit_id, plan_id, category_id, indicator_id, ends_on) "
    "DO UPDATE SET value = value + excluded.value, "
    "denominator = denominator + excluded.denominator, covered = covered + excluded.covered, "
    "not_applicable = not_applicable + excluded.not_applicable, reported = reported + excluded.reported"
)


def _compare(ours: Path, bare: Path) -> None:
    """Both ways must have left the same figures, or the comparison would not be one."""
    connection = _open(ours)
    connection.execute("ATTACH DATABASE ? AS bare", (str(bare),))
    for name, columns in (("balances", "*"), ("report_tallies", "*"), ("reports", "id, state, version")):
        pair = f"SELECT {columns} FROM main.{name}", f"SELECT {columns} FROM bare.{name}"
        for one, other in (pair, pair[::-1]):
            (differing,) = connection.execute(f"SELECT count(*) FROM ({one} EXCEPT {other})").fetchone()
            if differing:
                raise AssertionError(f"{differing} rows of {name} differ between the two ways")
    connection.close()
