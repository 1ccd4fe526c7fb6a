"""What counts: approved entries, for posting to the balances and for checking them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, and_, bindparam, func, or_, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute

from tracker.core.access import within
from tracker.core.db import db
from tracker.domain.measures import Measure
from tracker.domain.rollup import WHOLE, Reported, ValueState
from tracker.features.org.models import OrgUnit
from tracker.features.org.queries import UnitRow
from tracker.features.plans.models import Indicator
from tracker.features.plans.queries import Name
from tracker.features.reports.models import Entry, EntryRevision
from tracker.features.reports.queries.sheet import ReportHandle


def raw(column: InstrumentedAttribute[Decimal | None]) -> ColumnElement[int]:
    """The integer as it is kept, 0 for none: no decimal is made of it only to be taken apart again."""
    return func.coalesce(type_coerce(column, BigInteger), 0)


_OF_UNIT = (
    select(
        Entry.report_id,
        Entry.indicator_id,
        Indicator.measure,
        Entry.category_id,
        Entry.ends_on,
        Entry.counted_state,
        raw(Entry.counted_value),
        raw(Entry.counted_denominator),
        Entry.state,
        raw(Entry.value),
        raw(Entry.denominator),
    )
    .join(Indicator, Indicator.id == Entry.indicator_id)
    .where(Entry.unit_id == bindparam("unit"), Entry.plan_id == bindparam("plan"))
)
"""A unit's entries of a plan, counted and entered. Made once, since every approval asks for them."""

_SINCE = _OF_UNIT.where(
    Entry.ends_on >= bindparam("since"),
    or_(Entry.counted_state.is_not(None), Entry.report_id == bindparam("report")),
)
_PAST = (
    select(
        Entry.id,
        func.row_number()
        .over(
            partition_by=(Entry.indicator_id, Entry.category_id, Entry.counted_state),
            order_by=Entry.ends_on.desc(),
        )
        .label("back"),
    )
    .where(
        Entry.unit_id == bindparam("unit"),
        Entry.plan_id == bindparam("plan"),
        Entry.ends_on < bindparam("before"),
        Entry.indicator_id.in_(bindparam("indicators", expanding=True)),
        Entry.counted_state.is_not(None),
    )
    .subquery()
)
_BEFORE = _OF_UNIT.where(Entry.id.in_(select(_PAST.c.id).where(_PAST.c.back == 1)))
"""Of some indicators' past the last value and the last 'not applicable' of each cell."""


@dataclass
class Series:
    """One indicator's counted entries at a unit, as they are and as they are going to be."""

    measure: Measure
    before: list[Reported]
    after: list[Reported]


def counted_before_and_after(report: ReportHandle, *, counts: bool, whole: bool = False) -> dict[int, Series]:
    """Counted entries by indicator, before and after a report comes to count, or ceases to.

    Of the past at least what decides the differences from the report's period on, or the ``whole`` of
    it, which is needed where the unit has stood in several places. Values are scaled integers.
    """
    assert report.report is not None  # Only a report that was submitted or approved comes to count.
    found: dict[int, Series] = {}
    for row in _deciding(report, report.report.id, whole=whole):
        of_report, indicator_id, measure, category, day, counted, value, whole, state, new, new_whole = row
        series = found.get(indicator_id)
        if series is None:
            series = found[indicator_id] = Series(measure, [], [])
        entry = None if counted is None else Reported(category or WHOLE, day, counted, value, whole)
        if entry is not None:
            series.before.append(entry)
        if of_report == report.report.id:
            # The whole report changes together: what it holds now counts, or nothing of it does.
            entry = Reported(category or WHOLE, day, state, new, new_whole) if counts and state else None
        if entry is not None:
            series.after.append(entry)
    return found


def _deciding(report: ReportHandle, report_id: int, *, whole: bool) -> list[Row[*tuple[Any, ...]]]:
    """The entries that decide what an approval changes.

    Mostly those from the period before on: where an indicator has a value in it, that is its last
    value and its last word. For other indicators either may lie further back, and of one with
    categories some may have spoken only then.
    """
    connection, first = db.session.connection(), report.period.starts_on
    of_unit = {"unit": report.unit.id, "plan": report.plan.id}
    since = report.plan.starts_on if whole else first - timedelta(days=1)
    rows = list(connection.execute(_SINCE, {**of_unit, "since": since, "report": report_id}).all())
    if whole:
        return rows
    clear, spoken = set(), set()
    for _, indicator_id, _, category_id, ends_on, counted, *_ in rows:
        spoken.add(indicator_id)
        if ends_on < first and category_id is None and counted is ValueState.VALUE:
            clear.add(indicator_id)
    unclear = sorted(spoken - clear)
    if unclear:
        rows += connection.execute(_BEFORE, {**of_unit, "before": since, "indicators": unclear}).all()
    return rows


def counted_of_plan(plan_id: int) -> dict[tuple[int, int], list[Reported]]:
    """All counted entries of a plan by (unit id, indicator id), for checking the balances."""
    rows = db.session.execute(
        select(
            Entry.unit_id,
            Entry.indicator_id,
            Entry.category_id,
            Entry.ends_on,
            Entry.counted_state,
            raw(Entry.counted_value),
            raw(Entry.counted_denominator),
        ).where(Entry.plan_id == plan_id, Entry.counted_state.is_not(None))
    )
    found: dict[tuple[int, int], list[Reported]] = defaultdict(list)
    for unit_id, indicator_id, category, day, state, value, whole in rows:
        if state is not None:
            found[unit_id, indicator_id].append(Reported(category or WHOLE, day, state, value, whole))
    return found


def counted_otherwise() -> list[str]:
    """Cells that count something else than the revisions say that count now, one line each, for checking.

    A page as known on an earlier day is made from the revisions, so they must say the same as the entries.
    """
    rows = db.session.execute(
        select(
            OrgUnit.code,
            Indicator.code,
            Entry.ends_on,
            Entry.counted_state,
            Entry.counted_value,
            Entry.counted_denominator,
            EntryRevision.number,
            EntryRevision.state,
            EntryRevision.value,
            EntryRevision.denominator,
        )
        .select_from(Entry)
        .join(OrgUnit, OrgUnit.id == Entry.unit_id)
        .join(Indicator, Indicator.id == Entry.indicator_id)
        .outerjoin(
            EntryRevision,
            and_(
                EntryRevision.entry_id == Entry.id,
                EntryRevision.approved_at.is_not(None),
                EntryRevision.uncounted_at.is_(None),
            ),
        )
        .where(
            or_(
                Entry.counted_state.is_distinct_from(EntryRevision.state),
                Entry.counted_value.is_distinct_from(EntryRevision.value),
                Entry.counted_denominator.is_distinct_from(EntryRevision.denominator),
            )
        )
        .order_by(OrgUnit.code, Indicator.code, Entry.ends_on)
    )
    return [
        f"{unit} {indicator} {day}: counted {tuple(map(str, rest[:3]))}, "
        f"by revision {rest[3]} {tuple(map(str, rest[4:]))}"
        for unit, indicator, day, *rest in rows
    ]


def reasons_not_applicable(indicator_id: int, unit_ids: Sequence[int], as_of: date) -> dict[int, str]:
    """Why an indicator does not apply, by unit: the latest counted reason up to the data date."""
    rows = db.session.execute(
        select(Entry.unit_id, Entry.reason)
        .where(
            Entry.indicator_id == indicator_id,
            Entry.unit_id.in_(unit_ids),
            Entry.ends_on <= as_of,
            Entry.counted_state == ValueState.NOT_APPLICABLE,
        )
        .order_by(Entry.ends_on)
    )
    return {unit_id: reason or "" for unit_id, reason in rows}


def notes_of_period(
    unit: UnitRow, indicator_ids: Collection[int], ends_on: date
) -> dict[int, list[tuple[Name, str]]]:
    """The notes beside counted entries of one period, at the unit and below it, by indicator id."""
    rows = db.session.execute(
        select(Entry.indicator_id, OrgUnit.name, OrgUnit.name_en, Entry.note)
        .join(OrgUnit, OrgUnit.id == Entry.unit_id)
        .where(
            within(OrgUnit.path, unit.path),
            Entry.indicator_id.in_(sorted(indicator_ids)),
            Entry.ends_on == ends_on,
            Entry.counted_state.is_not(None),
            Entry.note.is_not(None),
        )
        .order_by(OrgUnit.path, Entry.id)
    )
    found: dict[int, list[tuple[Name, str]]] = defaultdict(list)
    for indicator_id, name, name_en, note in rows:
        found[indicator_id].append((Name(name, name_en), note or ""))
    return found
