"""The blueprint of the room."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from tracker.core.access import current_scope
from tracker.domain.roles import Permission

bp = Blueprint("intake", __name__)

Answer = Response | str | tuple[str, int]
IMPORT = Permission.IMPORT_REPORTS


@bp.app_context_processor
def _links() -> dict[str, object]:
    """Let pages of other rooms show the way here to whoever may import."""
    return {"can_import_figures": lambda: current_scope().allows_somewhere(IMPORT)}
