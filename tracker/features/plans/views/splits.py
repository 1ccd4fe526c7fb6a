"""Which units report an indicator, and what they are to reach."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_login import current_user

from tracker.core.access import requires
from tracker.core.db import db, writing
from tracker.core.i18n import say
from tracker.domain.errors import RuleError, StaleError
from tracker.domain.roles import Permission
from tracker.features.plans.forms import TargetsForm, saved_targets, sent_reporters, sent_targets
from tracker.features.plans.pages import reporters_page, targets_page
from tracker.features.plans.queries import (
    assigned_units,
    figures_of,
    indicator_of,
    split_of,
    stamp_of_reporters,
    tree_of,
)
from tracker.features.plans.services import save_targets, set_reporters
from tracker.features.plans.views.blueprint import Answer, bp, plan_in_scope


@bp.get("/plans/<plan>/indicators/<indicator>/units")
@requires(Permission.MANAGE_PLANS)
def reporters(plan: str, indicator: str) -> str:
    """The units that report an indicator, to tick."""
    return _reporters_page(plan, indicator)


@bp.post("/plans/<plan>/indicators/<indicator>/units")
@requires(Permission.MANAGE_PLANS)
def store_reporters(plan: str, indicator: str) -> Answer:
    """Have the ticked units report the indicator."""
    form = sent_reporters(request.form)
    try:
        with writing():
            found = plan_in_scope(plan)
            row, tree = indicator_of(found, indicator), tree_of(found.unit, on=found.plan.ends_on)
            chosen = form.chosen(tree, figures_of(found.plan.id).entered_by(row.id) & assigned_units(row))
            set_reporters(
                found.plan,
                row,
                [place.unit for place in chosen],
                known=[place.unit for place in tree],
                version=form.version,
                actor=current_user,
            )
            db.session.commit()
    except RuleError as error:
        flash(say(error), "error")
        page = _reporters_page(plan, indicator, form.units)
        return page, 409 if isinstance(error, StaleError) else 422
    flash(gettext("Saved. The sheets of these units hold the indicator from now on."), "success")
    return redirect(url_for(".indicator", plan=plan, indicator=indicator), 303)


@bp.get("/plans/<plan>/indicators/<indicator>/targets")
@requires(Permission.MANAGE_PLANS)
def targets(plan: str, indicator: str) -> str:
    """The grid of an indicator's targets."""
    found = plan_in_scope(plan)
    return _targets_page(plan, saved_targets(split_of(indicator_of(found, indicator), found.unit)))


@bp.post("/plans/<plan>/indicators/<indicator>/targets")
@requires(Permission.MANAGE_PLANS)
def store_targets(plan: str, indicator: str) -> Answer:
    """Set the targets that were sent: all of them, or none."""
    found = plan_in_scope(plan)
    form = sent_targets(split_of(indicator_of(found, indicator), found.unit), request.form)
    if not form.read():
        return _targets_page(plan, form), 422
    try:
        with writing():
            again = plan_in_scope(plan)
            split = split_of(indicator_of(again, indicator), again.unit)
            count = save_targets(
                again.plan, split, form.drafts, why=form.why(), version=form.version, actor=current_user
            )
            db.session.commit()
    except StaleError as error:
        flash(say(error), "error")
        return _targets_page(plan, _on_top(plan, indicator), is_stale=True), 409
    except RuleError as error:
        if not form.refuse(error):
            flash(say(error), "error")
        return _targets_page(plan, form), 422
    said = ngettext("%(num)s target changed.", "%(num)s targets changed.", count)
    flash(said if count else gettext("Nothing was different, so nothing was changed."), "success")
    return redirect(url_for(".indicator", plan=plan, indicator=indicator), 303)


def _on_top(plan: str, indicator: str) -> TargetsForm:
    """What was sent, on top of what is saved by now."""
    found = plan_in_scope(plan)
    split = split_of(indicator_of(found, indicator), found.unit)
    form = sent_targets(split, request.form)
    form.version = split.stamp
    return form


def _targets_page(plan: str, form: TargetsForm, *, is_stale: bool = False) -> str:
    found = plan_in_scope(plan)
    counts = figures_of(found.plan.id).has_approved(form.split.indicator.id)
    page = targets_page(found, form, counts=counts, is_stale=is_stale)
    return render_template("plans/targets.html", page=page)


def _reporters_page(plan: str, indicator: str, ticked: frozenset[str] | None = None) -> str:
    """The list with what is saved, or with what was ticked."""
    found = plan_in_scope(plan)
    row, tree = indicator_of(found, indicator), tree_of(found.unit, on=found.plan.ends_on)
    assigned = assigned_units(row)
    checked = {place.unit.id for place in tree if place.unit.code in ticked} if ticked else assigned
    locked = figures_of(found.plan.id).entered_by(row.id) & assigned
    page = reporters_page(
        found, row, tree, checked=checked | locked, locked=locked, version=stamp_of_reporters(assigned)
    )
    return render_template("plans/reporters.html", page=page)
