"""The working-day calendar, from the command line."""

from __future__ import annotations

from datetime import date

import click

from tracker.cli.context import Day, in_house
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.features.calendar.queries import days_of, get_day, notices, work_calendar
from tracker.features.calendar.services import DayDraft, add_day, remove_day


@click.group()
def calendar() -> None:
    """List a year's days off and swapped working days, add and remove one."""


@calendar.command("list")
@click.argument("year", type=click.IntRange(2000, 2100))
@in_house
def list_(year: int) -> None:
    """List the days of YEAR that are not what Monday to Friday make them."""
    for row in days_of(year):
        kind = "work" if row.is_workday else "off"
        click.echo(f"{row.day}\t{kind}\t{row.source}\t{row.name}")
    if year in work_calendar().published:
        click.echo(f"# {year}：{notices()[year].number}", err=True)
    else:
        click.echo(
            f"# {year}：尚无已公布的放假安排，其余日期按周一至周五上班计算。"
            f"No published arrangement; other days count as Monday to Friday.",
            err=True,
        )


@calendar.command("add")
@click.argument("day", type=Day())
@click.option("--work/--off", "is_workday", default=False, help="A swapped working day, or a day off.")
@click.option("--name", required=True, help="What the day is, for example the name of the holiday.")
@click.option("--name-en", default=None, help="The same in English.")
@in_house
def add(day: date, is_workday: bool, name: str, name_en: str | None) -> None:
    """Enter DAY as a day off or, with --work, as a working day."""
    with writing():
        add_day(DayDraft(day, is_workday, name.strip(), name_en), actor=HOUSE)
        db.session.commit()
    click.echo(f"已登记 {day}。{day} is entered.")


@calendar.command("remove")
@click.argument("day", type=Day())
@in_house
def remove(day: date) -> None:
    """Take DAY out of the calendar."""
    with writing():
        remove_day(day, version=get_day(day).version, actor=HOUSE)
        db.session.commit()
    click.echo(f"已删除 {day}。{day} is removed.")
