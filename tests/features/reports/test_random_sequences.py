"""Whatever is done in whatever order, the balances are what the approved entries make them."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from tests.conftest import Shelf
from tests.kit import make
from tests.kit.house import House
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.errors import RuleError
from tracker.domain.measures import Measure
from tracker.domain.periods import last_day_of_month
from tracker.domain.review import ReportState
from tracker.domain.rollup import ValueState
from tracker.features.org.models import OrgUnit
from tracker.features.plans.models import Indicator
from tracker.features.progress.models import Balance
from tracker.features.reports.models import Correction, Entry, EntryRevision, Report, ReportTally
from tracker.features.reports.queries import Sheet, waiting_correction
from tracker.features.reports.services import (
    approve_correction,
    approve_report,
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

UNITS = ["A", "A1", "B"]
PERIODS = ["2022-01", "2022-02", "2022-04"]
CELLS = ["F", "FC/甲", "FC/乙", "S", "SC/甲", "SC/乙", "R", "M", "RT", "C"]
DAYS = [last_day_of_month(date(2022, month, 1)) for month in range(1, 5)]


@dataclass(frozen=True)
class Act:
    """One thing that someone does with a report."""

    name: str
    unit: str
    period: str
    said: tuple[tuple[str, str], ...] = ()


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
    return [
        Act(chance.choice(steps), chance.choice(UNITS), chance.choice(PERIODS), said_by(chance))
        for _ in range(30)
    ]


def said_by(chance: Random) -> tuple[tuple[str, str], ...]:
    """What is typed: in most cells a number or a share, in some not applicable, in some nothing."""
    found = []
    for cell in chance.sample(CELLS, chance.randint(4, len(CELLS))):
        whole = chance.randint(1, 5)
        number = f"{chance.randint(0, whole)}/{whole}" if cell in {"R", "M"} else str(chance.randint(0, 12))
        found.append((cell, chance.choice([number, number, number, "n/a", ""])))
    return tuple(found)


@pytest.fixture(scope="module")
def plan(shelf: Shelf) -> Iterator[House]:
    """The small plan, from which the reports are cleared for each sequence."""
    with shelf.house("blank") as house:
        with house.inside():
            make.small_plan()
        yield house


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
@given(seed=st.integers(0, 10**6))
def test_balances_and_positions_follow_the_approved_entries(plan: House, seed: int) -> None:
    with plan.inside():
        clear_reports()
        for number, act in enumerate(acts_of(Random(seed)), 1):
            with contextlib.suppress(RuleError):
                take(act)
            if number % 10 == 0:
                assert_sound()


def assert_sound() -> None:
    """The balances and every position are what the approved entries make them."""
    assert list(find_differences()) == []
    for day in DAYS:
        for unit, _ in make.UNITS:
            assert found_at(unit, day) == naive_at(unit, day), (unit, day)


def clear_reports() -> None:
    """Forget everything that was reported."""
    with writing():
        for table in (Correction, EntryRevision, Entry, Report, ReportTally, Balance):
            db.session.execute(delete(table))
        db.session.commit()


def take(act: Act) -> None:
    """Do it; a step that the rules refuse changes nothing."""
    if act.name == "report":
        for name in steps_to_approval(act):
            take(replace(act, name=name))
        return
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
        elif act.name == "approve":
            approve_report(sheet, version=sheet.version, actor=HOUSE)
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
            decide = {"return": return_report, "reopen": reopen_report}[act.name]
            decide(sheet, "because", version=sheet.version, actor=HOUSE)
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
    state = make.sheet_of(act.unit, act.period).state
    first = {ReportState.APPROVED: ["reopen"], ReportState.SUBMITTED: ["withdraw"]}.get(state, [])
    return [*first, "save and submit", "approve"]


def rising(cell: str, text: str, period: str) -> str:
    """A running total that seldom falls, or nearly every sequence would be refused."""
    return str(int(text) + 40 * PERIODS.index(period)) if cell == "RT" and text.isdigit() else text


Figure = tuple[Fraction | None, int, int, int]
"""The actual, units that reported in the period itself, units not applicable, units in the figure."""


def found_at(unit: str, day: date) -> dict[str, Figure]:
    """What the product says."""
    return {
        code: (
            row.position.actual,
            row.coverage.reported,
            row.coverage.not_applicable,
            row.coverage.covered,
        )
        for code, row in make.standings_at(unit, day).items()
    }


def naive_at(unit: str, day: date) -> dict[str, Figure]:
    """The same straight from the entries of approved reports, by the definitions and nothing else."""
    path = make.unit_of(unit).path
    rows = db.session.execute(
        select(
            Indicator.code,
            OrgUnit.id,
            Entry.category_id,
            Entry.ends_on,
            Entry.state,
            Entry.value,
            Entry.denominator,
        )
        .join(Report, Report.id == Entry.report_id)
        .join(Indicator, Indicator.id == Entry.indicator_id)
        .join(OrgUnit, OrgUnit.id == Report.unit_id)
        .where(
            Report.state == ReportState.APPROVED,
            Entry.state.is_not(None),
            Entry.ends_on <= day,
            OrgUnit.path.startswith(path),
        )
        .order_by(Entry.ends_on)
    ).all()
    return {
        draft.code: naive_figure(draft.measure, day, [row[1:] for row in rows if row[0] == draft.code])
        for draft in make.DRAFTS
    }


def naive_figure(measure: Measure, day: date, rows: list[tuple[object, ...]]) -> Figure:
    """One indicator's figure from its entries in the order of periods."""
    latest: dict[int, dict[object, tuple[ValueState, Decimal, Decimal]]] = defaultdict(dict)
    total, reported, ever = Decimal(0), set(), set()
    for unit_id, category_id, ends_on, state, value, whole in rows:
        latest[unit_id][category_id] = (state, value or Decimal(0), whole or Decimal(0))
        if state is ValueState.VALUE:
            total += value
            ever.add(unit_id)
            if ends_on == day:
                reported.add(unit_id)
    cells = [cell for unit in latest.values() for cell in unit.values() if cell[0] is ValueState.VALUE]
    speaking = {unit for unit, said in latest.items() if any(c[0] is ValueState.VALUE for c in said.values())}
    covered = ever if measure is Measure.FLOW else speaking
    actual: Fraction | None = None
    if measure is Measure.FLOW:
        actual = Fraction(total)
    elif measure is Measure.STOCK:
        actual = Fraction(sum((value for _, value, _ in cells), Decimal(0)))
    elif cells:
        wholes = sum((whole for *_, whole in cells), Decimal(0))
        actual = Fraction(sum((value for _, value, _ in cells), Decimal(0))) / Fraction(wholes) * 100
    return actual if covered else None, len(reported), len(latest) - len(speaking), len(covered)
