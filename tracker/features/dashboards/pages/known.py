"""A page as known on an earlier day: since when it is not so any more, and what was restated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.core.clock import present_day
from tracker.core.format import number
from tracker.features.dashboards.pages.shared import indicator_url, overview_url
from tracker.features.dashboards.queries import View, restated_since
from tracker.features.plans.queries import IndicatorRow
from tracker.features.progress.queries import Standing


@dataclass(frozen=True)
class Restated:
    """An indicator that says something else now; texts are ready to print."""

    indicator: IndicatorRow
    url: str
    actual_then: str
    actual_now: str
    target_then: str
    target_now: str


@dataclass(frozen=True)
class KnownNote:
    """What a page says that is as known on an earlier day."""

    day: date
    latest: date
    present_url: str
    restated: tuple[Restated, ...]


def known_note(view: View, rows: Sequence[Standing]) -> KnownNote | None:
    """What has been restated since; None for a page of today."""
    if view.known_on is None:
        return None
    today = replace(view, clock=replace(view.clock, known=None))
    return KnownNote(
        day=view.known_on,
        latest=present_day(),
        present_url=overview_url(today),
        restated=tuple(
            Restated(
                row.indicator,
                indicator_url(today, row.indicator),
                _actual(row),
                _actual(now),
                _target(row),
                _target(now),
            )
            for row, now in restated_since(view, rows)
        ),
    )


def _actual(row: Standing | None) -> str:
    return number(row.position.actual, row.indicator.decimals) if row else number(None)


def _target(row: Standing | None) -> str:
    return number(row.position.target, row.indicator.decimals) if row else number(None)
