"""The blueprint that the views of this room share."""

from flask import Blueprint
from werkzeug.wrappers import Response

bp = Blueprint("setup", __name__)

Answer = Response | str | tuple[str, int]
