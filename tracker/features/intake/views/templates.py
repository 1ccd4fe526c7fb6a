"""Templates to fill in: of one report, or of all units below one."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user

from tracker.core.access import current_scope, requires
from tracker.core.clock import today
from tracker.core.db import db, writing
from tracker.core.i18n import say
from tracker.core.workbooks import handed_out
from tracker.domain.errors import RuleError
from tracker.features.intake.queries import WorkbookPlace, get_workbook_place, usual_place, workbook_places
from tracker.features.intake.services import record_template
from tracker.features.intake.sheets import template_file
from tracker.features.intake.views.blueprint import IMPORT, Answer, bp
from tracker.features.org.queries import UnitRow, get_unit
from tracker.features.plans.queries import PeriodRow, PlanRow, get_period, get_plan


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
    """A workbook with a sheet for each unit at and below one; without a choice, for the usual period."""
    scope, asked = current_scope(), request.args.get("place")
    if asked:
        place: WorkbookPlace | None = get_workbook_place(scope, IMPORT, asked)
    else:
        place = usual_place(workbook_places(scope, IMPORT, until=today()), today())
    if place is None:
        flash(gettext("There is no plan with periods yet, so there is nothing to fill in."), "info")
        return redirect(url_for(".upload"), 303)
    return _handed_out(place.unit, place.plan, place.period, alone=False)


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
