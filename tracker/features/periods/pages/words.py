"""Rules, days and locks of periods, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext, ngettext

from tracker.core.format import day, listed, period_label, weekday
from tracker.domain.workdays import WorkCalendar
from tracker.features.calendar.pages import year_note
from tracker.features.periods.queries import (
    ManagedPeriod,
)


def rule_text(workdays: int) -> str:
    """The rule of a plan's due dates."""
    if workdays == 0:
        return gettext("Due on the period's last day")
    return ngettext(
        "Due on the first working day after the period's end",
        "Due %(num)s working days after the period's end",
        workdays,
    )


def lock_rule_text(workdays: int | None) -> str:
    """The rule by which a plan's periods lock themselves."""
    if workdays is None:
        return gettext("Periods are locked by hand only")
    if workdays == 0:
        return gettext("A period locks itself at the end of its due date")
    return ngettext(
        "A period locks itself at the end of the first working day after its due date",
        "A period locks itself %(num)s working days after its due date",
        workdays,
    )


def lock_words(period: ManagedPeriod) -> str:
    """What is to be said about a period's locking by itself."""
    if period.locked_by_hand:
        return ""
    if period.open_until is None:
        return gettext("Reopened: stays open until it is locked by hand") if period.kept_open else ""
    if period.is_locked:
        return gettext("Locked itself at the end of %(day)s", day=day(period.open_until))
    return gettext("Locks itself at the end of %(day)s", day=day(period.open_until))


def first_period_words(locked: Sequence[str]) -> str:
    """What setting the first period has done; ``locked``: codes of those that nobody can report yet."""
    done = gettext("Saved. Periods before the first one are neither due nor missing.")
    if not locked:
        return done
    said = ngettext(
        "%(periods)s is asked for again, but it is locked: reopen it, and it can be reported.",
        "%(periods)s are asked for again, but they are locked: reopen them, and they can be reported.",
        len(locked),
        periods=listed(period_label(code) for code in locked),
    )
    return f"{done} {said}"


def year_notes(periods: Sequence[ManagedPeriod], calendar: WorkCalendar) -> tuple[str, ...]:
    """A sentence for each year whose working days had to be assumed for these due dates."""
    if not periods:
        return ()
    first = min(period.ends_on for period in periods)
    last = max(period.due_on for period in periods)
    return tuple(year_note(year, calendar) for year in calendar.unpublished(first, last))


def full_day(value: date) -> str:
    return f"{day(value)} {weekday(value)}"
