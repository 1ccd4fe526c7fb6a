"""Deleting an indicator that nobody has used."""

from __future__ import annotations

from sqlalchemy import delete, select

from tracker.core.audit import Actor, record
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError
from tracker.features.plans.models import (
    FOREVER,
    Category,
    CurvePoint,
    Indicator,
    Plan,
    Target,
    TargetChange,
)
from tracker.features.plans.queries import assigned_units, figures_of, units_of_ids
from tracker.features.plans.services.assignments import unassign_indicator
from tracker.features.plans.services.indicators import subject_of
from tracker.features.plans.services.succession import follow_days, take_back_succession


def delete_indicator(plan: Plan, indicator: Indicator, *, actor: Actor) -> None:
    """Delete an indicator that nobody has used; one that it replaced goes on as if nothing had been.

    Raises :class:`RuleError` when something was ever entered for it, it has a target, or it was replaced.
    """
    if indicator.retired_on is not None:
        raise RuleError(N_("Another indicator has taken the place of this one. Delete that one first."))
    if figures_of(plan.id).has_kept(indicator.id):
        raise RuleError(N_("Figures have been entered for this indicator. It is kept, and so are they."))
    mine = (Target.indicator_id == indicator.id, Target.until_on == FOREVER, Target.target.is_not(None))
    if db.session.scalar(select(Target.unit_id).where(*mine).limit(1)):
        raise RuleError(N_("This indicator has targets. Clear them first, then delete it."))
    units = units_of_ids(assigned_units(indicator))
    if units:
        unassign_indicator(plan, indicator, units, actor=actor)
    predecessor = take_back_succession(indicator)
    for table in (Target, TargetChange, Category, CurvePoint):
        db.session.execute(delete(table).where(table.indicator_id == indicator.id))
    db.session.delete(indicator)
    db.session.flush()
    record(
        "indicator.delete",
        actor=actor,
        subject=f"plan {plan.code}",
        unit_id=plan.unit_id,
        changes={"indicator": (f"{indicator.code} {indicator.name}", None)},
    )
    if predecessor is not None:
        follow_days(plan, predecessor)
        record(
            "indicator.go_on",
            actor=actor,
            subject=subject_of(plan, predecessor),
            unit_id=plan.unit_id,
            changes={"by": (indicator.code, None)},
        )
