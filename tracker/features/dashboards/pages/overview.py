"""The overview of a unit on a data date."""

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
from tracker.core.format import number, rate
from tracker.core.i18n import name_of
from tracker.domain.progress import Signal
from tracker.domain.roles import Permission
from tracker.domain.schedule import Schedule, schedule_progress
from tracker.features.dashboards.charts import Trend, trend
from tracker.features.dashboards.pages.known import KnownNote
from tracker.features.dashboards.pages.moved import notes_on_units
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
from tracker.features.dashboards.pages.todo import Todo, todo_list
from tracker.features.dashboards.queries import ReportsBelow, View
from tracker.features.org.queries import UnitRow
from tracker.features.plans.queries import PeriodRow, PlanRow
from tracker.features.progress.queries import Standing, UnitStanding

LONGEST_TODO = 6


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
class UnitOption:
    """A unit to switch to."""

    code: str
    name: str
    name_en: str | None
    depth: int
    selected: bool


@dataclass(frozen=True)
class ChildRow:
    """A child unit with its completion of the indicator shown beside."""

    unit: UnitRow
    url: str
    reported: int
    expected: int
    rate_text: str
    bar: str | None
    is_asked: bool = True


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
    unit_notes: tuple[str, ...]
    source_note: str
    illustrative_note: str | None
    export_url: str | None
    print_title: str
    known: KnownNote | None


def overview_page(
    view: View,
    rows: Sequence[Standing],
    *,
    scope: Scope,
    signal: Signal | None,
    below: Sequence[ReportsBelow],
    shown: Standing | None,
    by_child: Sequence[UnitStanding],
    known: KnownNote | None = None,
) -> OverviewPage:
    """The overview; ``shown`` is the indicator of the trend and of the list of children."""
    judged = [row for row in rows if not row.coverage.is_not_applicable]
    counts = Counter(row.position.signal for row in judged)
    # What has to be done is about today.
    todo = todo_list(view, below, scope) if known is None else []
    exports = scope.allows(Permission.EXPORT_PROGRESS, view.unit.path)
    return OverviewPage(
        unit=view.unit,
        ancestors=view.ancestors,
        plan=view.clock.plan,
        as_of=view.clock.as_of,
        period=view.clock.last,
        as_of_options=as_of_options(view),
        units=_unit_options(view),
        total=len(rows),
        verdict_sentence=_verdict(len(rows), len(rows) - len(judged), counts),
        schedule_rate=_schedule_rate(view),
        strip=tuple(
            SignalCount(each, counts[each], overview_url(view, signal=each), each is signal)
            for each in Signal
            if counts[each] or each not in (Signal.NO_TARGET, Signal.NO_DATA)
        ),
        clear_filter_url=overview_url(view) if signal else None,
        pillars=_pillars(
            view, rows if signal is None else [row for row in judged if row.position.signal is signal]
        ),
        todo=tuple(todo[:LONGEST_TODO]),
        todo_total=len(todo),
        trend=trend(shown, view.clock, indicator_url(view, shown.indicator)) if shown else None,
        children=tuple(_child_row(view, each) for each in by_child),
        children_title=(
            gettext("%(indicator)s by unit", indicator=name_of(shown.indicator)) if shown else ""
        ),
        unit_notes=notes_on_units(view),
        source_note=source_note(),
        illustrative_note=illustrative_note(),
        export_url=export_url(view) if exports else None,
        known=known,
        print_title=gettext("%(unit)s: overview of indicators", unit=name_of(view.unit)),
    )


def _pillars(view: View, rows: Sequence[Standing]) -> tuple[PillarRows, ...]:
    grouped = groupby(rows, lambda row: row.indicator.pillar)
    return tuple(
        PillarRows(pillar.name, pillar.name_en, tuple(row_of(view, row) for row in members))
        for pillar, members in grouped
    )


def export_url(view: View) -> str:
    return url_for("dashboards.progress_sheet", **address_of(view))


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


def _verdict(total: int, not_applicable: int, counts: Counter[Signal]) -> str:
    """The sentence that answers the official's first question."""
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
    if not_applicable:
        parts.append(gettext("%(count)s not applicable", count=not_applicable))
    return gettext("%(total)s: %(rest)s.", total=parts[0], rest=gettext(", ").join(parts[1:]))


def _child_row(view: View, each: UnitStanding) -> ChildRow:
    position = each.standing.position
    width = position.completion_rate
    return ChildRow(
        unit=each.unit,
        url=overview_url(view, unit=each.unit),
        reported=each.standing.coverage.reported,
        expected=each.standing.coverage.expected,
        rate_text=rate(width)
        if width is not None
        else number(position.actual, each.standing.indicator.decimals),
        bar=None if width is None else f"{float(min(max(width, Fraction(0)), Fraction(100))):.1f}",
        is_asked=each.standing.coverage.is_asked,
    )
