"""Words, names, days and numbers as the sheets print them, in the sheet's language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from tracker.core.format import MONTHS, day_in
from tracker.core.i18n import WORDS
from tracker.domain.numbers import plain, round_half_up
from tracker.domain.periods import last_day_of_month
from tracker.domain.progress import Signal
from tracker.excel.columns import COUNT, decimals
from tracker.features.dashboards.sheets.data import IndicatorLike, Named, Translate

SIGNAL_FILLS: dict[Signal, str] = {
    Signal.COMPLETED: "C6E0B4",
    Signal.ON_TRACK: "E2EFDA",
    Signal.AT_RISK: "FFE699",
    Signal.BEHIND: "F8CBAD",
    Signal.NO_DATA: "D9D9D9",
    Signal.NO_TARGET: "EDEDED",
}
"""Colours behind the words; each also differs in lightness, for a black-and-white print."""


def signal_word(signal: Signal, _: Translate) -> str:
    """The word of a signal; a colour alone would be lost on the copier."""
    return _(WORDS[signal])


def local_name(thing: Named, lang: str) -> str:
    """The thing's name in the sheet's language, the Chinese one where there is no other."""
    return (thing.name_en if lang == "en" else None) or thing.name


def local_unit(indicator: IndicatorLike, lang: str) -> str:
    """The unit of measure in the sheet's language."""
    return (indicator.unit_of_measure_en if lang == "en" else None) or indicator.unit_of_measure


def months(first: date, last: date, lang: str) -> str:
    """The months from ``first`` to ``last``: 2022年1—6月, or January–June 2022.

    Where ``last`` does not end a month, the days: the figures do not cover the whole month.
    """
    if last < first:
        return day_in(last, lang)
    if last != last_day_of_month(last):
        return f"{day_in(first, lang)}{_dash(lang)}{day_in(last, lang)}"
    return _months_en(first, last) if lang == "en" else _months_zh(first, last)


def _dash(lang: str) -> str:
    return " – " if lang == "en" else "—"


def _months_zh(first: date, last: date) -> str:
    if first.year != last.year:
        return f"{first.year}年{first.month}月—{last.year}年{last.month}月"
    if first.month == last.month:
        return f"{last.year}年{last.month}月"
    return f"{last.year}年{first.month}—{last.month}月"


def _months_en(first: date, last: date) -> str:
    start, end = MONTHS[first.month - 1], MONTHS[last.month - 1]
    if first.year != last.year:
        return f"{start} {first.year} – {end} {last.year}"
    return f"{end} {last.year}" if first.month == last.month else f"{start}–{end} {last.year}"


def exact_decimal(value: Fraction) -> Decimal:
    """A stored value as it was stored: with at most four places, nothing is lost."""
    return Decimal(plain(round_half_up(value, 4)))


def exact_format(value: Fraction | None, places: int) -> str:
    """A number format that shows the indicator's places, or more where the value has more."""
    if value is None:
        return COUNT
    shown = exact_decimal(value).as_tuple().exponent
    assert isinstance(shown, int)  # Neither NaN nor infinity is stored.
    return decimals(max(places, -shown))
