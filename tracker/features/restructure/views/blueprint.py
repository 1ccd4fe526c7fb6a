"""The blueprint that the views of this room share."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

bp = Blueprint("places", __name__)

Answer = Response | str | tuple[str, int]
