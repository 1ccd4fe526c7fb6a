"""What the page of missing reports shows, and the text for the chat group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext

from tracker.core.clock import today
from tracker.core.format import day, listed, period_label
from tracker.core.i18n import name_of, word
from tracker.domain.review import ReportState
from tracker.features.org.queries import UnitRow
from tracker.features.plans.queries import PeriodRow
from tracker.features.reports.pages import due_text
from tracker.features.reports.queries import ReportListRow
from tracker.features.urging.queries import MISSING, DueDay
from tracker.features.urging.sheets import Event


@dataclass(frozen=True)
class MissingRow:
    """A report that is missing."""

    unit: UnitRow
    plan_code: str
    period: PeriodRow
    state: ReportState
    due_text: str
    tone: str
    urged_on: date | None
    can_urge: bool


@dataclass(frozen=True)
class UrgingPage:
    """The missing reports of a period."""

    period: str
    periods: tuple[str, ...]
    rows: tuple[MissingRow, ...]
    counts: tuple[tuple[ReportState, int], ...]
    message: str

    @property
    def can_urge(self) -> int:
        """How many can be reminded today."""
        return sum(row.can_urge for row in self.rows)


def urging_page(
    period: str,
    periods: Sequence[str],
    rows: Sequence[ReportListRow],
    urged: Mapping[tuple[int, int], date],
) -> UrgingPage:
    """``urged`` holds the day of the last reminder by unit and period id."""
    shown = tuple(_row(row, urged.get((row.unit.id, row.period.id))) for row in rows)
    counts = tuple((state, sum(1 for row in rows if row.state is state)) for state in MISSING)
    return UrgingPage(period, tuple(periods), shown, counts, _message(rows))


def _row(row: ReportListRow, urged_on: date | None) -> MissingRow:
    words, tone = due_text(row.period, row.state)
    return MissingRow(
        row.unit, row.plan_code, row.period, row.state, words, tone, urged_on, urged_on != today()
    )


def _message(rows: Sequence[ReportListRow]) -> str:
    """A polite text to copy into a chat; it names units and no persons."""
    if not rows:
        return ""
    first = rows[0].period
    units = listed(_told(row) for row in rows)
    return gettext(
        "Dear colleagues, the reports for %(period)s are due by %(due)s. As of %(today)s these units have "
        "not yet submitted theirs: %(units)s. Please fill them in and submit them as soon as you can; if "
        "anything is unclear, please get in touch. Thank you for your work.",
        period=period_label(first.code),
        due=day(first.due_on),
        today=day(today()),
        units=units,
    )


def _told(row: ReportListRow) -> str:
    """A unit with the state of its report; who is no more by now is asked for the time before."""
    ended = row.unit.retired_on
    if ended is not None and ended <= today():
        return gettext(
            "%(unit)s (%(state)s; the unit is retired from %(day)s on)",
            unit=name_of(row.unit),
            state=word(row.state),
            day=day(ended),
        )
    return gettext("%(unit)s (%(state)s)", unit=name_of(row.unit), state=word(row.state))


def due_events(days: Sequence[DueDay]) -> list[Event]:
    """One event for each due day."""
    return [
        Event(
            key=f"due-{due.plan.code}-{due.period.code}@township-tracker",
            day=due.period.due_on,
            title=gettext("Report for %(period)s is due", period=period_label(due.period.code)),
            text=gettext(
                "%(plan)s: submit the report for %(period)s by the end of this day.",
                plan=name_of(due.plan),
                period=period_label(due.period.code),
            ),
        )
        for due in days
    ]
