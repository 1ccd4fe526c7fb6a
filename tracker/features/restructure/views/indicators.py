"""Replacing an indicator by another: it is shown before it is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from tracker.core.access import current_scope, requires
from tracker.core.db import db, taken_back, writing
from tracker.domain.errors import RuleError, StaleError
from tracker.domain.roles import Permission
from tracker.features.plans.models import Indicator
from tracker.features.plans.queries import ManagedPlan, indicator_of, initiative_of, managed_plan
from tracker.features.restructure.forms import SuccessorForm, successor_form
from tracker.features.restructure.pages import successor_page
from tracker.features.restructure.queries import codes_of, indicator_seen, periods_to_begin
from tracker.features.restructure.services import Trial, replace_indicator, try_replacement
from tracker.features.restructure.views.blueprint import Answer, bp

PREVIEW = "preview"
"""What the button is called that only shows what would be done."""


@bp.get("/plans/<plan>/indicators/<indicator>/replace")
@requires(Permission.MANAGE_PLANS)
def replace(plan: str, indicator: str) -> Answer:
    """Ask what is to be counted instead."""
    found, old = _find(plan, indicator)
    return _page(found, old, _form(found, old), None)


@bp.post("/plans/<plan>/indicators/<indicator>/replace")
@requires(Permission.MANAGE_PLANS)
def confirm_replace(plan: str, indicator: str) -> Answer:
    """Show what would be done, or do it."""
    found, old = _find(plan, indicator)
    form = _form(found, old, request.form)
    if not form.validate():
        return _page(found, old, form, None), 422
    try:
        if request.form.get("action") == PREVIEW:
            return _page(found, old, form, _try(plan, indicator, form), _sent())
        with writing():
            found, old = _find(plan, indicator)
            indicator_seen(old, form.seen)
            made = replace_indicator(
                found.plan, old, form.draft(), day=form.on, reason=form.why.data or "", actor=current_user
            )
            db.session.commit()
    except RuleError as error:
        form.refuse(error)
        return _page(found, old, form, None), 409 if isinstance(error, StaleError) else 422
    flash(gettext("The indicator is replaced. Set the targets of the new one."), "success")
    return redirect(url_for("plans.indicator", plan=plan, indicator=made.code), 303)


def _find(plan: str, indicator: str) -> tuple[ManagedPlan, Indicator]:
    found = managed_plan(current_scope(), plan)
    return found, indicator_of(found, indicator)


def _form(found: ManagedPlan, old: Indicator, sent: Any = None) -> SuccessorForm:
    return successor_form(
        old,
        initiative_of(found, old.initiative_id),
        periods_to_begin(found.plan, old),
        codes_of(found.plan),
        sent,
    )


def _try(plan: str, indicator: str, form: SuccessorForm) -> Trial:
    with taken_back():
        found, old = _find(plan, indicator)
        indicator_seen(old, form.seen)
        reason = form.why.data or ""
        return try_replacement(
            found.plan, found.unit, old, form.draft(), day=form.on, reason=reason, actor=current_user
        )


def _sent() -> list[tuple[str, str]]:
    """What was sent, to be sent again when it is confirmed."""
    pairs = request.form.items(multi=True)
    return [(name, value) for name, value in pairs if name not in {"csrf_token", "action"}]


def _page(
    found: ManagedPlan,
    old: Indicator,
    form: SuccessorForm,
    trial: Trial | None,
    sent: Sequence[tuple[str, str]] = (),
) -> str:
    page = successor_page(found, old, form, trial, sent)
    return render_template("restructure/replace.html", page=page)
