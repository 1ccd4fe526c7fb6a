"""The files of evidence, from the command line."""

from __future__ import annotations

import sys

import click

from tracker.cli.context import in_house
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.features.evidence.queries import file_faults, named_digests, stray_files
from tracker.features.evidence.services import clean_folder


@click.group()
def evidence() -> None:
    """Check the files of evidence, and remove those that nothing refers to."""


@evidence.command("check")
@in_house
def check() -> None:
    """Read every file and compare it with its digest; exit 1 when one is missing or damaged."""
    faults = list(file_faults())
    for fault in faults:
        click.echo(f"{'缺失 missing' if fault.is_missing else '损坏 damaged'}\t{fault.digest}")
    for path in stray_files():
        click.echo(f"无引用 unused\t{path.name}")
    click.echo(f"文件 Files: {len(named_digests())}", err=True)
    if faults:
        sys.exit(1)


@evidence.command("clean")
@in_house
def clean() -> None:
    """Remove the files that nothing refers to, left by what was broken off more than an hour ago."""
    with writing():
        removed = clean_folder(actor=HOUSE)
        db.session.commit()
    click.echo(f"已清理 Removed: {len(removed)}")
