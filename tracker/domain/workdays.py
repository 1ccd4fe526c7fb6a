"""Working days: Monday to Friday, but for days off and the swapped days (调休) that make up for them.

Which days those are is published year by year (国务院办公厅关于…年部分节假日安排的通知) and cannot be
worked out ahead; a year without its notice is taken as Monday to Friday, and whoever shows a day
of such a year can say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from tracker.domain.errors import N_, RuleError

MOST_WORKDAYS = 60
"""The longest time, in working days, that a rule may give."""

_ONE = timedelta(days=1)


@dataclass(frozen=True)
class WorkCalendar:
    """Monday to Friday with its exceptions.

    ``exceptions`` maps a day to whether it is worked on; ``published`` holds the years whose
    arrangement is known.
    """

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    published: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Whether the day is worked on."""
        return self.exceptions.get(day, day.weekday() < 5)

    def add_workdays(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``, which itself never counts; 0 is the day itself.

        Raises ValueError when ``count`` is below 0.
        """
        if count < 0:
            raise ValueError("working days are counted forwards")
        while count:
            day += _ONE
            count -= self.is_workday(day)
        return day

    def workdays_between(self, first: date, last: date) -> int:
        """How many working days lie in the span, its first and last day included."""
        days = (first + timedelta(days=passed) for passed in range((last - first).days + 1))
        return sum(self.is_workday(day) for day in days)

    def unpublished(self, first: date, last: date) -> tuple[int, ...]:
        """The years that the span touches and whose arrangement is not known, in order."""
        return tuple(year for year in range(first.year, last.year + 1) if year not in self.published)


def last_open_day(due_on: date, workdays: int | None, calendar: WorkCalendar, today: date) -> date | None:
    """The last day on which a period is open that locks itself ``workdays`` working days after its due date.

    None where it never does. Never a day gone by: a rule that is set today locks nothing before tomorrow.
    """
    return None if workdays is None else max(calendar.add_workdays(due_on, workdays), today)


def check_workdays(count: int) -> None:
    """Raise :class:`RuleError` for a number of working days that no rule may have."""
    if not 0 <= count <= MOST_WORKDAYS:
        raise RuleError(
            N_("Enter a whole number from 0 to %(most)s."), field="due_workdays", most=MOST_WORKDAYS
        )
