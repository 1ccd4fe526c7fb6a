"""Settings: one table of names, defaults and help, and where their values come from.

Later sources win: defaults, ``instance/config.py``, ``TRACKER_*`` environment, ``create_app(...)``. What was
chosen when the instance was set up lies in its database, and wins over defaults only (``core/instance.py``).
"""

from __future__ import annotations

import os
import re
import runpy
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tracker.domain.errors import N_

ROOT = Path(__file__).resolve().parent.parent
"""The folder that holds ``tracker/``, ``templates/`` and, unless told otherwise, ``instance/``."""

PREFIX = "TRACKER_"
"""How the names of environment variables begin."""

INSTANCE = "TRACKER_INSTANCE"
"""The variable that chooses the instance folder, and so cannot be a setting in it."""


_ADDRESS = re.compile(r"https?://[^\s/?#@]+/?")
"""An address of a whole site."""


@dataclass(frozen=True)
class Setting:
    """One setting: its default decides its type (str, int or bool); a secret's value is never shown.

    ``least`` is what a number must reach.
    """

    name: str
    default: str | int | bool
    help: str
    is_secret: bool = False
    least: int | None = None


class Source(StrEnum):
    """Where a setting's value comes from."""

    DEFAULT = "default"
    FILE = "file"
    ENVIRONMENT = "environment"
    PROGRAM = "program"
    INSTANCE = "instance"
    SETUP = "setup"


SETTINGS = (
    Setting(
        "DATABASE_URL",
        "",
        N_("Address of the database for SQLAlchemy; empty: SQLite in the instance folder."),
    ),
    Setting(
        "SECRET_KEY",
        "",
        N_("Key that signs cookies; empty: made once and kept in the instance folder."),
        is_secret=True,
    ),
    Setting("LANGUAGE", "zh", N_("Language shown until a person chooses one: zh or en.")),
    Setting("TIME_ZONE", "Asia/Shanghai", N_("Time zone in which days begin and end and times are shown.")),
    Setting("PAGE_SIZE", 50, N_("Rows on one page of a list.")),
    Setting("SESSION_HOURS", 12, N_("Hours after which a sign-in ends.")),
    Setting(
        "IDLE_MINUTES", 30, N_("Minutes without a click after which a sign-in ends; 0: only SESSION_HOURS.")
    ),
    Setting("LOCK_AFTER", 5, N_("Wrong passwords in a row that lock an account; 0 locks none.")),
    Setting("LOCK_MINUTES", 15, N_("Minutes for which an account is locked.")),
    Setting("PASSWORD_LENGTH", 10, N_("Shortest password, in characters.")),
    Setting(
        "PASSWORD_KINDS",
        3,
        N_(
            "Kinds of characters in a password, of four: capital letters, small letters, digits, other signs."
        ),
    ),
    Setting("PASSWORD_DAYS", 90, N_("Days after which a password has to be changed; 0: never.")),
    Setting(
        "PASSWORD_HISTORY",
        5,
        N_("Last passwords, the present one included, that are not chosen again; each costs time."),
    ),
    Setting("INVITE_DAYS", 7, N_("Days for which an invitation (one-time link and code) can be used.")),
    Setting(
        "HOSTS",
        "",
        N_("Names under which the server answers; empty: any, or on loopback only those of the machine."),
    ),
    Setting(
        "SITE_ADDRESS",
        "",
        N_(
            "Address that people type for this site, for example http://192.168.1.20:8765; "
            "printed on slips of invitations. Empty: the one that was just used."
        ),
    ),
    Setting(
        "COOKIE_SECURE", False, N_("Send cookies over https only; switch on behind https, and only there.")
    ),
    Setting("LARGEST_REQUEST_MB", 16, N_("Largest form that is accepted, in megabytes.")),
    Setting("EVIDENCE_FILE_MB", 10, N_("Largest photo or document that is taken as evidence, in megabytes.")),
    Setting(
        "EVIDENCE_REQUEST_MB", 60, N_("Largest form with evidence, all its files together, in megabytes.")
    ),
    Setting("EVIDENCE_FILES", 20, N_("Files of evidence that one indicator of a report may have.")),
    Setting(
        "REMEMBERED_PAGES", 100, N_("Finished pages kept in memory until anything changes; 0 keeps none.")
    ),
    Setting("THREADS", 8, N_("Threads that answer requests.")),
    Setting("BUSY_SECONDS", 10, N_("Seconds that a save waits for others before it is refused.")),
    Setting(
        "BACKUP_FOLDER",
        "",
        N_("Folder for backups, best on another disk; empty: backups in the instance folder."),
    ),
    Setting("BACKUP_WARN_DAYS", 7, N_("Days after which the last backup is called too old.")),
    Setting(
        "PG_BIN",
        "",
        N_("Folder of pg_dump and pg_restore, for PostgreSQL; empty: found on the system's own path."),
    ),
    Setting("AUDIT_DAYS", 400, N_("Days for which audit records are kept at least; 400 or more."), least=400),
)


def instance_folder() -> Path:
    """The instance folder: ``TRACKER_INSTANCE``, or ``instance/`` beside the package."""
    chosen = os.environ.get(INSTANCE)
    return Path(chosen).resolve() if chosen else ROOT / "instance"


def load_settings(folder: Path, overrides: Mapping[str, object] | None = None) -> dict[str, object]:
    """All settings with their values, by name. Raises ValueError when a number is not one."""
    values: dict[str, object] = {setting.name: setting.default for setting in SETTINGS}
    values.update({name: value for name, value in said_in_file(folder).items() if name in values})
    for setting in SETTINGS:
        given = os.environ.get(PREFIX + setting.name)
        if given is not None:
            values[setting.name] = _parse(setting, given)
    values.update(overrides or {})
    for setting in SETTINGS:
        value = values[setting.name]
        if setting.least is not None and (not isinstance(value, int) or value < setting.least):
            raise ValueError(f"{setting.name}: {value!r} is not a whole number of at least {setting.least}")
    address = str(values["SITE_ADDRESS"]).strip()
    if address and not _ADDRESS.fullmatch(address):
        raise ValueError(f"SITE_ADDRESS: {address!r} is not an address such as http://192.168.1.20:8765")
    if not values["DATABASE_URL"]:
        values["DATABASE_URL"] = f"sqlite:///{(folder / 'tracker.db').as_posix()}"
    if not values["SECRET_KEY"]:
        values["SECRET_KEY"] = _kept_secret(folder)
    return values


def find_sources(folder: Path, overrides: Mapping[str, object] | None = None) -> dict[str, Source]:
    """Where the value of each setting comes from, by name."""
    in_file = said_in_file(folder)
    found = {}
    for setting in SETTINGS:
        name = setting.name
        layers = {
            Source.PROGRAM: (overrides or {}).get(name),
            Source.ENVIRONMENT: os.environ.get(PREFIX + name),
            Source.FILE: in_file.get(name),
        }
        given = next(((source, value) for source, value in layers.items() if value is not None), None)
        found[name] = given[0] if given else Source.DEFAULT
        if name in {"DATABASE_URL", "SECRET_KEY"} and not (given and given[1]):
            # An empty value asks for the instance's own.
            found[name] = Source.INSTANCE
    return found


def said_in_file(folder: Path) -> dict[str, object]:
    """What ``config.py`` in the instance folder sets: its names in capitals, known or not."""
    own = folder / "config.py"
    if not own.is_file():
        return {}
    return {name: value for name, value in runpy.run_path(str(own)).items() if name.isupper()}


def said_in_environment() -> dict[str, str]:
    """What the environment sets, known or not, by the names of settings."""
    return {
        name.removeprefix(PREFIX): value
        for name, value in os.environ.items()
        if name.startswith(PREFIX) and name != INSTANCE
    }


def _parse(setting: Setting, given: str) -> str | int | bool:
    if isinstance(setting.default, bool):
        return given.strip().lower() in {"1", "true", "yes", "on"}
    if isinstance(setting.default, int):
        try:
            return int(given)
        except ValueError as error:
            raise ValueError(f"TRACKER_{setting.name}: {given!r} is not a whole number") from error
    return given


def _kept_secret(folder: Path) -> str:
    """The key of this instance, made on first use in a file that only its owner may read."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = path.read_text(encoding="utf-8").strip()
        if kept:
            return kept
        raise ValueError(f"{path.name} in the instance folder is empty; delete it and start again") from None
    made = secrets.token_hex(32)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(made + "\n")
    except OSError:
        # On a full disk an empty file would be left, which nobody could start with.
        path.unlink()
        raise
    return made
