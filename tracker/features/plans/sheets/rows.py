"""What stands in the rows of a plan's workbook: one value for each column, by its key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from flask_babel import gettext

from tracker.core.format import day as day_words
from tracker.core.i18n import name_of, word
from tracker.domain.curves import curve_days
from tracker.domain.schedule import Schedule
from tracker.domain.splits import sums_below
from tracker.excel.columns import Value
from tracker.features.org.queries import UnitRow
from tracker.features.plans.models import Category, Indicator, Initiative
from tracker.features.plans.queries import ManagedPlan, TreeUnit, WholePlan, joined
from tracker.features.plans.services import FIELDS, Part, Units
from tracker.features.plans.sheets.words import CHOICES, frequency_word, yes_or_no

Row = dict[str, Value]
PLACES = "_places"
"""Key of the decimal places of a row's amounts; no column shows it."""
STEP = "\u3000"
"""Sets a unit one step further in than the one above it."""


@dataclass(frozen=True)
class PlanRows:
    """A plan with everything that its workbook says of it."""

    found: ManagedPlan
    whole: WholePlan

    def of(self, part: Part) -> list[Row]:
        """The rows of a sheet."""
        made = {
            Part.COVER: self._cover,
            Part.TASKS: self._tasks,
            Part.SETTINGS: self._settings,
            Part.TARGETS: self._targets,
            Part.CURVES: self._curves,
            Part.ENGLISH: self._english,
        }
        return list(made[part]())

    def units(self) -> list[UnitRow]:
        """The units that the workbook can name, from the plan's own down."""
        return [place.unit for place in self.whole.tree]

    def _cover(self) -> Iterator[Row]:
        plan = self.found.plan
        yield {
            "code": plan.code,
            "name": plan.name,
            "name_en": plan.name_en,
            "unit": name_of(self.found.unit),
            "starts_on": plan.starts_on,
            "ends_on": plan.ends_on,
            "frequency": frequency_word(plan.frequency),
            "amber_limit": plan.amber_limit,
            "red_limit": plan.red_limit,
            "asks_why_behind": yes_or_no(plan.asks_why_behind),
            "review_steps": plan.review_steps,
        }

    def _tasks(self) -> Iterator[Row]:
        for row in self.whole.outline:
            if not row.initiatives:
                yield {"pillar": row.pillar.name}
            for step in row.initiatives:
                # What belongs to the initiative stands in its first row alone.
                about = self._about(step.initiative)
                names: Row = {"pillar": row.pillar.name, "initiative": step.initiative.name}
                if not step.indicators:
                    yield {**names, **about}
                for one in step.indicators:
                    yield {**names, **about, **self._task(one.indicator)}
                    about = {}

    def _about(self, initiative: Initiative) -> Row:
        units, known = self.whole.units, Units(self.units())
        lead = units.get(initiative.lead_unit_id or 0)
        supporting = [units[one] for one in self.whole.supporting.get(initiative.id, ())]
        return {
            "lead_unit": known.label(lead, name_of(lead)) if lead else None,
            "supporting": "、".join(known.label(one, name_of(one)) for one in supporting) or None,
            "accountable": initiative.accountable,
            "due_on": initiative.due_on,
        }

    def _task(self, indicator: Indicator) -> Row:
        top = self.found.unit.id
        own, below = self._sums(indicator)
        return {
            **_fields(indicator, Part.TASKS),
            "code": indicator.code,
            "plan_target": own.get(top, below.get(top)),
            PLACES: indicator.decimals,
        }

    def _settings(self) -> Iterator[Row]:
        for indicator in self.whole.indicators:
            row: Row = {"code": indicator.code, "indicator": name_of(indicator)}
            row |= _fields(indicator, Part.SETTINGS)
            row |= {name: word(getattr(indicator, name)) for name in CHOICES}
            for name in ("may_be_negative", "may_exceed", "needs_evidence"):
                row[name] = yes_or_no(getattr(indicator, name))
            row["categories"] = joined([one.name for one in self._categories(indicator)]) or None
            yield row

    def _targets(self) -> Iterator[Row]:
        for indicator in self.whole.indicators:
            (own, below), concerned = self._sums(indicator), self._concerned(indicator)
            for place in self.whole.tree:
                unit, pair = place.unit, (indicator.id, place.unit.id)
                if unit.id not in concerned:
                    continue
                target, baseline = self.whole.aims.get(pair, (None, None))
                summed = below.get(unit.id)
                yield {
                    "code": indicator.code,
                    "indicator": name_of(indicator),
                    "measured_in": indicator.unit_of_measure,
                    "unit": unit.code,
                    "unit_name": STEP * place.depth + _name(place),
                    "reports": yes_or_no(True) if pair in self.whole.reports else None,
                    "target": target,
                    "baseline": baseline,
                    "below": summed,
                    "difference": summed - own[unit.id] if summed is not None and unit.id in own else None,
                    "since": self.whole.changed_on.get(pair),
                    PLACES: indicator.decimals,
                }

    def _concerned(self, indicator: Indicator) -> set[int]:
        """The units that report the indicator or aim at it with all above them, and the plan's own."""
        pairs = {*self.whole.aims, *self.whole.reports}
        above = {place.unit.id: place.parent_id for place in self.whole.tree}
        found = {self.found.unit.id}
        for unit in [unit for one, unit in pairs if one == indicator.id]:
            at: int | None = unit
            while at is not None and at not in found:
                found.add(at)
                at = above.get(at)
        return found

    def _sums(self, indicator: Indicator) -> tuple[dict[int, Decimal], dict[int, Decimal]]:
        """Own targets, and what those below add up to where they can be added, by unit id."""
        own = {unit: aim[0] for (one, unit), aim in self.whole.aims.items() if one == indicator.id}
        if not indicator.measure.is_additive:
            return own, {}
        order = [place.unit.id for place in self.whole.tree if not place.is_over]
        parents = {place.unit.id: place.parent_id for place in self.whole.tree}
        return own, sums_below(order, parents, own)

    def _curves(self) -> Iterator[Row]:
        plan = self.found.plan
        for indicator in self.whole.indicators:
            if indicator.schedule is Schedule.CURVE:
                shares = self.whole.curves.get(indicator.id, {})
                for day in curve_days(plan.starts_on, plan.ends_on):
                    yield {
                        "code": indicator.code,
                        "indicator": name_of(indicator),
                        "day": day,
                        "share": shares[day] * 100 if day in shares else None,
                    }

    def _english(self) -> Iterator[Row]:
        told = set()
        for row in self.whole.outline:
            if row.pillar.name not in told:
                yield {"pillar": row.pillar.name, "name_en": row.pillar.name_en}
            told.add(row.pillar.name)
            for step in row.initiatives:
                names: Row = {"pillar": row.pillar.name, "initiative": step.initiative.name}
                yield {**names, "name_en": step.initiative.name_en}
                for one in step.indicators:
                    categories = [category.name_en for category in self._categories(one.indicator)]
                    yield {
                        **names,
                        "code": one.indicator.code,
                        **_fields(one.indicator, Part.ENGLISH),
                        "categories_en": joined(categories) if any(categories) else None,
                    }

    def _categories(self, indicator: Indicator) -> tuple[Category, ...]:
        return self.whole.categories.get(indicator.id, ())


def _name(place: TreeUnit) -> str:
    """The unit's name; who is no more when the plan ends is said to be, since it is in no sum."""
    ended = place.unit.retired_on
    if not place.is_over or ended is None:
        return name_of(place.unit)
    return gettext("%(unit)s (retired from %(day)s on)", unit=name_of(place.unit), day=day_words(ended))


def _fields(indicator: Indicator, part: Part) -> Row:
    """What the columns of the sheet show of the indicator as it is kept; empty texts are none."""
    names = [name for name in FIELDS[part] if hasattr(indicator, name)]
    return {name: cast(Value, getattr(indicator, name)) or None for name in names} | (
        {"decimals": indicator.decimals} if "decimals" in names else {}
    )
