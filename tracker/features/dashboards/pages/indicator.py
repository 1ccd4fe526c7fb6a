"""One indicator at a unit on a data date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from flask import url_for
from flask_babel import gettext

from tracker.core.clock import today
from tracker.core.format import NO_VALUE, day, rate
from tracker.core.i18n import name_of, word
from tracker.domain.progress import Position
from tracker.features.dashboards.charts import Bullet, Trend, bullet, trend
from tracker.features.dashboards.pages.moved import notes_on_parts
from tracker.features.dashboards.pages.shared import (
    Option,
    Row,
    address_of,
    as_of_options,
    illustrative_note,
    indicator_url,
    overview_url,
    row_of,
    source_note,
)
from tracker.features.dashboards.queries import Parts, View, amounts
from tracker.features.org.queries import UnitRow
from tracker.features.plans.queries import InitiativeRow, Name, Neighbour, PlanRow
from tracker.features.progress.queries import Coverage, Standing, UnitStanding


@dataclass(frozen=True)
class UnitPart:
    """A child's part of an indicator."""

    unit: UnitRow
    url: str
    position: Position
    coverage: Coverage
    bullet: Bullet
    share_text: str


@dataclass(frozen=True)
class CategoryPart:
    """A category's part of an indicator."""

    name: str
    name_en: str | None
    actual: Fraction | None


@dataclass(frozen=True)
class Replacement:
    """Another indicator that was counted before this one, or is counted after it."""

    said: str
    name: str
    url: str


@dataclass(frozen=True)
class Missing:
    """A child with units that have not reported, or the unit itself: how many, of how many."""

    unit: UnitRow
    count: int
    of: int


@dataclass(frozen=True)
class IndicatorPage:
    """One indicator at a unit on a data date."""

    unit: UnitRow
    ancestors: tuple[UnitRow, ...]
    plan: PlanRow
    as_of: date
    as_of_options: tuple[Option, ...]
    row: Row
    pillar: Name
    initiative: InitiativeRow
    measure_text: str
    schedule_text: str
    trend: Trend
    by_unit: tuple[UnitPart, ...]
    part_notes: tuple[str, ...]
    not_reported: tuple[Missing, ...]
    not_applicable: tuple[tuple[UnitRow, str], ...]
    by_category: tuple[CategoryPart, ...]
    replacements: tuple[Replacement, ...]
    overview_url: str
    source_note: str
    illustrative_note: str | None


def indicator_page(
    view: View, standing: Standing, parts: Parts, neighbours: tuple[Neighbour | None, Neighbour | None]
) -> IndicatorPage:
    """The page of one indicator; ``neighbours`` are the one that it replaced and the one that replaces it."""
    indicator = standing.indicator
    return IndicatorPage(
        unit=view.unit,
        ancestors=view.ancestors,
        plan=view.clock.plan,
        as_of=view.clock.as_of,
        as_of_options=as_of_options(view),
        row=row_of(view, standing),
        pillar=indicator.pillar,
        initiative=indicator.initiative,
        measure_text=word(indicator.measure),
        schedule_text=_schedule_text(standing),
        trend=trend(standing, view.clock, indicator_url(view, indicator)),
        by_unit=tuple(
            _unit_part(view, standing, each, parts)
            for each in parts.units
            if each.standing.position.actual is not None
        ),
        part_notes=notes_on_parts(view, indicator, parts.passing),
        not_reported=_not_reported(view, standing, parts),
        not_applicable=tuple(
            (unit, parts.reasons.get(unit.id, ""))
            for unit, coverage in [
                (view.unit, standing.coverage),
                *((each.unit, each.standing.coverage) for each in parts.units),
            ]
            if coverage.not_applicable and (unit is not view.unit or unit.id in parts.reasons)
        ),
        by_category=tuple(
            CategoryPart(category.name, category.name_en, parts.by_category.get(category.id))
            for category in indicator.categories
        ),
        replacements=_replacements(view, *neighbours),
        overview_url=overview_url(view),
        source_note=source_note(),
        illustrative_note=illustrative_note(),
    )


def _not_reported(view: View, whole: Standing, parts: Parts) -> tuple[Missing, ...]:
    """Who is missing in the figure's "n of m": together exactly as many as lie between n and m."""
    found = [
        Missing(each.unit, each.standing.coverage.missing, each.standing.coverage.expected)
        for each in parts.units
        if each.standing.coverage.missing > 0
    ]
    left = whole.coverage.missing - sum(each.standing.coverage.missing for each in parts.units)
    if left > 0:
        # What no child misses, the unit misses itself.
        expected = whole.coverage.expected - sum(each.standing.coverage.expected for each in parts.units)
        found.insert(0, Missing(view.unit, left, expected))
    return tuple(found)


def _replacements(view: View, before: Neighbour | None, after: Neighbour | None) -> tuple[Replacement, ...]:
    """Each is counted on other data dates than this one, so it is shown on one of its own."""

    def address(other: Neighbour, on: date) -> str:
        where = address_of(view) | {"as_of": on.isoformat()}
        return url_for("dashboards.indicator", code=other.code, **where)

    found = []
    if before:
        said = gettext("Since %(day)s in place of", day=day(before.from_on))
        eve = before.from_on - timedelta(days=1)
        found.append(Replacement(said, name_of(before), address(before, eve)))
    if after:
        said = gettext("From %(day)s on replaced by", day=day(after.from_on))
        ends = [p.ends_on for p in view.clock.periods if after.from_on <= p.ends_on <= today()]
        found.append(Replacement(said, name_of(after), address(after, max([after.from_on, *ends]))))
    return tuple(found)


def _schedule_text(standing: Standing) -> str:
    return gettext(
        "%(schedule)s: %(rate)s by the data date",
        schedule=word(standing.indicator.schedule),
        rate=rate(standing.position.schedule_rate),
    )


def _unit_part(view: View, whole: Standing, part: UnitStanding, parts: Parts) -> UnitPart:
    indicator = whole.indicator
    share = NO_VALUE
    if indicator.measure.is_additive and whole.position.actual and part.standing.position.actual is not None:
        share = rate(_in_the_whole(part, parts) / whole.position.actual * 100)
    return UnitPart(
        part.unit,
        indicator_url(view, indicator, part.unit),
        part.standing.position,
        part.standing.coverage,
        bullet(part.standing.position),
        share,
    )


def _in_the_whole(part: UnitStanding, parts: Parts) -> Fraction:
    """What of a unit's own figure stands in the whole: of a unit that came later, what it added since."""
    passing = [each for each in parts.passing if each.former.unit_id == part.unit.id]
    if not passing:
        return part.standing.position.actual or Fraction(0)
    key = part.standing.indicator.id
    values = [amounts(each.by_indicator[key])[0] for each in passing if key in each.by_indicator]
    return sum((Fraction(value) for value in values), Fraction(0))
