"""Pillars and initiatives; moving and deleting the parts of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user

from tracker.core.access import requires
from tracker.core.db import db, writing
from tracker.core.i18n import say
from tracker.domain.errors import RuleError
from tracker.domain.roles import Permission
from tracker.features.plans.forms import (
    Difference,
    InitiativeForm,
    PillarForm,
    saved_initiative_form,
    saved_pillar_form,
    text,
)
from tracker.features.plans.models import Indicator, Initiative, Pillar
from tracker.features.plans.queries import (
    ManagedPlan,
    indicator_by_id,
    initiative_of,
    pillar_of,
    stamp_of_initiative,
    tree_of,
)
from tracker.features.plans.services import (
    Move,
    add_initiative,
    add_pillar,
    delete_indicator,
    delete_initiative,
    delete_pillar,
    edit_initiative,
    edit_pillar,
    move_part,
)
from tracker.features.plans.views.blueprint import Answer, bp, plan_in_scope, serve_form

PART = "/plans/<plan>/<any(pillars, initiatives, indicators):kind>/<int:part>"


@bp.route("/plans/<plan>/pillars/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_PLANS)
def new_pillar(plan: str) -> Answer:
    """Add a pillar."""
    found = plan_in_scope(plan)

    def act(form: PillarForm) -> str:
        name, name_en = text(form.name.data) or "", text(form.name_en.data)
        add_pillar(plan_in_scope(plan).plan, name, name_en=name_en, actor=current_user)
        flash(gettext("The pillar is added at the end."), "success")
        return url_for(".show", plan=plan)

    return serve_form(lambda: saved_pillar_form(None), PillarForm, act, _pillar_page(found, is_new=True))


@bp.route("/plans/<plan>/pillars/<int:pillar_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_PLANS)
def pillar(plan: str, pillar_id: int) -> Answer:
    """Rename a pillar."""
    found = plan_in_scope(plan)
    pillar_of(found, pillar_id)

    def act(form: PillarForm) -> str:
        again = plan_in_scope(plan)
        edit_pillar(
            again.plan,
            pillar_of(again, pillar_id),
            text(form.name.data) or "",
            name_en=text(form.name_en.data),
            version=form.seen,
            actor=current_user,
        )
        flash(gettext("Saved."), "success")
        return url_for(".show", plan=plan)

    return serve_form(
        lambda: saved_pillar_form(pillar_of(found, pillar_id)), PillarForm, act, _pillar_page(found)
    )


@bp.route("/plans/<plan>/pillars/<int:pillar_id>/initiatives/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_PLANS)
def new_initiative(plan: str, pillar_id: int) -> Answer:
    """Add an initiative."""
    found = plan_in_scope(plan)
    pillar_of(found, pillar_id)
    tree = tree_of(found.unit)

    def act(form: InitiativeForm) -> str:
        again, draft = plan_in_scope(plan), form.draft()
        into = pillar_of(again, pillar_id)
        made = add_initiative(into, draft.name, name_en=draft.name_en, actor=current_user)
        edit_initiative(again.plan, made, draft, version=stamp_of_initiative(made), actor=current_user)
        flash(gettext("The initiative is added. Add its indicators now."), "success")
        return url_for(".show", plan=plan, _anchor=f"initiative-{made.id}")

    return serve_form(
        lambda: saved_initiative_form(None, tree),
        lambda: InitiativeForm(tree),
        act,
        _initiative_page(found, is_new=True),
    )


@bp.route("/plans/<plan>/initiatives/<int:initiative_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_PLANS)
def initiative(plan: str, initiative_id: int) -> Answer:
    """Change an initiative."""
    found = plan_in_scope(plan)
    initiative_of(found, initiative_id)
    tree = tree_of(found.unit)

    def act(form: InitiativeForm) -> str:
        again = plan_in_scope(plan)
        part = initiative_of(again, initiative_id)
        edit_initiative(again.plan, part, form.draft(), version=form.seen, actor=current_user)
        flash(gettext("Saved."), "success")
        return url_for(".show", plan=plan, _anchor=f"initiative-{initiative_id}")

    return serve_form(
        lambda: saved_initiative_form(initiative_of(found, initiative_id), tree),
        lambda: InitiativeForm(tree),
        act,
        _initiative_page(found),
    )


@bp.post(f"{PART}/move-<any(up, down):move>")
@requires(Permission.MANAGE_PLANS)
def move(plan: str, kind: str, part: int, move: str) -> Answer:
    """Let a part change places with its neighbour."""
    with writing():
        found = plan_in_scope(plan)
        move_part(found.plan, _part(found, kind, part), Move(move), actor=current_user)
        db.session.commit()
    return redirect(url_for(".show", plan=plan, _anchor=f"{kind[:-1]}-{part}"), 303)


@bp.post(f"{PART}/delete")
@requires(Permission.MANAGE_PLANS)
def delete_part(plan: str, kind: str, part: int) -> Answer:
    """Delete a part that is still unused."""
    try:
        with writing():
            found = plan_in_scope(plan)
            _delete(found, _part(found, kind, part))
            db.session.commit()
        flash(gettext("Deleted."), "success")
    except RuleError as error:
        flash(say(error), "error")
    return redirect(url_for(".show", plan=plan), 303)


def _part(found: ManagedPlan, kind: str, part: int) -> Pillar | Initiative | Indicator:
    if kind == "pillars":
        return pillar_of(found, part)
    if kind == "initiatives":
        return initiative_of(found, part)
    return indicator_by_id(found, part)


def _delete(found: ManagedPlan, part: Pillar | Initiative | Indicator) -> None:
    if isinstance(part, Pillar):
        delete_pillar(found.plan, part, actor=current_user)
    elif isinstance(part, Initiative):
        delete_initiative(found.plan, part, actor=current_user)
    else:
        delete_indicator(found.plan, part, actor=current_user)


def _pillar_page(found: ManagedPlan, *, is_new: bool = False) -> Any:
    def show(form: PillarForm, conflict: Sequence[Difference]) -> str:
        return render_template("plans/pillar.html", form=form, found=found, conflict=conflict, is_new=is_new)

    return show


def _initiative_page(found: ManagedPlan, *, is_new: bool = False) -> Any:
    def show(form: InitiativeForm, conflict: Sequence[Difference]) -> str:
        return render_template(
            "plans/initiative.html", form=form, found=found, conflict=conflict, is_new=is_new
        )

    return show
