"""Whatever is done in whatever order, the balances are what the approved entries make them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random

import pytest
from sqlalchemy import func, select, update

from tests.conftest import Shelf
from tests.kit import make, tree_in_time
from tests.kit.house import House
from tests.kit.sequences import (
    PERIODS,
    UNITS,
    from_seeds,
    import_said,
    said_by,
    withdraw_latest,
)
from tests.kit.tree_in_time import History
from tracker.core.audit import HOUSE
from tracker.core.clock import today
from tracker.core.db import db, writing
from tracker.domain.errors import HouseError
from tracker.domain.review import Outcome, ReportState, Step
from tracker.domain.roles import Permission
from tracker.features.accounts.models import User
from tracker.features.plans.models import Plan
from tracker.features.reports.models import Correction
from tracker.features.reports.queries import Sheet, able_to, count_waiting, deciders_of, waiting_correction
from tracker.features.reports.services import (
    approve_correction,
    approve_report,
    check_report,
    find_differences,
    propose_correction,
    refuse_correction,
    reopen_report,
    return_report,
    save_report,
    submit_report,
    take_back_correction,
    withdraw_report,
)

REVIEWERS = {"at-a": ("A",), "at-b": ("B",), "at-t": ("T",), "at-both": ("A", "T")}
MOVES = [date(2022, 1, 20), date(2022, 2, 28), date(2022, 3, 1)]


@dataclass(frozen=True)
class Act:
    """One thing that someone does with a report, an import or a unit."""

    name: str
    unit: str
    period: str
    said: tuple[tuple[str, str], ...] = ()
    into: ReportState = ReportState.DRAFT
    parent: str = "T"
    day: date = MOVES[0]


def acts_of(chance: Random) -> list[Act]:
    """A long sequence; reporting and correcting to the end moves the balances, so that is done most."""
    steps = ["report"] * 6 + ["reopen", "reopen", "save", "save and submit"]
    steps += [
        "submit",
        "withdraw",
        "return",
        "return cells",
        "approve",
        "correct",
        "correct",
        "decide",
        "decide",
    ]
    steps += ["check", "check", "one step", "two steps"]
    steps += ["import"] * 4 + ["import and withdraw", "withdraw import", "withdraw import", "move", "move"]
    return [
        Act(
            chance.choice(steps),
            chance.choice(UNITS),
            chance.choice(PERIODS),
            said_by(chance),
            chance.choice([ReportState.DRAFT, ReportState.SUBMITTED, *[ReportState.APPROVED] * 3]),
            chance.choice(["T", "A", "B"]),
            chance.choice(MOVES),
        )
        for _ in range(36)
    ]


@pytest.fixture(scope="module")
def plan(shelf: Shelf) -> Iterator[House]:
    """The small plan, from which the reports are cleared for each sequence."""
    with shelf.house("hamlet") as house:
        with house.inside():
            for name, units in REVIEWERS.items():
                make.add_sample_user(name, "reviewer", *units)
        yield house


@from_seeds(8)
def test_balances_and_positions_follow_the_approved_entries(plan: House, seed: int) -> None:
    history = History()
    with plan.inside():
        make.start_over()
        for number, act in enumerate(acts_of(Random(seed)), 1):
            with contextlib.suppress(HouseError):
                take(act, history)
            assert list(find_differences()) == [], (number, act)
            assert waiting() == offered(), (number, act)
            if number % 10 == 0:
                assert_sound(history)


def assert_sound(history: History) -> None:
    """Every position and tally is what the approved entries and the places of units make it."""
    assert tree_in_time.found_tallies() == tree_in_time.tallies(history)
    for day in tree_in_time.ENDS:
        for unit, _ in make.UNITS:
            wanted = tree_in_time.figures(history, unit, day)
            assert tree_in_time.found_figures(unit, day) == wanted, (unit, day)


def waiting() -> dict[str, int]:
    """The number of what waits that each reviewer is told."""
    users = {name: make.user_of(name) for name in REVIEWERS}
    return {name: count_waiting(user.scope_on(today()), by=user.id) for name, user in users.items()}


def offered() -> dict[str, int]:
    """How many reports and corrections each reviewer is let decide about, one by one."""
    found = dict.fromkeys(REVIEWERS, 0)
    for unit in UNITS:
        for period in PERIODS:
            sheet = make.sheet_of(unit, period)
            for name in REVIEWERS:
                found[name] += decided_by(sheet, make.user_of(name))
    return found


def decided_by(sheet: Sheet, user: User) -> int:
    """How much of one report and its corrections this reviewer can decide about."""
    if not user.scope_on(today()).allows(Permission.REVIEW_REPORTS, sheet.unit.path) or sheet.report is None:
        return 0
    step, able = deciders_of(sheet)
    is_one = sheet.plan.review_steps == 1
    found = int(step is not None and (is_one or any(one.id == user.id for one in able)))
    corrections = db.session.scalar(
        select(func.count()).where(
            Correction.report_id == sheet.report.id, Correction.outcome == Outcome.WAITING
        )
    )
    mine = is_one or any(one.id == user.id for one in able_to(Step.APPROVE, sheet))
    return found + (int(corrections or 0) if mine else 0)


def take(act: Act, history: History) -> None:
    """Do it; a step that the rules refuse changes nothing."""
    if act.name == "report":
        for name in steps_to_approval(act):
            take(replace(act, name=name), history)
        return
    if act.name == "import and withdraw":
        for name in ("import", "withdraw import"):
            take(replace(act, name=name), history)
    elif act.name == "import":
        if make.sheet_of(act.unit, act.period).state is ReportState.APPROVED:
            take(replace(act, name="reopen"), history)
        said = [(cell, rising(cell, text, act.period)) for cell, text in act.said[:3]]
        import_said(act.unit, act.period, said, act.into)
    elif act.name == "withdraw import":
        withdraw_latest()
    elif act.name == "move":
        history.move(act.unit, act.parent, act.day)
    elif act.name in {"one step", "two steps"}:
        with writing():
            db.session.execute(update(Plan).values(review_steps=1 if act.name == "one step" else 2))
            db.session.commit()
    else:
        take_report(act)


def take_report(act: Act) -> None:
    """Do it to one report."""
    with writing():
        sheet = make.sheet_of(act.unit, act.period)
        if act.name in {"save", "save and submit"}:
            drafts = [
                make.draft_of(sheet, name, rising(name, text, act.period), reason="because")
                for name, text in act.said
            ]
            save_report(sheet, drafts, version=sheet.version, actor=HOUSE)
            if act.name == "save and submit":
                submit_report(make.sheet_of(act.unit, act.period), actor=HOUSE)
        elif act.name in {"submit", "withdraw"}:
            {"submit": submit_report, "withdraw": withdraw_report}[act.name](sheet, actor=HOUSE)
        elif act.name in {"check", "approve"}:
            decide = {"check": check_report, "approve": approve_report}[act.name]
            decide(sheet, version=sheet.version, actor=HOUSE)
        elif act.name == "correct":
            draft = make.draft_of(sheet, *act.said[0])
            entry = next(cell.entry for cell in sheet.cells if cell.key == draft.key)
            revision = entry.revision if entry else 0
            propose_correction(sheet, draft, reason="because", revision=revision, actor=HOUSE)
        elif act.name == "decide":
            decide_correction(sheet, act)
        elif act.name == "return cells":
            cells = {make.cell_key(sheet, name): "because" for name, _ in act.said}
            return_report(sheet, "", version=sheet.version, actor=HOUSE, cells=cells)
        else:
            give_back = {"return": return_report, "reopen": reopen_report}[act.name]
            give_back(sheet, "because", version=sheet.version, actor=HOUSE)
        db.session.commit()


def decide_correction(sheet: Sheet, act: Act) -> None:
    """Approve what waits, mostly, or refuse it, or take it back."""
    waiting = waiting_correction(sheet)
    if waiting is None:
        return
    how = len(act.said) % 5
    if how == 0:
        refuse_correction(sheet, waiting.key, "because", correction_id=waiting.id, actor=HOUSE)
    elif how == 1:
        take_back_correction(sheet, waiting.key, correction_id=waiting.id, actor=HOUSE)
    else:
        approve_correction(sheet, waiting.key, correction_id=waiting.id, actor=HOUSE)


def steps_to_approval(act: Act) -> list[str]:
    """What it takes to get these values approved; an approved report is corrected."""
    sheet = make.sheet_of(act.unit, act.period)
    first = {
        ReportState.APPROVED: ["reopen"],
        ReportState.SUBMITTED: ["withdraw"],
        ReportState.CHECKED: ["return"],
    }
    check = ["check"] if sheet.plan.review_steps == 2 else []
    return [*first.get(sheet.state, []), "save and submit", *check, "approve"]


def rising(cell: str, text: str, period: str) -> str:
    """A running total that seldom falls, or nearly every sequence would be refused."""
    return str(int(text) + 40 * PERIODS.index(period)) if cell == "RT" and text.isdigit() else text
