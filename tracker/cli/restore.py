"""Restoring a backup: everything is checked and made ready beside the old data, then put in its place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from flask import Flask, current_app
from flask_migrate import upgrade
from sqlalchemy.exc import DatabaseError

from tracker.app import create_app
from tracker.cli.context import is_empty, let_go, saying_why
from tracker.core.audit import HOUSE
from tracker.core.clock import now, zone
from tracker.core.db import db, writing
from tracker.core.durable import own_folder, sync_folder
from tracker.core.locks import hold
from tracker.core.manifest import EVIDENCE, Manifest
from tracker.core.postgres_copy import ASIDE, postgres_counts, replaced_postgres
from tracker.core.sqlite_copy import gather, set_aside
from tracker.domain.errors import N_, RuleError
from tracker.features.accounts.services import end_all_sign_ins
from tracker.features.upkeep.queries import SERVING, database_file, home
from tracker.features.upkeep.services import Restored, check_backup, record_restore

_STAGING = ".restore-"


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--replace", is_flag=True, help="Put it in place of the data that is here, which is kept aside."
)
def restore(file: Path, replace: bool) -> None:
    """Bring the data of a backup back, into an empty instance or with --replace in place of what is there.

    The backup is checked wholly before anything is touched; what was there before is kept under a
    name with the moment. Stop the server first.
    """
    app = create_app()
    with app.app_context(), saying_why(), _alone():
        had_data = _has_data()
        if had_data and not replace:
            raise RuleError(
                N_("There is data here. Add --replace to put the backup in its place; the old is kept aside.")
            )
        moment = now().astimezone(zone()).strftime("%Y%m%d-%H%M%S")
        with _staging() as folder:
            manifest = check_backup(file, folder, actor=HOUSE)
            click.echo("备份完好，开始恢复…… The backup is whole; restoring…")
            # The time zone is asked of the data that is here, which must not stay open while it is replaced.
            let_go()
            put = _put_sqlite if database_file() is not None else _put_postgres
            kept = put(folder, manifest, file.name, moment, had_data=had_data)
    if kept:
        click.echo(f"原有数据保留为 The former data is kept as: {kept}")
    click.echo("已恢复，所有人需重新登录。Restored; everyone has to sign in anew.")
    click.echo("请运行 tracker doctor。Now run tracker doctor.")


@contextmanager
def _alone() -> Iterator[None]:
    """Shut servers out as long as the restore lasts."""
    with hold(home() / SERVING) as alone:
        if not alone:
            raise RuleError(N_("A server is running on this instance. Stop it first, then restore."))
        try:
            yield
        finally:
            let_go()


@contextmanager
def _staging() -> Iterator[Path]:
    """A folder on the same disk as the data, so that what is ready is put in place by its name alone."""
    for left in home().glob(f"{_STAGING}*"):
        shutil.rmtree(left)
    with TemporaryDirectory(prefix=_STAGING, dir=home(), ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _has_data() -> bool:
    """Whether there is anything to lose; a database that cannot be read may hold something."""
    file = database_file()
    if file is not None and (not file.exists() or file.stat().st_size == 0):
        return False
    try:
        return not is_empty()
    except DatabaseError:
        return True
    finally:
        let_go()


def _put_sqlite(folder: Path, manifest: Manifest, name: str, moment: str, *, had_data: bool) -> str | None:
    ready, file = folder / "database.sqlite", database_file()
    assert file is not None
    kept = file.with_name(f"{file.stem}.before-restore-{moment}{file.suffix}")
    told = str(kept) if had_data else None
    _finish(create_app({"DATABASE_URL": f"sqlite:///{ready.as_posix()}"}), Restored(manifest, name, told))
    # Nothing of the restored data may stay behind in a companion of the file.
    gather(ready)
    ready.chmod(0o600)
    with ready.open("r+b") as content:
        os.fsync(content.fileno())
    if file.exists() and file.stat().st_size:
        set_aside(file, kept)
    _put_evidence(folder, moment)
    ready.replace(file)
    if not had_data:
        kept.unlink(missing_ok=True)
    sync_folder(file.parent)
    return told


def _put_postgres(folder: Path, manifest: Manifest, name: str, moment: str, *, had_data: bool) -> str | None:
    kept = ASIDE + moment.replace("-", "_")
    told = kept if had_data else None
    engine, programs = db.engine, str(current_app.config["PG_BIN"])
    with replaced_postgres(engine, folder / "database.pgdump", kept=kept, programs=programs):
        with engine.connect() as connection:
            if postgres_counts(connection) != manifest.origin.counts:
                raise RuleError(N_("What was loaded is not what the backup says that it holds."))
        _finish(current_app._get_current_object(), Restored(manifest, name, told))  # type: ignore[attr-defined]  # a proxy's own method
        _put_evidence(folder, moment)
    if not had_data:
        with engine.begin() as connection:
            connection.exec_driver_sql(f'DROP SCHEMA "{kept}" CASCADE')
    return told


def _finish(app: Flask, restored: Restored) -> None:
    """Bring restored data to the present schema, end all sessions, and record where it came from."""
    with app.app_context():
        upgrade()
        with writing():
            end_all_sign_ins(actor=HOUSE)
            record_restore(restored, actor=HOUSE)
            db.session.commit()
        let_go()


def _put_evidence(folder: Path, moment: str) -> None:
    """Put the files of the backup in place; those that were here are kept aside."""
    ready, present = folder / EVIDENCE, home() / EVIDENCE
    if present.exists():
        present.rename(home() / f"{EVIDENCE}.before-restore-{moment}")
    if ready.exists():
        own_folder(present.parent)
        ready.rename(present)
