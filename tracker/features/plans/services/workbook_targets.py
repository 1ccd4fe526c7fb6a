"""Taking over what a plan's workbook says of targets, of who reports, and of planned curves."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from tracker.core.audit import Actor
from tracker.domain.curves import curve_days
from tracker.domain.errors import N_, RuleError
from tracker.domain.numbers import check_number
from tracker.features.org.queries import UnitRow
from tracker.features.plans.models import Indicator, Plan
from tracker.features.plans.queries import Figures, Name, WholePlan, stamp_of_curve
from tracker.features.plans.services.assignments import (
    assign_indicator,
    check_unentered,
    unassign_indicator,
)
from tracker.features.plans.services.splits import CurveError, Why, save_curve
from tracker.features.plans.services.targets import NewAim, check_target, set_targets
from tracker.features.plans.services.workbook_indicators import Indicators
from tracker.features.plans.services.workbook_lines import (
    Change,
    Difference,
    Kind,
    Line,
    Part,
    PlanBook,
    PlanImport,
    Units,
)

_Rows = list[tuple[Line, UnitRow]]


@dataclass
class Targets:
    """Targets and reporters while a workbook is taken over; ``why`` is None while it is only tried."""

    plan: Plan
    whole: WholePlan
    book: PlanBook
    units: Units
    indicators: Indicators
    figures: Figures
    found: PlanImport
    actor: Actor
    why: Why | None
    aimed: set[tuple[int, int]] = field(default_factory=set)
    told: set[tuple[int, int]] = field(default_factory=set)

    def take(self) -> None:
        """Change who reports, then the targets, indicator by indicator."""
        rows: dict[int, _Rows] = defaultdict(list)
        named: dict[int, Indicator] = {}
        first: dict[tuple[int, int], int] = {}
        for line in self.book.of(Part.TARGETS):
            indicator = self.indicators.find(line)
            try:
                unit = self.units.find(line.text("unit") or "")
            except RuleError as error:
                self.found.refuse(line, error, "unit")
                continue
            if indicator is None:
                continue
            pair = indicator.id, unit.id
            if pair in first:
                twice = RuleError(
                    N_("Row %(row)s is about the same. Remove one of the two."), field="unit", row=first[pair]
                )
                self.found.refuse(line, twice)
                continue
            first[pair] = line.row
            named[indicator.id] = indicator
            rows[indicator.id].append((line, unit))
        for indicator_id, indicator in named.items():
            self._take_reporters(indicator, rows[indicator_id])
            self._take_targets(indicator, rows[indicator_id])

    def _take_reporters(self, indicator: Indicator, rows: _Rows) -> None:
        fresh: _Rows = []
        gone: _Rows = []
        for line, unit in rows:
            wanted = line.of(bool, "reports")
            if wanted is None:
                continue
            pair = indicator.id, unit.id
            self.told.add(pair)
            if wanted and pair not in self.whole.reports:
                fresh.append((line, unit))
            elif not wanted and pair in self.whole.reports:
                try:
                    check_unentered(indicator, unit, self.figures)
                except RuleError as error:
                    self.found.refuse(line, error, "reports")
                    continue
                gone.append((line, unit))
                self._note(Kind.REPORTERS, line, unit, indicator, [Difference("reports", True, False)])
        if gone:
            units = [unit for _, unit in gone]
            unassign_indicator(self.plan, indicator, units, figures=self.figures, actor=self.actor)
        if fresh:
            assign_indicator(self.plan, indicator, [unit for _, unit in fresh], actor=self.actor)
        for line, unit in fresh:
            self._note(Kind.REPORTERS, line, unit, indicator, [Difference("reports", None, True)])

    def _take_targets(self, indicator: Indicator, rows: _Rows) -> None:
        counts = self.figures.has_approved(indicator.id)
        aims: list[tuple[UnitRow, NewAim]] = []
        for line, unit in rows:
            pair = indicator.id, unit.id
            said = line.number("target"), line.number("baseline")
            if said == (None, None):
                continue
            self.aimed.add(pair)
            target, baseline = self.whole.aims.get(pair, (None, None))
            aim = NewAim(
                target if said[0] is None else said[0], baseline if said[1] is None else said[1], None, None
            )
            different = [
                Difference(name, old, new)
                for name, old, new in (("target", target, aim.target), ("baseline", baseline, aim.baseline))
                if old != new
            ]
            if not different:
                continue
            since = self.whole.changed_on.get(pair)
            asks = counts or since is not None
            if asks:
                self.found.asks_why = True
            if asks and self.why is not None:
                aim = replace(aim, from_on=self.why.from_on, reason=self.why.reason.strip() or None)
            try:
                _check_numbers(indicator, aim)
                check_target(self.plan, indicator, unit, aim)
            except RuleError as error:
                if self.why is not None and error.field in {"from_on", "reason"}:
                    raise
                name = error.field if error.field in {"target", "baseline"} else "target"
                self.found.refuse(line, error, name)
                continue
            aims.append((unit, aim))
            self._note(Kind.TARGET, line, unit, indicator, different, since=since)
        if aims:
            set_targets(self.plan, indicator, aims, actor=self.actor)

    def _note(
        self,
        kind: Kind,
        line: Line,
        unit: UnitRow,
        indicator: Indicator,
        different: list[Difference],
        *,
        since: date | None = None,
    ) -> None:
        self.found.changes.append(
            Change(
                kind,
                line.part,
                line.row,
                different[0].old is None,
                unit.code,
                Name(unit.name, unit.name_en),
                tuple(different),
                of=Name(
                    f"{indicator.code} {indicator.name}",
                    f"{indicator.code} {indicator.name_en or indicator.name}",
                ),
                since=since,
            )
        )


def _check_numbers(indicator: Indicator, aim: NewAim) -> None:
    if aim.target is None:
        raise RuleError(N_("A baseline needs a target. Enter one, or clear the baseline."), field="target")
    for name, value in (("target", aim.target), ("baseline", aim.baseline)):
        if value is not None:
            try:
                check_number(value, decimals=indicator.decimals, negative=indicator.may_be_negative)
            except RuleError as error:
                raise RuleError(error.message, field=name, **error.params) from error


@dataclass
class Curves:
    """Planned curves while a workbook is taken over."""

    plan: Plan
    whole: WholePlan
    book: PlanBook
    indicators: Indicators
    found: PlanImport
    actor: Actor

    def take(self) -> None:
        """Draw the curves that differ; a month that no row names keeps its share."""
        days = set(curve_days(self.plan.starts_on, self.plan.ends_on))
        rows: dict[int, dict[date, Line]] = defaultdict(dict)
        named: dict[int, Indicator] = {}
        for line in self.book.of(Part.CURVES):
            indicator, day = self.indicators.find(line), line.day("day")
            if indicator is None or day is None:
                continue
            if day not in days:
                error = RuleError(
                    N_("No month of the plan ends on this day. Enter the last day of a month of the plan."),
                    field="day",
                )
                self.found.refuse(line, error)
            elif day in rows[indicator.id]:
                error = RuleError(
                    N_("Row %(row)s is about the same. Remove one of the two."),
                    field="day",
                    row=rows[indicator.id][day].row,
                )
                self.found.refuse(line, error)
            else:
                named[indicator.id] = indicator
                rows[indicator.id][day] = line
        for indicator_id, indicator in named.items():
            self._draw(indicator, rows[indicator_id])

    def _draw(self, indicator: Indicator, lines: dict[date, Line]) -> None:
        shares = {day: line.number("share") for day, line in lines.items()}
        said = {day: share / 100 for day, share in shares.items() if share is not None}
        if not said:
            return
        before = {} if indicator.id in self.indicators.added else self.whole.curves.get(indicator.id, {})
        after = {**before, **said}
        if after == before:
            return
        first = next(iter(lines.values()))
        try:
            version = stamp_of_curve(indicator)
            save_curve(self.plan, indicator, after, version=version, actor=self.actor)
        except CurveError as error:
            for day, one in error.by_day.items():
                self.found.refuse(lines.get(day, first), one, "share")
            return
        except RuleError as error:
            self.found.refuse(first, error, "code")
            return
        different = tuple(
            Difference(day.isoformat(), _percent(before.get(day)), _percent(after[day]))
            for day in sorted(after)
            if before.get(day) != after[day]
        )
        name = Name(indicator.name, indicator.name_en)
        change = Change(Kind.CURVE, first.part, first.row, not before, indicator.code, name, different)
        self.found.changes.append(change)


def _percent(share: Decimal | None) -> Decimal | None:
    return None if share is None else share * 100
