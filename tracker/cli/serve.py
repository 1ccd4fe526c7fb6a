"""Serving the product with waitress."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import click
from waitress.server import create_server

from tracker.cli.context import HOST, PORT, is_empty, ready_app, saying_why
from tracker.cli.data import create_sample
from tracker.config import instance_folder
from tracker.core.db import db
from tracker.core.hosts import trust_only
from tracker.core.instance import is_set_up
from tracker.core.locks import hold
from tracker.features.setup.queries import is_waiting
from tracker.features.upkeep.queries import SERVING


@click.command()
@click.option("--host", default=HOST, show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=PORT, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option(
    "--sample-if-empty", is_flag=True, help="Load the sample township's story if there is no data yet."
)
def serve(host: str, port: int, sample_if_empty: bool) -> None:
    """Serve the product until stopped."""
    with _announced(host):
        _serve(host, port, sample_if_empty=sample_if_empty)


@contextmanager
def _announced(host: str) -> Iterator[None]:
    """Let other commands know that a server runs on this instance, and wait for none that restores it."""
    path = instance_folder() / SERVING
    with ExitStack() as stack:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            got = stack.enter_context(hold(path, shared=True))
            if got:
                path.write_text(f"{host}\n", encoding="utf-8")
        except OSError as error:
            click.echo(f"无法写入 Cannot write {path}: {error.strerror}", err=True)
            got = True
        if not got:
            raise click.ClickException(
                "正在恢复备份，请等它结束后再启动。\n"
                "A backup is being restored. Start again when it has ended."
            )
        yield


def _serve(host: str, port: int, *, sample_if_empty: bool) -> None:
    app = ready_app()
    if sample_if_empty:
        with app.app_context(), saying_why():
            # Only a database of our own making: one that was set up, or chosen, is not to be filled.
            if db.engine.dialect.name == "sqlite" and is_empty() and not is_set_up():
                click.echo("正在创建示例乡镇…… Creating the sample township…")
                create_sample(story=True)
    with app.app_context(), saying_why():
        if is_waiting():
            click.echo("等待首次设置：请在浏览器中输入 tracker init 显示的设置码。")
            click.echo("Waiting to be set up: enter in the browser the code that tracker init has printed.")
    trust_only(app, host)
    # The sample's one-click sign-in refuses what came through a proxy, so it must see that it did.
    # Slow connections hold no thread, only a place in the limit: the usual 100 starve an office.
    server = create_server(
        app,
        host=host,
        port=port,
        threads=int(app.config["THREADS"]),
        connection_limit=1000,
        channel_timeout=60,
        clear_untrusted_proxy_headers=False,
    )
    click.echo(f"服务已启动 Serving: http://{host}:{port}/")
    try:
        server.run()
    finally:
        server.close()
