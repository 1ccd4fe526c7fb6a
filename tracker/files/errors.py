"""What is wrong with a file that somebody handed in, in a sentence."""

from __future__ import annotations


def N_(text: str) -> str:
    """Return ``text`` unchanged: marks a message for the catalogue; whoever shows it translates it."""
    return text


class FileError(Exception):
    """A file that is not taken; ``message`` holds placeholders that ``params`` fill."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params if params else message)
        self.message = message
        self.params = params


DAMAGED_PICTURE = N_("This picture is damaged or was not copied whole. Take or save it anew, and try again.")
DAMAGED_DOCUMENT = N_("This document is damaged or was not copied whole. Save it anew, and try again.")
LOCKED = N_("This document is locked by a password. Take the password off, save it, and try again.")
TOO_MUCH_MEMORY = N_("This file needs too much memory to be looked at. Make it smaller, and try again.")
TOO_LONG = N_("Looking at this file takes too long. Make it smaller, and try again.")
BUSY = N_("Several files are being looked at just now. Try again in a minute.")
OTHER_KIND = N_(
    "This kind of file is not taken. Photos are taken as JPG, PNG or WebP, documents as PDF, .docx or .xlsx."
)
