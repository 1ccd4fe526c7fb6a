"""Files that are wholly there or not at all, also after a power cut, and that only their owner may read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

PART = ".part"
"""How the name of an unfinished file ends; it begins with a dot."""


@contextmanager
def written_whole(target: Path) -> Iterator[BinaryIO]:
    """A file to write, under another name until the block has ended well; nothing is left when it has not.

    What was written is on the disk before the name is: fsync, then rename.
    """
    part = target.with_name(f".{target.name}{PART}")
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make sure that the names in a folder are on the disk, where the system lets a folder be asked."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def own_folder(folder: Path) -> None:
    """Make a folder that only its owner may enter; one that is there already keeps its rights."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
