"""What stands in an archive: each member with its size and SHA-256, and what the archive was made from."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime

FORMAT = 1
"""Raised whenever an older program could misread what a newer one writes."""

PRODUCT = "township-tracker"

EVIDENCE = "evidence"
"""The folder of an instance whose files belong to its data."""

DATABASES = {"database.sqlite": b"SQLite format 3\0", "database.pgdump": b"PGDMP"}
"""The two members that can hold the database, with the bytes that such a file begins with."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_FORBIDDEN = re.compile(r'[\\:*?"<>|\x00-\x1f\x7f]')


@dataclass(frozen=True)
class Member:
    """One file in an archive; the size is in bytes."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Origin:
    """What an archive was made from, by whom and when; ``counts`` has the rows of each table."""

    version: str
    made_at: datetime
    made_by: str
    unit: str
    revision: str
    counts: dict[str, int]


@dataclass(frozen=True)
class Manifest:
    """The table of contents of an archive."""

    origin: Origin
    members: tuple[Member, ...]

    @property
    def database(self) -> Member:
        """The one member that is the database."""
        return next(member for member in self.members if member.name in DATABASES)

    @property
    def size(self) -> int:
        """What all members take when unpacked, in bytes."""
        return sum(member.size for member in self.members)

    def text(self) -> str:
        """The manifest as it is kept: the same for the same contents."""
        return (
            json.dumps(
                {
                    "format": FORMAT,
                    "product": PRODUCT,
                    "version": self.origin.version,
                    "made_at": self.origin.made_at.isoformat(timespec="seconds"),
                    "made_by": self.origin.made_by,
                    "unit": self.origin.unit,
                    "revision": self.origin.revision,
                    "counts": self.origin.counts,
                    "members": [
                        {"name": each.name, "size": each.size, "sha256": each.sha256} for each in self.members
                    ],
                },
                ensure_ascii=False,
                indent=1,
                sort_keys=True,
            )
            + "\n"
        )


class NewerFormatError(ValueError):
    """A manifest that only a newer version of the program can read."""


def read_manifest(text: bytes) -> Manifest:
    """Read a manifest and check its form. Raises ValueError when it is none of ours."""
    found = json.loads(text.decode("utf-8"))
    if not isinstance(found, dict) or found.get("product") != PRODUCT:
        raise ValueError("not a manifest of this product")
    if not isinstance(found.get("format"), int) or found["format"] < 1:
        raise ValueError("no format")
    if found["format"] > FORMAT:
        raise NewerFormatError(str(found["format"]))
    try:
        manifest = Manifest(
            Origin(
                version=_text(found["version"]),
                made_at=_moment(found["made_at"]),
                made_by=_text(found["made_by"]),
                unit=_text(found["unit"]),
                revision=_text(found["revision"]),
                counts={_text(name): _count(rows) for name, rows in found["counts"].items()},
            ),
            tuple(
                Member(_text(each["name"]), _count(each["size"]), _text(each["sha256"]))
                for each in found["members"]
            ),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("a part of the manifest is missing or of the wrong kind") from error
    _check(manifest)
    return manifest


def is_safe(name: str) -> bool:
    """Whether a member may be unpacked under this name: the database, or a plain path below evidence."""
    if name in DATABASES:
        return True
    folder, *parts = name.split("/")
    return (
        folder == EVIDENCE
        and bool(parts)
        and all(part not in {"", ".", ".."} and not part.endswith((" ", ".")) for part in parts)
        and not _FORBIDDEN.search(name)
        and len(name) < 1000
    )


def _check(manifest: Manifest) -> None:
    names = [member.name for member in manifest.members]
    # Names that differ only in their case are one file on Windows.
    if len({name.casefold() for name in names}) != len(names):
        raise ValueError("a name stands twice")
    if not all(is_safe(name) for name in names):
        raise ValueError("a name leads elsewhere")
    if not all(_DIGEST.fullmatch(member.sha256) for member in manifest.members):
        raise ValueError("a digest is none")
    if sum(name in DATABASES for name in names) != 1:
        raise ValueError("there is not exactly one database")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError
    return value


def _moment(value: object) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError("a moment without its zone")
    return moment
