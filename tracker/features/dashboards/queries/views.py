"""What is being looked at: a unit on a data date, now or as known on an earlier day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from tracker.core.access import Scope
from tracker.core.clock import present_day, today
from tracker.domain.errors import N_, NotFoundError, RuleError
from tracker.domain.roles import Permission
from tracker.features.org.queries import Merged, UnitRow, get_unit, top_units
from tracker.features.places.queries import (
    Former,
    Merger,
    ancestors_on,
    children_on,
    merger_of,
    mergers_of_unit,
    passing_children,
)
from tracker.features.plans.queries import get_plan, periods_of_plan
from tracker.features.progress.queries import (
    Clockwork,
    clockwork,
)
from tracker.features.reports.queries import known_at

SEE = Permission.SEE_PROGRESS

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""Days that can be asked for: what spreadsheets can show, and no typing error."""


@dataclass(frozen=True)
class View:
    """What is being looked at: a unit, with its place in the tree, on a data date.

    ``ancestors`` and ``children`` are those of that day; ``formers`` tells who came or went during the plan,
    ``taken_over`` which units were merged into this one meanwhile.
    """

    unit: UnitRow
    ancestors: tuple[UnitRow, ...]
    children: tuple[UnitRow, ...]
    clock: Clockwork
    scope: Scope
    permission: Permission = SEE
    formers: tuple[Former, ...] = ()
    merger: Merger | None = None
    taken_over: tuple[Merged, ...] = ()

    @property
    def known_on(self) -> date | None:
        """The earlier day as of whose end the figures were known; none: now."""
        return self.clock.known.day if self.clock.known else None


def read_day(text: str | None) -> date | None:
    """A day from an address. Raises :class:`RuleError` when it is not one."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise RuleError(N_("The data date is not a day. Write it like 2022-06-30."), field="as_of") from None
    if not EARLIEST <= day <= LATEST:
        raise RuleError(N_("The data date is not a day. Write it like 2022-06-30."), field="as_of")
    return day


def read_known_on(text: str | date | None) -> date | None:
    """The day as known on whose end figures are asked for. Raises :class:`RuleError` for a day to come."""
    if not text:
        return None
    try:
        day = text if isinstance(text, date) else date.fromisoformat(text)
    except ValueError:
        raise RuleError(N_("This is not a day. Write it like 2022-06-30."), field="known_on") from None
    if not EARLIEST <= day <= present_day():
        raise RuleError(
            N_("What was known can be asked for days up to today, %(day)s."),
            field="known_on",
            day=present_day().isoformat(),
        )
    return day


def get_view(
    scope: Scope,
    *,
    unit_code: str | None,
    as_of: date | None,
    plan_code: str | None,
    permission: Permission = SEE,
    known_on: date | None = None,
) -> View:
    """What an address asks for; without a unit the highest in scope, without a day the last period's end.

    With ``known_on`` the figures are those that were known at the end of that day.
    """
    if unit_code:
        unit = get_unit(scope, permission, unit_code)
    else:
        tops = top_units(scope, permission)
        if not tops:
            raise NotFoundError(N_("No unit has been set up yet."))
        unit = tops[0]
    latest = min(today(), known_on or today())
    plan = get_plan(unit, as_of=as_of or latest, code=plan_code)
    if as_of is None:
        ended = [period.ends_on for period in periods_of_plan(plan.id) if period.ends_on <= latest]
        as_of = ended[-1] if ended else latest
    clock = clockwork(plan, as_of)
    if known_on is not None:
        clock = replace(clock, known=known_at(unit, clock, known_on))
    return View(
        unit,
        tuple(ancestors_on(scope, permission, unit, clock.day)),
        tuple(children_on(scope, permission, unit, clock.day)),
        clock,
        scope,
        permission,
        tuple(passing_children(scope, permission, unit, since=plan.starts_on, day=clock.day)),
        merger_of(unit.id) if unit.retired_on is not None else None,
        tuple(
            merged
            for merged in mergers_of_unit(unit).taken_over
            if plan.starts_on < merged.merged_on <= clock.day
        ),
    )
