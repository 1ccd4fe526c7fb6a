"""The small township through a year of changes: what was done, and what every figure must then be.

The tree of each day is known from what was done, not from what the product keeps; figures are added up
from the entries of approved reports by the definitions and nothing else.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import select

from tests.kit import make
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.measures import Measure
from tracker.domain.periods import last_day_of_month
from tracker.domain.review import ReportState
from tracker.domain.rollup import ValueState
from tracker.features.org.models import OrgUnit
from tracker.features.plans.models import Indicator, Period, PlanReach
from tracker.features.reports.models import Entry, Report, ReportTally
from tracker.features.restructure.services import (
    MergedTarget,
    merge_units,
    move_unit,
    restore_unit,
    retire_unit,
)

ENDS = [last_day_of_month(date(2022, month, 1)) for month in range(1, 5)]
FIRST, LAST = date(2022, 1, 1), ENDS[-1]

Figure = tuple[Fraction | None, int, int, int, int]
"""Actual, and how many units reported in the last period, do not apply, are in the figure, are expected."""


@dataclass
class History:
    """What was done to the tree and to the targets."""

    parents: list[tuple[date, str, str]] = field(default_factory=list)
    ends: dict[str, date] = field(default_factory=dict)
    targets: list[tuple[date, str, str, int, int | None]] = field(default_factory=list)

    def move(self, unit: str, parent: str, day: date) -> None:
        """Move a unit, and remember it once it is done."""
        with writing():
            move_unit(make.unit_of(unit), make.unit_of(parent), day=day, reason="because", actor=HOUSE)
            db.session.commit()
        self.parents.append((day, unit, parent))

    def retire(self, unit: str, day: date, *, with_below: bool = False) -> None:
        """Retire a unit, and remember who ended with it."""
        ended = [code for code in self.below(unit, day) if code not in self.ends]
        with writing():
            retire_unit(make.unit_of(unit), day=day, with_below=with_below, reason="because", actor=HOUSE)
            db.session.commit()
        self.ends |= dict.fromkeys(ended, day)

    def restore(self, unit: str) -> None:
        """Take a retirement back, of the unit alone."""
        with writing():
            restore_unit(make.unit_of(unit), reason="because", actor=HOUSE)
            db.session.commit()
        del self.ends[unit]

    def merge(self, unit: str, successor: str, day: date) -> list[MergedTarget]:
        """Merge a unit into another, and remember what that did to the tree."""
        children = [code for code in self.below(unit, day) if self.line(code, day)[-2:-1] == [unit]]
        with writing():
            merged = merge_units(
                make.unit_of(unit), make.unit_of(successor), day=day, reason="because", actor=HOUSE
            )
            db.session.commit()
        self.parents += [(day, child, successor) for child in children]
        self.ends[unit] = day
        for each in merged:
            for since, target, baseline in each.sums:
                base = None if baseline is None else int(baseline)
                self.targets.append((since, successor, each.unit_aim.indicator.code, int(target), base))
        return merged

    def aim(self, unit: str, code: str, target: int, baseline: int | None, day: date) -> None:
        """Set a target, and remember it."""
        make.aim_for(code, unit, str(target), None if baseline is None else str(baseline), from_on=day)
        self.targets.append((day, unit, code, target, baseline))

    def line(self, unit: str, day: date) -> list[str]:
        """From the top to the unit on a day; nothing once it is no more."""
        if unit in self.ends and self.ends[unit] <= day:
            return []
        above = dict(make.UNITS)
        for since, moved, parent in self.parents:
            if since <= day:
                above[moved] = parent
        found: list[str] = [unit]
        while (parent := above[found[0]]) is not None:
            found.insert(0, parent)
        return found

    def below(self, unit: str, day: date) -> set[str]:
        """The units at or below a unit on a day."""
        return {code for code, _ in make.UNITS if unit in self.line(code, day)}


def figures(history: History, unit: str, day: date) -> dict[str, Figure]:
    """What every indicator must say at a unit on a data date."""
    rows = db.session.execute(
        select(
            Indicator.code,
            OrgUnit.code,
            Entry.category_id,
            Entry.ends_on,
            Entry.state,
            Entry.value,
            Entry.denominator,
        )
        .join(Report, Report.id == Entry.report_id)
        .join(Indicator, Indicator.id == Entry.indicator_id)
        .join(OrgUnit, OrgUnit.id == Report.unit_id)
        .where(Report.state == ReportState.APPROVED, Entry.state.is_not(None), Entry.ends_on <= day)
        .order_by(Entry.ends_on)
    ).all()
    now = history.below(unit, day)
    then = {ended: history.below(unit, ended) for ended in ENDS}
    found = {}
    for draft in make.DRAFTS:
        mine = [row[1:] for row in rows if row[0] == draft.code]
        found[draft.code] = _figure(draft.measure, day, mine, now, then)
    return found


def _figure(
    measure: Measure, day: date, rows: list[tuple[object, ...]], now: set[str], then: dict[date, set[str]]
) -> Figure:
    latest: dict[str, dict[object, tuple[ValueState, Decimal, Decimal]]] = defaultdict(dict)
    last = max((ended for ended in ENDS if ended <= day), default=None)
    total, added, reported = Decimal(0), set(), set()
    for unit, category, ends_on, state, value, whole in rows:
        if unit in now:
            latest[unit][category] = (state, value or Decimal(0), whole or Decimal(0))
        if state is ValueState.VALUE and unit in then[ends_on]:
            total += value
            added.add(unit)
        if state is ValueState.VALUE and ends_on == last and unit in now:
            reported.add(unit)
    cells = [cell for said in latest.values() for cell in said.values() if cell[0] is ValueState.VALUE]
    speaking = {unit for unit, said in latest.items() if any(c[0] is ValueState.VALUE for c in said.values())}
    out = len(latest) - len(speaking)
    covered = added if measure is Measure.FLOW else speaking
    actual: Fraction | None = None
    if measure is Measure.FLOW:
        actual = Fraction(total)
    elif measure is Measure.STOCK:
        actual = Fraction(sum((value for _, value, _ in cells), Decimal(0)))
    elif cells:
        wholes = sum((whole for *_, whole in cells), Decimal(0))
        actual = Fraction(sum((value for _, value, _ in cells), Decimal(0))) / Fraction(wholes) * 100
    expected = len(now - {"T"}) - out
    return actual if covered else None, len(reported), out, len(covered), expected


def found_figures(unit: str, day: date) -> dict[str, Figure]:
    """What the product says; what it does not list has nothing to say."""
    nothing: Figure = (None, 0, 0, 0, 0)
    rows = make.standings_at(unit, day)
    return {draft.code: nothing for draft in make.DRAFTS} | {
        code: (
            row.position.actual,
            row.coverage.reported,
            row.coverage.not_applicable,
            row.coverage.covered,
            row.coverage.expected,
        )
        for code, row in rows.items()
    }


def aims(history: History, day: date) -> dict[tuple[str, str], tuple[int, int | None]]:
    """Target and baseline in force at every unit on a day, own or added up."""
    own: dict[tuple[str, str], tuple[date, int, int | None]] = {}
    for since, unit, code, target, baseline in history.targets:
        if since <= day and since >= own.get((unit, code), (FIRST,))[0]:
            own[unit, code] = (since, target, baseline)
    found: dict[tuple[str, str], tuple[int, int | None]] = {}
    additive = {draft.code for draft in make.DRAFTS if draft.measure.is_additive}
    lines = {code: history.line(code, day) for code, _ in make.UNITS}
    for unit in sorted(lines, key=lambda code: -len(lines[code])):
        for draft in make.DRAFTS:
            below = [
                found[child, draft.code]
                for child, line in lines.items()
                if line[-2:-1] == [unit] and (child, draft.code) in found
            ]
            if (unit, draft.code) in own:
                found[unit, draft.code] = own[unit, draft.code][1:]
            elif below and draft.code in additive:
                bases = [base for _, base in below if base is not None]
                found[unit, draft.code] = (sum(t for t, _ in below), sum(bases) if bases else None)
    return found


def found_aims(day: date) -> dict[tuple[str, str], tuple[Fraction, Fraction | None]]:
    """What the product says is aimed at."""
    return {
        (unit, code): (row.position.target, row.position.baseline)
        for unit, _ in make.UNITS
        for code, row in make.standings_at(unit, day).items()
        if row.position.target is not None
    }


def tallies(history: History) -> Counter[tuple[str, str, ReportState]]:
    """Reports at or below each unit, by period and state."""
    found: Counter[tuple[str, str, ReportState]] = Counter()
    for unit, period, ends_on, state in db.session.execute(
        select(OrgUnit.code, Period.code, Period.ends_on, Report.state)
        .join(Report, Report.unit_id == OrgUnit.id)
        .join(Period, Period.id == Report.period_id)
    ):
        found.update((above, period, state) for above in history.line(unit, ends_on))
    return found


def found_tallies() -> Counter[tuple[str, str, ReportState]]:
    """What the product keeps."""
    rows = db.session.execute(
        select(OrgUnit.code, Period.code, ReportTally.state, ReportTally.reports)
        .join(OrgUnit, OrgUnit.id == ReportTally.unit_id)
        .join(Period, Period.id == ReportTally.period_id)
        .where(ReportTally.reports != 0)
    )
    return Counter({(unit, period, state): reports for unit, period, state, reports in rows})


def reach(history: History, day: date) -> dict[str, int]:
    """How many units at or below each one report something; the top reports nothing itself."""
    found = {code: len(history.below(code, day) - {"T"}) for code, _ in make.UNITS}
    return {code: count for code, count in found.items() if count}


def found_reach(day: date) -> dict[str, int]:
    """What the product keeps for the day."""
    rows = db.session.execute(
        select(OrgUnit.code, PlanReach.reporters)
        .join(OrgUnit, OrgUnit.id == PlanReach.unit_id)
        .where(PlanReach.from_on <= day, PlanReach.until_on > day)
    )
    return dict(rows.all())
