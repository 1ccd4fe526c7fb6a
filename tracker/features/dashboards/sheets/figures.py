"""Figures and fonts that the progress sheet and its proofs share."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from tracker.core.format import NO_VALUE
from tracker.domain.numbers import round_half_up
from tracker.domain.progress import Signal
from tracker.excel.columns import FontSet, Value
from tracker.features.dashboards.sheets.data import ProgressSheetData, StandingLike, Translate

ENGLISH_FONTS = FontSet(title="Times New Roman", body="Times New Roman", head="Arial", title_size=18)


def fonts_of(data: ProgressSheetData) -> FontSet:
    """The fonts asked for; for an English sheet with none asked for, the usual Latin ones."""
    return ENGLISH_FONTS if data.lang == "en" and data.fonts == FontSet() else data.fonts


def rounded(value: Fraction | None, places: int = 1) -> Value:
    """A rate or gap with one decimal, or the dash where it is undefined."""
    return NO_VALUE if value is None else round_half_up(value, places)


def actual(standing: StandingLike, _: Translate) -> Value:
    """The figure, or why there is none: not applicable to any unit, or not reported."""
    value = standing.position.actual
    if value is not None:
        return round_half_up(value, standing.indicator.decimals)
    return _("Not applicable") if standing.coverage.is_not_applicable else _("Not reported")


def signal_counts(data: ProgressSheetData) -> dict[Signal, int]:
    """How many indicators show each signal, in the order of signals, zeros included."""
    counts = Counter(row.position.signal for row in data.standings)
    return {signal: counts[signal] for signal in Signal}


def sample_note(_: Translate) -> str:
    """What of a sample is made up."""
    return _(
        "Sample: all targets, the names of communities and the figures marked “Illustrative” are "
        "made up for illustration; the other figures are the township's own."
    )
