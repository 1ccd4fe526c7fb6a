"""Settings: one table of names, defaults and help, and where their values come from.

Later sources win: defaults, ``instance/config.py``, ``TRACKER_*`` environment, ``create_app(...)``.
"""

from __future__ import annotations

import os
import runpy
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The folder that holds ``tracker/``, ``templates/`` and, unless told otherwise, ``instance/``."""


@dataclass(frozen=True)
class Setting:
    """One setting: its default decides its type (str, int or bool). ``least`` is what a number must reach."""

    name: str
    default: str | int | bool
    help: str
    least: int | None = None


SETTINGS = (
    Setting("DATABASE_URL", "", "SQLAlchemy address of the database; empty: SQLite in the instance folder."),
    Setting("SECRET_KEY", "", "Key that signs cookies; empty: made once and kept in the instance folder."),
    Setting("LANGUAGE", "zh", "Language shown until a person chooses one: zh or en."),
    Setting("TIME_ZONE", "Asia/Shanghai", "Time zone in which days begin and end and times are shown."),
    Setting("PAGE_SIZE", 50, "Rows on one page of a list."),
    Setting("SESSION_HOURS", 12, "Hours after which a sign-in ends."),
    Setting("COOKIE_SECURE", False, "Send cookies over https only; switch on behind https."),
    Setting("LARGEST_REQUEST_MB", 16, "Largest form that is accepted, in megabytes."),
    Setting("REMEMBERED_PAGES", 100, "Finished pages kept in memory until anything changes; 0 keeps none."),
    Setting("THREADS", 8, "Threads that answer requests."),
    Setting("AUDIT_DAYS", 400, "Days for which audit records are kept at least; 400 or more.", least=400),
)


def instance_folder() -> Path:
    """The instance folder: ``TRACKER_INSTANCE``, or ``instance/`` beside the package."""
    chosen = os.environ.get("TRACKER_INSTANCE")
    return Path(chosen).resolve() if chosen else ROOT / "instance"


def load_settings(folder: Path, overrides: Mapping[str, object] | None = None) -> dict[str, object]:
    """All settings with their values, by name. Raises ValueError when a number is not one."""
    values: dict[str, object] = {setting.name: setting.default for setting in SETTINGS}
    own = folder / "config.py"
    if own.is_file():
        values.update({k: v for k, v in runpy.run_path(str(own)).items() if k in values})
    for setting in SETTINGS:
        given = os.environ.get(f"TRACKER_{setting.name}")
        if given is not None:
            values[setting.name] = _parse(setting, given)
    values.update(overrides or {})
    for setting in SETTINGS:
        value = values[setting.name]
        if setting.least is not None and (not isinstance(value, int) or value < setting.least):
            raise ValueError(f"{setting.name}: {value!r} is not a whole number of at least {setting.least}")
    if not values["DATABASE_URL"]:
        values["DATABASE_URL"] = f"sqlite:///{(folder / 'tracker.db').as_posix()}"
    if not values["SECRET_KEY"]:
        values["SECRET_KEY"] = _kept_secret(folder)
    return values


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
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        made = secrets.token_hex(32)
        file.write(made + "\n")
    return made
