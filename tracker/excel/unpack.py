"""The package around a workbook: what its parts are, and how much they unpack to.

Runs in the worker. Every part is unpacked once in pieces, so that a wrong size, a broken part or a
declaration that no workbook needs is found before any library builds something from it.
"""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from tracker.excel.errors import DAMAGED, N_, NO_WORKBOOK, WorkbookError
from tracker.excel.limits import MEGABYTE, Limits

_PIECE = 256 * 1024
_TYPES = "[Content_Types].xml"
_DECLARATIONS = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)
_LONGEST_DECLARATION = max(len(word) for word in _DECLARATIONS)


def check_package(content: bytes, limits: Limits) -> None:
    """Raise :class:`WorkbookError` unless this is a whole, plain and small enough .xlsx package."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
            _check_parts(parts, limits)
            _check_types(package)
            left = limits.unpacked * MEGABYTE
            for part in parts:
                left -= _unpacked_size(package, part, left, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise WorkbookError(DAMAGED) from error


def _check_parts(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise WorkbookError(
            N_("This workbook is locked by a password. Take the password off, save it, and try again.")
        )
    if sum(part.file_size for part in parts) > limits.unpacked * MEGABYTE:
        raise _too_large(limits)
    if len(parts) > limits.parts:
        raise WorkbookError(
            N_("This workbook has more than %(parts)s parts. Copy what is needed into a new workbook."),
            parts=limits.parts,
        )
    if len({part.filename for part in parts}) < len(parts):
        raise WorkbookError(DAMAGED)


def _too_large(limits: Limits) -> WorkbookError:
    return WorkbookError(
        N_("This workbook unpacks to more than %(megabytes)s MB. Copy what is needed into a new workbook."),
        megabytes=limits.unpacked,
    )


def _check_types(package: zipfile.ZipFile) -> None:
    """Tell workbooks from other packages, and plain ones from those with macros or another inside."""
    names = set(package.namelist())
    if "mimetype" in names and b"opendocument" in _start(package, "mimetype"):
        raise WorkbookError(
            N_("This is an OpenDocument file (.ods). Open it, save it as .xlsx, and choose that one.")
        )
    if _TYPES not in names:
        raise WorkbookError(NO_WORKBOOK)
    types = _start(package, _TYPES).lower()
    if b"macroenabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise WorkbookError(
            N_("This workbook holds macros (.xlsm). Save it as .xlsx without macros, and choose that one.")
        )
    if b"sheet.binary" in types:
        raise WorkbookError(
            N_("This is a binary workbook (.xlsb). Open it, save it as .xlsx, and choose that one.")
        )
    if b"spreadsheetml" not in types:
        raise WorkbookError(NO_WORKBOOK)
    books = [name for name in names if name.lower().endswith("workbook.xml")]
    if any(b"purl.oclc.org/ooxml" in _start(package, name) for name in books):
        raise WorkbookError(
            N_(
                "This workbook was saved as “Strict Open XML”. Save it as an ordinary Excel workbook "
                "(.xlsx), and choose that one."
            )
        )


def _start(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        return part.read(MEGABYTE)


def _unpacked_size(package: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, limits: Limits) -> int:
    """The real size of a part, whose check sum is compared on the way."""
    size, tail = 0, b""
    is_markup = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    with package.open(part) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > left:
                raise _too_large(limits)
            if is_markup:
                _refuse_declarations(tail + piece)
                tail = piece[-_LONGEST_DECLARATION:]
    return size


def _refuse_declarations(piece: bytes) -> None:
    """A workbook never declares entities; who does wants to blow something up, or read a file."""
    if any(word in piece for word in _DECLARATIONS):
        raise WorkbookError(
            N_("This workbook holds declarations that no workbook needs, and was not opened.")
        )
