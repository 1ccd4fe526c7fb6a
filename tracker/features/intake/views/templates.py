"""Templates to fill in: of one report, or of all units below one."""

from __future__ import annotations

from datetime import date

from flask import flash, redirect, request, url_for
from flask_login import current_user

from tracker.core.access import current_scope, requires
from tracker.core.clock import today
from tracker.core.db import db, writing
from tracker.core.i18n import say
from tracker.core.workbooks import handed_out
from tracker.domain.errors import NotFoundError, RuleError
from tracker.features.intake.services import record_template
from tracker.features.intake.sheets import template_file
from tracker.features.intake.views.blueprint import IMPORT, Answer, bp
from tracker.features.org.queries import UnitRow, get_unit, top_units
from tracker.features.plans.queries import PeriodRow, PlanRow, get_period, get_plan, periods_of_plan


@bp.get("/reports/<plan>/<unit>/<period>/template.xlsx")
@requires(IMPORT)
def template(plan: str, unit: str, period: str) -> Answer:
    """The template of one unit's report."""
    found = get_unit(current_scope(), IMPORT, unit)
    row = get_plan(found, as_of=None, code=plan)
    return _handed_out(found, row, get_period(row.id, period), alone=True)


@bp.get("/import/template.xlsx")
@requires(IMPORT)
def workbook() -> Answer:
    """A workbook with a sheet for each unit at and below one; without a choice, for the latest period."""
    scope, asked = current_scope(), request.args
    unit = (
        get_unit(scope, IMPORT, asked["unit"]) if asked.get("unit") else next(iter(top_units(scope, IMPORT)))
    )
    plan = get_plan(unit, as_of=today(), code=asked.get("plan") or None)
    period = get_period(plan.id, asked["period"]) if asked.get("period") else due_period(plan, today())
    return _handed_out(unit, plan, period, alone=False)


def due_period(plan: PlanRow, day: date) -> PeriodRow:
    """The last period that has begun, or the first one."""
    periods = periods_of_plan(plan.id)
    if not periods:
        raise NotFoundError("There is no such report.")
    begun = [one for one in periods if one.starts_on <= day]
    return (begun or periods[:1])[-1]


def _handed_out(unit: UnitRow, plan: PlanRow, period: PeriodRow, *, alone: bool) -> Answer:
    try:
        name, content = template_file(current_scope(), unit, plan, period, alone=alone)
    except RuleError as error:
        flash(say(error), "error")
        return redirect(url_for(".upload"), 303)
    with writing():
        record_template(f"report {plan.code}/{unit.code} {period.code}", actor=current_user)
        db.session.commit()
    return handed_out(content, name, plain=f"figures-{unit.code}-{period.code}.xlsx")
