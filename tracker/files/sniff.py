"""Telling by its content what a file is, whatever its name says."""

from __future__ import annotations

import re
from enum import Enum

from tracker.files.errors import DAMAGED_DOCUMENT, LOCKED, N_, OTHER_KIND, FileError
from tracker.files.limits import MEGABYTE, Limits


class Content(Enum):
    """What is looked at further."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    PDF = "pdf"
    PACKAGE = "package"


HEIC = N_(
    "This photo has the format HEIC, which is not taken. On an iPhone choose “Most Compatible” under "
    "Settings, Camera, Formats, or save the photo as JPG, and try again."
)
MOVING = N_("Videos and animated pictures are not taken. Take a photo instead.")
OLD_OFFICE = N_(
    "This is a document of the old kind (.doc, .xls, .ppt). Save it as .docx, .xlsx or PDF, and try again."
)
PACKED = N_("Archives (.zip, .rar, .7z) are not taken. Unpack it, and add the files themselves.")
ACTIVE = N_(
    "Web pages, drawings of the kind SVG and programs are not taken. Save it as PDF or take a picture of it."
)
OLD_PICTURE = N_(
    "Pictures of this kind (GIF, BMP, TIFF) are not taken. Save it as JPG or PNG, and try again."
)
PLAIN = N_("Plain text is not taken. Put it into the note of the figure, or save it as PDF.")

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BRANDS_OF_STILLS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}
_REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", OLD_PICTURE),
    (b"BM", OLD_PICTURE),
    (b"II*\0", OLD_PICTURE),
    (b"MM\0*", OLD_PICTURE),
    (b"MZ", ACTIVE),
    (b"\x7fELF", ACTIVE),
    (b"#!", ACTIVE),
    (b"Rar!", PACKED),
    (b"7z\xbc\xaf\x27\x1c", PACKED),
    (b"\x1f\x8b", PACKED),
    (b"\x1aE\xdf\xa3", MOVING),
)
_MARKUP = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|svg|script|!--|body|head|iframe)", re.IGNORECASE
)


def kind_of(content: bytes, limits: Limits) -> Content:
    """What the file is by its first bytes. Raises :class:`FileError` for what is not taken."""
    if not content:
        raise FileError(N_("This file is empty. Choose it again."))
    if len(content) > limits.file * MEGABYTE:
        raise FileError(
            N_("This file is larger than %(megabytes)s MB. Make it smaller, and try again."),
            megabytes=limits.file,
        )
    if content.startswith(b"\xff\xd8\xff"):
        return Content.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Content.PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Content.WEBP
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        return Content.PDF
    if content.startswith(b"PK\x03\x04"):
        return Content.PACKAGE
    raise FileError(_why_not(content))


def _check_pdf(content: bytes) -> None:
    """A PDF that was copied whole ends with its mark."""
    if b"startxref" not in content or b"%%EOF" not in content[-2048:]:
        raise FileError(DAMAGED_DOCUMENT)


def _why_not(content: bytes) -> str:
    if content.startswith(bytes.fromhex("d0cf11e0a1b11ae1")):
        # The container of old Office files also holds the new ones that are locked by a password.
        return LOCKED if _ENCRYPTED in content else OLD_OFFICE
    if content[4:8] == b"ftyp":
        return HEIC if content[8:12] in _BRANDS_OF_STILLS else MOVING
    if content[:4] == b"RIFF":
        return MOVING
    for start, sentence in _REFUSED:
        if content.startswith(start):
            return sentence
    start = content[:4096]
    if _MARKUP.match(start):
        return ACTIVE
    return PLAIN if _is_text(start) else OTHER_KIND


def _is_text(start: bytes) -> bool:
    return not any(sign < 9 or 13 < sign < 32 for sign in start)
