"""The blueprint of the unit tree, and how its views fetch a unit and show what was refused."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash
from werkzeug.wrappers import Response

from tracker.core.access import current_scope
from tracker.core.i18n import say
from tracker.domain.errors import RuleError
from tracker.domain.roles import Permission
from tracker.features.org.queries import UnitRow, get_unit

bp = Blueprint("org", __name__)

Answer = Response | str | tuple[str, int]
MANAGE = Permission.MANAGE_UNITS


def managed_unit(code: str) -> UnitRow:
    """The unit of this code, if whoever asks manages it; otherwise it is not found."""
    return get_unit(current_scope(), MANAGE, code)


def show_refusal(form: Any, error: RuleError) -> None:
    """Say what is wrong at the field that it belongs to, or above the form."""
    if not form.show(error, say(error)):
        flash(say(error), "error")
