"""Checks of the machine: disk, rights, clock, settings."""

from __future__ import annotations

import difflib
import os
import shutil
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import current_app
from sqlalchemy import func, select

from tracker.config import SETTINGS, Source, said_in_environment, said_in_file
from tracker.core.audit import AuditRecord
from tracker.core.clock import now
from tracker.core.db import db
from tracker.core.format import moment
from tracker.core.locks import is_held
from tracker.core.preferences import LANGUAGES
from tracker.domain.errors import N_
from tracker.features.upkeep.queries.backups import backup_folder, list_backups
from tracker.features.upkeep.queries.findings import Finding, fail, good, warn
from tracker.features.upkeep.queries.house import SERVING, database_file, database_size, home

ENOUGH = 1_000_000_000
"""Free bytes below which a warning is due."""

TOO_LITTLE = 64_000_000
"""Free bytes below which the next saves may fail."""

_LEEWAY = timedelta(minutes=5)
_SHORTEST_KEY = 32
_NEAR = {"127.0.0.1", "::1", "localhost", ""}


def disk_space() -> Iterator[Finding]:
    """Room for the data to grow, and for a backup beside it."""
    size = database_size()
    for folder in _folders():
        free = shutil.disk_usage(folder).free
        told = {"folder": str(folder), "free": f"{free // 1_000_000:,}"}
        if free < TOO_LITTLE or free < size:
            yield fail(N_("Only %(free)s MB are free in %(folder)s. Make room now: saving may fail."), **told)
        elif free < ENOUGH or free < 3 * size:
            yield warn(N_("%(free)s MB are free in %(folder)s. Make room soon."), **told)
        else:
            yield good(N_("%(free)s MB are free in %(folder)s."), **told)


def file_rights() -> Iterator[Finding]:
    """Key, database and backups are their owner's alone."""
    if os.name == "nt":
        yield good(N_("Not checked on Windows: who may enter the folder may read it."))
        return
    file = database_file()
    secret = [home() / "secret_key", *([file] if file else [])]
    secret += [backup.path for backup in list_backups(backup_folder())]
    told = N_("Others on this machine may read or change %(name)s. Run: chmod 600 %(name)s")
    found = [fail(told, name=path.name) for path in secret if _is_open(path)]
    # A file of settings holds a secret only where somebody has written one into it.
    found += [warn(told, name=path.name) for path in [home() / "config.py"] if _is_open(path)]
    yield from found
    if not found:
        yield good(N_("Key, database and backups are their owner's alone."))


def clock() -> Iterator[Finding]:
    """The machine's clock has not gone back behind what was recorded."""
    last = db.session.scalar(select(func.max(AuditRecord.at)))
    if last is not None and last > now() + _LEEWAY:
        yield fail(
            N_("The clock is wrong: it says %(now)s, but something was recorded at %(last)s. Set the clock."),
            now=moment(now()),
            last=moment(last),
        )
    else:
        yield good(N_("The clock agrees with the audit log: %(now)s."), now=moment(now()))


def settings() -> Iterator[Finding]:
    """Nothing is misspelt, of the wrong kind, or unsafe."""
    found = [*_unknown_settings(), *_wrong_settings(), *_unsafe_settings()]
    yield from found or [good(N_("All settings are known and safe."))]


def _is_open(path: Path) -> bool:
    """Whether anyone but the owner may read or change a file."""
    return path.exists() and bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _folders() -> list[Path]:
    """The instance folder, and the folder of backups where it lies on another disk."""
    found = [home()]
    backups = backup_folder()
    if backups.is_dir() and backups.stat().st_dev != home().stat().st_dev:
        found.append(backups)
    return found


def _unknown_settings() -> Iterator[Finding]:
    known = [setting.name for setting in SETTINGS]
    places = (("config.py", said_in_file(home()), ""), ("", said_in_environment(), "TRACKER_"))
    for place, said, prefix in places:
        for name in sorted(set(said) - set(known)):
            near = difflib.get_close_matches(name, known, 1)
            told = {"name": prefix + name, "place": place or "environment"}
            if near:
                yield warn(
                    N_("%(name)s (%(place)s) is no setting and has no effect. Is %(near)s meant?"),
                    **told,
                    near=prefix + near[0],
                )
            else:
                yield warn(N_("%(name)s (%(place)s) is no setting and has no effect."), **told)


def _wrong_settings() -> Iterator[Finding]:
    for setting in SETTINGS:
        value: object = current_app.config[setting.name]
        kind = type(setting.default)
        if type(value) is not kind:
            yield fail(
                N_("%(name)s is not of the kind of its default %(default)s."),
                name=setting.name,
                default=repr(setting.default),
            )
        elif isinstance(value, int) and value < 0:
            yield fail(N_("%(name)s must not be negative."), name=setting.name)
    if current_app.config["LANGUAGE"] not in LANGUAGES:
        yield warn(N_("LANGUAGE is neither zh nor en; Chinese is shown."))
    try:
        ZoneInfo(str(current_app.config["TIME_ZONE"]))
    except (ZoneInfoNotFoundError, ValueError):
        yield fail(N_("TIME_ZONE names no time zone. Write it as Asia/Shanghai."))


def _unsafe_settings() -> Iterator[Finding]:
    key, sources = str(current_app.config["SECRET_KEY"]), current_app.extensions["setting_sources"]
    if sources["SECRET_KEY"] is not Source.INSTANCE and len(key) < _SHORTEST_KEY:
        yield fail(N_("SECRET_KEY is shorter than 32 characters and may be guessed."))
    host = _served_at()
    if host not in _NEAR and not current_app.config["COOKIE_SECURE"]:
        yield warn(
            N_(
                "The server listens on %(host)s without https: whoever controls the network can read along. "
                "See docs/deploy.md."
            ),
            host=host,
        )


def _served_at() -> str:
    """The host name on which a running server listens; empty when none runs."""
    path = home() / SERVING
    try:
        return path.read_text(encoding="utf-8").strip() if is_held(path) else ""
    except OSError:
        return ""
