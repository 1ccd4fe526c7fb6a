"""Archives that tell by themselves whether they are whole: a zip file sealed with its own SHA-256.

The seal is the comment at the very end of the zip file and covers every byte before it, so that one
changed or missing byte anywhere is noticed. It says that nothing happened to the file by accident;
who wants to forge one can seal it anew, so the contents are not trusted any further than they must be.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, BinaryIO

from tracker.core.durable import own_folder, written_whole
from tracker.core.manifest import DATABASES, Manifest, Member, NewerFormatError, Origin, read_manifest
from tracker.domain.errors import N_, RuleError

SEAL = b"sha256 "
SIDECAR = ".sha256"
"""What is added to an archive's name for the file with its digest, as ``sha256sum -c`` reads it."""

MANIFEST = "manifest.json"
LARGEST_MANIFEST = 64 * 1024 * 1024
MOST_MEMBERS = 1_000_000
RESERVE = 32 * 1024 * 1024
"""Bytes that stay free on a disk after unpacking."""

_CHUNK = 1024 * 1024
_SEALED = re.compile(rb"PK\x05\x06.{16}\x47\x00" + SEAL + rb"([0-9a-f]{64})", re.DOTALL)
_TAIL = 22 + len(SEAL) + 64
_BEGINNING = (1980, 1, 1, 0, 0, 0)

_NOT_OURS = N_("This file is not a backup of this program.")
_DAMAGED = N_("This backup is damaged: it was changed or cut short after it was made. Use another one.")
MADE_UP = N_("This backup was not made by this program: its contents are not what they say. It was not used.")


def write_archive(target: Path, files: Iterable[tuple[str, Path]], origin: Origin) -> tuple[Manifest, str]:
    """Write an archive of (name, file) pairs and its digest beside it; what was written is read again.

    Returns the manifest and the SHA-256 of the whole. Raises OSError when it cannot be written, and
    then leaves nothing behind.
    """
    with written_whole(target) as file:
        manifest = _write_zip(file, sorted(files), origin)
        _seal(file)
        digest = _digest(file)
        _check(file, None)
        with written_whole(sidecar(target)) as beside:
            beside.write(f"{digest}  {target.name}\n".encode())
    return manifest, digest


def sidecar(archive: Path) -> Path:
    """The file with the digest of an archive."""
    return archive.with_name(archive.name + SIDECAR)


def stated_digest(archive: Path) -> str | None:
    """What the file beside an archive says that its digest is; None when there is no such file."""
    try:
        said = sidecar(archive).read_bytes()[:64]
    except OSError:
        return None
    return said.decode("ascii") if re.fullmatch(rb"[0-9a-f]{64}", said) else None


def read_archive(path: Path, into: Path | None = None) -> Manifest:
    """Check an archive to the last byte and, when a folder is given, unpack it there.

    Raises :class:`RuleError` with a sentence for everything that is not a whole backup of this
    program, before or while unpacking; the folder is the caller's to remove.
    """
    with path.open("rb") as file:
        stated = stated_digest(path)
        if stated is not None and _digest(file) != stated:
            raise RuleError(
                N_("This backup is not the one whose digest stands in %(name)s."), name=sidecar(path).name
            )
        return _check(file, into)


def quick_look(path: Path) -> Manifest | None:
    """What an archive says that it holds, without checking it; None when it cannot be read."""
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            return _manifest(archive)
    except (RuleError, OSError, zipfile.BadZipFile):
        return None


def _write_zip(file: BinaryIO, files: Iterable[tuple[str, Path]], origin: Origin) -> Manifest:
    members = []
    with zipfile.ZipFile(file, "w") as archive:
        archive.comment = SEAL + b"0" * 64
        for name, source in files:
            with source.open("rb") as content, archive.open(_entry(name), "w", force_zip64=True) as entry:
                members.append(_copy(name, content, entry))
        manifest = Manifest(origin, tuple(members))
        archive.writestr(_entry(MANIFEST), manifest.text())
    return manifest


def _entry(name: str) -> zipfile.ZipInfo:
    """An entry that depends on nothing but its name, so that the same contents make the same archive."""
    entry = zipfile.ZipInfo(name, _BEGINNING)
    # Photos and PostgreSQL's own dumps are packed already.
    entry.compress_type = zipfile.ZIP_DEFLATED if name.endswith((".sqlite", ".json")) else zipfile.ZIP_STORED
    entry.create_system = 3
    entry.external_attr = 0o100600 << 16
    return entry


def _copy(name: str, content: IO[bytes], entry: IO[bytes]) -> Member:
    digest, size = hashlib.sha256(), 0
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
        entry.write(chunk)
    return Member(name, size, digest.hexdigest())


def _seal(file: BinaryIO) -> None:
    """Put the digest of everything before it into the last 64 bytes."""
    end = file.seek(0, 2)
    digest = _digest(file, until=end - 64)
    file.seek(end - 64)
    file.write(digest.encode("ascii"))


def _digest(file: BinaryIO, until: int | None = None) -> str:
    digest = hashlib.sha256()
    left = file.seek(0, 2) if until is None else until
    file.seek(0)
    while left and (chunk := file.read(min(_CHUNK, left))):
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest()


def _check(file: BinaryIO, into: Path | None) -> Manifest:
    end = file.seek(0, 2)
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        raise RuleError(_NOT_OURS)
    file.seek(max(0, end - _TAIL))
    sealed = _SEALED.fullmatch(file.read())
    # A zip file of somebody else has no seal; neither has one of ours that was cut short.
    if sealed is None:
        raise RuleError(N_("This file is not a backup of this program, or was cut short."))
    if _digest(file, until=end - 64).encode() != sealed[1]:
        raise RuleError(_DAMAGED)
    try:
        with zipfile.ZipFile(file) as archive:
            return _contents(archive, into)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise RuleError(MADE_UP) from error


def _contents(archive: zipfile.ZipFile, into: Path | None) -> Manifest:
    manifest = _manifest(archive)
    entries = {entry.filename: entry for entry in archive.infolist()}
    if len(entries) != len(archive.infolist()) or set(entries) - {MANIFEST} != {
        member.name for member in manifest.members
    }:
        raise RuleError(MADE_UP)
    if into is not None:
        require_space(into, manifest.size)
    for member in manifest.members:
        entry = entries[member.name]
        if entry.file_size != member.size or entry.flag_bits & 1:
            raise RuleError(MADE_UP)
        with archive.open(entry) as content:
            _take(member, content, into)
    return manifest


def require_space(folder: Path, size: int) -> None:
    """Refuse what would fill the disk. Raises :class:`RuleError` with both sizes in megabytes."""
    free = shutil.disk_usage(folder).free
    if size + RESERVE > free:
        raise RuleError(
            N_("There is not enough space on the disk: %(needed)s MB are needed, %(free)s MB are free."),
            needed=-(-(size + RESERVE) // 1_000_000),
            free=free // 1_000_000,
        )


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    names = archive.namelist()
    if MANIFEST not in names or len(names) > MOST_MEMBERS:
        raise RuleError(_NOT_OURS)
    entry = archive.getinfo(MANIFEST)
    if entry.file_size > LARGEST_MANIFEST:
        raise RuleError(MADE_UP)
    try:
        return read_manifest(archive.read(entry))
    except NewerFormatError as error:
        raise RuleError(
            N_("This backup was made by a newer version of the program. Install that version first.")
        ) from error
    except (ValueError, RecursionError) as error:
        raise RuleError(MADE_UP) from error


def _take(member: Member, content: IO[bytes], into: Path | None) -> None:
    """Read one member, no byte more than it should have, and compare its digest."""
    digest, left = hashlib.sha256(), member.size
    target = None
    if into is not None:
        path = into / member.name
        own_folder(path.parent)
        target = path.open("xb")
    try:
        for chunk in _chunks(content):
            if left == member.size and not chunk.startswith(DATABASES.get(member.name, b"")):
                raise RuleError(MADE_UP)
            left -= len(chunk)
            digest.update(chunk)
            if left < 0:
                raise RuleError(MADE_UP)
            if target is not None:
                target.write(chunk)
        if left or digest.hexdigest() != member.sha256:
            raise RuleError(MADE_UP)
    finally:
        if target is not None:
            target.close()


def _chunks(content: IO[bytes]) -> Iterator[bytes]:
    while chunk := content.read(_CHUNK):
        yield chunk
