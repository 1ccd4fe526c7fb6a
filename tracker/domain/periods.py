"""Spans of days: the periods of a plan and which of them belong to a data date."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tracker.domain.errors import N_, RuleError


class Frequency(StrEnum):
    """How often a plan is reported, with its length in months."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"

    @property
    def months(self) -> int:
        """Months in one period."""
        return {"month": 1, "quarter": 3, "half_year": 6, "year": 12}[self.value]


class PeriodState(StrEnum):
    """Where a period stands on a day."""

    NOT_BEGUN = "not_begun"
    RUNNING = "running"
    DUE = "due"
    PAST_DUE = "past_due"
    LOCKED = "locked"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class Span:
    """A named run of days, first and last day included."""

    code: str
    starts_on: date
    ends_on: date


def period_state(
    starts_on: date, ends_on: date, due_on: date, *, is_locked: bool, today: date, is_expected: bool = True
) -> PeriodState:
    """Where a period stands: a deadline falls at the end of its day, so nothing is past due on ``due_on``.

    One before the plan's first period to report is not ``is_expected``, and never due.
    """
    if is_locked:
        return PeriodState.LOCKED
    if not is_expected:
        return PeriodState.NOT_ASKED
    if today < starts_on:
        return PeriodState.NOT_BEGUN
    if today <= ends_on:
        return PeriodState.RUNNING
    return PeriodState.DUE if today <= due_on else PeriodState.PAST_DUE


def is_closed(open_until: date | None, *, is_locked: bool, today: date) -> bool:
    """Whether a period counts as locked: by hand, or since the last day on which it was open is over."""
    return is_locked or (open_until is not None and today > open_until)


def last_day_of_month(day: date) -> date:
    """The last day of the month that holds ``day``."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def shift_years(day: date, years: int) -> date:
    """The same day in another year; the last day of a month stays the last, as 28 February becomes 29."""
    first = date(day.year + years, day.month, 1)
    return last_day_of_month(first) if day == last_day_of_month(day) else first.replace(day=day.day)


LONGEST_MONTHS = 120
"""Months that a plan can span; a longer one is a slip of the hand in a year."""


def check_span(starts_on: date, ends_on: date) -> None:
    """Raise :class:`RuleError` for days between which no plan can lie."""
    if ends_on < starts_on:
        raise RuleError(N_("The plan ends before it starts. Choose a later last day."), field="ends_on")
    if months_between(starts_on, ends_on) > LONGEST_MONTHS:
        raise RuleError(N_("A plan spans at most ten years. Check the years of both days."), field="ends_on")


def periods_of(starts_on: date, ends_on: date, frequency: Frequency) -> list[Span]:
    """Cut a plan's days into calendar periods, the first and last shortened to the plan.

    Codes read 2022-06, 2022-Q2, 2022-H1 and 2022. Raises :class:`RuleError` when the plan ends
    before it starts.
    """
    if ends_on < starts_on:
        raise RuleError(N_("The plan ends before it starts. Choose a later last day."), field="ends_on")
    return list(_cut(starts_on, ends_on, frequency))


def first_to_report(spans: Sequence[Span], day: date | None) -> Span:
    """The period with which reporting begins if it begins on a day: the first one that has not ended before.

    That is the plan's first period for no day, and its last one for a day after the plan's end.
    """
    if day is None:
        return spans[0]
    return next((span for span in spans if span.ends_on >= day), spans[-1])


def _cut(starts_on: date, ends_on: date, frequency: Frequency) -> Iterator[Span]:
    first = starts_on
    while True:
        final_month = (first.month - 1) // frequency.months * frequency.months + frequency.months
        last = min(last_day_of_month(date(first.year, final_month, 1)), ends_on)
        yield Span(_code(first, frequency), first, last)
        if last == ends_on:
            return
        first = last + timedelta(days=1)


def _code(day: date, frequency: Frequency) -> str:
    if frequency is Frequency.MONTH:
        return f"{day.year}-{day.month:02d}"
    if frequency is Frequency.QUARTER:
        return f"{day.year}-Q{(day.month + 2) // 3}"
    if frequency is Frequency.HALF_YEAR:
        return f"{day.year}-H{(day.month + 5) // 6}"
    return str(day.year)


def months_between(starts_on: date, ends_on: date) -> int:
    """Calendar months that the span touches, the first and last included."""
    return (ends_on.year - starts_on.year) * 12 + ends_on.month - starts_on.month + 1


def whole_months(starts_on: date, ends_on: date, as_of: date) -> int:
    """Months of the plan that have ended by ``as_of``; a plan's own last day ends its last month."""
    if as_of < starts_on:
        return 0
    if as_of >= ends_on:
        return months_between(starts_on, ends_on)
    touched = months_between(starts_on, as_of)
    return touched if as_of == last_day_of_month(as_of) else touched - 1


_PARTS = (
    (re.compile(r"(\d{4})(?:[-/.]|年)?q([1-4])"), "{0}-Q{1}"),
    (re.compile(r"(\d{4})年第?([一二三四1-4])季度?"), "{0}-Q{1}"),
    (re.compile(r"(\d{4})(?:[-/.]|年)?h([12])"), "{0}-H{1}"),
    (re.compile(r"(\d{4})年([上下])半年"), "{0}-H{1}"),
    (re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})月?份?"), "{0}-{1:0>2}"),
    (re.compile(r"(\d{4})(0[1-9]|1[0-2])"), "{0}-{1}"),
    (re.compile(r"(\d{4})年?度?"), "{0}"),
)
_PLAIN_NUMBERS = {"一": "1", "二": "2", "三": "3", "四": "4", "上": "1", "下": "2"}


def period_code(typed: str) -> str | None:
    """The code of a period as staff write it: 2022-06, 2022年6月, 202206, 2022年第二季度, 2022-H1, 2022.

    None for what cannot be a period.
    """
    text = "".join(unicodedata.normalize("NFKC", typed).split()).lower()
    for pattern, code in _PARTS:
        found = pattern.fullmatch(text)
        if found is not None:
            return code.format(*(_PLAIN_NUMBERS.get(part, part) for part in found.groups()))
    return None
