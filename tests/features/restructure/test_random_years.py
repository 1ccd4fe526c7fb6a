"""Whatever is reported, approved, moved and aimed at in whatever order, every day's figures are right."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import date
from random import Random

import pytest

from tests.conftest import Shelf
from tests.kit import make, tree_in_time
from tests.kit.house import House
from tests.kit.sequences import from_seeds, said_by
from tests.kit.tree_in_time import ENDS, History
from tracker.core.access import Hold, Scope
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.errors import HouseError
from tracker.domain.review import WAITING, ReportState
from tracker.domain.roles import Permission, Role
from tracker.features.reports.queries import count_states, count_unfinished, count_waiting, report_list
from tracker.features.reports.services import (
    approve_report,
    find_differences,
    reopen_report,
    save_report,
    submit_report,
    withdraw_report,
)
from tracker.features.urging.queries import MISSING, missing_reports, periods_to_urge

UNITS = ["A", "B", "A1", "A2"]
PERIODS = ["2022-01", "2022-02", "2022-03", "2022-04"]
CELLS = ["F", "FC/甲", "FC/乙", "S", "SC/甲", "SC/乙", "R", "M", "C"]
CHANGES = [date(2022, 1, 20), date(2022, 2, 10), date(2022, 2, 28), date(2022, 3, 1), date(2022, 4, 30)]
CHANGES += [date(2022, 5, 20)]
MORE = ["aim"] * 2 + ["retire", "restore", "merge"]
LOOKED_AT = sorted({*ENDS, *CHANGES, date(2022, 3, 20), date(2022, 6, 1)})


@pytest.fixture(scope="module")
def plan(shelf: Shelf) -> Iterator[House]:
    """The small plan, told after its end so that every period can be filled in."""
    with shelf.house("hamlet") as house:
        with house.inside():
            make.tell_on(date(2022, 6, 1))
        yield house


@from_seeds(6)
def test_every_day_is_right_after_any_sequence(plan: House, seed: int) -> None:
    chance, history = Random(seed), History()
    with plan.inside():
        make.start_over()
        for number in range(28):
            with contextlib.suppress(HouseError):
                step(chance, history)
            if number % 7 == 6:
                assert_sound(history, chance.sample(LOOKED_AT, 4))


def step(chance: Random, history: History) -> None:
    """One thing that somebody does; what the rules refuse changes nothing."""
    kind = chance.choice(["report"] * 6 + ["save", "hand in"] + ["reopen"] * 2 + ["move"] * 4 + MORE)
    unit, day = chance.choice(UNITS), chance.choice(CHANGES)
    if kind == "retire":
        history.retire(unit, day, with_below=chance.random() < 0.5)
    elif kind == "restore":
        history.restore(unit)
    elif kind == "merge":
        history.merge(unit, chance.choice(UNITS), day)
    elif kind == "move":
        history.move(unit, chance.choice(["T", *UNITS]), day)
    elif kind == "aim":
        number = chance.randint(1, 20)
        base = chance.choice([None, None, 1])
        history.aim(unit, chance.choice(["F", "S", "R"]), number, base, min(day, ENDS[-1]))
    else:
        report(kind, unit, chance.choice(PERIODS), chance)


def report(kind: str, unit: str, period: str, chance: Random) -> None:
    """Fill a report in and have it approved, correct an approved one, or take it out of the figures."""
    state = make.sheet_of(unit, period).state
    if kind == "reopen" or state is ReportState.APPROVED:
        with writing():
            sheet = make.sheet_of(unit, period)
            reopen_report(sheet, "because", version=sheet.version, actor=HOUSE)
            db.session.commit()
        if kind == "reopen":
            return
    if state is ReportState.SUBMITTED:
        with writing():
            withdraw_report(make.sheet_of(unit, period), actor=HOUSE)
            db.session.commit()
    with writing():
        sheet = make.sheet_of(unit, period)
        drafts = [make.draft_of(sheet, cell, text, reason="because") for cell, text in said_by(chance, CELLS)]
        save_report(sheet, drafts, version=sheet.version, actor=HOUSE)
        if kind != "save":
            submit_report(make.sheet_of(unit, period), actor=HOUSE)
        if kind == "report":
            sheet = make.sheet_of(unit, period)
            approve_report(sheet, version=sheet.version, actor=HOUSE)
        db.session.commit()


def assert_sound(history: History, days: list[date]) -> None:
    """Figures, targets, counts and tallies of some days are what was done makes them."""
    assert list(find_differences()) == []
    assert tree_in_time.found_tallies() == tree_in_time.tallies(history)
    for day in days:
        # A plan that has ended keeps the tree of its last day.
        seen = min(day, ENDS[-1])
        for unit, _ in make.UNITS:
            wanted = tree_in_time.figures(history, unit, seen)
            assert tree_in_time.found_figures(unit, day) == wanted, (unit, day, history)
        assert tree_in_time.found_aims(day) == tree_in_time.aims(history, seen), (day, history)
        assert tree_in_time.found_reach(day) == tree_in_time.reach(history, seen), (day, history)
    for unit, _ in make.UNITS:
        assert_numbers_are_those_of_the_lists(make.unit_of(unit).path)


def assert_numbers_are_those_of_the_lists(path: str) -> None:
    """What reporters, reviewers and whoever urges are told to be missing is what their lists hold."""
    day = date(2022, 6, 1)
    reporter, reviewer = (Scope((Hold(role, path),)) for role in (Role.REPORTER, Role.REVIEWER))
    rows = report_list(reporter, Permission.FILL_REPORTS, until=day, states=MISSING, limit=999)
    listed = [row for row in rows if row.period.is_expected and not row.period.is_locked]
    assert count_unfinished([path], until=day) == len(listed)
    urged = [len(missing_reports(reviewer, code, until=day)) for code in periods_to_urge(reviewer, until=day)]
    assert sum(urged) == len(listed)
    waiting = report_list(reviewer, Permission.SEE_REPORTS, until=day, states=WAITING, limit=999)
    assert count_waiting(reviewer, by=0) == len(waiting)
    counts = count_states(reviewer, Permission.SEE_REPORTS, until=day)
    assert sum(counts.values()) == len(report_list(reviewer, Permission.SEE_REPORTS, until=day, limit=999))
