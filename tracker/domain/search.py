"""What a search finds: part of a name, the beginning of a code, or the initials of a name's pinyin."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable

Initials = Callable[[str], str]
"""The letters with which the readings of one character begin, in lower case; none where it has no reading."""


def folded(text: str) -> str:
    """The text without its spaces, in one width and one case: ``ＴＣＷ`` and ``t c w`` are the same."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def is_found(sought: str, code: str, names: Iterable[str | None], initials: Initials) -> bool:
    """Whether what was typed leads to a thing of this code and these names; nothing typed leads nowhere.

    A character with several readings is found by each of them (长 by c and by z). Initials and
    characters may be mixed; what is no letter, such as a bracket or a comma, is passed over between them.
    """
    wanted = folded(sought)
    if not wanted:
        return False
    spoken = [name for name in names if name]
    return (
        folded(code).startswith(wanted)
        or any(wanted in folded(name) for name in spoken)
        or (_has_letters(wanted) and any(_spells(wanted, name, initials) for name in spoken))
    )


def _has_letters(wanted: str) -> bool:
    """Whether anything in it may be an initial; only then are readings needed at all."""
    return any("a" <= character <= "z" for character in wanted)


def _spells(wanted: str, name: str, initials: Initials) -> bool:
    """Whether a run of the name's characters is spelt by ``wanted``, each by itself or by an initial."""
    said = [character + initials(character) for character in folded(name) if character.isalnum()]
    return any(
        all(letter in ways for letter, ways in zip(wanted, said[start:], strict=False))
        for start in range(len(said) - len(wanted) + 1)
    )
