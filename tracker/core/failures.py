"""Why the database or a disk did not do what it was asked, in words that help whoever reads them."""

from __future__ import annotations

import errno
import sqlite3
from dataclasses import dataclass

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from tracker.domain.errors import N_


class BusyError(Exception):
    """A save has waited long enough for its turn."""


@dataclass(frozen=True)
class Failure:
    """Untranslated: what has happened, what became of the data, and what to do."""

    title: str
    text: str
    advice: str


BUSY = Failure(
    N_("The database is busy"),
    N_("Others are saving, or another program holds the database. Nothing was saved."),
    N_("Wait a moment, go back and send it again."),
)
UNREACHABLE = Failure(
    N_("The database cannot be reached"),
    N_("Nothing was saved."),
    N_("Wait a moment, go back and send it again. If it stays so, tell your administrator."),
)
FULL = Failure(
    N_("The disk is full"),
    N_("Nothing was saved, and what was saved before is safe."),
    N_("Ask your administrator to make room on the server's disk; then go back and send it again."),
)
READ_ONLY = Failure(
    N_("The server cannot write to its disk"),
    N_("The database or its folder is read-only, or its rights do not allow it. Nothing was saved."),
    N_("Ask your administrator to correct the rights; then go back and send it again."),
)
DISK = Failure(
    N_("The server's disk has failed or is full"),
    N_("Nothing was saved."),
    N_("Tell your administrator at once: tracker doctor says more. Then go back and send it again."),
)
DAMAGED = Failure(
    N_("The database is damaged"),
    N_("Nothing was saved."),
    N_("Tell your administrator at once: tracker doctor says what is wrong, tracker restore brings it back."),
)

_SQLITE = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_IOERR: DISK,
    sqlite3.SQLITE_CANTOPEN: UNREACHABLE,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}
_POSTGRES = {
    "53100": FULL,
    "55P03": BUSY,
    "25006": READ_ONLY,
    "XX001": DAMAGED,
    "XX002": DAMAGED,
    "58030": DISK,
}
_SYSTEM = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY,
    errno.ENOTDIR: READ_ONLY,
    errno.EIO: DISK,
}


def failure_of(error: BaseException) -> Failure | None:
    """What has failed when it was the database or the disk; None for a fault of the program."""
    if isinstance(error, BusyError | PoolTimeoutError):
        return BUSY
    if isinstance(error, DBAPIError):
        found = _of_driver(error.orig)
        return found or (UNREACHABLE if isinstance(error, OperationalError) else None)
    if isinstance(error, sqlite3.Error):
        return _of_driver(error)
    if isinstance(error, OSError):
        return _SYSTEM.get(error.errno or 0)
    return None


def _of_driver(error: BaseException | None) -> Failure | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None:
        # The low byte is the kind of error, the rest says more about it.
        return _SQLITE.get(code & 0xFF)
    return _POSTGRES.get(getattr(error, "sqlstate", None) or "")
