"""Backing up, and looking at health and settings."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask_babel import force_locale, gettext

from tracker.app import create_app
from tracker.cli.context import in_house, let_go
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.core.i18n import word
from tracker.core.preferences import LANGUAGES
from tracker.features.upkeep.pages import megabytes
from tracker.features.upkeep.queries import Checked, Health, run_checks, setting_rows
from tracker.features.upkeep.services import record_backup, take_backup
from tracker.features.upkeep.sheets import check_rows, sentence_of, settings_table


@click.command()
@click.option(
    "--to",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to put it in, instead of the one in BACKUP_FOLDER.",
)
@click.option(
    "--keep", type=click.IntRange(min=1), help="Remove older backups from that folder beyond so many."
)
@in_house
def backup(to: Path | None, keep: int | None) -> None:
    """Copy all data into one checked archive, also while the server runs."""
    taken = take_backup(to, keep=keep, actor=HOUSE)
    made = taken.backup
    click.echo(f"已备份并校验 Backed up and checked: {made.path} ({megabytes(made.size)})")
    click.echo(f"SHA-256: {made.digest}")
    for name in taken.removed:
        click.echo(f"已删除旧备份 Removed the older backup: {name}")
    with writing():
        record_backup(taken, actor=HOUSE)
        db.session.commit()


@click.command()
@click.option("--quick", is_flag=True, help="Leave out what reads all data.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings for another program.")
def doctor(quick: bool, as_json: bool) -> None:
    """Check database, totals, backups, disk, rights and settings; exit 1 when something is broken."""
    with create_app().app_context():
        checked = run_checks(slow=not quick)
        let_go()
        if as_json:
            click.echo(json.dumps(check_rows(checked), ensure_ascii=False, indent=2))
        else:
            for one in checked:
                click.echo(_line(one))
    if any(one.health is Health.FAILURE for one in checked):
        sys.exit(1)


@click.command()
@click.option(
    "--markdown", is_flag=True, help="Print the table of all settings that stands in the documents."
)
def settings(markdown: bool) -> None:
    """Print every setting with its value and where that comes from; secrets are masked."""
    with create_app().test_request_context():
        if markdown:
            click.echo(settings_table(), nl=False)
            return
        for row in setting_rows():
            click.echo(f"{row.setting.name} = {row.value!r}  [{row.source.value}]")


def _line(checked: Checked) -> str:
    """State, label and sentences of a check on one line, Chinese first."""
    states, labels, said = [], [], []
    for language in LANGUAGES:
        with force_locale(language):
            states.append(word(checked.health))
            labels.append(gettext(checked.check.label))
            said += [sentence_of(finding) for finding in checked.findings]
    return f"[{' '.join(states)}] {' '.join(labels)}: {' '.join(said)}"
