"""The progress sheet as a file: figures gathered, book declared, workbook written."""

from __future__ import annotations

from flask_babel import force_locale, gettext

from tracker.core.clock import now, zone
from tracker.core.format import day
from tracker.core.i18n import language, name_of
from tracker.core.instance import instance_facts
from tracker.domain.progress import Signal
from tracker.domain.rollup import Difference
from tracker.excel.write import write
from tracker.features.dashboards.queries import (
    ReportsBelow,
    View,
    amounts,
    contributions,
    reports_below,
    restated_since,
)
from tracker.features.dashboards.sheets.about import fingerprint
from tracker.features.dashboards.sheets.book import file_name, progress_book
from tracker.features.dashboards.sheets.data import Child, ProgressSheetData
from tracker.features.org.queries import UnitRow
from tracker.features.plans.queries import IndicatorRow
from tracker.features.progress.queries import Standing, standings
from tracker.features.reports.queries import notes_of_period

MOST_SENTENCES = 3
"""Units whose sentences stand in one cell of the sheet; the others are on the pages."""


def progress_file(view: View, *, made_by: str, lang: str | None = None) -> tuple[str, bytes]:
    """(file name, content) of the progress sheet, in the language given or being spoken."""
    with force_locale(lang or language()):
        data = _gather(view, made_by)
        return file_name(data, gettext), write(progress_book(data, gettext))


def _gather(view: View, made_by: str) -> ProgressSheetData:
    clock = view.clock
    rows = standings(view.unit, clock)
    below = reports_below(view)
    return ProgressSheetData(
        unit_name=name_of(view.unit),
        unit_code=view.unit.code,
        plan_name=name_of(clock.plan),
        plan_code=clock.plan.code,
        plan_starts_on=clock.plan.starts_on,
        as_of=clock.as_of,
        period_code=clock.last.code if clock.last else None,
        standings=rows,
        made_at=now().astimezone(zone()),
        made_by=made_by,
        filters=_filters(view),
        known_on=view.known_on,
        restated=len(restated_since(view, rows)) if view.known_on else 0,
        children=_children(view, rows),
        reported_units=sum(row.approved for row in below),
        expected_units=sum(row.expected for row in below),
        fingerprint=fingerprint(view.unit.code, clock.plan.code, clock.as_of, rows),
        is_sample=instance_facts().is_sample,
        lang=language(),
        why_behind=_why_behind(view, rows),
        missing_units=[_missing(row) for row in below if row.approved < row.expected],
    )


def _filters(view: View) -> tuple[tuple[str, str], ...]:
    if view.known_on is None:
        return ()
    return ((gettext("As known at the end of"), day(view.known_on)),)


def _why_behind(view: View, rows: list[Standing]) -> dict[int, str]:
    """What the units say about what is behind, where the plan asks them: each with its name.

    Nothing in a sheet as known on an earlier day, since what they say now may be about other figures.
    """
    last = view.clock.last
    behind = [row.indicator.id for row in rows if row.position.signal is Signal.BEHIND]
    if not behind or last is None or view.known_on or not view.clock.plan.asks_why_behind:
        return {}
    found = {}
    for indicator_id, notes in notes_of_period(view.unit, behind, last.ends_on).items():
        told = [gettext("%(unit)s: %(said)s", unit=name_of(unit), said=said) for unit, said in notes]
        more = len(told) - MOST_SENTENCES
        if more > 0:
            told = [*told[:MOST_SENTENCES], gettext("and %(count)s more", count=more)]
        found[indicator_id] = ("; " if language() == "en" else "；").join(told)
    return found


def _missing(row: ReportsBelow) -> str:
    """The name of a unit whose approved reports are not complete, and whether they only wait for review."""
    name = name_of(row.unit)
    if row.unit.retired_on is not None:
        # It is missing for a period before its end, and has to be known by whoever looks for it.
        name = gettext("%(unit)s (retired from %(day)s on)", unit=name, day=day(row.unit.retired_on))
    waits = row.approved + row.waiting >= row.expected
    return gettext("%(unit)s (waiting for review)", unit=name) if waits else name


def _children(view: View, rows: list[Standing]) -> dict[int, list[Child]]:
    by_id = {row.indicator.id: row.indicator for row in rows}
    return {
        indicator_id: [_child(view.unit, unit, by_id[indicator_id], total) for unit, total in parts]
        for indicator_id, parts in contributions(view, rows).items()
    }


def _child(whole: UnitRow, unit: UnitRow | None, indicator: IndicatorRow, total: Difference) -> Child:
    value, denominator = amounts(total)
    if unit is None:
        name = gettext("Units that have since moved away")
    else:
        name = gettext("%(unit)s itself", unit=name_of(unit)) if unit is whole else name_of(unit)
    return name, value, denominator if indicator.measure.has_denominator else None
