"""Telling by its content what a file is, whatever its name says."""

from __future__ import annotations

import codecs

from tracker.excel.errors import N_, NO_WORKBOOK, WorkbookError
from tracker.excel.limits import MEGABYTE, Limits

_ZIP = b"PK\x03\x04"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP = (b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta")


def check_kind(content: bytes, limits: Limits) -> None:
    """Raise :class:`WorkbookError` for what cannot be an .xlsx workbook of an accepted size."""
    if not content:
        raise WorkbookError(N_("This file is empty. Choose the workbook again."))
    if len(content) > limits.file * MEGABYTE:
        raise WorkbookError(
            N_("This file is larger than %(megabytes)s MB. Remove what is not needed, or split it."),
            megabytes=limits.file,
        )
    if content.startswith(_OLE):
        raise WorkbookError(_sentence_of_ole(content))
    if not content.startswith(_ZIP):
        raise WorkbookError(_sentence_of_other(content))


def _sentence_of_ole(content: bytes) -> str:
    """The container of old Office files also holds the new ones that are locked by a password."""
    if _ENCRYPTED in content:
        return N_("This workbook is locked by a password. Take the password off, save it, and try again.")
    return N_("This is a workbook of the old kind (.xls). Open it, save it as .xlsx, and choose that one.")


def _sentence_of_other(content: bytes) -> str:
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_MARKUP):
        return N_(
            "This is a web page or XML text under the name of a workbook. "
            "Open it in Excel or WPS, and save it as .xlsx."
        )
    if _is_text(content[:65_536]):
        return N_(
            "This is a text file such as CSV, not an .xlsx workbook. "
            "Open it in Excel or WPS, and save it as .xlsx."
        )
    return NO_WORKBOOK


def _is_text(start: bytes) -> bool:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if any(sign < 9 or 13 < sign < 32 for sign in start):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            # A character may be cut in two at the end of what is looked at.
            codecs.getincrementaldecoder(encoding)().decode(start, final=False)
        except UnicodeDecodeError:
            continue
        return True
    return False
