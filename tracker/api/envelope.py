"""The one shape of every answer: ``{"data": …, "meta": {…}}``; errors are made by the core."""

from __future__ import annotations

from flask import Response, jsonify


def answer(data: object, **meta: object) -> Response:
    """Wrap an answer."""
    return jsonify(data=data, meta=meta)
