"""Documents of Word and Excel as packages: what their parts are, and how much they unpack to.

Runs in the worker. Every part is unpacked once in pieces, so that a wrong size or a broken part is found
before anybody opens the document.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO

from tracker.files.errors import DAMAGED_DOCUMENT, LOCKED, N_, FileError
from tracker.files.limits import MEGABYTE, Limits
from tracker.files.sniff import PACKED

_PIECE = 256 * 1024
_TYPES = "[Content_Types].xml"
_MAIN = {"docx": b"wordprocessingml.document.main+xml", "xlsx": b"spreadsheetml.sheet.main+xml"}
_ACTIVE_PART = re.compile(
    r"vbaproject\.bin$|/activex/|\.(exe|dll|js|vbs|bat|cmd|ps1|hta|scr|jar|lnk)$", re.IGNORECASE
)
_RELATION = re.compile(rb"<[^<>]*attachedTemplate[^<>]*>")
_AFAR = re.compile(rb"Target=[\"'](?:https?:|\\\\|file:/{2}[^/])", re.IGNORECASE)

MACROS = N_(
    "This document holds macros or programs. Save it without them as .docx, .xlsx or PDF, and try again."
)


def package_kind(content: bytes, limits: Limits) -> str:
    """``docx`` or ``xlsx``. Raises :class:`FileError` unless it is whole, plain and small enough."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
            _check_parts(parts, limits)
            kind = _kind(package)
            left = limits.unpacked * MEGABYTE
            for part in parts:
                left -= _unpacked_size(package, part, left, limits)
            return kind
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise FileError(DAMAGED_DOCUMENT) from error


def _check_parts(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise FileError(LOCKED)
    if sum(part.file_size for part in parts) > limits.unpacked * MEGABYTE or len(parts) > limits.parts:
        raise _too_large(limits)
    names = [part.filename for part in parts]
    if len(set(names)) < len(names) or any(_leads_elsewhere(name) for name in names):
        raise FileError(DAMAGED_DOCUMENT)


def _leads_elsewhere(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name


def _too_large(limits: Limits) -> FileError:
    return FileError(
        N_("This document unpacks to more than %(megabytes)s MB or has too many parts. Save it as PDF."),
        megabytes=limits.unpacked,
    )


def _kind(package: zipfile.ZipFile) -> str:
    names = set(package.namelist())
    if _TYPES not in names:
        raise FileError(PACKED)
    types = _start(package, _TYPES)
    if b"macroenabled" in types.lower() or any(_ACTIVE_PART.search(name) for name in names):
        raise FileError(MACROS)
    kind = next((kind for kind, main in _MAIN.items() if main in types), None)
    if kind is None:
        raise FileError(
            N_("Of Office documents only .docx and .xlsx are taken. Save it as PDF, and try again.")
        )
    for name in names:
        if name.lower().endswith(".rels") and _has_far_template(_start(package, name)):
            raise FileError(MACROS)
    return kind


def _has_far_template(relations: bytes) -> bool:
    """Whether the document would fetch a template, and its macros, from another machine when opened."""
    return any(_AFAR.search(found) for found in _RELATION.findall(relations))


def _start(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        return part.read(MEGABYTE)


def _unpacked_size(package: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, limits: Limits) -> int:
    """The real size of a part, whose check sum is compared on the way."""
    size = 0
    with package.open(part) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > left:
                raise _too_large(limits)
            if (
                size == len(piece)
                and part.filename.lower().endswith((".xml", ".rels"))
                and b"<!DOCTYPE" in piece
            ):
                raise FileError(DAMAGED_DOCUMENT)
    return size
