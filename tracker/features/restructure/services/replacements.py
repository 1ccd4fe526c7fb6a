"""Replacing an indicator by a new one from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tracker.core.audit import Actor, record
from tracker.domain.errors import N_, RuleError
from tracker.features.org.queries import UnitRow
from tracker.features.plans.models import Indicator, Plan
from tracker.features.plans.queries import assigned_units, get_plan, periods_of_plan, units_left
from tracker.features.plans.services import IndicatorDraft, begin_successor
from tracker.features.progress.queries import Standing, clockwork, standings
from tracker.features.reports.queries import last_entry_of


@dataclass(frozen=True)
class Trial:
    """What a replacement would do at the plan's unit: what stays of the old one, and what begins.

    ``stays`` is the old indicator on the last day before; ``begins`` the new one on the day. Either is none
    where no unit reports it. ``untouched`` says that every other figure of the day is what it was.
    """

    day: date
    last_day: date
    stays: Standing | None
    begins: Standing | None
    reporters: int
    untouched: bool


def try_replacement(
    plan: Plan, unit: UnitRow, old: Indicator, draft: IndicatorDraft, *, day: date, reason: str, actor: Actor
) -> Trial:
    """Do it and tell what it did; the caller takes it back afterwards. Raises :class:`RuleError`."""
    row = get_plan(unit, as_of=None, code=plan.code)
    eve = day - timedelta(days=1)

    def figures(on: date) -> dict[str, Standing]:
        return {found.indicator.code: found for found in standings(unit, clockwork(row, on))}

    was = figures(day)
    new = replace_indicator(plan, old, draft, day=day, reason=reason, actor=actor)
    now = figures(day)
    return Trial(
        day=day,
        last_day=eve,
        stays=figures(eve).get(old.code),
        begins=now.get(draft.code),
        reporters=len(assigned_units(new) - units_left(plan)),
        untouched=all(now.get(code) == found for code, found in was.items() if code != old.code),
    )


def replace_indicator(
    plan: Plan, old: Indicator, draft: IndicatorDraft, *, day: date, reason: str, actor: Actor
) -> Indicator:
    """Have a new indicator take the old one's place from the day on; each keeps its own figures.

    The same units report the new one in periods that end on the day or later, and the old one in those
    before. Data dates list one or the other. Raises :class:`RuleError` for a day outside the plan, for
    an indicator that is replaced already, and when something has been entered for a later period.
    """
    if not plan.starts_on < day <= plan.ends_on:
        raise RuleError(
            N_("The day must lie within the plan, after its first day and not after %(last)s."),
            field="day",
            last=plan.ends_on.isoformat(),
        )
    if old.retired_on is not None:
        raise RuleError(
            N_("This indicator ends on %(day)s already."), field="day", day=old.retired_on.isoformat()
        )
    if old.from_on is not None and old.from_on >= day:
        raise RuleError(
            N_("This indicator begins only on %(day)s. Choose a later day."),
            field="day",
            day=old.from_on.isoformat(),
        )
    last = last_entry_of(old.id)
    if last is not None and last >= day:
        raise RuleError(
            N_("Values have been entered for periods up to %(last)s. Choose a later day."),
            field="day",
            last=last.isoformat(),
        )
    locked = [period.ends_on for period in periods_of_plan(plan.id) if period.is_locked]
    if locked and max(locked) >= day:
        raise RuleError(
            N_("Periods up to %(last)s are locked. Choose a later day, or reopen them first."),
            field="day",
            last=max(locked).isoformat(),
        )
    if not reason.strip():
        raise RuleError(N_("Give a reason, so that everyone knows why it is replaced."), field="reason")
    indicator = begin_successor(plan, old, draft, day=day, actor=actor)
    record(
        "indicator.replace",
        actor=actor,
        subject=f"indicator {plan.code}/{old.code}",
        unit_id=plan.unit_id,
        changes={"by": (None, draft.code), "from": (None, day), "reason": (None, reason.strip())},
    )
    record(
        "indicator.succeed",
        actor=actor,
        subject=f"indicator {plan.code}/{indicator.code}",
        unit_id=plan.unit_id,
        changes={"replaces": (None, old.code), "from": (None, day), "reason": (None, reason.strip())},
    )
    return indicator
