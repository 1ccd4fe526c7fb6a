"""The list of plans; making, editing, copying and deleting a plan."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user

from tracker.core.access import current_scope, requires
from tracker.core.clock import today
from tracker.core.db import db, writing
from tracker.core.history import history_steps
from tracker.core.i18n import say
from tracker.domain.errors import RuleError
from tracker.domain.roles import Permission
from tracker.features.plans.forms import (
    CopyForm,
    NewPlanForm,
    PlanForm,
    saved_plan_form,
    suggested_copy_form,
)
from tracker.features.plans.pages import outline_page, plan_lines
from tracker.features.plans.queries import (
    changes_of_plan,
    figures_of,
    managed_plans,
    outline_of,
    units_for_plans,
)
from tracker.features.plans.services import copy_plan, create_plan, delete_plan, edit_plan
from tracker.features.plans.views.blueprint import Answer, bp, plan_in_scope, serve_form


@bp.get("/plans")
@requires(Permission.MANAGE_PLANS)
def index() -> str:
    """The plans that may be changed."""
    return render_template("plans/index.html", plans=plan_lines(managed_plans(current_scope()), on=today()))


@bp.route("/plans/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_PLANS)
def new() -> Answer:
    """Make a plan."""
    units = units_for_plans(current_scope())

    def act(form: NewPlanForm) -> str:
        plan = create_plan(**form.values(), actor=current_user)
        flash(gettext("The plan is made. Add its first pillar now."), "success")
        return url_for(".show", plan=plan.code)

    return serve_form(
        lambda: NewPlanForm(units, formdata=None),
        lambda: NewPlanForm(units),
        act,
        lambda form, _conflict: render_template("plans/new.html", form=form),
    )


@bp.get("/plans/<plan>")
@requires(Permission.MANAGE_PLANS)
def show(plan: str) -> str:
    """A plan as an outline."""
    found = plan_in_scope(plan)
    page = outline_page(
        found,
        outline_of(found.plan),
        figures_of(found.plan.id),
        history_steps(changes_of_plan(found.plan)),
        on=today(),
    )
    return render_template("plans/show.html", page=page)


@bp.route("/plans/<plan>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_PLANS)
def edit(plan: str) -> Answer:
    """Rename a plan or change its limits."""
    found = plan_in_scope(plan)

    def act(form: PlanForm) -> str:
        edit_plan(plan_in_scope(plan).plan, form.draft(), version=form.seen, actor=current_user)
        flash(gettext("Saved."), "success")
        return url_for(".show", plan=plan)

    return serve_form(
        lambda: saved_plan_form(plan_in_scope(plan).plan),
        PlanForm,
        act,
        lambda form, conflict: render_template("plans/edit.html", form=form, found=found, conflict=conflict),
    )


@bp.route("/plans/<plan>/copy", methods=["GET", "POST"])
@requires(Permission.MANAGE_PLANS)
def copy(plan: str) -> Answer:
    """Carry a plan into a later year."""
    found = plan_in_scope(plan)

    def act(form: CopyForm) -> str:
        source = plan_in_scope(plan)
        made = copy_plan(source.plan, form.draft(), unit=source.unit, actor=current_user)
        flash(gettext("The copy is made. Look through it and change what is different this time."), "success")
        return url_for(".show", plan=made.code)

    return serve_form(
        lambda: suggested_copy_form(found.plan),
        CopyForm,
        act,
        lambda form, _conflict: render_template("plans/copy.html", form=form, found=found),
    )


@bp.post("/plans/<plan>/delete")
@requires(Permission.MANAGE_PLANS)
def delete(plan: str) -> Answer:
    """Delete an empty plan."""
    try:
        with writing():
            delete_plan(plan_in_scope(plan).plan, actor=current_user)
            db.session.commit()
    except RuleError as error:
        flash(say(error), "error")
        return redirect(url_for(".show", plan=plan), 303)
    flash(gettext("The plan %(code)s is deleted.", code=plan), "success")
    return redirect(url_for(".index"), 303)
