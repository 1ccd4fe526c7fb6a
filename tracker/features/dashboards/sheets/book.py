"""The workbook around the progress sheet, and the name of its file."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from tracker.core.format import day_in
from tracker.core.workbooks import OwnBook, hands_out
from tracker.domain.errors import N_
from tracker.domain.numbers import round_half_up
from tracker.excel.columns import Book, ChartSheet, Point
from tracker.features.dashboards.sheets import figures, words
from tracker.features.dashboards.sheets.about import about_sheet
from tracker.features.dashboards.sheets.checks import check_sheets
from tracker.features.dashboards.sheets.data import ProgressSheetData, StandingLike, Translate
from tracker.features.dashboards.sheets.progress import progress_sheet

BOOK = hands_out(
    OwnBook(N_("a progress sheet"), None, (N_("Code"), N_("Unit of measure"), N_("Year's target")))
)
"""How a progress sheet is told where somebody uploads it as something else."""


def progress_book(data: ProgressSheetData, translate: Translate) -> Book:
    """The workbook: progress sheet, chart, checks by formula, contributions of units, and what it is."""
    progress = progress_sheet(data, translate)
    return Book(
        title=progress.title,
        sheets=(
            progress,
            _chart(data, translate),
            *check_sheets(data, progress, translate),
            about_sheet(data, translate),
        ),
        made_at=data.made_at,
    )


def file_name(data: ProgressSheetData, translate: Translate) -> str:
    """李村镇_指标进度表_2022-06-30.xlsx, without what Windows forbids in names of files."""
    _ = translate
    stem = f"{data.unit_name}_{_('Indicator progress')}_{data.as_of.isoformat()}"
    if data.known_on is not None:
        stem += f"_{_('known on')}_{data.known_on.isoformat()}"
    return re.sub(r"\s+", "-", re.sub(r'[\\/:*?"<>|\x00-\x1f]', "", stem)) + ".xlsx"


def _chart(data: ProgressSheetData, translate: Translate) -> ChartSheet:
    _ = translate

    def point(standing: StandingLike) -> Point:
        position = standing.position
        name = words.local_name(standing.indicator, data.lang)
        if position.completion_rate is None:
            name = f"{name} ({words.signal_word(position.signal, _)})"
        return Point(
            f"{standing.indicator.code} {name}",
            _number(position.completion_rate),
            _number(position.schedule_rate),
        )

    title = _("Completion against schedule by indicator, %(day)s") % {"day": day_in(data.as_of, data.lang)}
    return ChartSheet(
        name=_("Chart"),
        title=title,
        category=_("Indicator"),
        bar=_("Completion rate (%)"),
        mark=_("Schedule progress (%)"),
        value_axis=_("Completion rate (%)"),
        points=[point(standing) for standing in data.standings],
        footer=_("Page &P of &N"),
        fonts=figures.fonts_of(data),
    )


def _number(value: Fraction | None) -> Decimal | None:
    return None if value is None else round_half_up(value, 1)
