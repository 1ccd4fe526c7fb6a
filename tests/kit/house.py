"""A running instance of the product for one test: its folder, its database, and ways in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from flask import Flask, Response
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Connection, event
from werkzeug.routing import Rule

from tests.kit.command import Outcome, tracker
from tests.kit.visitor import LEFT_OVER, Visitor
from tracker.app import create_app
from tracker.core.db import db

_UNFINISHED = "unfinished_writes"


class _Compiled(BytecodeCache):
    """Templates compiled once for all houses of a process, or each test would compile them again."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if (kept := self._kept.get(bucket.key)) is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


class _KeptRule(Rule):
    """A route whose builders of addresses are compiled once for all houses of a process.

    A builder takes the route as its first argument and depends on nothing but what is in its key.
    """

    _builders: ClassVar[dict[object, Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        constants = tuple(sorted((self.defaults or {}).items()))
        key = (self.rule, tuple(self._trace), constants, append_unknown)
        if key not in self._builders:
            self._builders[key] = super()._compile_builder(append_unknown)
        return self._builders[key]


Flask.url_rule_class = _KeptRule


@dataclass(frozen=True)
class House:
    """One instance; ``kind`` is sqlite or postgres."""

    kind: str
    app: Flask
    folder: Path
    url: str

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Work inside the application, as a command does; the session is closed at the end."""
        with self.app.app_context():
            yield

    def visitor(self, username: str | None = None, *, language: str = "en") -> Visitor:
        """Someone with a browser of their own, signed in as a sample user when one is named."""
        visitor = Visitor(self.app, language=language)
        if username is not None:
            visitor.sign_in(username)
        return visitor

    def run(self, *arguments: str) -> Outcome:
        """Run the ``tracker`` command on this instance."""
        return tracker(*arguments, folder=self.folder, url=self.url)


def open_house(kind: str, folder: Path, url: str, **settings: object) -> House:
    """Start the application on a database that is there already."""
    app = create_app({"DATABASE_URL": url, **settings}, folder=folder)
    app.jinja_env.bytecode_cache = _COMPILED
    _watch_writes(app)
    return House(kind, app, folder, url)


def close_house(house: House) -> None:
    """Let go of every connection, so that the database can be copied or removed."""
    with house.app.app_context():
        db.session.remove()
        db.engine.dispose()


def _watch_writes(app: Flask) -> None:
    """Say in a header of the answer what a request has written without committing it."""
    with app.app_context():
        engine = db.engine

    @event.listens_for(engine, "after_cursor_execute")
    def wrote(connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        if statement.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"}:
            connection.info.setdefault(_UNFINISHED, []).append(statement.split("\n", 1)[0][:80])

    def ended(connection: Connection) -> None:
        connection.info.pop(_UNFINISHED, None)

    event.listen(engine, "commit", ended)
    event.listen(engine, "rollback", ended)

    @app.after_request
    def tell(response: Response) -> Response:
        found = [f"{len(list(kept))} {name}" for name, kept in _pending() if kept]
        if db.session().in_transaction():
            connection = db.session.connection()
            found += connection.info.get(_UNFINISHED, [])
            if connection.get_execution_options().get("tracker_writes"):
                found.append("a write that was begun")
        if found:
            response.headers[LEFT_OVER] = "; ".join(found)
        return response


def _pending() -> list[tuple[str, object]]:
    session = db.session
    return [("new", session.new), ("dirty", session.dirty), ("deleted", session.deleted)]
