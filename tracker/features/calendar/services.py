"""Changing the calendar. Due dates that stand already are not touched by any of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Delete, Update, delete, update

from tracker.core.audit import Actor, record
from tracker.core.db import db
from tracker.domain.errors import N_, NotFoundError, RuleError, StaleError
from tracker.features.calendar.models import CalendarDay, DaySource
from tracker.features.calendar.queries import DayRow, find_day, notices, work_calendar

_CHANGED = N_("Someone changed this day since you opened it. Look at it again, then decide.")


@dataclass(frozen=True)
class DayDraft:
    """What a day is to be."""

    day: date
    is_workday: bool
    name: str
    name_en: str | None = None


def add_day(draft: DayDraft, *, actor: Actor) -> None:
    """Enter a day. Raises :class:`RuleError` when the calendar names it already."""
    if find_day(draft.day) is not None:
        raise RuleError(N_("This day is in the calendar already. Open it there to change it."), field="day")
    _check(draft)
    db.session.add(CalendarDay(**vars(draft), source=DaySource.OWN))
    db.session.flush()
    _record("calendar.add", draft.day, None, draft, actor)


def change_day(draft: DayDraft, *, version: int, actor: Actor) -> None:
    """Change a day, which is the house's own from then on.

    Raises :class:`StaleError` for an older version.
    """
    before = find_day(draft.day)
    if before is None or before.version != version:
        raise StaleError(_CHANGED)
    _check(draft)
    _write(
        update(CalendarDay)
        .where(CalendarDay.day == draft.day, CalendarDay.version == version)
        .values(
            is_workday=draft.is_workday,
            name=draft.name,
            name_en=draft.name_en,
            source=DaySource.OWN,
            version=version + 1,
        )
    )
    _record("calendar.change", draft.day, before, draft, actor)


def remove_day(day: date, *, version: int, actor: Actor) -> None:
    """Take a day out, so that it is what Monday to Friday make it. Raises :class:`StaleError` as above."""
    before = find_day(day)
    if before is None or before.version != version:
        raise StaleError(_CHANGED)
    _write(delete(CalendarDay).where(CalendarDay.day == day, CalendarDay.version == version))
    _record("calendar.remove", day, before, None, actor)


def load_year(year: int, *, actor: Actor) -> int:
    """Put a year's days back as they were published, and say how many that changed.

    Days that were entered here and are not in the notice stay. Raises :class:`NotFoundError` for a
    year whose notice does not come with the program.
    """
    notice = notices().get(year)
    if notice is None:
        raise NotFoundError(N_("The program has no notice for %(year)s."), year=year)
    changes = {}
    for wanted in notice.days:
        before = find_day(wanted.day)
        if before is not None and _content(before) == _content(wanted):
            continue
        version = before.version + 1 if before else 0
        db.session.merge(CalendarDay(**{**vars(wanted), "version": version}))
        changes[str(wanted.day)] = (_say(before), _say(wanted))
    db.session.flush()
    record("calendar.load", actor=actor, subject=f"calendar {year}", changes=changes)
    return len(changes)


def load_missing_years(*, actor: Actor) -> tuple[int, ...]:
    """Load the notices of which nothing is there yet, as a newer program may bring; say which years."""
    published = work_calendar().published
    missing = tuple(year for year in sorted(notices()) if year not in published)
    for year in missing:
        load_year(year, actor=actor)
    return missing


def _check(draft: DayDraft) -> None:
    if not draft.name:
        raise RuleError(N_("Say what the day is, for example the name of the holiday."), field="name")


def _write(statement: Update | Delete) -> None:
    """Run a change of one row, if it is still the version that was read; else :class:`StaleError`."""
    if db.session.connection().execute(statement).rowcount != 1:
        raise StaleError(_CHANGED)


def _content(row: DayRow) -> Iterable[object]:
    return (row.is_workday, row.name, row.name_en, row.source)


def _say(row: DayRow | DayDraft | None) -> str | None:
    if row is None:
        return None
    return f"{'working day' if row.is_workday else 'day off'} ({row.name})"


def _record(action: str, day: date, before: DayRow | None, after: DayDraft | None, actor: Actor) -> None:
    record(action, actor=actor, subject=f"calendar {day}", changes={"day": (_say(before), _say(after))})
