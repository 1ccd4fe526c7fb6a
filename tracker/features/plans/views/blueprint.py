"""The blueprint that the views of this room share, and how they answer a form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response

from tracker.core.access import current_scope
from tracker.core.db import db, writing
from tracker.core.i18n import say
from tracker.domain.errors import RuleError, StaleError
from tracker.features.plans.forms import Difference, SentForm
from tracker.features.plans.queries import ManagedPlan, managed_plan

bp = Blueprint("plans", __name__)

Answer = Response | str | tuple[str, int]
F = TypeVar("F", bound=SentForm)


def plan_in_scope(code: str) -> ManagedPlan:
    """The plan of this code, if whoever asks may change it."""
    return managed_plan(current_scope(), code)


def serve_form(
    saved: Callable[[], F],
    sent: Callable[[], F],
    act: Callable[[F], str],
    show: Callable[[F, Sequence[Difference]], str],
) -> Answer:
    """Show a form; or do what was sent and go to the address that ``act`` returns.

    What is refused comes back as it was typed, with the sentence at its field. When somebody else
    was quicker, both versions are shown, and whoever sends again overwrites knowingly.
    """
    if request.method == "GET":
        return show(saved(), ())
    form = sent()
    if not form.validate():
        return show(form, ()), 422
    try:
        with writing():
            to = act(form)
            db.session.commit()
    except StaleError as error:
        flash(say(error), "error")
        return show(form, form.against(saved())), 409
    except RuleError as error:
        form.refuse(error)
        return show(form, ()), 422
    return redirect(to, 303)
