"""The calendar's pages: a year, and one of its days."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.core.access import current_scope, requires
from tracker.core.clock import today
from tracker.core.db import db, writing
from tracker.core.forms import show_refusal, typed_day, typed_number
from tracker.core.i18n import say
from tracker.domain.errors import RuleError, StaleError
from tracker.domain.roles import Permission
from tracker.features.calendar.forms import DayForm, VersionForm, day_form
from tracker.features.calendar.pages import day_page, year_page
from tracker.features.calendar.queries import (
    DayRow,
    days_of,
    get_day,
    may_change_calendar,
    shown_years,
    work_calendar,
)
from tracker.features.calendar.services import add_day, change_day, load_year, remove_day

bp = Blueprint("calendar", __name__)

Answer = Response | str | tuple[str, int]


@bp.get("/calendar")
@requires(Permission.MANAGE_HOUSE)
def index() -> str:
    """A year at a glance."""
    return _year(_asked_year(), DayForm(formdata=None))


@bp.post("/calendar")
@requires(Permission.MANAGE_HOUSE)
def add() -> Answer:
    """Enter a day."""
    _only_at_the_top()
    form = DayForm()
    if not form.validate_on_submit():
        return _year(_asked_year(), form), 422
    draft = form.draft()
    try:
        with writing():
            add_day(draft, actor=current_user)
            db.session.commit()
    except RuleError as error:
        show_refusal(form, error)
        return _year(_asked_year(), form), 422
    flash(gettext("Entered. Due dates that stand already have not changed."), "success")
    return redirect(url_for(".index", year=draft.day.year), 303)


@bp.get("/calendar/<day>")
@requires(Permission.MANAGE_HOUSE)
def edit(day: str) -> str:
    """One day of the calendar."""
    row = _day(day)
    return _one(row, day_form(row))


@bp.post("/calendar/<day>")
@requires(Permission.MANAGE_HOUSE)
def save(day: str) -> Answer:
    """Change what a day is."""
    _only_at_the_top()
    row, form = _day(day), DayForm()
    form.day.data = row.day.isoformat()
    if not form.validate_on_submit():
        return _one(row, form), 422
    try:
        with writing():
            change_day(form.draft(), version=form.seen, actor=current_user)
            db.session.commit()
    except StaleError as error:
        flash(say(error), "error")
        return _one(_day(day), form, renew=True), 409
    except RuleError as error:
        show_refusal(form, error)
        return _one(row, form), 422
    flash(gettext("Changed. Due dates that stand already have not changed."), "success")
    return redirect(url_for(".index", year=row.day.year), 303)


@bp.post("/calendar/<day>/remove")
@requires(Permission.MANAGE_HOUSE)
def remove(day: str) -> Answer:
    """Take a day out of the calendar."""
    _only_at_the_top()
    row = _day(day)
    try:
        with writing():
            remove_day(row.day, version=VersionForm().seen, actor=current_user)
            db.session.commit()
    except StaleError as error:
        flash(say(error), "error")
        return _one(_day(day), day_form(_day(day))), 409
    flash(gettext("Removed. Due dates that stand already have not changed."), "success")
    return redirect(url_for(".index", year=row.day.year), 303)


@bp.post("/calendar/years/<int:year>/load")
@requires(Permission.MANAGE_HOUSE)
def load(year: int) -> Response:
    """Put a year back as it was published."""
    _only_at_the_top()
    with writing():
        changed = load_year(year, actor=current_user)
        db.session.commit()
    flash(
        ngettext("%(num)s day put back as published.", "%(num)s days put back as published.", changed),
        "success",
    )
    return redirect(url_for(".index", year=year), 303)


def _only_at_the_top() -> None:
    """The calendar is the whole house's: below its top there is nothing to change."""
    if not may_change_calendar(current_scope()):
        abort(404)


def _asked_year() -> int:
    """The year of the address, or else today's; nonsense shows today's."""
    asked = typed_number(request.args.get("year")) or 0
    return asked if 2000 <= asked <= 2100 else today().year


def _day(text: str) -> DayRow:
    day = typed_day(text)
    if day is None:
        abort(404)
    return get_day(day)


def _year(year: int, form: DayForm) -> str:
    page = year_page(
        year,
        days_of(year),
        work_calendar(),
        form,
        years=shown_years(year, today().year),
        can_change=may_change_calendar(current_scope()),
    )
    return render_template("calendar/index.html", page=page)


def _one(row: DayRow, form: DayForm, *, renew: bool = False) -> str:
    """A day's page; with ``renew``, whoever has been shown the day as it is now may write on top of it."""
    if renew:
        form.version.data = str(row.version)
    page = day_page(row, form, can_change=may_change_calendar(current_scope()))
    return render_template("calendar/edit.html", page=page)
