"""The name under which a file that somebody handed in is kept in mind, and handed out again."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 100
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)$")


def tidy_name(handed_in: str, kind: str) -> str:
    """A plain name that ends as the content of the file is, whatever the old one said.

    Folders, signs that no system takes, and signs that turn the direction of writing are gone.
    """
    last = re.split(r"[/\\]", handed_in)[-1]
    shown = "".join(
        sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign)[0] != "C"
    )
    shown = " ".join(_FORBIDDEN.sub("_", shown).split())
    stem = shown.rpartition(".")[0] or shown
    stem = stem.strip(" .")[:LONGEST].rstrip(" .")
    return f"{'file' if not stem or _RESERVED.match(stem) else stem}.{kind}"
