"""The line above the pages of administration that reminds of a backup."""

from __future__ import annotations

from flask import Flask, request

from tracker.core.access import current_scope
from tracker.features.upkeep.pages import age_notice
from tracker.features.upkeep.queries import last_backup_at, manages_house


def init_notice(app: Flask) -> None:
    """Give the layout ``backup_notice()``, which costs nothing where it is not asked for."""
    app.context_processor(lambda: {"backup_notice": _notice})


def _notice() -> str | None:
    """What to tell whoever can make a backup; their page of backups says it itself."""
    if request.endpoint == "upkeep.index" or not manages_house(current_scope()):
        return None
    try:
        return age_notice(last_backup_at())
    except OSError:
        # The folder's own page tells what is wrong with it; a reminder must not stop any other.
        return None
