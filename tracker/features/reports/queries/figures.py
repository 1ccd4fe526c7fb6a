"""What has been entered for a plan, told to the room that defines the plan."""

from __future__ import annotations

from sqlalchemy import func, select, union

from tracker.core.db import db
from tracker.features.plans.models import Indicator, PlanReach
from tracker.features.plans.queries import Figures
from tracker.features.reports.models import Correction, Entry, Evidence, Report


def figures_of_plan(plan_id: int) -> Figures:
    """Which units have entered something for which indicators of the plan; one range for each unit."""
    reached = select(PlanReach.unit_id).where(PlanReach.plan_id == plan_id)
    rows = db.session.execute(
        select(
            Entry.indicator_id,
            Entry.unit_id,
            func.count(Entry.state),
            func.count(Entry.counted_state),
        )
        .where(Entry.unit_id.in_(reached), Entry.plan_id == plan_id)
        .group_by(Entry.indicator_id, Entry.unit_id)
    ).all()
    borne_out = (
        select(Evidence.indicator_id, Evidence.unit_id)
        .join(Indicator, Indicator.id == Evidence.indicator_id)
        .where(Indicator.plan_id == plan_id)
    )
    proposed = (
        select(Correction.indicator_id, Report.unit_id)
        .join(Report, Report.id == Correction.report_id)
        .join(Indicator, Indicator.id == Correction.indicator_id)
        .where(Indicator.plan_id == plan_id)
    )
    bound = db.session.execute(union(borne_out, proposed)).all()
    return Figures(
        kept=frozenset((indicator, unit) for indicator, unit, *_ in (*rows, *bound)),
        entered=frozenset((indicator, unit) for indicator, unit, said, _ in rows if said),
        approved=frozenset((indicator, unit) for indicator, unit, _, counted in rows if counted),
    )
