"""The plainest Flask and Jinja page that sends given bytes: what any page of that size has to cost."""

from __future__ import annotations

import html
import re

from flask import Flask, render_template_string
from markupsafe import Markup, escape

_ROW = re.compile(r"(?=<(?:tr|li)[ >])")
_TAG = re.compile(r"(<[^>]*>)")

BY_ROW = "{{ head }}{% for row in rows %}{{ row }}{% endfor %}{{ tail }}"
BY_CELL = "{{ head }}{% for row in rows %}{% for piece in row %}{{ piece }}{% endfor %}{% endfor %}{{ tail }}"


def bare_app(body: str, *, by_cell: bool) -> Flask:
    """An application whose page ``/`` prints prepared strings in a loop over the rows of ``body``.

    Whole rows at a time, or, with ``by_cell``, each tag and each text by itself, the texts escaped
    as Jinja escapes everything that a page shows.
    """
    head, *rows = _ROW.split(body)
    last, tail = _cut_after(rows.pop())
    rows.append(last)
    values = {
        "head": Markup(head),
        "rows": [
            [_piece(piece) for piece in _TAG.split(row) if piece] if by_cell else Markup(row) for row in rows
        ],
        "tail": Markup(tail),
    }
    template = BY_CELL if by_cell else BY_ROW
    app = Flask("bare")

    @app.get("/")
    def page() -> str:
        return render_template_string(template, **values)

    return app


def _cut_after(row: str) -> tuple[str, str]:
    """The last row, and all that follows it."""
    end = max(row.rfind("</tr>"), row.rfind("</li>")) + len("</tr>")
    return row[:end], row[end:]


def _piece(text: str) -> str:
    """A text that Jinja is to escape, or markup that it prints as it is."""
    plain = html.unescape(text)
    if text.startswith("<") or str(escape(plain)) != text:
        return Markup(text)
    return plain
