"""JSON as people read it at a terminal: Chinese stands as it is, what no encoding can carry is escaped."""

from __future__ import annotations

from typing import Any

from flask.json.provider import DefaultJSONProvider


class ReadableJSON(DefaultJSONProvider):
    """Writes the answers of an application."""

    ensure_ascii = False

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """The text, which can always be encoded in UTF-8.

        A name that was sent may hold half of a sign (a lone surrogate); a refusal that repeats it is then
        written in ASCII wholly, so that it says what came.
        """
        text = super().dumps(obj, **kwargs)
        try:
            text.encode()
        except UnicodeEncodeError:
            return super().dumps(obj, **{**kwargs, "ensure_ascii": True})
        return text
