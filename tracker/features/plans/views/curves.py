"""The planned curve of an indicator."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from tracker.core.access import requires
from tracker.core.db import db, writing
from tracker.core.i18n import say
from tracker.domain.curves import curve_days, even_curve
from tracker.domain.errors import RuleError, StaleError
from tracker.domain.roles import Permission
from tracker.features.plans.forms import CurveForm, filled_curve, saved_curve, sent_curve
from tracker.features.plans.pages import curve_page
from tracker.features.plans.queries import curve_of, indicator_of, stamp_of_curve
from tracker.features.plans.services import CurveError, save_curve
from tracker.features.plans.views.blueprint import Answer, bp, plan_in_scope


@bp.get("/plans/<plan>/indicators/<indicator>/curve")
@requires(Permission.MANAGE_PLANS)
def curve(plan: str, indicator: str) -> str:
    """The curve to draw; ``fill=even`` offers the same share each month, which is not saved yet."""
    form = _saved(plan, indicator)
    if request.args.get("fill") == "even":
        form = filled_curve(list(form.typed), even_curve(list(form.typed)), form.version)
        flash(gettext("The same share is filled in for each month. It is not saved yet."), "info")
    return _page(plan, indicator, form)


@bp.post("/plans/<plan>/indicators/<indicator>/curve")
@requires(Permission.MANAGE_PLANS)
def store_curve(plan: str, indicator: str) -> Answer:
    """Draw the curve."""
    saved = _saved(plan, indicator)
    form = sent_curve(list(saved.typed), request.form)
    if not form.read():
        return _page(plan, indicator, form), 422
    try:
        with writing():
            found = plan_in_scope(plan)
            row = indicator_of(found, indicator)
            save_curve(found.plan, row, form.shares, version=form.version, actor=current_user)
            db.session.commit()
    except StaleError as error:
        flash(say(error), "error")
        return _page(plan, indicator, form, _saved(plan, indicator)), 409
    except CurveError as error:
        form.errors = {day: say(one) for day, one in error.by_day.items()}
        return _page(plan, indicator, form), 422
    except RuleError as error:
        flash(say(error), "error")
        return _page(plan, indicator, form), 422
    flash(gettext("Saved."), "success")
    return redirect(url_for(".indicator", plan=plan, indicator=indicator), 303)


def _saved(plan: str, indicator: str) -> CurveForm:
    found = plan_in_scope(plan)
    row = indicator_of(found, indicator)
    days = curve_days(found.plan.starts_on, found.plan.ends_on)
    return saved_curve(days, curve_of(row), stamp_of_curve(row))


def _page(plan: str, indicator: str, form: CurveForm, saved: CurveForm | None = None) -> str:
    found = plan_in_scope(plan)
    page = curve_page(found, indicator_of(found, indicator), form, saved)
    return render_template("plans/curve.html", page=page)
