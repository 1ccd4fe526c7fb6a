"""A year of the calendar at a glance, and one of its days, in words."""

from __future__ import annotations

import calendar as months
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext, ngettext

from tracker.core.clock import today
from tracker.core.format import day as long_day
from tracker.core.format import listed, month_name, short_day, weekday, weekday_names
from tracker.core.i18n import name_of
from tracker.domain.workdays import WorkCalendar
from tracker.features.calendar.forms import DayForm, VersionForm
from tracker.features.calendar.models import DaySource
from tracker.features.calendar.queries import DayRow, notices


@dataclass(frozen=True)
class DayCell:
    """A day of a small month; ``word`` says what is special about it, ``title`` says it in full."""

    number: int
    kind: str
    word: str
    title: str
    url: str | None
    is_today: bool


@dataclass(frozen=True)
class MonthTable:
    """A small month in rows of seven days; None where a day belongs to another month."""

    name: str
    weeks: tuple[tuple[DayCell | None, ...], ...]
    workdays: str


@dataclass(frozen=True)
class HolidayLine:
    """A holiday with its days off and the days that are worked instead."""

    name: str
    off: str
    work: str
    is_own: bool


@dataclass(frozen=True)
class YearLink:
    """A year to choose."""

    label: str
    url: str
    active: bool
    count: None = None


@dataclass(frozen=True)
class YearPage:
    """One year."""

    year: int
    years: tuple[YearLink, ...]
    note: str
    is_published: bool
    workdays: str
    weekdays: tuple[tuple[str, str], ...]
    months: tuple[MonthTable, ...]
    holidays: tuple[HolidayLine, ...]
    can_change: bool
    can_load: bool
    form: DayForm


@dataclass(frozen=True)
class DayPage:
    """One day of the calendar."""

    row: DayRow
    title: str
    source: str
    after_removal: str
    can_change: bool
    form: DayForm
    remove: VersionForm


def year_note(year: int, calendar: WorkCalendar) -> str:
    """What is known of a year, in one sentence."""
    if year in calendar.published:
        return gettext("%(year)s: as published, %(number)s", year=year, number=notices()[year].number)
    entered = sum(day.year == year for day in calendar.exceptions)
    if entered:
        return ngettext(
            "%(year)s: no notice in this program; %(num)s day was entered here, otherwise Monday to Friday",
            "%(year)s: no notice in this program; %(num)s days were entered here, otherwise Monday to Friday",
            entered,
            year=year,
        )
    if year < min(notices()):
        return gettext("%(year)s: no notice in this program, Monday to Friday assumed", year=year)
    return gettext("%(year)s: not yet published, Monday to Friday assumed", year=year)


def kind_word(is_workday: bool) -> str:
    """What a day is."""
    return gettext("Working day") if is_workday else gettext("Day off")


def year_page(
    year: int,
    rows: Sequence[DayRow],
    calendar: WorkCalendar,
    form: DayForm,
    *,
    years: Sequence[int],
    can_change: bool,
) -> YearPage:
    """A year with its twelve months."""
    named = {row.day: row for row in rows}
    links = (YearLink(str(each), url_for("calendar.index", year=each), each == year) for each in years)
    return YearPage(
        year=year,
        years=tuple(links),
        note=year_note(year, calendar),
        is_published=year in calendar.published,
        workdays=_workdays(calendar.workdays_between(date(year, 1, 1), date(year, 12, 31))),
        weekdays=weekday_names(),
        months=tuple(_month(year, month, named, calendar) for month in range(1, 13)),
        holidays=_holidays(rows),
        can_change=can_change,
        can_load=can_change and year in notices(),
        form=form,
    )


def day_page(row: DayRow, form: DayForm, *, can_change: bool) -> DayPage:
    """One day, with what it would be without its entry."""
    return DayPage(
        row=row,
        title=f"{long_day(row.day)} · {weekday(row.day)}",
        source=gettext("As published") if row.source is DaySource.PUBLISHED else gettext("Entered here"),
        after_removal=gettext(
            "Without its entry this day is what its day of the week makes it: %(kind)s.",
            kind=kind_word(row.day.weekday() < 5),
        ),
        can_change=can_change,
        form=form,
        remove=VersionForm(formdata=None, version=str(row.version)),
    )


def _month(year: int, month: int, named: Mapping[date, DayRow], calendar: WorkCalendar) -> MonthTable:
    first = date(year, month, 1)
    last = first.replace(day=months.monthrange(year, month)[1])
    return MonthTable(
        name=month_name(month),
        weeks=tuple(
            tuple(_cell(day, named.get(day)) if day.month == month else None for day in week)
            for week in months.Calendar().monthdatescalendar(year, month)
        ),
        workdays=_workdays(calendar.workdays_between(first, last)),
    )


def _cell(day: date, row: DayRow | None) -> DayCell:
    is_today = day == today()
    if row is None:
        return DayCell(day.day, "plain" if day.weekday() < 5 else "weekend", "", "", None, is_today)
    return DayCell(
        number=day.day,
        kind="work" if row.is_workday else "off",
        word=gettext("work") if row.is_workday else gettext("off"),
        title=f"{short_day(day)} · {name_of(row)} · {kind_word(row.is_workday)}",
        url=url_for("calendar.edit", day=day.isoformat()),
        is_today=is_today,
    )


def _holidays(rows: Sequence[DayRow]) -> tuple[HolidayLine, ...]:
    """The days by name, in the order in which the names come up."""
    by_name: dict[tuple[str, bool], list[DayRow]] = {}
    for row in rows:
        by_name.setdefault((name_of(row), row.source is DaySource.OWN), []).append(row)
    return tuple(
        HolidayLine(
            name,
            listed(_span(span) for span in _spans([row.day for row in days if not row.is_workday])),
            listed(f"{short_day(row.day)} {weekday(row.day)}" for row in days if row.is_workday),
            is_own,
        )
        for (name, is_own), days in by_name.items()
    )


def _spans(days: Sequence[date]) -> list[list[date]]:
    """Runs of days that follow each other."""
    found: list[list[date]] = []
    for day in days:
        if found and day - found[-1][-1] == timedelta(days=1):
            found[-1].append(day)
        else:
            found.append([day])
    return found


def _span(days: Sequence[date]) -> str:
    if len(days) == 1:
        return f"{short_day(days[0])} {weekday(days[0])}"
    shown = f"{short_day(days[0])} – {short_day(days[-1])}"
    return ngettext("%(span)s (%(num)s day)", "%(span)s (%(num)s days)", len(days), span=shown)


def _workdays(count: int) -> str:
    return ngettext("%(num)s working day", "%(num)s working days", count)
