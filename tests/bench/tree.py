"""Making a house of any size quickly: a tree of units with plans, reports, entries and balances.

Every reporting unit follows one of a few patterns of values, so that the rules of the product
compute each pattern's differences once and SQL multiplies them over the units. What is made is
checked against sums that are taken from the entries alone.
"""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from tests.bench.patterns import PATTERNS, Value, indicator_draft, leaf_target, root_target, value_of
from tracker.app import create_app
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.roles import Role
from tracker.domain.rollup import Reported, differences
from tracker.features.accounts.services import add_user, grant_role, judge_password
from tracker.features.org.models import UnitKind
from tracker.features.org.queries import units_by_code
from tracker.features.plans.models import Plan
from tracker.features.plans.services import add_indicator, add_initiative, add_pillar, create_plan

LAST_YEAR = 2022
AS_OF = date(LAST_YEAR, 12, 31)
ROOT = "ROOT"
USERNAME, PASSWORD = "leader", "a long enough Password 2022"
PILLARS, INITIATIVES = 5, 2
MOMENT = "2022-01-05 08:00:00.000000"


@dataclass(frozen=True)
class Size:
    """How large a house is: children per unit from the root down, indicators, and reported periods."""

    name: str
    fan_out: tuple[int, ...]
    periods: int
    indicators: int = 50

    @property
    def units(self) -> int:
        """Units that report."""
        found = 1
        for width in self.fan_out:
            found *= width
        return found

    @property
    def entries(self) -> int:
        """Entries of all reports."""
        return self.units * self.indicators * self.periods


@dataclass(frozen=True)
class Unit:
    """A node of the tree; ``patterns`` counts the reporting units at or below it by pattern."""

    id: int
    parent_id: int | None
    code: str
    path: str
    depth: int
    patterns: Counter[int]

    @property
    def reporters(self) -> int:
        """Reporting units at or below."""
        return sum(self.patterns.values())


@dataclass(frozen=True)
class House:
    """A house that was made: its application, what is in it, and how long making it took."""

    folder: Path
    app: Flask
    size: Size
    entries: int
    bytes: int
    seconds: float


def make_house(folder: Path, size: Size, **settings: object) -> House:
    """Make a house of this size in an empty folder, or take the one that is there."""
    began = time.perf_counter()
    database = folder / "tracker.db"
    done = folder / "made"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        database.unlink(missing_ok=True)
        app = create_app({"DATABASE_URL": f"sqlite:///{database.as_posix()}"}, folder=folder)
        with app.app_context():
            upgrade()
            _set_up(size)
            db.session.remove()
            db.engine.dispose()
        _fill(database, size)
        done.touch()
    # The application that is measured begins afresh, as after a start.
    app = create_app({"DATABASE_URL": f"sqlite:///{database.as_posix()}", **settings}, folder=folder)
    with closing(sqlite3.connect(database)) as connection:
        (entries,) = connection.execute("SELECT count(*) FROM entries").fetchone()
    return House(folder, app, size, entries, database.stat().st_size, time.perf_counter() - began)


def years_of(size: Size) -> list[tuple[date, date]]:
    """First and last day of the yearly plans, the earliest one shortened to the periods that are left."""
    found, left, year = [], size.periods, LAST_YEAR
    while left > 0:
        months = min(left, 12)
        found.append((date(year, 13 - months, 1), date(year, 12, 31)))
        left, year = left - months, year - 1
    return found[::-1]


def units_of(size: Size) -> list[Unit]:
    """The tree, level by level, so that parents have the smaller ids."""
    shapes: list[tuple[int | None, str, str]] = [(None, ROOT, "1/")]
    levels = [[0]]
    for width in size.fan_out:
        level = []
        for parent in levels[-1]:
            _, code, path = shapes[parent]
            for number in range(width):
                level.append(len(shapes))
                own = f"{'U' if code == ROOT else code + '-'}{number + 1:02d}"
                shapes.append((parent + 1, own, f"{path}{len(shapes) + 1}/"))
        levels.append(level)
    patterns: list[Counter[int]] = [Counter() for _ in shapes]
    for ordinal, place in enumerate(levels[-1]):
        for unit_id in shapes[place][2].split("/")[:-1]:
            patterns[int(unit_id) - 1][ordinal % PATTERNS] += 1
    return [
        Unit(place + 1, parent, code, path, path.count("/") - 1, patterns[place])
        for place, (parent, code, path) in enumerate(shapes)
    ]


def _set_up(size: Size) -> None:
    """Units, a user and the plans with their indicators: few rows, through the product's own services."""
    kinds = [UnitKind.CITY, UnitKind.DISTRICT, UnitKind.TOWNSHIP, UnitKind.COMMUNITY][
        -len(size.fan_out) - 1 :
    ]
    with writing():
        connection = db.session.connection()
        connection.exec_driver_sql(
            "INSERT INTO org_units (id, parent_id, code, name, name_en, kind, path) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (u.id, u.parent_id, u.code, f"单位{u.code}", f"Unit {u.code}", kinds[u.depth].value, u.path)
                for u in units_of(size)
            ],
        )
        root = units_by_code()[ROOT]
        user = add_user(USERNAME, "分管领导", judge_password(USERNAME, PASSWORD), actor=HOUSE)
        grant_role(user, Role.OFFICIAL, root, actor=HOUSE)
        grant_role(user, Role.REVIEWER, root, actor=HOUSE)
        for starts_on, ends_on in years_of(size):
            plan = create_plan(
                f"PLAN-{ends_on.year}",
                f"{ends_on.year}年创建工作方案",
                name_en=f"Work plan {ends_on.year}",
                unit=root,
                starts_on=starts_on,
                ends_on=ends_on,
                actor=HOUSE,
            )
            _add_indicators(plan, size.indicators)
        db.session.commit()


def _add_indicators(plan: Plan, count: int) -> None:
    pillars = [
        add_pillar(plan, f"抓手{n + 1}", name_en=f"Pillar {n + 1}", actor=HOUSE) for n in range(PILLARS)
    ]
    initiatives = [
        add_initiative(pillar, f"举措{n + 1}", name_en=f"Initiative {n + 1}", actor=HOUSE)
        for pillar in pillars
        for n in range(INITIATIVES)
    ]
    for place in range(count):
        initiative = initiatives[place * len(initiatives) // count]
        add_indicator(plan, initiative, indicator_draft(place), actor=HOUSE)


def _fill(database: Path, size: Size) -> None:
    """The many rows, by SQL from small tables of patterns."""
    connection = sqlite3.connect(database, isolation_level=None)
    # What is half made is thrown away, so nothing here needs to survive a crash.
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    _copy_patterns(connection, size)
    for statement in _STATEMENTS:
        connection.execute(statement, {"moment": MOMENT})
    connection.execute("COMMIT")
    _check(connection)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def _copy_patterns(connection: sqlite3.Connection, size: Size) -> None:
    """The temporary tables that the statements multiply."""
    for table in _TABLES:
        connection.execute(f"CREATE TEMP TABLE {table}")
    for unit in units_of(size):
        leaf = unit.depth == len(size.fan_out)
        connection.execute(
            "INSERT INTO node VALUES (?, ?, ?)",
            (unit.id, unit.reporters, next(iter(unit.patterns)) if leaf else None),
        )
        connection.executemany(
            "INSERT INTO below VALUES (?, ?, ?)", [(unit.id, each, n) for each, n in unit.patterns.items()]
        )
    plans = connection.execute("SELECT id, ends_on FROM plans ORDER BY id").fetchall()
    number = 0
    for plan_id, _ in plans:
        periods = connection.execute(
            "SELECT id, ends_on FROM periods WHERE plan_id = ? ORDER BY ends_on", (plan_id,)
        ).fetchall()
        indicators = connection.execute(
            "SELECT id FROM indicators WHERE plan_id = ? ORDER BY position", (plan_id,)
        ).fetchall()
        for period_id, ends_on in periods:
            waits = ends_on == AS_OF.isoformat()
            connection.execute(
                "INSERT INTO span VALUES (?, ?, ?, ?, ?)", (number, period_id, plan_id, ends_on, waits)
            )
            number += 1
        for place, (indicator_id,) in enumerate(indicators):
            _copy_indicator(
                connection,
                plan_id=plan_id,
                indicator_id=indicator_id,
                place=place,
                first=number - len(periods),
                periods=periods,
            )


def _copy_indicator(
    connection: sqlite3.Connection,
    *,
    plan_id: int,
    indicator_id: int,
    place: int,
    first: int,
    periods: list[tuple[int, str]],
) -> None:
    """What each pattern says of one indicator, what that adds to the balances, and what is aimed at."""
    draft = indicator_draft(place)
    for pattern in range(PATTERNS):
        said = [value_of(pattern, place, int(ends_on[5:7])) for _, ends_on in periods]
        connection.executemany(
            "INSERT INTO said VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    pattern,
                    first + k,
                    indicator_id,
                    v.state.value,
                    v.value,
                    v.denominator,
                    v.reason,
                    _counts(pattern, day),
                )
                for k, (v, (_, day)) in enumerate(zip(said, periods, strict=True))
            ],
        )
        counted = [
            _reported(v, day) for v, (_, day) in zip(said, periods, strict=True) if _counts(pattern, day)
        ]
        connection.executemany(
            "INSERT INTO adds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (pattern, plan_id, indicator_id, day.isoformat(), *vars(found).values())
                for (_, day), found in differences(draft.measure, counted).items()
            ],
        )
        connection.execute(
            "INSERT INTO aim VALUES (?, ?, ?, ?)",
            (pattern, indicator_id, leaf_target(place), root_target(place)),
        )


def _counts(pattern: int, day: str) -> bool:
    """Whether the report is approved: one pattern's last report still waits for review."""
    return not (pattern == 0 and day == AS_OF.isoformat())


def _reported(value: Value, day: str) -> Reported:
    return Reported(0, date.fromisoformat(day), value.state, value.value or 0, value.denominator or 0)


_TABLES = (
    "node (unit_id INTEGER PRIMARY KEY, reporters, pattern)",
    "below (unit_id, pattern, n, PRIMARY KEY (unit_id, pattern)) WITHOUT ROWID",
    "span (number INTEGER PRIMARY KEY, period_id, plan_id, ends_on, waits)",
    "said (pattern, number, indicator_id, state, value, denominator, reason, counts, "
    "PRIMARY KEY (pattern, number, indicator_id)) WITHOUT ROWID",
    "adds (pattern, plan_id, indicator_id, ends_on, value, denominator, covered, not_applicable, reported, "
    "PRIMARY KEY (pattern, plan_id, indicator_id, ends_on)) WITHOUT ROWID",
    "aim (pattern, indicator_id, own, root, PRIMARY KEY (pattern, indicator_id)) WITHOUT ROWID",
)

# CROSS JOIN keeps SQLite to this order of loops, so that rows arrive in the order of their keys.
_STATEMENTS = (
    "INSERT INTO assignments (indicator_id, unit_id) "
    "SELECT i.id, n.unit_id FROM indicators i CROSS JOIN node n WHERE n.pattern IS NOT NULL",
    "INSERT INTO plan_reaches (plan_id, unit_id, from_on, until_on, reporters) "
    "SELECT p.id, n.unit_id, p.starts_on, '9999-12-31', n.reporters FROM plans p CROSS JOIN node n",
    "INSERT INTO targets SELECT n.unit_id, i.plan_id, i.id, p.starts_on, '9999-12-31', a.own, NULL, NULL, "
    "NULL, 1 FROM node n CROSS JOIN aim a ON a.pattern = n.pattern "
    "CROSS JOIN indicators i ON i.id = a.indicator_id CROSS JOIN plans p ON p.id = i.plan_id",
    "INSERT INTO targets SELECT n.unit_id, i.plan_id, i.id, p.starts_on, '9999-12-31', "
    "CASE WHEN n.unit_id = 1 THEN a.root END, NULL, CASE WHEN a.own IS NOT NULL THEN sum(a.own * b.n) END, "
    "NULL, n.reporters FROM node n CROSS JOIN below b ON b.unit_id = n.unit_id "
    "CROSS JOIN aim a ON a.pattern = b.pattern CROSS JOIN indicators i ON i.id = a.indicator_id "
    "CROSS JOIN plans p ON p.id = i.plan_id WHERE n.pattern IS NULL GROUP BY n.unit_id, i.id",
    # Every target that was set is the beginning of its history.
    "INSERT INTO target_changes (unit_id, indicator_id, from_on, target, baseline) "
    "SELECT unit_id, indicator_id, from_on, target, baseline FROM targets WHERE target IS NOT NULL",
    "INSERT INTO reports (id, unit_id, period_id, state, version, submitted_at) "
    "SELECT n.unit_id * 1000 + s.number, n.unit_id, s.period_id, "
    "CASE WHEN s.waits AND n.pattern = 0 THEN 'submitted' ELSE 'approved' END, 3, :moment "
    "FROM node n CROSS JOIN span s WHERE n.pattern IS NOT NULL",
    "INSERT INTO report_tallies (unit_id, period_id, state, reports) "
    "SELECT n.unit_id, s.period_id, "
    "CASE WHEN s.waits AND b.pattern = 0 THEN 'submitted' ELSE 'approved' END AS k, "
    "sum(b.n) FROM node n CROSS JOIN span s CROSS JOIN below b ON b.unit_id = n.unit_id "
    "GROUP BY n.unit_id, s.period_id, k",
    "INSERT INTO entries (report_id, unit_id, plan_id, indicator_id, ends_on, state, value, denominator, "
    "reason, revision, counted_state, counted_value, counted_denominator) "
    "SELECT n.unit_id * 1000 + s.number, n.unit_id, s.plan_id, e.indicator_id, s.ends_on, e.state, e.value, "
    "e.denominator, e.reason, 1, CASE WHEN e.counts THEN e.state END, CASE WHEN e.counts THEN e.value END, "
    "CASE WHEN e.counts THEN e.denominator END "
    "FROM node n CROSS JOIN span s CROSS JOIN said e ON e.pattern = n.pattern AND e.number = s.number",
    "INSERT INTO balances (unit_id, plan_id, category_id, indicator_id, ends_on, value, denominator, "
    "covered, not_applicable, reported) SELECT n.unit_id, a.plan_id, 0, a.indicator_id, a.ends_on, "
    "sum(a.value * b.n), sum(a.denominator * b.n), sum(a.covered * b.n), "
    "sum(a.not_applicable * b.n), sum(a.reported * b.n) "
    "FROM node n CROSS JOIN below b ON b.unit_id = n.unit_id CROSS JOIN adds a ON a.pattern = b.pattern "
    "WHERE n.pattern IS NULL GROUP BY n.unit_id, a.plan_id, a.indicator_id, a.ends_on",
    "INSERT INTO balances (unit_id, plan_id, category_id, indicator_id, ends_on, value, denominator, "
    "covered, not_applicable, reported) SELECT n.unit_id, a.plan_id, 0, a.indicator_id, a.ends_on, a.value, "
    "a.denominator, a.covered, a.not_applicable, a.reported "
    "FROM node n CROSS JOIN adds a ON a.pattern = n.pattern",
)


def _check(connection: sqlite3.Connection) -> None:
    """Compare balances with sums from the entries alone, for each measure, at the root and below."""
    for unit_id, path in connection.execute("SELECT id, path FROM org_units WHERE id IN (1, 2)").fetchall():
        for indicator_id, plan_id, measure in _samples(connection):
            kept = connection.execute(
                "SELECT sum(value), sum(denominator), sum(reported) FROM balances "
                "WHERE unit_id = ? AND plan_id = ? AND category_id = 0 AND indicator_id = ?",
                (unit_id, plan_id, indicator_id),
            ).fetchone()
            summed = connection.execute(
                _FROM_ENTRIES[measure == "flow"], (indicator_id, path, path[:-1] + "0")
            ).fetchone()
            if kept != summed:
                raise AssertionError(
                    f"unit {unit_id}, indicator {indicator_id}: balances {kept}, entries {summed}"
                )


def _samples(connection: sqlite3.Connection) -> Iterator[tuple[int, int, str]]:
    """The first indicator of each measure of the last plan."""
    yield from connection.execute(
        "SELECT min(id), plan_id, measure FROM indicators "
        "WHERE plan_id = (SELECT max(id) FROM plans) GROUP BY measure"
    ).fetchall()


_SUBTREE = "e.unit_id IN (SELECT id FROM org_units WHERE path >= ? AND path < ?)"
_FROM_ENTRIES = {
    # A flow adds up all that was counted.
    True: "SELECT sum(counted_value), 0, sum(counted_state = 'value') FROM entries e "
    f"WHERE indicator_id = ? AND {_SUBTREE}",
    # Everything else is the sum of each unit's latest counted entry; one that does not apply counts nothing.
    False: "SELECT sum(value), sum(denominator), sum(spoke) FROM ("
    "SELECT coalesce(counted_value, 0) AS value, coalesce(counted_denominator, 0) AS denominator, "
    "max(ends_on), sum(counted_state = 'value') AS spoke FROM entries e "
    f"WHERE indicator_id = ? AND counted_state IS NOT NULL AND {_SUBTREE} GROUP BY unit_id)",
}
