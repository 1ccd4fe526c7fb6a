"""Figures and sheets, for people at the prompt and for other programs."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import click

from tracker.cli.context import Day, in_house
from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.domain.roles import Permission
from tracker.features.dashboards.queries import get_view, read_known_on
from tracker.features.dashboards.services import record_export
from tracker.features.dashboards.sheets import COLUMNS, position_rows, progress_file
from tracker.features.progress.queries import standings


@click.command()
@click.option("--unit", required=True, help="Code of the unit.")
@click.option("--as-of", required=True, type=Day(), help="The data date.")
@click.option("--plan", default=None, help="Code of the plan; without it, the nearest that covers the date.")
@click.option(
    "--format", "form", default="table", type=click.Choice(["table", "json", "csv"]), show_default=True
)
@click.option("--known-on", type=Day(), help="Show what was known at the end of this earlier day.")
@in_house
def positions(unit: str, as_of: date, plan: str | None, form: str, known_on: date | None) -> None:
    """Print the position of every indicator at a unit on a data date."""
    view = get_view(
        WHOLE_HOUSE, unit_code=unit, as_of=as_of, plan_code=plan, known_on=read_known_on(known_on)
    )
    rows = position_rows(view.unit, view.clock, standings(view.unit, view.clock))
    click.echo(_WRITERS[form](rows), nl=False)


@click.group()
def export() -> None:
    """Write a workbook."""


@export.command("progress")
@click.option("--unit", required=True, help="Code of the unit.")
@click.option("--as-of", required=True, type=Day(), help="The data date.")
@click.option("--plan", default=None, help="Code of the plan; without it, the nearest that covers the date.")
@click.option("--lang", default="zh", type=click.Choice(["zh", "en"]), show_default=True)
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--known-on", type=Day(), help="Write what was known at the end of this earlier day.")
@in_house
def progress(  # noqa: PLR0917 (one for each option)
    unit: str, as_of: date, plan: str | None, lang: str, output: Path, known_on: date | None
) -> None:
    """Write the progress sheet 指标进度表."""
    view = get_view(
        WHOLE_HOUSE,
        unit_code=unit,
        as_of=as_of,
        plan_code=plan,
        permission=Permission.EXPORT_PROGRESS,
        known_on=read_known_on(known_on),
    )
    _name, content = progress_file(view, made_by=HOUSE.username, lang=lang)
    try:
        output.write_bytes(content)
    except OSError as error:
        raise click.ClickException(
            f"无法写入 {output}：{error.strerror}。\nCannot write {output}: {error.strerror}."
        ) from None
    with writing():
        record_export(view, actor=HOUSE)
        db.session.commit()
    click.echo(f"已写出 {output}。Written to {output}.")


def _table(rows: list[dict[str, str]]) -> str:
    widths = {name: max([len(name), *(len(row[name]) for row in rows)]) for name in COLUMNS}
    lines = ["  ".join(name.ljust(widths[name]) for name in COLUMNS)]
    lines += ["  ".join((row[name] or "-").ljust(widths[name]) for name in COLUMNS) for row in rows]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _json(rows: list[dict[str, str]]) -> str:
    return (
        json.dumps([{k: v or None for k, v in row.items()} for row in rows], ensure_ascii=False, indent=2)
        + "\n"
    )


def _csv(rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


_WRITERS = {"table": _table, "json": _json, "csv": _csv}
