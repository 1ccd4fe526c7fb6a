"""What is refused or not found, with a sentence, and the mark for text that is translated later."""

from __future__ import annotations

from collections.abc import Sequence


def N_(text: str) -> str:
    """Return ``text`` unchanged: marks a message for the catalogue; the edge translates it."""
    return text


class HouseError(Exception):
    """Something that the house tells whoever asked, in a sentence.

    ``message`` is an untranslated catalogue entry with ``%(name)s`` placeholders filled from
    ``params``; a param that is a tuple is a list of catalogue entries or of names, which the edge
    translates too.
    ``field`` names the input it belongs to, or is None for the whole.
    """

    def __init__(self, message: str, field: str | None = None, **params: object) -> None:
        lists = {name: ", ".join(map(str, it)) for name, it in params.items() if isinstance(it, tuple)}
        super().__init__(message % {**params, **lists} if params else message)
        self.message = message
        self.field = field
        self.params = params


class RuleError(HouseError):
    """A rule of the house refused something."""


class StaleError(RuleError):
    """Someone else changed the same object since it was read."""


class NotFoundError(HouseError):
    """What was asked for does not exist, or lies outside what the asker may see."""


class SeveralRulesError(RuleError):
    """Several rules refused the same thing; each keeps its sentence, so that all can be mended at once."""

    def __init__(self, errors: Sequence[RuleError]) -> None:
        super().__init__(errors[0].message, errors[0].field, **errors[0].params)
        self.errors = tuple(errors)
