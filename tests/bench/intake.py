"""Rows per second of a whole import of figures, beside merely reading the same file with openpyxl."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from datetime import date
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook, load_workbook

from tests.bench.measure import heading, table, verdict
from tests.bench.patterns import indicator_draft, value_of
from tests.bench.tree import Size, make_house, units_of
from tracker.app import create_app
from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE
from tracker.core.db import db, unscale, writing
from tracker.domain.numbers import plain
from tracker.domain.review import ReportState
from tracker.domain.roles import Permission
from tracker.domain.rollup import ValueState
from tracker.features.intake.services import Way, compare_figures, import_batch
from tracker.features.intake.sheets import read_figures
from tracker.features.reports.services import find_differences

TITLE = "Import: figures of a workbook, read, checked, written, approved and posted to the balances"
GOAL_TIME, GOAL_MEMORY = 1.5, 300
INDICATORS = 50
_EMPTY = (
    "intake_revisions",
    "intake_batches",
    "entry_revisions",
    "entries",
    "report_tallies",
    "reports",
    "balances",
)


def run(folder: Path, *, quick: bool) -> None:
    """Import 10 thousand and 100 thousand rows into an empty year, each in a process of its own."""
    heading(TITLE)
    lines, verdicts = [], []
    for units in (17,) if quick else (17, 167):
        size = Size(f"intake-{units}", (units,), 12, indicators=INDICATORS)
        house = folder / f"{size.name}"
        make_house(house, size)
        file = folder / f"{size.name}.xlsx"
        rows = _write_file(file, size)
        bare_seconds, bare_memory = _measure("bare", house, file)
        seconds, memory, locked = _measure("full", house, file)
        name = f"{rows:,}"
        lines += [
            [
                name,
                "openpyxl, bare",
                f"{bare_seconds:.1f}",
                f"{rows / bare_seconds:,.0f}",
                f"{bare_memory:.0f}",
                "",
            ],
            [
                name,
                "full import",
                f"{seconds:.1f}",
                f"{rows / seconds:,.0f}",
                f"{memory:.0f}",
                f"{locked:.1f}",
            ],
        ]
        verdicts.append((name, seconds / bare_seconds, memory))
    table(["rows", "way", "seconds", "rows per second", "peak MB", "lock held s"], lines)
    for name, times, memory in verdicts:
        verdict(f"{name} rows: full import over the bare read", times, GOAL_TIME, at_most=True)
        verdict(f"{name} rows: peak memory in MB", memory, GOAL_MEMORY, at_most=True)


def _write_file(file: Path, size: Size) -> int:
    """A plain sheet with a year of every unit, in the columns that people use."""
    book = Workbook(write_only=True)
    ws = book.create_sheet("数据")
    ws.append(["单位", "指标", "填报期", "数值", "分母", "原因"])
    rows = 0
    for number, unit in enumerate(one for one in units_of(size) if one.depth == 1):
        for place in range(size.indicators):
            draft = indicator_draft(place)
            for month in range(1, 13):
                said = value_of(number % 23, place, month)
                period = f"{date(2022, month, 1):%Y-%m}"
                if said.state is ValueState.NOT_APPLICABLE:
                    ws.append([unit.code, draft.code, period, "不适用", None, said.reason])
                else:
                    numbers = [
                        None if one is None else float(plain(unscale(one)))
                        for one in (said.value, said.denominator)
                    ]
                    ws.append([unit.code, draft.code, period, *numbers, None])
                rows += 1
    book.save(file)
    return rows


def _measure(way: str, house: Path, file: Path) -> tuple[float, ...]:
    """What a fresh process finds."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.intake", way, str(house), str(file)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return tuple(float(part) for part in done.stdout.split())


def _bare(file: Path) -> None:
    began = time.perf_counter()
    book = load_workbook(BytesIO(file.read_bytes()), read_only=True, data_only=True)
    for _ in book.worksheets[0].iter_rows(values_only=True):
        pass
    print(time.perf_counter() - began, _peak())


def _full(house: Path, file: Path) -> None:
    app = create_app({"DATABASE_URL": f"sqlite:///{(house / 'tracker.db').as_posix()}"}, folder=house)
    with app.app_context():
        for name in _EMPTY:
            # What was made with the house is in the way; the file brings the same year in.
            db.session.connection().exec_driver_sql(f"DELETE FROM {name}")
        db.session.commit()
        began = time.perf_counter()
        content = file.read_bytes()
        tables = read_figures(content, tell=lambda _: None)
        way = Way(ReportState.APPROVED, "last year's sheets")
        found = compare_figures(tables, WHOLE_HOUSE, Permission.REVIEW_REPORTS, way, tell=lambda *_: None)
        if found.problems:
            raise AssertionError(found.problems[:3])
        db.session.rollback()
        locked = time.perf_counter()
        with writing():
            import_batch(
                found,
                way,
                name=file.name,
                digest="0" * 64,
                fingerprint=found.fingerprint,
                actor=HOUSE,
                tell=lambda _: None,
            )
            db.session.commit()
        ended = time.perf_counter()
        memory = _peak()
        differing = [line for line in find_differences() if "target" not in line]
        if differing:
            raise AssertionError(differing[:3])
    print(ended - began, memory, ended - locked)


def _peak() -> float:
    """Megabytes that this process, or the largest of its workers, had at most."""
    own, workers = (
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return max(own, workers) / 1024


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        _bare(Path(sys.argv[3]))
    else:
        _full(Path(sys.argv[2]), Path(sys.argv[3]))
