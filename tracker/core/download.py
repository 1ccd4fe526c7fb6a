"""Answers that a browser keeps as a file."""

from __future__ import annotations

import re
from urllib.parse import quote

from flask import Response, request

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def file_answer(content: bytes, *, mimetype: str, name: str, plain: str, inline: bool = False) -> Response:
    """A file of evidence: a safe picture may be shown, anything else is only kept as a file.

    It is given out under a policy that lets it do nothing, whatever is in it; the browser may keep it,
    but asks each time whether it still may be seen. ``plain`` is the name for programs that know only
    ASCII.
    """
    answer = Response(content, mimetype=mimetype)
    how = "inline" if inline else "attachment"
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", plain)
    answer.headers["Content-Disposition"] = (
        f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def workbook_answer(content: bytes, *, name: str, plain: str) -> Response:
    """A workbook under its name, and under a plain one for browsers that cannot read the other."""
    answer = Response(content, mimetype=_XLSX)
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", plain)
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    )
    return answer
