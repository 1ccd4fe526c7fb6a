"""How numbers, days and moments are shown; every page uses these and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from flask import Flask
from flask_babel import gettext

from tracker.core.clock import zone
from tracker.core.i18n import definition_of, guide_of, language, name_of, word
from tracker.domain.holdings import Term
from tracker.domain.numbers import round_half_up

Number = Fraction | Decimal | int

NO_VALUE = "—"
MINUS = "−"


def number(value: Number | None, decimals: int = 0) -> str:
    """Thousands commas and fixed places; no value shows a dash, never 0."""
    if value is None:
        return NO_VALUE
    return f"{round_half_up(value, decimals):,f}".replace("-", MINUS)


def rate(value: Number | None) -> str:
    """A percentage without decimals."""
    return NO_VALUE if value is None else f"{number(value)}%"


def signed(value: Number | None, decimals: int = 0) -> str:
    """A change, with its sign."""
    if value is None:
        return NO_VALUE
    return ("+" if round_half_up(value, decimals) > 0 else "") + number(value, decimals)


def points(value: Number | None) -> str:
    """A gap in percentage points, one decimal."""
    return signed(value, 1)


MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day(value: date) -> str:
    """A day in full."""
    return day_in(value, language())


def day_in(value: date, lang: str) -> str:
    """A day in full in a given language: 2022年6月30日, or 30 June 2022."""
    if lang == "en":
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    return f"{value.year}年{value.month}月{value.day}日"


def short_day(value: date) -> str:
    """A day without its year."""
    if language() == "en":
        return f"{value.day} {MONTHS[value.month - 1][:3]}"
    return f"{value.month}月{value.day}日"


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def month_name(month: int) -> str:
    """A month of any year."""
    return MONTHS[month - 1] if language() == "en" else f"{month}月"


def weekday(value: date) -> str:
    """The day of the week in full."""
    return weekday_names()[value.weekday()][1]


def weekday_names() -> tuple[tuple[str, str], ...]:
    """The days of the week from Monday: few letters, and in full."""
    if language() == "en":
        return tuple((name[:3], name) for name in _WEEKDAYS)
    return tuple((letter, f"星期{letter}") for letter in "一二三四五六日")


def listed(parts: Iterable[str]) -> str:
    """Several things in one line."""
    return (", " if language() == "en" else "、").join(parts)


def moment(value: datetime | None) -> str:
    """A local day and time."""
    return NO_VALUE if value is None else value.astimezone(zone()).strftime("%Y-%m-%d %H:%M")


def time_of_day(value: datetime) -> str:
    """A local time: 10:32."""
    return value.astimezone(zone()).strftime("%H:%M")


def exact_moment(value: datetime) -> str:
    """A local day and time to the second."""
    return value.astimezone(zone()).strftime("%Y-%m-%d %H:%M:%S")


def utc_moment(value: datetime) -> str:
    """A moment in UTC, to the second."""
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def period_label(code: str) -> str:
    """A period's code in words: 2022-06, 2022-Q2, 2022-H1 or 2022."""
    year, _, part = code.partition("-")
    english = language() == "en"
    if not part:
        return year if english else f"{year}年"
    if part[0] == "Q":
        return f"Q{part[1]} {year}" if english else f"{year}年第{'一二三四'[int(part[1]) - 1]}季度"
    if part[0] == "H":
        return f"H{part[1]} {year}" if english else f"{year}年{'上下'[int(part[1]) - 1]}半年"
    return f"{MONTHS[int(part) - 1]} {year}" if english else f"{year}年{int(part)}月"


def short_period_label(code: str) -> str:
    """A period's code in few letters, for the axis of a chart."""
    _, _, part = code.partition("-")
    if not part or part[0] in "QH":
        return part or code
    return MONTHS[int(part) - 1][:3] if language() == "en" else f"{int(part)}月"


def init_format(app: Flask) -> None:
    """Give the templates these filters."""
    app.jinja_env.filters.update(
        number=number,
        rate=rate,
        signed=signed,
        points=points,
        day=day,
        short_day=short_day,
        weekday=weekday,
        moment=moment,
        exact_moment=exact_moment,
        utc_moment=utc_moment,
        period_label=period_label,
        month_label=lambda period: period_label(period.code),
        name=name_of,
        word=word,
        definition=definition_of,
        guide=guide_of,
    )


def days_of_term(term: Term) -> str:
    """The days on which a role counts, in words."""
    if term.starts_on and term.ends_on:
        return gettext("%(first)s to %(last)s", first=day(term.starts_on), last=day(term.ends_on))
    if term.starts_on:
        return gettext("From %(first)s", first=day(term.starts_on))
    if term.ends_on:
        return gettext("Until %(last)s", last=day(term.ends_on))
    return gettext("Without limit")
