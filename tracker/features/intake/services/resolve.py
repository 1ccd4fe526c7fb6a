"""Which cell of which report a row of figures means, whatever its names are written like."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tracker.core.access import Scope
from tracker.domain.errors import N_, RuleError
from tracker.domain.roles import Permission
from tracker.features.intake.services.lines import Line
from tracker.features.org.queries import UnitRow, units_in_scope
from tracker.features.places.queries import units_ever_above
from tracker.features.plans.queries import (
    CategoryRow,
    IndicatorRow,
    PeriodRow,
    PlanRow,
    all_plans,
    indicators_of,
    periods_of_plan,
)
from tracker.features.reports.queries import CellKey, UnitFigures


@dataclass(frozen=True, slots=True)
class Target:
    """The plan, period and cell that a row means."""

    plan: PlanRow
    period: PeriodRow
    key: CellKey


_REMEMBERED = 500


def folded(text: str) -> str:
    """A name as it is compared: whatever its width, case and blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


class Resolver:
    """Finds units in scope, and the cells of their plans."""

    def __init__(self, scope: Scope, permission: Permission) -> None:
        self.scope = scope
        self._units: dict[str, list[UnitRow]] = defaultdict(list)
        units = units_in_scope(scope, permission)
        for unit in units:
            self._units[folded(unit.code)] = [unit]
        for unit in units:
            for name in {folded(unit.name), folded(unit.name_en or "")} - {""}:
                if unit not in self._units[name]:
                    self._units[name].append(unit)
        self._plans = all_plans()
        self._periods: dict[int, list[PeriodRow]] = {}
        self._by_code: dict[int, dict[str, PeriodRow]] = {}
        self._indicators: dict[int, dict[str, list[IndicatorRow]]] = {}
        self._asked: dict[tuple[int, int], set[int]] = {}

    def unit(self, text: str) -> UnitRow:
        """The unit of this code or name. Raises :class:`RuleError` for the field ``unit``."""
        found = self._units.get(folded(text), [])
        if not found:
            raise RuleError(N_("There is no unit %(code)s."), field="unit", code=text)
        if len(found) > 1:
            raise RuleError(
                N_("Several units are called %(name)s. Use the code of one of them: %(codes)s."),
                field="unit",
                name=text,
                codes=tuple(unit.code for unit in found),
            )
        return found[0]

    def plans_of(self, unit: UnitRow) -> list[PlanRow]:
        """The plans of the units in whose lines the unit ever stood, the nearest first."""
        line = units_ever_above(unit)
        nearness = {unit_id: place for place, unit_id in enumerate(reversed(unit.line))}
        found = [plan for plan in self._plans if plan.unit_id in line]
        return sorted(found, key=lambda plan: (nearness.get(plan.unit_id, 99), plan.code))

    def period(self, plan: PlanRow, said: str | date) -> PeriodRow | None:
        """The plan's period of this code, or that holds this day."""
        if plan.id not in self._periods:
            self._periods[plan.id] = periods_of_plan(plan.id)
            self._by_code[plan.id] = {one.code: one for one in self._periods[plan.id]}
        if isinstance(said, str):
            return self._by_code[plan.id].get(said)
        return next((one for one in self._periods[plan.id] if one.starts_on <= said <= one.ends_on), None)

    def target(self, line: Line, figures: Iterable[UnitFigures]) -> Target:
        """The cell that a row means at a unit, of whose plans ``figures`` are.

        Raises :class:`RuleError` for the field at fault.
        """
        assert line.period is not None and line.indicator is not None  # Both are required in every row.
        wanted = None if line.plan is None else folded(line.plan)
        plans = [one for one in figures if wanted is None or folded(one.plan.code) == wanted]
        if wanted is not None and not plans:
            raise RuleError(N_("There is no plan %(code)s for this unit."), field="plan", code=line.plan)
        dated = [(one, period) for one in plans if (period := self.period(one.plan, line.period)) is not None]
        if not dated:
            raise RuleError(
                N_("No plan of this unit has the period %(period)s."), field="period", period=line.period
            )
        known = [(*pair, found) for pair in dated if (found := self._named(pair[0].plan, line.indicator))]
        if not known:
            raise RuleError(
                N_("There is no indicator %(indicator)s in the plan of this period."),
                field="indicator",
                indicator=line.indicator,
            )
        for one, period, found in known:
            asked = self._asked_of(one, period)
            mine = [each for each in found if each.id in asked]
            if len(mine) > 1:
                raise RuleError(
                    N_("Several indicators are called %(name)s. Use the code of one of them: %(codes)s."),
                    field="indicator",
                    name=line.indicator,
                    codes=tuple(each.code for each in mine),
                )
            if mine:
                return Target(one.plan, period, (mine[0].id, _category_id(mine[0], line.category)))
        raise RuleError(N_("This unit does not report this indicator for this period."), field="indicator")

    def _asked_of(self, figures: UnitFigures, period: PeriodRow) -> set[int]:
        at = figures.unit.id, period.id
        if at not in self._asked:
            if len(self._asked) > _REMEMBERED:
                self._asked.clear()
            self._asked[at] = {one.id for one in figures.asked(period.ends_on)}
        return self._asked[at]

    def _named(self, plan: PlanRow, text: str) -> list[IndicatorRow]:
        if plan.id not in self._indicators:
            names: dict[str, list[IndicatorRow]] = defaultdict(list)
            indicators = indicators_of(plan)
            for one in indicators:
                names[folded(one.code)] = [one]
            for one in indicators:
                for name in {folded(one.name), folded(one.name_en or "")} - {""}:
                    if one not in names[name]:
                        names[name].append(one)
            self._indicators[plan.id] = names
        return self._indicators[plan.id].get(folded(text), [])


def _category_id(indicator: IndicatorRow, said: str | None) -> int:
    names = tuple(one.name for one in indicator.categories)
    if said is None:
        if indicator.categories:
            raise RuleError(
                N_("This indicator is divided into %(categories)s. Name one of them."),
                field="category",
                categories=names,
            )
        return 0
    if not indicator.categories:
        raise RuleError(N_("This indicator has no categories. Clear this cell."), field="category")
    found = next((one for one in indicator.categories if _is_called(one, said)), None)
    if found is None:
        raise RuleError(
            N_("There is no category %(name)s. Possible are: %(categories)s."),
            field="category",
            name=said,
            categories=names,
        )
    return found.id


def _is_called(category: CategoryRow, said: str) -> bool:
    return folded(said) in {folded(category.name), folded(category.name_en or category.name)}
