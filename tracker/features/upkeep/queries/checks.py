"""Everything that the check of health looks at, in the order in which it is told."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from tracker.core.db import db
from tracker.core.failures import failure_of
from tracker.domain.errors import N_
from tracker.features.upkeep.queries import data, evidence, machine
from tracker.features.upkeep.queries.findings import Check, Checked, Finding, fail
from tracker.features.upkeep.queries.house import has_tables

CHECKS = (
    Check("writable", N_("Saving"), data.writable, on_data=False),
    Check("schema", N_("Tables"), data.schema, on_data=False),
    Check("soundness", N_("Database file"), data.soundness, slow=True),
    Check("figures", N_("Totals"), data.derived_figures, slow=True),
    Check("audit", N_("Audit log"), data.audit_chain, slow=True),
    Check("evidence", N_("Evidence"), evidence.evidence_is_whole, slow=True),
    Check("roles", N_("Roles"), data.two_pairs_of_eyes),
    Check("backup", N_("Backups"), data.backup_age),
    Check("newest_backup", N_("Newest backup"), data.newest_backup, slow=True, on_data=False),
    Check("space", N_("Disk"), machine.disk_space, on_data=False),
    Check("clock", N_("Clock"), machine.clock),
    Check("rights", N_("Rights of files"), machine.file_rights, on_data=False),
    Check("settings", N_("Settings"), machine.settings, on_data=False),
)
"""A further check is one more line: its name for programs, its label, and what looks."""


def run_checks(*, slow: bool) -> list[Checked]:
    """Run the checks, the slow ones only on demand. What cannot be checked is a failure, never an error."""
    try:
        ready = has_tables()
    except (SQLAlchemyError, OSError):
        ready = False
    return [Checked(check, _look(check, ready=ready)) for check in CHECKS if slow or not check.slow]


def _look(check: Check, *, ready: bool) -> tuple[Finding, ...]:
    if check.on_data and not ready:
        return (fail(N_("Not checked: the database cannot be read.")),)
    try:
        return tuple(check.look())
    except Exception as error:
        # Whoever asks a doctor is ill: one check that breaks down must not hide what the others find.
        with suppress(SQLAlchemyError):
            db.session.rollback()
        failure = failure_of(error)
        if failure is not None:
            return (fail(failure.title),)
        return (fail(N_("This could not be checked: %(error)s"), error=repr(error)[:200]),)
