"""Replacing an indicator by a new one from a day on."""

from __future__ import annotations

from datetime import date

from tracker.core.audit import Actor, record
from tracker.domain.errors import N_, RuleError
from tracker.features.plans.models import Indicator, Plan
from tracker.features.plans.services import IndicatorDraft, begin_successor
from tracker.features.reports.queries import last_entry_of


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
    if not reason.strip():
        raise RuleError(N_("Give a reason, so that everyone knows why it is replaced."), field="reason")
    indicator = begin_successor(plan, old, draft, day=day, actor=actor)
    record(
        "indicator.replace",
        actor=actor,
        subject=f"indicator {plan.code}/{old.code}",
        changes={"by": (None, draft.code), "from": (None, day), "reason": (None, reason.strip())},
    )
    return indicator
