"""The settings, to look at: they are read once, when the program starts."""

from __future__ import annotations

from flask import Blueprint, render_template

from tracker.core.access import requires
from tracker.domain.roles import Permission
from tracker.features.upkeep.pages import setting_lines
from tracker.features.upkeep.queries import home, manages_house, setting_rows

bp = Blueprint("settings", __name__)


@bp.get("/settings")
@requires(Permission.MANAGE_HOUSE, where=manages_house)
def index() -> str:
    """Every setting with its value and where that comes from."""
    return render_template("settings/index.html", lines=setting_lines(setting_rows()), folder=home())
