"""Lists of reports, with what is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext, ngettext

from tracker.core.clock import today
from tracker.core.format import day
from tracker.core.i18n import word
from tracker.domain.review import WAITING, ReportState, Step
from tracker.features.org.queries import UnitRow
from tracker.features.plans.queries import Name, PeriodRow
from tracker.features.reports.forms import choice_of
from tracker.features.reports.queries import FoundCell, ReportListRow

ALL = "all"
"""What stands in an address for every state."""


@dataclass(frozen=True)
class ListRow:
    """A report in a list."""

    unit: UnitRow
    period: PeriodRow
    state: ReportState
    due_on: date
    due_text: str
    lock_text: str
    tone: str
    is_locked: bool
    filled: int
    total: int
    url: str
    return_reason: str | None
    submitted_at: datetime | None
    returned_cells: int
    odd: int
    is_late: bool
    choice: str | None
    step: Step | None
    urged_on: date | None = None


@dataclass(frozen=True)
class CellLink:
    """A cell that a search has found."""

    indicator: Name
    unit: UnitRow
    period: PeriodRow
    state: ReportState
    due_text: str
    tone: str
    url: str


@dataclass(frozen=True)
class FilterLink:
    """A filter that lives in the address."""

    label: str
    url: str
    active: bool
    count: int


@dataclass(frozen=True)
class PageLinks:
    """Where in a long list."""

    page: int
    count: int
    previous_url: str | None
    next_url: str | None


@dataclass(frozen=True)
class ListPage:
    """A list of reports."""

    reports: tuple[ListRow, ...]
    filters: tuple[FilterLink, ...]
    pages: PageLinks
    periods: tuple[str, ...] = ()
    period: str = ""
    unit: str = ""
    state: str = ALL
    cells: tuple[CellLink, ...] = ()
    more_cells: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        """The reports that can be approved, or checked, from the list and have nothing odd."""
        return tuple(row.choice for row in self.reports if row.choice and not row.odd)

    @property
    def can_choose(self) -> bool:
        """Whether any report can be approved or checked from the list."""
        return any(row.choice for row in self.reports)

    @property
    def only_cells(self) -> bool:
        """Whether a search has found indicators and no unit, so that there is no list to show."""
        return bool(self.cells) and not any(each.count for each in self.filters)

    @property
    def has_checks(self) -> bool:
        """Whether some of what can be decided from the list is a first check, after which nothing counts."""
        return any(row.step is Step.CHECK for row in self.reports)


def due_text(period: PeriodRow, state: ReportState) -> tuple[str, str]:
    """(words, tone) of a period's due date for a report in this state; days left are calendar days."""
    days = (period.due_on - today()).days
    if period.is_locked and state is not ReportState.APPROVED:
        return gettext("Locked"), "muted"
    if state is ReportState.APPROVED:
        return gettext("Approved"), "muted"
    if state in WAITING:
        return gettext("Handed in"), "muted"
    if not period.is_expected:
        return gettext("Not asked for"), "muted"
    if days < 0:
        return ngettext("%(num)s day overdue", "%(num)s days overdue", -days), "danger"
    if days == 0:
        return gettext("Due today"), "warning"
    return ngettext("%(num)s day left", "%(num)s days left", days), "warning" if days <= 3 else "muted"


def lock_text(period: PeriodRow, state: ReportState) -> str:
    """Until when a report can still be handed in, where its period is going to lock itself."""
    if period.open_until is None or period.is_locked or state is ReportState.APPROVED:
        return ""
    return gettext("locks at the end of %(day)s", day=day(period.open_until))


def list_row(
    row: ReportListRow, endpoint: str, step: Step | None = None, urged_on: date | None = None
) -> ListRow:
    """One row of a list, linking to ``endpoint``; where there is a ``step`` to take it can be chosen."""
    missing = row.state in {ReportState.NOT_STARTED, ReportState.DRAFT, ReportState.RETURNED}
    words, tone = due_text(row.period, row.state)
    return ListRow(
        unit=row.unit,
        period=row.period,
        state=row.state,
        due_on=row.period.due_on,
        due_text=words,
        lock_text=lock_text(row.period, row.state),
        tone=tone,
        is_locked=row.period.is_locked,
        filled=row.filled,
        total=row.total,
        url=url_for(endpoint, plan=row.plan_code, unit=row.unit.code, period=row.period.code),
        return_reason=row.reason if row.state is ReportState.RETURNED else None,
        submitted_at=row.submitted_at,
        returned_cells=row.returned_cells if row.state is ReportState.RETURNED else 0,
        odd=row.odd if row.state in WAITING else 0,
        is_late=row.is_late,
        choice=choice_of(row.plan_code, row.unit.code, row.period.code, row.version, step) if step else None,
        step=step,
        urged_on=urged_on if missing else None,
    )


def cell_link(found: FoundCell, endpoint: str) -> CellLink:
    """Where a cell that was found is filled in."""
    words, tone = due_text(found.period, found.state)
    return CellLink(
        found.indicator,
        found.unit,
        found.period,
        found.state,
        words,
        tone,
        url_for(
            endpoint,
            plan=found.plan_code,
            unit=found.unit.code,
            period=found.period.code,
            _anchor=f"c{found.key[0]}-{found.key[1]}",
        ),
    )


def filter_links(
    endpoint: str, counts: Mapping[ReportState, int], chosen: ReportState | None, **kept: Any
) -> tuple[FilterLink, ...]:
    """All reports, and those in each state; None has chosen all. ``kept``: what else narrows the list."""
    every = sum(counts.values())
    return (
        FilterLink(gettext("All"), url_for(endpoint, state=ALL, **kept), chosen is None, every),
        *(
            FilterLink(
                word(state),
                url_for(endpoint, state=state.value, **kept),
                state is chosen,
                counts.get(state, 0),
            )
            for state in ReportState
        ),
    )


def page_links(endpoint: str, chosen: ReportState | None, page: int, count: int, **kept: Any) -> PageLinks:
    """The pages before and after, with the same filters."""

    def link(to: int) -> str | None:
        state = chosen.value if chosen else ALL
        return url_for(endpoint, state=state, page=to, **kept) if 1 <= to <= count else None

    return PageLinks(page, count, link(page - 1), link(page + 1))
