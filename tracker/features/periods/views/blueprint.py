"""What all pages of periods share."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect
from werkzeug.wrappers import Response

from tracker.core.access import current_scope
from tracker.core.db import db, writing
from tracker.core.forms import show_refusal
from tracker.core.i18n import say
from tracker.domain.errors import RuleError, StaleError
from tracker.features.periods.forms import (
    FirstPeriodForm,
    RecomputeForm,
    SeenForm,
)
from tracker.features.periods.queries import (
    ManagedPlan,
    get_managed_plan,
)

bp = Blueprint("periods", __name__)

Answer = Response | str | tuple[str, int]


def decide(
    form: SeenForm | RecomputeForm | FirstPeriodForm,
    act: Callable[[], str],
    again: Callable[[], str],
    onward: str,
) -> Answer:
    """Check the form, run the change and go on, saying what was done; where it is refused, the page again."""
    if not form.validate_on_submit():
        return again(), 422
    try:
        with writing():
            done = act()
            db.session.commit()
    except StaleError as error:
        flash(say(error), "error")
        return again(), 409
    except RuleError as error:
        show_refusal(form, error)
        return again(), 422
    flash(done, "success")
    return redirect(onward, 303)


def plan_at(code: str) -> ManagedPlan:
    """The plan of this code in scope."""
    return get_managed_plan(current_scope(), code)
