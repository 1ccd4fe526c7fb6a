"""The audit log, from the command line."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path

import click
from flask import current_app
from flask_babel import force_locale

from tracker.cli.context import Day, in_both_languages, in_house
from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.features.audit.pages import fault_sentence
from tracker.features.audit.queries import Asked, Checked, check_chain, find_records
from tracker.features.audit.services import prune_records, record_export
from tracker.features.audit.sheets import MOST_ROWS_OF_COMMAND, audit_file


@click.group()
def audit() -> None:
    """Check, prune and export the audit log."""


@audit.command("verify")
@click.option("--end", "noted", help="Hash of a record noted earlier; it must still be in the chain.")
@in_house
def verify(noted: str | None) -> None:
    """Follow the chain of records from hash to hash; exit 1 and say what happened to it.

    Prints the number of records and the hash of the last one, to be noted on paper.
    """
    noted = noted.strip().lower() if noted is not None else None
    if noted is not None and not re.fullmatch(r"[0-9a-f]{64}", noted):
        raise click.UsageError("哈希值是 64 位十六进制字符。A hash is 64 hexadecimal digits.")
    checked = check_chain(noted=noted)
    facts = checked.facts
    click.echo(f"记录 {facts.count} 条，第 {facts.first} 至 {facts.end.number} 条。")
    click.echo(f"{facts.count} records, number {facts.first} to {facts.end.number}.")
    click.echo(f"末条哈希值 Hash of the last: {facts.end.hash}")
    whole = _tell(checked)
    if noted is not None:
        whole = _tell_noted(checked) and whole
    if not whole:
        sys.exit(1)


@audit.command("prune")
@click.option("--before", required=True, type=Day(), help="Remove the records made before this day.")
@in_house
def prune(before: date) -> None:
    """Remove old records, after checking the whole chain; exit 1 where it is not whole.

    How many were removed, and the hash of the last of them, become a record themselves.
    """
    checked = check_chain()
    if not checked.is_whole:
        _tell(checked)
    with writing():
        removed = prune_records(before, checked, kept_days=int(current_app.config["AUDIT_DAYS"]), actor=HOUSE)
        db.session.commit()
    click.echo(f"已删除 {removed} 条记录。{removed} records were removed.")


@audit.command("export")
@click.option("--from", "since", type=Day(), help="The first day.")
@click.option("--to", "until", type=Day(), help="The last day.")
@click.option("--lang", default="zh", type=click.Choice(["zh", "en"]), show_default=True)
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@in_house
def export(since: date | None, until: date | None, lang: str, output: Path) -> None:
    """Write records into a workbook; that they were taken away is recorded."""
    found = find_records(
        WHOLE_HOUSE, Asked(since=since, until=until), before=None, limit=MOST_ROWS_OF_COMMAND
    )
    filters = "; ".join(f"{name}={day}" for name, day in (("from", since), ("to", until)) if day)
    with force_locale(lang):
        _name, content = audit_file(found, filters=filters, made_by=HOUSE.username)
    with writing():
        record_export(filters, len(found.rows), actor=HOUSE)
        try:
            output.write_bytes(content)
        except OSError as error:
            raise click.ClickException(
                f"无法写入 {output}：{error.strerror}。\nCannot write {output}: {error.strerror}."
            ) from None
        db.session.commit()
    click.echo(f"已写出 {output}，{len(found.rows)} 条。Written to {output}, {len(found.rows)} records.")
    if found.older is not None:
        click.echo(
            f"还有更早的记录没有写入：一个文件最多 {MOST_ROWS_OF_COMMAND} 条，请缩短起止日期。\n"
            f"There are older ones: a workbook holds {MOST_ROWS_OF_COMMAND} at most; ask for fewer days.",
            err=True,
        )


def _tell(checked: Checked) -> bool:
    """Say what was found; whether the chain is whole."""
    if checked.is_whole:
        click.echo("一致：审计记录链完整。Equal: the chain of the audit log is whole.")
        return True
    for fault in checked.faults:
        click.echo(in_both_languages(fault_sentence(fault)).replace("\n", ""))
    click.echo(f"{len(checked.faults)} 处不一致。{len(checked.faults)} differences.", err=True)
    return False


def _tell_noted(checked: Checked) -> bool:
    """Say whether the hash that was noted is still there; what was written after it is no fault."""
    if checked.noted_at is None:
        click.echo(
            "链中没有您记下的哈希值：那条记录或之前的记录已被改动、删除，或已按规定清理。\n"
            "The hash you noted is not in the chain: that record, or one before it, was changed or removed, "
            "or pruned.",
            err=True,
        )
        return False
    after = checked.facts.end.number - checked.noted_at
    click.echo(f"您记下的是第 {checked.noted_at} 条，其后又有 {after} 条。")
    click.echo(f"What you noted is record {checked.noted_at}; {after} were written after it.")
    return True
