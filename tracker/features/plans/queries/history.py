"""What has been changed in a plan, by whom and when, from the audit record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from tracker.core.audit import AuditRecord
from tracker.core.db import db
from tracker.features.accounts.models import User
from tracker.features.org.models import OrgUnit
from tracker.features.plans.models import Indicator, Plan, TargetChange
from tracker.features.plans.queries.indicators import Name

MOST = 40
"""Changes that a page tells of; the audit log holds them all."""


@dataclass(frozen=True)
class ChangeRow:
    """A change, as it was recorded: the difference is one line for each thing that changed."""

    at: datetime
    action: str
    subject: str
    actor: Name
    difference: str


def changes_of_plan(plan: Plan) -> list[ChangeRow]:
    """The latest changes of the plan, its pillars and its initiatives, the last one first."""
    return _changes([f"plan {plan.code}"])


def changes_of_indicator(plan: Plan, indicator: Indicator) -> list[ChangeRow]:
    """The latest changes of the indicator, of its curve, its units and its targets, the last one first."""
    name = f"{plan.code}/{indicator.code}"
    units = db.session.scalars(
        select(OrgUnit.code)
        .join(TargetChange, TargetChange.unit_id == OrgUnit.id)
        .where(TargetChange.indicator_id == indicator.id)
        .distinct()
    )
    return _changes([f"indicator {name}", *(f"target {name} {code}" for code in units)])


def _changes(subjects: Sequence[str]) -> list[ChangeRow]:
    rows = db.session.execute(
        select(
            AuditRecord.at,
            AuditRecord.action,
            AuditRecord.subject,
            func.coalesce(User.label, AuditRecord.actor_name),
            User.label_en,
            AuditRecord.difference,
        )
        .outerjoin(User, User.id == AuditRecord.actor_id)
        .where(AuditRecord.subject.in_(subjects))
        .order_by(AuditRecord.id.desc())
        .limit(MOST)
    )
    return [
        ChangeRow(at, action, subject, Name(label, label_en), difference)
        for at, action, subject, label, label_en, difference in rows
    ]
