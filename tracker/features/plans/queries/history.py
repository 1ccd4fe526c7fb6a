"""What has been changed in a plan, by whom and when, from the audit record."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from tracker.core.audit import AuditRecord
from tracker.core.db import db
from tracker.core.former_names import LogName, names_in_log
from tracker.core.history import HistoryRow, history_of
from tracker.features.org.queries import codes_ever
from tracker.features.plans.models import Indicator, Plan, TargetChange

MOST = 40
"""Changes that a page tells of; the audit log holds them all."""


def changes_of_plan(plan: Plan) -> list[HistoryRow]:
    """The latest changes of the plan, its pillars and its initiatives, the last one first."""
    return history_of(*_plan_names(plan), limit=MOST)


def changes_of_indicator(plan: Plan, indicator: Indicator) -> list[HistoryRow]:
    """The latest changes of the indicator, of its curve, its units and its targets, the last one first."""
    names = names_in_log(
        f"indicator {plan.code}/{indicator.code}",
        AuditRecord.subject.startswith(f"indicator {plan.code}/", autoescape=True),
        made=("indicator.add",),
        renamed="indicator.edit",
    )
    units = select(TargetChange.unit_id).where(TargetChange.indicator_id == indicator.id).distinct()
    codes = sorted(codes_ever(db.session.scalars(units).all()))
    targets = [
        replace(name, subject=f"target {plan.code}/{name.code} {code}") for name in names for code in codes
    ]
    return history_of(*names, *targets, limit=MOST)


def _plan_names(plan: Plan) -> tuple[LogName, ...]:
    """The plan's name, from the record on by which this plan was made, and not an earlier one of its code."""
    named = f"plan {plan.code}"
    return names_in_log(named, AuditRecord.subject == named, made=("plan.create",), renamed="plan.edit")
