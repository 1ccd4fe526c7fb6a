"""Setting an instance up and checking it."""

from __future__ import annotations

import sys

import click

from tracker.cli.context import in_house, is_empty, ready_app
from tracker.core.db import db, writing
from tracker.features.reports.services import find_differences
from tracker.sample.load import load_sample


@click.command()
def init() -> None:
    """Create the database of a new, empty instance, or bring an old one to the present schema."""
    ready_app()
    click.echo("数据库已就绪。The database is ready.")


@click.command()
@click.option("--story", is_flag=True, help="Leave June unfinished at two communities.")
def demo(story: bool) -> None:
    """Load the sample township into an empty instance."""
    app = ready_app()
    with app.app_context():
        if not is_empty():
            raise click.ClickException(
                "这个实例里已有数据，示例没有载入。请用 TRACKER_INSTANCE 另选一个文件夹。\n"
                "This instance already holds data; the sample was not loaded. "
                "Choose another folder with TRACKER_INSTANCE."
            )
        create_sample(story=story)
    click.echo("示例乡镇已载入。The sample township is loaded.")


def create_sample(*, story: bool) -> None:
    """Load the sample as one transaction: all of it or nothing."""
    with writing():
        load_sample(story=story)
        db.session.commit()


@click.command()
@in_house
def verify() -> None:
    """Rebuild the balances from the entries and compare; exit 1 and say what differs."""
    found = list(find_differences())
    for line in found:
        click.echo(line)
    if found:
        click.echo(f"{len(found)} 处不一致。{len(found)} differences.", err=True)
        sys.exit(1)
    click.echo("一致：所有汇总都与填报值相符。Equal: every balance is what the entries make it.")
