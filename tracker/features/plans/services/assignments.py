"""Who reports what."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete

from tracker.core.audit import Actor, record
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError
from tracker.features.org.queries import UnitRow
from tracker.features.places.queries import units_ever_above
from tracker.features.plans.models import Assignment, Indicator, Plan
from tracker.features.plans.queries import assigned_units, figures_of, stamp_of_reporters
from tracker.features.plans.services.changes import check_unchanged
from tracker.features.plans.services.derived import refresh_derived


def assign_indicator(plan: Plan, indicator: Indicator, units: Sequence[UnitRow], *, actor: Actor) -> None:
    """Have the units report the indicator, and count them at every unit above."""
    known = assigned_units(indicator)
    fresh = [unit for unit in units if unit.id not in known]
    db.session.add_all(Assignment(indicator_id=indicator.id, unit_id=unit.id) for unit in fresh)
    db.session.flush()
    if fresh:
        _refresh(plan, indicator, fresh)
    record(
        "indicator.assign",
        actor=actor,
        subject=f"indicator {plan.code}/{indicator.code}",
        unit_id=plan.unit_id,
        changes={"units": (None, " ".join(unit.code for unit in units))},
    )


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
    if gone:
        db.session.execute(
            delete(Assignment).where(
                Assignment.indicator_id == indicator.id, Assignment.unit_id.in_([unit.id for unit in gone])
            )
        )
        _refresh(plan, indicator, gone)
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


def _refresh(plan: Plan, indicator: Indicator, units: Sequence[UnitRow]) -> None:
    """Count anew at everything that was ever above the units."""
    refresh_derived(plan, {above for unit in units for above in units_ever_above(unit)}, [indicator.id])
