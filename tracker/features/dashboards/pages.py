"""What the dashboards show: standings turned into rows, links and sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby

from flask import url_for
from flask_babel import gettext, ngettext

from tracker.core.access import Scope
from tracker.core.clock import today
from tracker.core.format import NO_VALUE, day, number, period_label, rate
from tracker.core.i18n import name_of, word
from tracker.core.instance import instance_facts
from tracker.domain.progress import Position, Signal
from tracker.domain.review import ReportState
from tracker.domain.roles import Permission
from tracker.domain.schedule import Schedule, schedule_progress
from tracker.features.dashboards.charts import Bullet, Spark, Trend, bullet, spark, trend
from tracker.features.dashboards.queries import Parts, ReportsBelow, View
from tracker.features.org.queries import UnitRow
from tracker.features.plans.queries import CategoryRow, IndicatorRow, InitiativeRow, Name, PeriodRow, PlanRow
from tracker.features.progress.queries import Coverage, Standing, UnitStanding
from tracker.features.reports.pages import due_text

LONGEST_TODO = 6


@dataclass(frozen=True)
class Row:
    """An indicator on a dashboard."""

    indicator: IndicatorRow
    position: Position
    coverage: Coverage
    increase: Fraction | None
    bullet: Bullet
    spark: Spark | None
    url: str


@dataclass(frozen=True)
class PillarRows:
    """The indicators of a pillar."""

    name: str
    name_en: str | None
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class SignalCount:
    """A signal in the strip, linking to the list filtered by it."""

    signal: Signal
    count: int
    url: str
    active: bool


@dataclass(frozen=True)
class Option:
    """A choice in a list."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True)
class UnitOption:
    """A unit to switch to."""

    code: str
    name: str
    name_en: str | None
    depth: int
    selected: bool


@dataclass(frozen=True)
class Todo:
    """Something that someone has to do before the figures are whole."""

    unit: UnitRow
    text: str
    state: ReportState
    due_text: str
    tone: str
    url: str | None


@dataclass(frozen=True)
class ChildRow:
    """A child unit with its completion of the indicator shown beside."""

    unit: UnitRow
    url: str
    reported: int
    expected: int
    rate_text: str
    bar: str | None
    attention: int


@dataclass(frozen=True)
class OverviewPage:
    """The overview of a unit on a data date."""

    unit: UnitRow
    ancestors: tuple[UnitRow, ...]
    plan: PlanRow
    as_of: date
    period: PeriodRow | None
    as_of_options: tuple[Option, ...]
    units: tuple[UnitOption, ...]
    total: int
    verdict_sentence: str
    schedule_rate: Fraction
    strip: tuple[SignalCount, ...]
    clear_filter_url: str | None
    pillars: tuple[PillarRows, ...]
    todo: tuple[Todo, ...]
    todo_total: int
    trend: Trend | None
    children: tuple[ChildRow, ...]
    children_title: str
    source_note: str
    illustrative_note: str | None
    export_url: str | None
    print_title: str


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
    not_reported: tuple[UnitRow, ...]
    not_applicable: tuple[tuple[UnitRow, str], ...]
    by_category: tuple[CategoryPart, ...]
    overview_url: str
    source_note: str
    illustrative_note: str | None


def overview_page(
    view: View,
    rows: Sequence[Standing],
    *,
    scope: Scope,
    signal: Signal | None,
    below: Sequence[ReportsBelow],
    shown: Standing | None,
    by_child: Sequence[UnitStanding],
) -> OverviewPage:
    """The overview; ``shown`` is the indicator of the trend and of the list of children."""
    counts = Counter(row.position.signal for row in rows)
    todo = _todo(view, below, scope)
    exports = scope.allows(Permission.EXPORT_PROGRESS, view.unit.path)
    return OverviewPage(
        unit=view.unit,
        ancestors=view.ancestors,
        plan=view.clock.plan,
        as_of=view.clock.as_of,
        period=view.clock.last,
        as_of_options=_as_of_options(view),
        units=_unit_options(view),
        total=len(rows),
        verdict_sentence=_verdict(rows, counts),
        schedule_rate=_schedule_rate(view),
        strip=tuple(
            SignalCount(each, counts[each], _overview_url(view, signal=each), each is signal)
            for each in Signal
            if counts[each] or each not in (Signal.NO_TARGET, Signal.NO_DATA)
        ),
        clear_filter_url=_overview_url(view) if signal else None,
        pillars=_pillars(view, [row for row in rows if signal in (None, row.position.signal)]),
        todo=tuple(todo[:LONGEST_TODO]),
        todo_total=len(todo),
        trend=trend(shown, view.clock, indicator_url(view, shown.indicator)) if shown else None,
        children=tuple(_child_row(view, each) for each in by_child),
        children_title=(
            gettext("%(indicator)s by unit", indicator=name_of(shown.indicator)) if shown else ""
        ),
        source_note=_source_note(),
        illustrative_note=_illustrative_note(),
        export_url=_export_url(view) if exports else None,
        print_title=gettext("%(unit)s: overview of indicators", unit=name_of(view.unit)),
    )


def indicator_page(view: View, standing: Standing, parts: Parts) -> IndicatorPage:
    """The page of one indicator."""
    indicator = standing.indicator
    return IndicatorPage(
        unit=view.unit,
        ancestors=view.ancestors,
        plan=view.clock.plan,
        as_of=view.clock.as_of,
        as_of_options=_as_of_options(view),
        row=_row(view, standing),
        pillar=indicator.pillar,
        initiative=indicator.initiative,
        measure_text=word(indicator.measure),
        schedule_text=_schedule_text(standing),
        trend=trend(standing, view.clock, indicator_url(view, indicator)),
        by_unit=tuple(_unit_part(view, standing, each) for each in parts.units if each.standing.position.actual is not None),
        not_reported=tuple(
            each.unit
            for each in parts.units
            if each.standing.coverage.reported < each.standing.coverage.expected
        ),
        not_applicable=tuple(
            (each.unit, parts.reasons.get(each.unit.id, ""))
            for each in parts.units
            if each.standing.coverage.not_applicable
        ),
        by_category=tuple(
            CategoryPart(category.name, category.name_en, parts.by_category.get(category.id))
            for category in _categories(indicator)
        ),
        overview_url=_overview_url(view),
        source_note=_source_note(),
        illustrative_note=_illustrative_note(),
    )


def _categories(indicator: IndicatorRow) -> tuple[CategoryRow, ...]:
    return indicator.categories


def _row(view: View, standing: Standing) -> Row:
    return Row(
        standing.indicator,
        standing.position,
        standing.coverage,
        standing.increase,
        bullet(standing.position),
        spark(standing, view.clock),
        indicator_url(view, standing.indicator),
    )


def _pillars(view: View, rows: Sequence[Standing]) -> tuple[PillarRows, ...]:
    grouped = groupby(rows, lambda row: row.indicator.pillar)
    return tuple(
        PillarRows(pillar.name, pillar.name_en, tuple(_row(view, row) for row in members))
        for pillar, members in grouped
    )


def _address(view: View) -> dict[str, str]:
    return {
        "unit": view.unit.code,
        "as_of": view.clock.as_of.isoformat(),
        "plan": view.clock.plan.code,
    }


def _overview_url(view: View, *, unit: UnitRow | None = None, signal: Signal | None = None) -> str:
    address = _address(view) | ({"unit": unit.code} if unit else {})
    return url_for("dashboards.overview", **address, signal=signal.value if signal else None)


def indicator_url(view: View, indicator: IndicatorRow, unit: UnitRow | None = None) -> str:
    """The address of an indicator's page at the unit being looked at, or at another."""
    address = _address(view) | ({"unit": unit.code} if unit else {})
    return url_for("dashboards.indicator", code=indicator.code, **address)


def _export_url(view: View) -> str:
    return url_for("dashboards.progress_sheet", **_address(view))


def _as_of_options(view: View) -> tuple[Option, ...]:
    days = {p.ends_on: period_label(p.code) for p in view.clock.periods if p.ends_on <= today()}
    days.setdefault(view.clock.as_of, day(view.clock.as_of))
    return tuple(
        Option(each.isoformat(), label, each == view.clock.as_of)
        for each, label in sorted(days.items(), reverse=True)
    )


def _unit_options(view: View) -> tuple[UnitOption, ...]:
    line = (*view.ancestors, view.unit)
    options = [UnitOption(u.code, u.name, u.name_en, depth, u is view.unit) for depth, u in enumerate(line)]
    options += [UnitOption(u.code, u.name, u.name_en, len(line), False) for u in view.children]
    return tuple(options)


def _schedule_rate(view: View) -> Fraction:
    """How much of the plan's time has passed, in whole months."""
    plan = view.clock.plan
    share = schedule_progress(
        Schedule.MONTH, starts_on=plan.starts_on, ends_on=plan.ends_on, as_of=view.clock.as_of
    )
    return share * 100


def _verdict(rows: Sequence[Standing], counts: Counter[Signal]) -> str:
    """The sentence that answers the official's first question."""
    total = len(rows)
    if not total:
        return gettext("There are no indicators in this plan yet.")
    good = counts[Signal.COMPLETED] + counts[Signal.ON_TRACK]
    parts = [
        ngettext("%(num)s indicator", "%(num)s indicators", total),
        gettext("%(count)s completed or on track", count=good),
    ]
    for signal, text in (
        (Signal.AT_RISK, gettext("%(count)s at risk", count=counts[Signal.AT_RISK])),
        (Signal.BEHIND, gettext("%(count)s behind", count=counts[Signal.BEHIND])),
        (Signal.NO_DATA, gettext("%(count)s not reported", count=counts[Signal.NO_DATA])),
        (Signal.NO_TARGET, gettext("%(count)s without a target", count=counts[Signal.NO_TARGET])),
    ):
        if counts[signal]:
            parts.append(text)
    return gettext("%(total)s: %(rest)s.", total=parts[0], rest=gettext(", ").join(parts[1:]))


def _schedule_text(standing: Standing) -> str:
    return gettext(
        "%(schedule)s: %(rate)s by the data date",
        schedule=word(standing.indicator.schedule),
        rate=rate(standing.position.schedule_rate),
    )


def _todo(view: View, below: Sequence[ReportsBelow], scope: Scope) -> list[Todo]:
    period = view.clock.last
    if period is None:
        return []
    found = []
    for row in below:
        if row.approved >= row.expected:
            continue
        single = row.expected == 1
        state = row.state if single else ReportState.NOT_STARTED
        words, tone = due_text(period.due_on, state)
        if single:
            text = gettext("%(period)s report: %(state)s", period=period_label(period.code), state=word(state))
        else:
            text = gettext(
                "%(period)s: %(open)s of %(all)s reports not yet approved",
                period=period_label(period.code),
                open=row.expected - row.approved,
                all=row.expected,
            )
        found.append(Todo(row.unit, text, state, words, tone, _todo_url(view, row, period, scope)))
    order = {"danger": 0, "warning": 1, "muted": 2}
    return sorted(found, key=lambda todo: order[todo.tone])


def _todo_url(view: View, row: ReportsBelow, period: PeriodRow, scope: Scope) -> str | None:
    if row.expected > 1:
        return _overview_url(view, unit=row.unit) if row.unit is not view.unit else None
    address = {"plan": view.clock.plan.code, "unit": row.unit.code, "period": period.code}
    if scope.allows(Permission.FILL_REPORTS, row.unit.path):
        return url_for("reports.edit", **address)
    if scope.allows(Permission.SEE_REPORTS, row.unit.path):
        return url_for("reports.review", **address)
    return None


def _child_row(view: View, each: UnitStanding) -> ChildRow:
    position = each.standing.position
    width = position.completion_rate
    return ChildRow(
        unit=each.unit,
        url=_overview_url(view, unit=each.unit),
        reported=each.standing.coverage.reported,
        expected=each.standing.coverage.expected,
        rate_text=rate(width) if width is not None else number(position.actual, each.standing.indicator.decimals),
        bar=None if width is None else f"{float(min(max(width, Fraction(0)), Fraction(100))):.1f}",
        attention=0,
    )


def _unit_part(view: View, whole: Standing, part: UnitStanding) -> UnitPart:
    indicator = whole.indicator
    share = NO_VALUE
    if indicator.measure.is_additive and whole.position.actual and part.standing.position.actual is not None:
        share = rate(part.standing.position.actual / whole.position.actual * 100)
    return UnitPart(
        part.unit,
        indicator_url(view, indicator, part.unit),
        part.standing.position,
        part.standing.coverage,
        bullet(part.standing.position),
        share,
    )


def _source_note() -> str:
    return gettext("Source: approved reports of the units; figures are rounded half up when shown.")


def _illustrative_note() -> str | None:
    if not instance_facts().is_sample:
        return None
    return gettext(
        "Sample: figures without a mark are the township's own for 29 June 2022; figures marked as "
        "illustrative, all targets and the communities' names are made up."
    )
