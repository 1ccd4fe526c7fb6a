"""Texts as a workbook can hold them: cleaned, cut, measured; and names that a sheet may carry."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST_TEXT = 32_767
"""Characters (UTF-16 units) that one cell can hold."""

LONGEST_NAME = 31
"""Characters (UTF-16 units) of a sheet's name."""

# XML 1.0 forbids these; a lone surrogate cannot be encoded at all. A carriage return would come
# back as a line feed or as visible "_x000D_", so it is turned into a line feed before.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\t\n]")
_PROPORTIONAL = 0.88
"""Width of a small Latin letter in a proportional font, in digits."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")


def clean(text: str) -> str:
    """The text without what XML forbids, cut to what a cell holds."""
    return _cut(_FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")), LONGEST_TEXT)


def escaped(text: str) -> str:
    """A clean text in which ``_x0041_`` stays as typed: spreadsheets would read it as the letter A."""
    return _ESCAPE.sub("_x005F_", text)


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula when someone edits or re-imports it."""
    return text.startswith(_FORMULA_STARTS)


def sheet_name(wanted: str, taken: Iterable[str] = ()) -> str:
    """A name that a sheet may carry and no other sheet in ``taken`` does (letter case ignored)."""
    name = _NOT_IN_NAMES.sub(" ", _FORBIDDEN.sub("", wanted)).strip().strip("'").strip()
    name = _cut(name, LONGEST_NAME).rstrip().rstrip("'") or "Sheet"
    if name.casefold() == "history":
        # Excel keeps this one name for itself and calls a file that uses it damaged.
        name += "_"
    used = {other.casefold() for other in taken}
    unique, number = name, 1
    while unique.casefold() in used:
        number += 1
        mark = f" ({number})"
        unique = _cut(name, LONGEST_NAME - len(mark)) + mark
    return unique


def display_width(text: str) -> int:
    """Columns of a fixed grid that the text takes: two for each wide (Chinese) character, else one."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def wrapped_lines(text: str, width: float) -> int:
    """Lines that the text needs in a column ``width`` characters wide, as spreadsheets wrap it.

    Chinese breaks between any two characters; a run of Latin letters moves to the next line whole.
    """
    return sum(_lines_of(paragraph, max(width, 2.0)) for paragraph in text.split("\n"))


def _lines_of(paragraph: str, room: float) -> int:
    lines, used = 1, 0.0
    for piece in re.findall(r"[!-~]+|.", paragraph):
        need = sum(_PROPORTIONAL if sign.islower() else 1.0 for sign in piece)
        need = display_width(piece) if display_width(piece) > len(piece) else need
        if used and used + need > room:
            if piece == " ":
                # A space at the end of a line takes no room and starts no new one.
                continue
            lines, used = lines + 1, 0.0
        while used + need > room and need > room:
            lines, need = lines + 1, need - room
        used += need
    return lines


def _cut(text: str, units: int) -> str:
    if len(text) * 2 <= units:
        return text
    return text.encode("utf-16-le")[: units * 2].decode("utf-16-le", errors="ignore")
