"""Where files of evidence lie, what they hold, and whether all of them are there and whole."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import or_, select

from tracker.core.clock import now
from tracker.core.db import db
from tracker.core.manifest import EVIDENCE
from tracker.domain.errors import N_, NotFoundError
from tracker.features.evidence.models import StoredFile
from tracker.files.limits import Limits

_DIGEST = re.compile(r"[0-9a-f]{64}")
_OURS = re.compile(r"[0-9a-f]{64}|\.[0-9a-f]{64}\.part")
SETTLED = timedelta(hours=1)
"""How long a file may lie there before it is missed that nothing refers to it: it may just be being added."""


@dataclass(frozen=True)
class FileFault:
    """A file that is missing or not what its digest says, by its digest."""

    digest: str
    is_missing: bool


def file_limits() -> Limits:
    """How large a file may be, by the settings."""
    return Limits(file=int(current_app.config["EVIDENCE_FILE_MB"]))


def evidence_folder() -> Path:
    """The folder with all files of evidence; nothing in it is ever served by its address."""
    return Path(current_app.instance_path) / EVIDENCE


def path_of(digest: str) -> Path:
    """Where the file of a digest lies. Raises ValueError for what is no digest."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError(digest)
    return evidence_folder() / digest[:2] / digest


def read_stored(digest: str) -> bytes:
    """The content of a file. Raises :class:`NotFoundError` with a sentence when it is not there."""
    try:
        return path_of(digest).read_bytes()
    except FileNotFoundError as error:
        raise NotFoundError(
            N_("This file is missing on the server. Tell your administrator: tracker doctor says more.")
        ) from error


def named_digests() -> set[str]:
    """The digests of all files that the database names, thumbnails included."""
    rows = db.session.execute(select(StoredFile.sha256, StoredFile.small_sha256))
    return {digest for row in rows for digest in row if digest is not None}


def unnamed(digests: Collection[str]) -> set[str]:
    """Those of the digests that the database does not name."""
    named = db.session.execute(
        select(StoredFile.sha256, StoredFile.small_sha256).where(
            or_(StoredFile.sha256.in_(digests), StoredFile.small_sha256.in_(digests))
        )
    )
    return set(digests) - {digest for row in named for digest in row}


def file_faults() -> Iterator[FileFault]:
    """Every file that is missing or damaged; all of them are read."""
    for digest in sorted(named_digests()):
        try:
            with path_of(digest).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            yield FileFault(digest, is_missing=True)
            continue
        if found != digest:
            yield FileFault(digest, is_missing=False)


def stray_files(*, named: Collection[str] | None = None) -> list[Path]:
    """Files that nothing refers to, left by what was broken off; those of the last hour are not counted.

    Files of other names were not put there by the program, and are none of its business.
    """
    known = named_digests() if named is None else named
    until = now() - SETTLED
    return sorted(
        path
        for path in evidence_folder().rglob("*")
        if _OURS.fullmatch(path.name)
        and path.name not in known
        and path.is_file()
        and _written_at(path) < until
    )


def _written_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
