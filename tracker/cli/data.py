"""Setting an instance up and checking it."""

from __future__ import annotations

import re
import sys
from datetime import date

import click

from tracker.cli.context import HOST, PORT, Day, in_house, is_empty, ready_app, saying_why
from tracker.core.access import WHOLE_HOUSE
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.core.hosts import site_address
from tracker.core.instance import mark_as_real
from tracker.domain.one_time_codes import group_code
from tracker.features.calendar.services import load_missing_years
from tracker.features.dashboards.queries import get_view, read_known_on
from tracker.features.dashboards.sheets import fingerprint as fingerprint_of
from tracker.features.progress.queries import standings
from tracker.features.reports.services import find_differences
from tracker.features.setup.queries import has_users
from tracker.features.setup.services import make_code, prepare_code
from tracker.sample.load import load_sample


@click.command()
@click.option("--host", default=HOST, show_default=True, help="Address on which the server will listen.")
@click.option(
    "--port",
    default=PORT,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Port on which the server will listen.",
)
def init(host: str, port: int) -> None:
    """Create the database of a new, empty instance, or bring an old one to the present schema.

    While there is no user, it prints a one-time code with which somebody sets the instance up in the
    browser; run again, it prints a new one, and the older one is worth nothing. --host and --port are
    only said again in what it prints.
    """
    with ready_app().app_context(), saying_why():
        prepared = prepare_code()
        with writing():
            mark_as_real()
            years = load_missing_years(actor=HOUSE)
            code = None if has_users() else make_code(prepared, actor=HOUSE)
            db.session.commit()
        address = site_address() or f"http://{HOST if host in _EVERY else host}:{port}"
    for year in years:
        click.echo(f"已载入 {year} 年放假安排。The holidays of {year} are loaded.")
    click.echo("数据库已就绪。The database is ready.")
    if code is not None:
        _tell_code(group_code(code), address, host, port)


_EVERY = {"0.0.0.0", "::", "*"}
"""What stands for all addresses of a machine, and can be opened in no browser."""


def _tell_code(code: str, address: str, host: str, port: int) -> None:
    """How to go on: the code stands apart from the address, so that no history or log keeps it."""
    told = {"--host": (host, HOST), "--port": (str(port), str(PORT))}
    options = "".join(f" {name} {value}" for name, (value, usual) in told.items() if value != usual)
    click.echo("")
    click.echo("首次设置：启动服务，在浏览器中打开地址，在页面上输入设置码。")
    click.echo("First run: start the server, open the address in a browser, and enter the code on the page.")
    click.echo(f"  启动 start: python run.py{options}")
    click.echo(f"  地址 address: {address}/")
    click.echo(f"  设置码 code: {code}")
    if not options:
        click.echo("使用其他端口时，启动命令加 --port，地址以启动后显示的为准。")
        click.echo("For another port start with --port; the server says its address when it starts.")
    click.echo("设置码只显示这一次；再次运行 tracker init 会另发新码，旧码作废。")
    click.echo("It is shown this once; tracker init prints a new one, and this one is then worth nothing.")


@click.command()
@click.option("--story", is_flag=True, help="Leave June unfinished at two communities.")
def demo(story: bool) -> None:
    """Load the sample township into an empty instance."""
    app = ready_app()
    with app.app_context(), saying_why():
        if not is_empty():
            raise click.ClickException(
                "这个实例里已有数据，示例没有载入。请用 TRACKER_INSTANCE 另选一个文件夹。\n"
                "This instance already holds data; the sample was not loaded. "
                "Choose another folder with TRACKER_INSTANCE."
            )
        create_sample(story=story)
    click.echo("示例乡镇已载入。The sample township is loaded.")


def _verify_sheet(stated: str, unit: str, as_of: date, plan: str | None, known_on: date | None) -> None:
    view = get_view(
        WHOLE_HOUSE, unit_code=unit, as_of=as_of, plan_code=plan, known_on=read_known_on(known_on)
    )
    rows = standings(view.unit, view.clock)
    if fingerprint_of(view.unit.code, view.clock.plan.code, as_of, rows) != stated.strip().lower():
        click.echo("不一致：数据在制表后有变化。Different: the data have changed since the sheet was made.")
        sys.exit(1)
    click.echo("一致：进度表与数据相符。Equal: the data still say what the sheet says.")


def create_sample(*, story: bool) -> None:
    """Load the sample as one transaction: all of it or nothing."""
    with writing():
        load_sample(story=story)
        db.session.commit()


@click.command()
@click.option("--fingerprint", help="Fingerprint of a progress sheet, from its last page.")
@click.option("--unit", help="With --fingerprint: code of the sheet's unit.")
@click.option("--as-of", type=Day(), help="With --fingerprint: the sheet's data date.")
@click.option("--plan", help="With --fingerprint: code of the sheet's plan.")
@click.option("--known-on", type=Day(), help="With --fingerprint: the day as known on which it was made.")
@in_house
def verify(
    fingerprint: str | None, unit: str | None, as_of: date | None, plan: str | None, known_on: date | None
) -> None:
    """Rebuild the balances from the entries and compare; exit 1 and say what differs.

    With --fingerprint, --unit and --as-of: tell whether a progress sheet still says what the data say.
    """
    if fingerprint is not None:
        if not re.fullmatch(r"[0-9a-fA-F]{64}", fingerprint.strip()):
            raise click.UsageError("指纹是 64 位十六进制字符。A fingerprint is 64 hexadecimal digits.")
        if unit is None or as_of is None:
            raise click.UsageError("--fingerprint needs --unit and --as-of, as they stand on the sheet")
        _verify_sheet(fingerprint, unit, as_of, plan, known_on)
        return
    found = list(find_differences())
    for line in found:
        click.echo(line)
    if found:
        click.echo(f"{len(found)} 处不一致。{len(found)} differences.", err=True)
        sys.exit(1)
    click.echo("一致：所有汇总都与填报值相符。Equal: every balance is what the entries make it.")
