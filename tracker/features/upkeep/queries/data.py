"""Checks of the data: whether it can be written, is sound, agrees with itself, and is backed up."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from tempfile import TemporaryFile

from flask import current_app
from sqlalchemy import func, select, table

from tracker.core.archive import read_archive
from tracker.core.db import Base, can_write, db
from tracker.core.migrations import known_revisions, newest_revision, present_revision
from tracker.core.postgres_copy import require_programs
from tracker.core.sqlite_copy import faults_of_file
from tracker.domain.errors import N_, RuleError
from tracker.features.audit.queries import check_chain
from tracker.features.people.queries import users_in_conflict
from tracker.features.reports.services import find_differences
from tracker.features.upkeep.queries.backups import (
    backup_folder,
    days_since,
    is_too_old,
    last_backup_at,
    list_backups,
)
from tracker.features.upkeep.queries.findings import Finding, fail, good, warn
from tracker.features.upkeep.queries.house import database_file, home

_SHOWN = 3
"""Faults that are told one by one; the command that finds them all is named."""


def writable() -> Iterator[Finding]:
    """Database and folder take what is saved."""
    if not can_write():
        yield fail(N_("The database cannot be written. See its rights, and the space on the disk."))
    with TemporaryFile(dir=home()) as file:
        # On a full disk a name can still be made, but not filled.
        file.write(bytes(64 * 1024))
        file.flush()
    yield good(N_("The instance folder %(folder)s can be written."), folder=str(home()))


def audit_chain() -> Iterator[Finding]:
    """No audit record was changed, removed, inserted or moved."""
    checked = check_chain()
    if checked.is_whole:
        yield good(N_("The chain of %(count)s audit records is whole."), count=checked.facts.count)
    else:
        yield fail(
            N_("The chain of audit records is broken in %(count)s places. Run tracker audit verify."),
            count=len(checked.faults),
        )


def schema() -> Iterator[Finding]:
    """The tables are those of this version of the program."""
    present, newest = present_revision(), newest_revision()
    if present is None:
        yield fail(N_("There is no database here yet. Run tracker init."))
    elif present == newest:
        yield good(N_("The tables are those of this version (%(revision)s)."), revision=newest)
    elif present in known_revisions():
        yield warn(
            N_("The tables are older (%(present)s) than the program (%(newest)s). Run tracker init."),
            present=present,
            newest=newest,
        )
    else:
        yield fail(
            N_("The tables (%(present)s) were made by a newer version of the program. Install that version."),
            present=present,
        )


def soundness() -> Iterator[Finding]:
    """The database itself finds nothing wrong."""
    file = database_file()
    if file is None:
        # PostgreSQL checks each page that it reads, so every row of every table is read.
        rows = sum(
            db.session.scalar(select(func.count()).select_from(table(name))) or 0
            for name in sorted(Base.metadata.tables)
        )
        yield good(N_("All tables can be read: %(rows)s rows."), rows=f"{rows:,}")
        return
    faults = faults_of_file(file)
    for fault in faults[:_SHOWN]:
        yield fail(N_("The database is damaged: %(fault)s. Restore the last good backup."), fault=fault)
    if not faults:
        yield good(N_("The database file is sound, and all its references lead somewhere."))


def derived_figures() -> Iterator[Finding]:
    """Balances and tallies are what entries and reports make them."""
    found = list(islice(find_differences(), _SHOWN))
    for line in found:
        yield fail(N_("A total is not what the entries make it: %(line)s. Run tracker verify."), line=line)
    if not found:
        yield good(N_("Every total is what the entries make it."))


def two_pairs_of_eyes() -> Iterator[Finding]:
    """Nobody holds roles together that are kept apart."""
    names = users_in_conflict()
    if names:
        yield warn(
            N_(
                "These users hold roles that one person must not hold together "
                "(reporter and reviewer, administrator and auditor): %(users)s. End one of the roles."
            ),
            users=tuple(names),
        )
    else:
        yield good(N_("Nobody reviews their own figures or audits their own work."))


def backup_age() -> Iterator[Finding]:
    """There is a backup, and it is not too old."""
    last = last_backup_at()
    if last is None:
        yield warn(N_("There is no backup yet. Run tracker backup."))
    elif is_too_old(last):
        yield warn(N_("Days since the last backup: %(days)s. Run tracker backup."), days=days_since(last))
    else:
        yield good(N_("Days since the last backup: %(days)s."), days=days_since(last))
    if database_file() is None:
        try:
            require_programs(db.engine, str(current_app.config["PG_BIN"]))
        except RuleError as error:
            yield fail(error.message, **error.params)


def newest_backup() -> Iterator[Finding]:
    """The newest backup can be read to its last byte."""
    kept = list_backups(backup_folder())
    if not kept:
        yield good(N_("There is no backup in the folder %(folder)s to be read."), folder=str(backup_folder()))
        return
    try:
        read_archive(kept[0].path)
    except RuleError as error:
        yield fail(error.message, **error.params)
    else:
        yield good(N_("%(name)s is whole."), name=kept[0].name)
