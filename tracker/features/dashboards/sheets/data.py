"""What the progress sheet is made from. Anything that has these attributes will do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from tracker.domain.measures import Measure
from tracker.domain.progress import Position
from tracker.excel.columns import FontSet

Translate = Callable[[str], str]
"""From an English message to the same message in the language of the sheet."""


class Named(Protocol):
    """A name from the data: Chinese, and English where someone entered it."""

    @property
    def name(self) -> str: ...
    @property
    def name_en(self) -> str | None: ...


class InitiativeLike(Named, Protocol):
    """An initiative with the unit that answers for it."""

    @property
    def lead_unit(self) -> Named | None: ...


class IndicatorLike(Named, Protocol):
    """An indicator with its place in the plan."""

    @property
    def id(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def unit_of_measure(self) -> str: ...
    @property
    def unit_of_measure_en(self) -> str | None: ...
    @property
    def decimals(self) -> int: ...
    @property
    def measure(self) -> Measure: ...
    @property
    def origin(self) -> str | None: ...
    @property
    def pillar(self) -> Named: ...
    @property
    def initiative(self) -> InitiativeLike: ...


class CoverageLike(Protocol):
    """How many units stand behind a figure."""

    @property
    def reported(self) -> int: ...
    @property
    def expected(self) -> int: ...
    @property
    def not_applicable(self) -> int: ...
    @property
    def covered(self) -> int: ...
    @property
    def is_not_applicable(self) -> bool: ...


class StandingLike(Protocol):
    """One line of the sheet."""

    @property
    def indicator(self) -> IndicatorLike: ...
    @property
    def position(self) -> Position: ...
    @property
    def coverage(self) -> CoverageLike: ...
    @property
    def increase(self) -> Fraction | None: ...


Child = tuple[str, Decimal | str | None, Decimal | None]
"""A unit's name, its value in the unit of measure (of a ratio or milestone: the numerator) and its
denominator. A value of None says that the unit has not reported; a text, why it has no value."""


@dataclass(frozen=True)
class ProgressSheetData:
    """Everything that the progress sheet of one unit, plan and data date shows.

    ``made_at`` is an aware moment in local time. ``children`` holds, by the id of an indicator, what
    each unit below (and the unit itself, where it reports) contributes; together they add up to the
    indicator's actual. ``why_behind`` holds the sentences about indicators that are behind, where the
    plan asks for them. ``missing_units`` are the names of the units that have not reported.
    """

    unit_name: str
    plan_name: str
    plan_starts_on: date
    as_of: date
    period_code: str | None
    standings: Sequence[StandingLike]
    made_at: datetime
    made_by: str
    filters: Sequence[tuple[str, str]]
    children: Mapping[int, Sequence[Child]]
    reported_units: int
    expected_units: int
    fingerprint: str
    is_sample: bool = False
    lang: str = "zh"
    unit_code: str = ""
    plan_code: str = ""
    missing_units: Sequence[str] = ()
    annex: str | None = None
    known_on: date | None = None
    restated: int = 0
    why_behind: Mapping[int, str] = field(default_factory=dict)
    fonts: FontSet = field(default_factory=FontSet)
