"""The backups in the backup folder, told by their names alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import func, select

from tracker.core.archive import stated_digest
from tracker.core.audit import AuditRecord
from tracker.core.clock import now, zone
from tracker.core.db import db
from tracker.domain.errors import N_, NotFoundError
from tracker.features.upkeep.queries.house import home

SUBJECT, TAKEN = "backup", "backup.make"
"""Under what the audit log keeps that a backup was made."""

_NAME = re.compile(r"tracker-[A-Za-z0-9-]{1,40}-(?P<moment>\d{8}-\d{6})(?:-(?P<again>\d{1,3}))?\.zip")
_MOMENT = "%Y%m%d-%H%M%S"


@dataclass(frozen=True)
class Backup:
    """A backup in a folder; ``digest`` is None when the file with it is missing."""

    name: str
    path: Path
    made_at: datetime
    size: int
    digest: str | None


def backup_folder() -> Path:
    """Where backups are kept unless another folder is named."""
    chosen = str(current_app.config["BACKUP_FOLDER"])
    return Path(chosen).expanduser() if chosen else home() / "backups"


def backup_name(unit: str, at: datetime, again: int = 0) -> str:
    """The name of a backup: unit and local moment, in characters that every system takes."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", unit).strip("-")[:40].strip("-") or "house"
    more = f"-{again}" if again else ""
    return f"tracker-{plain}-{at.astimezone(zone()).strftime(_MOMENT)}{more}.zip"


def list_backups(folder: Path) -> list[Backup]:
    """The backups in a folder, the newest first; other files are passed over.

    Raises OSError when the folder cannot be read.
    """
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        made_at = _moment_of(path.name)
        if made_at is not None and path.is_file() and not path.is_symlink():
            found.append(Backup(path.name, path, made_at, path.stat().st_size, stated_digest(path)))
    return sorted(found, key=lambda backup: (backup.made_at, len(backup.name), backup.name), reverse=True)


def get_backup(name: str) -> Backup:
    """The backup of this name in the backup folder. Raises :class:`NotFoundError` when there is none."""
    found = next((backup for backup in list_backups(backup_folder()) if backup.name == name), None)
    if found is None:
        raise NotFoundError(N_("There is no backup of this name."))
    return found


def last_backup_at() -> datetime | None:
    """When the last backup was made, in whatever folder it was put."""
    recorded = db.session.scalar(
        select(func.max(AuditRecord.at)).where(AuditRecord.subject == SUBJECT, AuditRecord.action == TAKEN)
    )
    kept = [backup.made_at for backup in list_backups(backup_folder())[:1]]
    return max([*kept, *([recorded] if recorded else [])], default=None)


def days_since(moment: datetime) -> int:
    """Whole days that have gone by."""
    return max(0, (now() - moment).days)


def is_too_old(moment: datetime | None) -> bool:
    """Whether a backup is due."""
    limit = timedelta(days=int(current_app.config["BACKUP_WARN_DAYS"]))
    return moment is None or now() - moment > limit


def _moment_of(name: str) -> datetime | None:
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        return datetime.strptime(found["moment"], _MOMENT).replace(tzinfo=zone())
    except ValueError:
        return None
