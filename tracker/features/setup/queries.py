"""Whether the set-up waits, what may be chosen in it, and what is still to do after it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import exists, func, select
from werkzeug.security import check_password_hash

from tracker.config import Source
from tracker.core.access import Scope
from tracker.core.audit import AuditRecord
from tracker.core.clock import now
from tracker.core.db import db
from tracker.core.instance import instance_facts
from tracker.domain.one_time_codes import read_code
from tracker.domain.roles import Permission
from tracker.features.accounts.models import User
from tracker.features.org.models import OrgUnit
from tracker.features.org.queries import holds_everywhere
from tracker.features.plans.models import FOREVER, Assignment, Indicator, Plan, Target

PAUSE = timedelta(minutes=1)
"""The shortest time between two audit records of wrong codes."""

UPLOAD_PLAN = "plans.workbook_upload"
"""The endpoint that takes a plan from an Excel file, where the program has it."""

ZONES = ("Asia/Shanghai", "Asia/Urumqi")
"""The zones that are offered; any other is a setting."""


def is_waiting() -> bool:
    """Whether this instance waits for its first administrator."""
    return instance_facts().setup_digest is not None


def mark_of(digest: str) -> str:
    """What a browser carries that has shown the code: worthless as soon as there is another code."""
    return hashlib.sha256(f"setup {digest}".encode()).hexdigest()[:32]


def opened_by(typed: str) -> str | None:
    """The digest of the code that was typed, if it is the right one; comparing is slow on purpose."""
    digest = instance_facts().setup_digest
    return digest if digest is not None and check_password_hash(digest, read_code(typed)) else None


def has_users() -> bool:
    """Whether there is anybody yet."""
    return db.session.scalar(select(User.id).limit(1)) is not None


def may_choose(setting: str) -> bool:
    """Whether the set-up decides a setting; what a file or the environment says is not asked for."""
    sources: dict[str, Source] = current_app.extensions["setting_sources"]
    return sources[setting] is Source.DEFAULT


def can_upload_plan() -> bool:
    """Whether this program takes plans from Excel files."""
    return UPLOAD_PLAN in current_app.view_functions


def was_noted_lately() -> bool:
    """Whether a wrong code was recorded a moment ago."""
    lately = select(AuditRecord.id).where(
        AuditRecord.at > now() - PAUSE, AuditRecord.action == "instance.wrong_code"
    )
    return db.session.scalar(lately.limit(1)) is not None


@dataclass(frozen=True)
class Progress:
    """What there is already, the plan that was made last, and how many of its indicators have a target.

    An indicator that is retired needs none; a target of any unit counts.
    """

    units: bool
    plan: bool
    reporters: bool
    people: bool
    backup: bool
    plan_code: str | None
    indicators: int
    aimed: int

    @property
    def targets(self) -> bool:
        """Whether every indicator that needs a target has one."""
        return 0 < self.indicators <= self.aimed

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return all((self.units, self.plan, self.reporters, self.targets, self.people, self.backup))


def progress() -> Progress:
    """How far the house has come, in one statement, since links on every page depend on it."""
    last = select(Plan.id).order_by(Plan.id.desc()).limit(1).scalar_subquery()
    needing = (
        select(func.count())
        .select_from(Indicator)
        .where(Indicator.plan_id == last, Indicator.retired_on.is_(None))
    )
    # As the plan's own page counts them: a target that only a unit has which is retired aims at nothing.
    ends_on = select(Plan.ends_on).where(Plan.id == last).scalar_subquery()
    aims = exists().where(
        Target.indicator_id == Indicator.id,
        Target.target.is_not(None),
        Target.until_on == FOREVER,
        Target.unit_id.not_in(select(OrgUnit.id).where(OrgUnit.retired_on <= ends_on)),
    )
    row = db.session.execute(
        select(
            select(func.count()).select_from(OrgUnit).scalar_subquery(),
            exists().where(Indicator.id.is_not(None)),
            exists().where(Assignment.unit_id.is_not(None)),
            select(func.count()).select_from(User).where(User.disabled_at.is_(None)).scalar_subquery(),
            exists().where(AuditRecord.action == "backup.make"),
            select(Plan.code).where(Plan.id == last).scalar_subquery(),
            needing.scalar_subquery(),
            needing.where(aims).scalar_subquery(),
        )
    ).one()
    units, plan, reporters, people, backup, code, indicators, aimed = row
    return Progress(units > 1, plan, reporters, people > 1, backup, code, indicators, aimed)


def manages_house(scope: Scope) -> bool:
    """Whether someone administers the whole house."""
    return holds_everywhere(scope, Permission.MANAGE_HOUSE)


def has_steps_left() -> bool:
    """Whether the list of what comes next is of use; the sample has everything that it needs."""
    return not instance_facts().is_sample and not progress().is_done
