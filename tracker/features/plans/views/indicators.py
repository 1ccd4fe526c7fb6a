"""One indicator: making it, its page, changing it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from tracker.core.access import requires
from tracker.domain.roles import Permission
from tracker.features.plans.forms import Difference, IndicatorForm, indicator_form
from tracker.features.plans.models import Initiative
from tracker.features.plans.pages import indicator_history, indicator_page
from tracker.features.plans.queries import (
    ManagedPlan,
    changes_of_indicator,
    figures_of,
    indicator_of,
    initiative_of,
    neighbours_of,
    outline_of,
    split_of,
)
from tracker.features.plans.services import add_indicator, edit_indicator
from tracker.features.plans.views.blueprint import Answer, bp, plan_in_scope, serve_form


@bp.route("/plans/<plan>/initiatives/<int:initiative_id>/indicators/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_PLANS)
def new_indicator(plan: str, initiative_id: int) -> Answer:
    """Add an indicator."""
    found = plan_in_scope(plan)
    own = initiative_of(found, initiative_id)
    others = _initiatives(found)

    def act(form: IndicatorForm) -> str:
        again = plan_in_scope(plan)
        chosen = initiative_of(again, int(form.initiative.data))
        made = add_indicator(again.plan, chosen, form.draft(), actor=current_user)
        said = gettext("The indicator is added. Choose the units that report it, then set targets.")
        flash(said, "success")
        return url_for(".indicator", plan=plan, indicator=made.code)

    return serve_form(
        lambda: indicator_form(None, others, own),
        lambda: indicator_form(None, others, own, sent=request.form),
        act,
        _form_page(found, is_new=True),
    )


@bp.get("/plans/<plan>/indicators/<indicator>")
@requires(Permission.MANAGE_PLANS)
def indicator(plan: str, indicator: str) -> str:
    """An indicator with all that is set up around it."""
    found = plan_in_scope(plan)
    row = indicator_of(found, indicator)
    page = indicator_page(
        found,
        row,
        split_of(row, found.unit),
        figures_of(found.plan.id),
        indicator_history(changes_of_indicator(found.plan, row)),
        neighbours=neighbours_of(row.id),
    )
    return render_template("plans/indicator.html", page=page)


@bp.route("/plans/<plan>/indicators/<indicator>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_PLANS)
def change_indicator(plan: str, indicator: str) -> Answer:
    """Change what an indicator is."""
    found = plan_in_scope(plan)

    def form(sent: Any = None) -> IndicatorForm:
        row = indicator_of(found, indicator)
        own = initiative_of(found, row.initiative_id)
        has_figures = figures_of(found.plan.id).has_kept(row.id)
        return indicator_form(row, _initiatives(found), own, has_figures=has_figures, sent=sent)

    def act(form: IndicatorForm) -> str:
        again = plan_in_scope(plan)
        row, draft = indicator_of(again, indicator), form.draft()
        edit_indicator(
            again.plan,
            row,
            draft,
            form.category_drafts(),
            initiative=initiative_of(again, int(form.initiative.data)),
            version=form.seen,
            actor=current_user,
        )
        flash(gettext("Saved."), "success")
        return url_for(".indicator", plan=plan, indicator=draft.code)

    return serve_form(form, lambda: form(request.form), act, _form_page(found, code=indicator))


def _initiatives(found: ManagedPlan) -> list[Initiative]:
    return [row.initiative for pillar in outline_of(found.plan) for row in pillar.initiatives]


def _form_page(found: ManagedPlan, *, code: str | None = None, is_new: bool = False) -> Any:
    def show(form: IndicatorForm, conflict: Sequence[Difference]) -> str:
        return render_template(
            "plans/indicator_edit.html", form=form, found=found, code=code, conflict=conflict, is_new=is_new
        )

    return show
