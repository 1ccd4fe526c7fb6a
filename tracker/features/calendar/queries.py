"""Reading the calendar: the table of the house, and the notices that come with the program."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import func, select

from tracker.core.access import Scope
from tracker.core.db import db
from tracker.domain.errors import N_, NotFoundError
from tracker.domain.roles import Permission
from tracker.domain.workdays import WorkCalendar
from tracker.features.calendar.models import CalendarDay, DaySource
from tracker.features.org.queries import root_unit

NOTICES = Path(__file__).with_name("holidays.csv")
"""The spans of days of the State Council's yearly notices, one line each, with the notice's number."""


@dataclass(frozen=True)
class DayRow:
    """A day of the calendar."""

    day: date
    is_workday: bool
    name: str
    name_en: str | None
    source: DaySource
    version: int = 0


@dataclass(frozen=True)
class Notice:
    """A year's arrangement as it was published."""

    year: int
    number: str
    days: tuple[DayRow, ...]


_DAY = (
    CalendarDay.day,
    CalendarDay.is_workday,
    CalendarDay.name,
    CalendarDay.name_en,
    CalendarDay.source,
    CalendarDay.version,
)


@cache
def notices() -> dict[int, Notice]:
    """The notices that come with the program, by year."""
    found: dict[int, Notice] = {}
    with NOTICES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            year = int(row["year"])
            before = found.get(year, Notice(year, row["notice"], ()))
            found[year] = Notice(year, row["notice"], before.days + tuple(_days(row)))
    return found


def _days(row: dict[str, str]) -> list[DayRow]:
    """Every day of one line."""
    first, last = date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"])
    return [
        DayRow(
            first + timedelta(days=passed),
            row["kind"] == "work",
            row["name"],
            row["name_en"],
            DaySource.PUBLISHED,
        )
        for passed in range((last - first).days + 1)
    ]


def work_calendar() -> WorkCalendar:
    """The calendar of the house, as deadlines are counted in it."""
    rows = db.session.execute(select(CalendarDay.day, CalendarDay.is_workday, CalendarDay.source)).all()
    published = {day.year for day, _, source in rows if source is DaySource.PUBLISHED}
    return WorkCalendar(
        {day: is_workday for day, is_workday, _ in rows}, frozenset(published & notices().keys())
    )


def days_of(year: int) -> list[DayRow]:
    """The days of a year that the calendar names, in order."""
    rows = db.session.execute(
        select(*_DAY)
        .where(CalendarDay.day >= date(year, 1, 1), CalendarDay.day <= date(year, 12, 31))
        .order_by(CalendarDay.day)
    )
    return [DayRow(*row) for row in rows]


def find_day(day: date) -> DayRow | None:
    """The day, if the calendar names it."""
    row = db.session.execute(select(*_DAY).where(CalendarDay.day == day)).first()
    return DayRow(*row) if row else None


def get_day(day: date) -> DayRow:
    """The day. Raises :class:`NotFoundError` when the calendar does not name it."""
    found = find_day(day)
    if found is None:
        raise NotFoundError(N_("The calendar has no entry for this day."))
    return found


def shown_years(*more: int) -> list[int]:
    """The years worth a look, in order: those with notices or days, those asked for, and the next one."""
    first, last = db.session.execute(select(func.min(CalendarDay.day), func.max(CalendarDay.day))).one()
    named = {first.year, last.year} if first else set()
    return sorted({*notices(), max(notices()) + 1, *named, *more, max(more) + 1})


def may_change_calendar(scope: Scope) -> bool:
    """Whether this person may change the calendar: it is the whole house's, so only at its top."""
    root = root_unit()
    return root is not None and scope.allows(Permission.MANAGE_HOUSE, root.path)
