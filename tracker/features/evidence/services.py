"""Taking files of evidence in, and letting go of what nothing refers to any more."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select

from tracker.core.audit import Actor, record
from tracker.core.clock import now, zone
from tracker.core.db import db
from tracker.core.durable import own_folder, sync_folder, written_whole
from tracker.domain.errors import RuleError
from tracker.domain.file_names import tidy_name
from tracker.features.evidence.models import FileKind, StoredFile
from tracker.features.evidence.queries import (
    evidence_folder,
    file_limits,
    path_of,
    stray_files,
    unnamed,
)
from tracker.files.errors import FileError
from tracker.files.look import Looked, look_at

_EARLIEST = 1990
_LEEWAY = timedelta(days=1)


@dataclass(frozen=True)
class HandedIn:
    """A file that was looked at and may be kept, with the name that it will have."""

    name: str
    looked: Looked

    @property
    def sha256(self) -> str:
        """The digest under which it is kept."""
        return hashlib.sha256(self.looked.content).hexdigest()

    @property
    def small_sha256(self) -> str | None:
        """The digest of its thumbnail, if it is a picture."""
        return hashlib.sha256(self.looked.small).hexdigest() if self.looked.small else None

    @property
    def taken_at(self) -> datetime | None:
        """When a picture was taken; without a zone, in that of the house. None for what cannot be true."""
        if self.looked.taken is None:
            return None
        taken = datetime.fromisoformat(self.looked.taken)
        moment = taken if taken.tzinfo else taken.replace(tzinfo=zone())
        return moment if moment.year >= _EARLIEST and moment < now() + _LEEWAY else None


def judge_file(content: bytes, name: str) -> HandedIn:
    """Look at a file, before anything is kept of it. Raises :class:`RuleError` for what is not taken."""
    try:
        looked = look_at(content, file_limits())
    except FileError as error:
        raise RuleError(error.message, field="files", **error.params) from error
    return HandedIn(tidy_name(name, looked.kind), looked)


def put_file(handed: HandedIn) -> None:
    """Put the content on the disk, durably, before the database names it; what is there already stays.

    Raises OSError when it cannot be written, and then leaves nothing half.
    """
    _put(handed.sha256, handed.looked.content)
    if handed.small_sha256 is not None and handed.looked.small is not None:
        _put(handed.small_sha256, handed.looked.small)


def keep_file(handed: HandedIn, *, actor: Actor) -> int:
    """Name the file in the database, if it is not named yet, and return its id; whoever binds it records it.

    Runs inside the write, so that nobody clears the file away between the disk and the database.
    """
    put_file(handed)
    known = db.session.scalar(select(StoredFile.id).where(StoredFile.sha256 == handed.sha256))
    if known is not None:
        return known
    looked = handed.looked
    kept = StoredFile(
        sha256=handed.sha256,
        small_sha256=handed.small_sha256,
        likeness=looked.likeness,
        kind=FileKind(looked.kind),
        size=len(looked.content),
        width=looked.width,
        height=looked.height,
        added_at=now(),
    )
    db.session.add(kept)
    db.session.flush()
    return kept.id


def forget_file(file_id: int, *, actor: Actor) -> tuple[str, ...]:
    """Take a file that nothing refers to out of the database; returns the digests to be cleared away.

    The content is cleared away by :func:`clear_files` once this is committed.
    """
    kept = db.session.get_one(StoredFile, file_id)
    digests = tuple(digest for digest in (kept.sha256, kept.small_sha256) if digest)
    db.session.execute(delete(StoredFile).where(StoredFile.id == file_id))
    return digests


def clear_files(digests: Collection[str], *, actor: Actor) -> None:
    """Remove contents that the database no longer names. Runs inside a write, so that nobody names them."""
    for digest in sorted(unnamed(digests)):
        path_of(digest).unlink(missing_ok=True)


def clean_folder(*, actor: Actor) -> list[Path]:
    """Remove the files that nothing refers to, and record how many. Runs inside a write."""
    found = stray_files()
    for path in found:
        path.unlink(missing_ok=True)
    if found:
        record("evidence.clean", actor=actor, subject="evidence", changes={"removed": (None, len(found))})
    return found


def _put(digest: str, content: bytes) -> None:
    path = path_of(digest)
    try:
        if path.stat().st_size == len(content):
            return
    except FileNotFoundError:
        pass
    own_folder(evidence_folder())
    own_folder(path.parent)
    with written_whole(path) as file:
        file.write(content)
    sync_folder(evidence_folder())
