"""The initials of Chinese characters. pypinyin is used here and nowhere else."""

from __future__ import annotations

import os
from functools import cache

from tracker.domain.search import is_found


def answers_to(sought: str, code: str, *names: str | None) -> bool:
    """Whether what was typed into a search finds a thing of this code and these names."""
    return is_found(sought, code, names, initials_of)


@cache
def initials_of(character: str) -> str:
    """The first letters of all readings of one character, ``cz`` for 长; none for what is not Chinese."""
    if character.isascii():
        return ""
    # A character on its own needs none of the library's phrases, which are most of what it loads and keeps.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    # Its tables take longer to load than the rest of a page: only who searches by letters waits for them.
    from pypinyin import Style, pinyin

    readings = pinyin(character, style=Style.FIRST_LETTER, heteronym=True, errors="ignore")
    return "".join(sorted({letter for each in readings for letter in each}))
