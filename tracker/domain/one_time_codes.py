"""One-time codes that are read from paper and typed by hand."""

from __future__ import annotations

import unicodedata

CODE_LETTERS = "ACDEFHJKMNPQRTWXY34679"
"""Letters and digits that are not taken for one another: no 0 O, 1 I L, 2 Z, 5 S, 8 B, 6 G, U V."""

CODE_LENGTH = 12
"""With 22 letters to choose from, some 53 bits: far beyond what ten tries could guess."""

MOST_TRIES = 10
"""Wrong codes after which an invitation is dead."""

GROUP = 4


def group_code(code: str) -> str:
    """The code as it is printed: groups of four."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read_code(typed: str) -> str:
    """What was typed, as it would have been made: capitals of half width, without blanks and dashes."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    return "".join(letter for letter in plain if letter.isalnum())
