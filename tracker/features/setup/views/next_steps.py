"""The list of what a new house still needs."""

from __future__ import annotations

from flask import render_template

from tracker.core.access import requires
from tracker.domain.roles import Permission
from tracker.features.setup import pages
from tracker.features.setup.queries import has_steps_left, manages_house, progress
from tracker.features.setup.views.blueprint import bp


@bp.get("/next-steps")
@requires(Permission.MANAGE_HOUSE, where=manages_house, offered=has_steps_left)
def next_steps() -> str:
    """What comes next, each with its page, and whether it is done."""
    return render_template("setup/next_steps.html", steps=pages.next_steps(progress()))
