"""Locks between processes on a file; the system itself lets go of them when their holder dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_SLOTS = 64
_FAR = 1 << 30
"""Where the slots lie on Windows: behind any text, so that the file can be read while it is locked."""


@contextmanager
def hold(path: Path, *, shared: bool = False) -> Iterator[bool]:
    """Try to take the lock for the length of the block; yields whether it was got, and never waits.

    Many may share a lock; whoever takes it alone shuts all others out. Raises OSError when the file
    cannot be made.
    """
    # A file is opened anew each time: the same process must not pass by its own lock.
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        yield _take(file, shared=shared)


def is_held(path: Path) -> bool:
    """Whether anyone holds the lock just now."""
    if not path.exists():
        return False
    with hold(path) as got:
        return not got


def _take(file: BinaryIO, *, shared: bool) -> bool:
    if os.name == "nt":
        return _take_slots(file, shared=shared)
    import fcntl

    try:
        fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _take_slots(file: BinaryIO, *, shared: bool) -> bool:
    """Windows locks bytes, and only for one holder: who shares takes any slot, who is alone takes all."""
    import msvcrt

    for slot in range(_SLOTS):
        file.seek(_FAR + slot)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]  # exists on Windows alone
        except OSError:
            if not shared:
                return False
            continue
        if shared:
            return True
    return not shared
