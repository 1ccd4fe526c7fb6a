"""Answers that a browser keeps as a file."""

from __future__ import annotations

import re
from urllib.parse import quote

from flask import Response

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_answer(content: bytes, *, name: str, plain: str) -> Response:
    """A workbook under its name, and under a plain one for browsers that cannot read the other."""
    answer = Response(content, mimetype=_XLSX)
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", plain)
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    )
    return answer
