"""The unit tree, from the command line."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask_babel import force_locale

from tracker.cli.context import in_both_languages, in_house
from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE
from tracker.core.clock import today
from tracker.core.db import db, writing
from tracker.core.preferences import LANGUAGES
from tracker.core.workbooks import say_problem
from tracker.domain.errors import RuleError
from tracker.domain.roles import Permission
from tracker.domain.units import UnitKind
from tracker.features.org.queries import Comparison, all_branches, get_unit, tree_in_scope
from tracker.features.org.services import UnitDraft, found_unit, import_units, record_units_export
from tracker.features.org.sheets import judge_units, read_units, units_file

MANAGE = Permission.MANAGE_UNITS


@click.group()
def units() -> None:
    """Add and list units, and move the whole tree in and out as a workbook."""


@units.command("add")
@click.argument("code")
@click.argument("name")
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in UnitKind]))
@click.option("--parent", default=None, help="Code of the unit above; without it, the first unit of all.")
@click.option("--name-en", default=None, help="The English name.")
@in_house
def add(code: str, name: str, kind: str, parent: str | None, name_en: str | None) -> None:
    """Add a unit."""
    with writing():
        above = get_unit(WHOLE_HOUSE, MANAGE, parent) if parent else None
        unit = found_unit(UnitDraft(code, name, UnitKind(kind), name_en), above, actor=HOUSE)
        db.session.commit()
    click.echo(f"已添加单位 {unit.code}。Unit {unit.code} was added.")


@units.command("list")
@in_house
def list_() -> None:
    """List the tree, indented, with kind and English name."""
    for branch in all_branches(tree_in_scope(WHOLE_HOUSE, MANAGE, today=today())):
        unit = branch.unit
        click.echo(
            f"{'  ' * branch.depth}{unit.code}\t{unit.kind}\t{unit.name}\t{unit.name_en or ''}".rstrip()
        )


@units.command("export")
@click.option("--lang", default="zh", type=click.Choice(["zh", "en"]), show_default=True)
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@in_house
def export(lang: str, output: Path) -> None:
    """Write the tree as a workbook, which is the template of an import as well."""
    _name, content = units_file(WHOLE_HOUSE, MANAGE, lang=lang)
    try:
        output.write_bytes(content)
    except OSError as error:
        raise click.ClickException(
            f"无法写入 {output}：{error.strerror}。\nCannot write {output}: {error.strerror}."
        ) from None
    with writing():
        record_units_export(actor=HOUSE)
        db.session.commit()
    click.echo(f"已写出 {output}。Written to {output}.")


@units.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@in_house
def import_(file: Path, dry_run: bool) -> None:
    """Add and change units by a workbook: all of it, or nothing where a cell is wrong."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise click.ClickException(
            f"无法读取 {file}：{error.strerror}。\nCannot read {file}: {error.strerror}."
        ) from None
    book = read_units(content)
    found, problems = judge_units(book, WHOLE_HOUSE, MANAGE)
    for problem in problems:
        for language in LANGUAGES:
            with force_locale(language):
                click.echo(f"{problem.address}\t{say_problem(problem)}", err=True)
    if problems:
        raise click.ClickException(
            f"{len(problems)} 处有误，未作任何更改。\n{len(problems)} cells are wrong; nothing was changed."
        )
    _tell(found)
    if dry_run:
        click.echo("仅为预览，未作任何更改。This was a preview; nothing was changed.")
        return
    try:
        with writing():
            found, problems = judge_units(book, WHOLE_HOUSE, MANAGE)
            import_units(found, problems, fingerprint=found.fingerprint, actor=HOUSE)
            db.session.commit()
    except RuleError as error:
        click.echo(in_both_languages(error), err=True)
        sys.exit(1)
    click.echo("已导入。Imported.")


def _tell(found: Comparison) -> None:
    for sign, results in (("+", found.new), ("~", found.changed)):
        for result in results:
            said = "; ".join(
                f"{one.field}: {one.old or '—'} → {one.new or '—'}" for one in result.differences
            )
            click.echo(f"{sign} {result.line.code}\t{said}")
    click.echo(
        f"新增 {len(found.new)}，更改 {len(found.changed)}，不变 {found.unchanged}。"
        f"New {len(found.new)}, changed {len(found.changed)}, unchanged {found.unchanged}."
    )
