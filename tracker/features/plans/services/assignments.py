"""Taking an indicator from units that have not reported it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from tracker.core.audit import Actor, record
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError
from tracker.features.org.queries import UnitRow
from tracker.features.plans.models import Assignment, Indicator, Plan, PlanReach, Target
from tracker.features.plans.queries import assigned_units, figures_of, stamp_of_reporters
from tracker.features.plans.services.changes import check_unchanged
from tracker.features.plans.services.targets import assign_indicator


def unassign_indicator(plan: Plan, indicator: Indicator, units: Sequence[UnitRow], *, actor: Actor) -> None:
    """Have the units no longer report the indicator, and no longer count them at every unit above.

    Raises :class:`RuleError` naming a unit whose reports already say something about it.
    """
    known = assigned_units(indicator)
    gone = [unit for unit in units if unit.id in known]
    entered = figures_of(plan.id).entered_by(indicator.id)
    for unit in gone:
        if unit.id in entered:
            raise RuleError(
                N_("%(unit)s has already entered figures for this indicator, so it goes on reporting it."),
                field="units",
                unit=unit.name,
            )
    for unit in gone:
        _take_away(plan, indicator, unit)
    if gone:
        record(
            "indicator.unassign",
            actor=actor,
            subject=f"indicator {plan.code}/{indicator.code}",
            unit_id=plan.unit_id,
            changes={"units": (" ".join(unit.code for unit in gone), None)},
        )


def set_reporters(
    plan: Plan,
    indicator: Indicator,
    units: Sequence[UnitRow],
    *,
    known: Sequence[UnitRow],
    version: str,
    actor: Actor,
) -> None:
    """Have exactly these of the ``known`` units report the indicator.

    Raises :class:`RuleError` as :func:`unassign_indicator` does, :class:`StaleError` for an older version.
    """
    before = assigned_units(indicator)
    check_unchanged(version, stamp_of_reporters(before))
    wanted = {unit.id for unit in units}
    unassign_indicator(
        plan,
        indicator,
        [unit for unit in known if unit.id in before and unit.id not in wanted],
        actor=actor,
    )
    fresh = [unit for unit in units if unit.id not in before]
    if fresh:
        assign_indicator(plan, indicator, fresh, actor=actor)


def _take_away(plan: Plan, indicator: Indicator, unit: UnitRow) -> None:
    """One assignment and all that counts it."""
    db.session.execute(
        delete(Assignment).where(Assignment.indicator_id == indicator.id, Assignment.unit_id == unit.id)
    )
    db.session.execute(
        update(Target)
        .where(Target.indicator_id == indicator.id, Target.unit_id.in_(unit.line))
        .values(reporters=Target.reporters - 1)
    )
    still = db.session.scalar(
        select(Assignment.unit_id)
        .join(Indicator, Indicator.id == Assignment.indicator_id)
        .where(Indicator.plan_id == plan.id, Assignment.unit_id == unit.id)
        .limit(1)
    )
    if still is None:
        db.session.execute(
            update(PlanReach)
            .where(PlanReach.plan_id == plan.id, PlanReach.unit_id.in_(unit.line))
            .values(reporters=PlanReach.reporters - 1)
        )
