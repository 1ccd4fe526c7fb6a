"""Files that somebody has handed in and is about to decide on, kept for an hour for that person alone.

They lie in the instance folder under random names, so that nothing of what was previewed has to be
believed of the browser. Several processes on one instance folder see the same files.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app

from tracker.core.clock import now

KEPT_FOR = timedelta(hours=1)
_TOKEN = re.compile(r"[0-9a-f]{32}")
_LONGEST_NAME = 120


@dataclass(frozen=True)
class KeptFile:
    """A file with the name under which it was handed in."""

    name: str
    content: bytes


def keep_file(content: bytes, *, name: str, owner_id: int, purpose: str) -> str:
    """Keep a file for its owner and one purpose (a word), and return the token by which it is found."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _forget_old(folder)
    token = secrets.token_hex(16)
    shown = " ".join(name.split())[-_LONGEST_NAME:]
    descriptor = os.open(_path(purpose, owner_id, token), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(shown.encode("utf-8", "replace") + b"\n" + content)
    return token


def kept_file(token: str, *, owner_id: int, purpose: str) -> KeptFile | None:
    """The file of this token, if it is this owner's, for this purpose, and not older than an hour."""
    if not _TOKEN.fullmatch(token):
        return None
    path = _path(purpose, owner_id, token)
    try:
        if _is_old(path):
            return None
        name, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    return KeptFile(name.decode("utf-8", "replace"), content)


def forget_file(token: str, *, owner_id: int, purpose: str) -> None:
    """Remove the file, if it is there."""
    if _TOKEN.fullmatch(token):
        # What was kept about it stays for its hour, to tell what came of it.
        _path(purpose, owner_id, token).unlink(missing_ok=True)


def keep_note(note: Mapping[str, Any], *, token: str, owner_id: int, purpose: str) -> None:
    """Keep something about a kept file beside it, whole or not at all; a later note takes its place."""
    path = _note(purpose, owner_id, token)
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps(note, ensure_ascii=False), encoding="utf-8")
    part.chmod(0o600)
    part.replace(path)


def kept_note(token: str, *, owner_id: int, purpose: str) -> dict[str, Any] | None:
    """What was kept about the file of this token."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        found = json.loads(_note(purpose, owner_id, token).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _note(purpose: str, owner_id: int, token: str) -> Path:
    path = _path(purpose, owner_id, token)
    return path.with_name(f"{path.name}.note")


def _folder() -> Path:
    return Path(current_app.instance_path, "kept")


def _path(purpose: str, owner_id: int, token: str) -> Path:
    return _folder() / f"{purpose}-{owner_id}-{token}"


def _is_old(path: Path) -> bool:
    return now() - datetime.fromtimestamp(path.stat().st_mtime, UTC) > KEPT_FOR


def _forget_old(folder: Path) -> None:
    for path in folder.iterdir():
        try:
            if _is_old(path):
                path.unlink(missing_ok=True)
        except OSError:
            # Another process was quicker, or holds it open just now; the next upload tries again.
            continue
