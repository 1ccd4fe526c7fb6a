"""Whether the product can work: for the start-up script and for monitoring."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryFile

from flask import Blueprint, Response, current_app, jsonify

from tracker.core.access import public
from tracker.core.db import can_write

bp = Blueprint("health", __name__)

_PROBE = 64 * 1024
"""Bytes for which there must be room."""


@bp.get("/healthz")
@public
def healthz() -> tuple[Response, int]:
    """Whether database and instance folder can be written; 503 when one cannot."""
    found = {"database": can_write(), "instance_folder": _folder()}
    fine = all(found.values())
    return jsonify(status="ok" if fine else "failing", checks=found), 200 if fine else 503


def _folder() -> bool:
    folder = Path(current_app.instance_path)
    try:
        with TemporaryFile(dir=folder) as file:
            # A name can still be made on a disk that is full.
            file.write(bytes(_PROBE))
            file.flush()
            return os.access(folder, os.W_OK)
    except OSError:
        return False
