"""The ``tracker`` command: what an operator does."""

from __future__ import annotations

import sys

import click

from tracker.cli.audit import audit
from tracker.cli.calendar import calendar
from tracker.cli.data import demo, init, verify
from tracker.cli.evidence import evidence
from tracker.cli.figures import export, positions
from tracker.cli.restore import restore
from tracker.cli.serve import serve
from tracker.cli.units import units
from tracker.cli.upkeep import backup, doctor, settings
from tracker.cli.users import users


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """文明典范城市创建指标台账 · Tracker of a township's model-civilised-city campaign."""


COMMANDS = (
    audit,
    backup,
    calendar,
    demo,
    doctor,
    evidence,
    export,
    init,
    positions,
    restore,
    serve,
    settings,
    units,
    users,
    verify,
)
for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Run a command; a wrong setting is a sentence on stderr and exit code 2, not a traceback."""
    try:
        cli(prog_name="tracker")
    except ValueError as error:
        click.echo(f"tracker: {error}", err=True)
        sys.exit(2)
    except OSError as error:
        # Before there is an application, not even the languages are loaded.
        click.echo(f"无法读写 Cannot read or write {error.filename}: {error.strerror}", err=True)
        sys.exit(1)
