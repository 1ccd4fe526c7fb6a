"""What every command needs: the application with its database, and ways to read arguments."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from flask import Flask
from flask_babel import force_locale, gettext
from flask_migrate import upgrade
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from tracker.app import create_app
from tracker.core.db import db
from tracker.core.failures import BusyError, failure_of
from tracker.core.i18n import say
from tracker.core.preferences import LANGUAGES
from tracker.domain.errors import HouseError
from tracker.features.dashboards.queries import read_day
from tracker.features.org.queries import root_unit

P = ParamSpec("P")
R = TypeVar("R")


HOST, PORT = "127.0.0.1", 8765
"""Where the server listens unless told otherwise."""


def ready_app() -> Flask:
    """The application, its database brought to the present schema."""
    app = create_app()
    with app.app_context(), saying_why():
        upgrade()
    return app


def let_go() -> None:
    """Close every connection of this program, so that files can be renamed and nobody is waited for."""
    db.session.remove()
    db.engine.dispose()


@contextmanager
def saying_why() -> Iterator[None]:
    """Say in both languages what was refused, and what database or disk could not do, without a traceback."""
    try:
        yield
    except HouseError as error:
        raise click.ClickException(in_both_languages(error)) from error
    except (SQLAlchemyError, sqlite3.Error, OSError, BusyError) as error:
        failure = failure_of(error)
        if failure is None:
            raise
        said = []
        for language in LANGUAGES:
            with force_locale(language):
                said.append(f"{gettext(failure.title)}: {gettext(failure.text)}")
        raise click.ClickException("\n".join([*said, str(error).splitlines()[0]])) from error


def is_empty() -> bool:
    """Whether the database holds no unit yet, or no tables at all."""
    if not inspect(db.engine).has_table("org_units"):
        return True
    return root_unit() is None


def in_house(command: Callable[P, R]) -> Callable[P, R]:
    """Run a command inside the application of an existing database."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        app = create_app()
        with app.app_context(), saying_why():
            if not inspect(db.engine).has_table("org_units"):
                raise click.ClickException(
                    "这里还没有数据库。请先运行 tracker init 或 tracker demo。\n"
                    "There is no database here yet. Run tracker init or tracker demo first."
                )
            try:
                return command(*args, **kwargs)
            finally:
                let_go()

    return wrapped


def in_both_languages(error: HouseError) -> str:
    """The sentence of a broken rule, Chinese first."""
    sentences = []
    for language in LANGUAGES:
        with force_locale(language):
            sentences.append(say(error))
    return "\n".join(sentences)


class Day(click.ParamType[date]):
    """A day written 2022-06-30."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day, or fail with a sentence."""
        if isinstance(value, date):
            return value
        try:
            day = read_day(str(value))
        except HouseError:
            day = None
        if day is None:
            self.fail(f"{value!r} is not a day; write it as 2022-06-30", param, ctx)
        return day
