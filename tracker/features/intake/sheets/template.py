"""The template: a protected sheet for each unit, with a row for each figure of a period."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext

from tracker.core.access import Scope
from tracker.core.clock import now, today, zone
from tracker.core.format import day as day_words
from tracker.core.format import period_label
from tracker.core.i18n import definition_of, language, name_of
from tracker.core.instance import instance_facts
from tracker.core.workbooks import help_sheet
from tracker.domain.errors import N_, RuleError
from tracker.domain.measures import ReportedAs
from tracker.domain.review import ReportState
from tracker.domain.roles import Permission
from tracker.domain.rollup import ValueState
from tracker.excel.columns import Align, Book, Check, Column, FontSet, Sheet, Table, Value, decimals
from tracker.excel.write import write
from tracker.features.intake.services import said_of, stamp_for
from tracker.features.intake.sheets.reading import heading
from tracker.features.org.queries import UnitRow
from tracker.features.places.queries import subtree
from tracker.features.plans.queries import PeriodRow, PlanRow, units_assigned
from tracker.features.reports.queries import Cell, aims_on, figures_of_units
from tracker.features.reports.queries import Sheet as Report
from tracker.features.reports.services import check_importable

MOST_UNITS = 120
"""More sheets make a workbook that an office PC opens too slowly."""

_ENGLISH_FONTS = FontSet(title="Times New Roman", body="Times New Roman", head="Arial", title_size=18)


@dataclass(frozen=True)
class _Row:
    number: int
    sheet: Report
    cell: Cell
    is_open: bool


def template_file(
    scope: Scope, top: UnitRow, plan: PlanRow, period: PeriodRow, *, alone: bool
) -> tuple[str, bytes]:
    """(file name, content) of the template of a unit alone, or of all units in scope at and below it.

    Raises :class:`RuleError` when no unit there reports in the period, or too many do.
    """
    assigned = units_assigned(plan.id)
    units = [top] if alone else subtree(top.path)
    units = [one for one in units if one.id in assigned and scope.allows(Permission.IMPORT_REPORTS, one.path)]
    if len(units) > MOST_UNITS:
        raise RuleError(
            N_(
                "%(units)s units report here, more than a workbook holds well (%(most)s). Choose a "
                "unit further down."
            ),
            units=len(units),
            most=MOST_UNITS,
        )
    figures = figures_of_units(plan, units)
    aims = aims_on(plan, units, period.ends_on)
    sheets = [figures[unit.id].sheet(period, aims) for unit in sorted(units, key=lambda one: one.code)]
    sheets = [sheet for sheet in sheets if sheet.cells]
    if not sheets:
        raise RuleError(N_("Nobody at this unit reports in this period."))
    title = gettext("Figures of %(unit)s, %(period)s", unit=name_of(top), period=period_label(period.code))
    fonts = _ENGLISH_FONTS if language() == "en" else FontSet()
    book = Book(title, (*(_sheet(one, fonts) for one in sheets), _help(fonts)), now().astimezone(zone()))
    return re.sub(r'[\\/:*?"<>|\x00-\x1f\s]+', "-", f"{title}.xlsx"), write(book)


def _sheet(report: Report, fonts: FontSet) -> Sheet:
    try:
        check_importable(report, ReportState.DRAFT)
        closed = None
    except RuleError as error:
        closed = error
    rows = [_Row(n, report, cell, closed is None) for n, cell in enumerate(report.cells, start=1)]
    place = f"{name_of(report.unit)} · {period_label(report.period.code)}"
    notes = [
        gettext("Only the yellow cells can be filled in. An empty cell changes nothing."),
        gettext(
            "The definition of each indicator is in the comment at its name. Upload this file again "
            "on the page “Figures from Excel”."
        ),
    ]
    if closed is not None:
        notes.insert(
            0, gettext(closed.message, **closed.params) if closed.params else gettext(closed.message)
        )
    if instance_facts().is_sample:
        notes.append(gettext("Sample data: figures and names are illustrative"))
    return Sheet(
        name=name_of(report.unit),
        title=gettext("Figures to be reported: %(place)s", place=place),
        left=gettext("Plan: %(plan)s", plan=name_of(report.plan)),
        right=gettext("Made on %(day)s", day=day_words(today())),
        tables=(Table(columns=_columns(), rows=rows),),
        notes=tuple(notes),
        footer=gettext("Page &P of &N"),
        fonts=fonts,
        freeze_columns=4,
        protected=True,
    )


def _columns() -> tuple[Column[_Row], ...]:
    left, right = Align.LEFT, Align.RIGHT
    is_open: Callable[[_Row], bool] = lambda row: row.is_open  # noqa: E731 (a key with a type)
    return (
        Column("number", (gettext("No."),), lambda row: row.number, 6),
        Column("indicator", (heading("indicator"),), lambda row: row.cell.indicator.code, 10),
        Column("name", (gettext("Indicator and its definition"),), _name, 30, align=left, note=_definition),
        Column("category", (heading("category"),), _category, 12),
        Column("measure", (gettext("Unit of measure"),), _measure, 9),
        Column("target", (gettext("Target"),), _target, 11, _format, right),
        Column("last", (gettext("Last period"),), _last, 11, _format, right),
        Column(
            "value",
            (heading("value"),),
            _value,
            13,
            _format,
            right,
            entered=is_open,
            check=_number,
            note=_asked,
        ),
        Column(
            "whole",
            (heading("whole"),),
            _whole,
            12,
            "#,##0",
            right,
            entered=lambda row: row.is_open and row.cell.indicator.measure.has_denominator,
            check=lambda _: Check(heading("value"), _says(0, False), decimals=0),
        ),
        Column("na", (heading("na"),), _not_applicable, 9, entered=is_open, check=_yes),
        Column(
            "reason", (heading("reason"),), lambda row: _text(row, "reason"), 20, align=left, entered=is_open
        ),
        Column("note", (heading("note"),), lambda row: _text(row, "note"), 20, align=left, entered=is_open),
        Column("unit", (heading("unit"),), lambda row: row.sheet.unit.code, 10, hidden=True),
        Column("period", (heading("period"),), lambda row: row.sheet.period.code, 10, hidden=True),
        Column("plan", (heading("plan"),), lambda row: row.sheet.plan.code, 10, hidden=True),
        Column("stamp", (heading("stamp"),), _stamp, 16, hidden=True),
    )


def _name(row: _Row) -> str:
    indicator = row.cell.indicator
    return f"{indicator.number} {name_of(indicator)}" if indicator.number else name_of(indicator)


def _definition(row: _Row) -> str | None:
    return definition_of(row.cell.indicator) or None


def _category(row: _Row) -> str | None:
    return name_of(row.cell.category) if row.cell.category else None


def _measure(row: _Row) -> str:
    indicator = row.cell.indicator
    return (indicator.unit_of_measure_en if language() == "en" else None) or indicator.unit_of_measure


def _format(row: _Row) -> str:
    indicator = row.cell.indicator
    return decimals(0 if indicator.measure.has_denominator else indicator.decimals)


def _target(row: _Row) -> Value:
    aim = row.cell.aim.aim.target if row.cell.aim and not row.cell.category else None
    if aim is None:
        return None
    return Decimal(aim.numerator) / aim.denominator


def _last(row: _Row) -> Value:
    last = row.cell.last
    if last is None:
        return None
    if last.state is ValueState.NOT_APPLICABLE:
        return gettext("Not applicable")
    if last.denominator is not None:
        return f"{last.value:,.0f}/{last.denominator:,.0f}"
    if row.cell.indicator.reported_as is ReportedAs.RUNNING_TOTAL:
        return row.cell.total_before
    return last.value


def _value(row: _Row) -> Value:
    shown = said_of(row.cell)[0]
    return Decimal(shown) if shown else None


def _whole(row: _Row) -> Value:
    shown = said_of(row.cell)[1]
    return Decimal(shown) if shown else None


def _not_applicable(row: _Row) -> str | None:
    return _word_yes() if said_of(row.cell)[2] else None


def _text(row: _Row, field: str) -> str | None:
    return getattr(row.cell.entry, field) if row.cell.entry else None


def _stamp(row: _Row) -> str:
    return stamp_for(row.cell, said_of(row.cell))


def _word_yes() -> str:
    return gettext("Yes")


def _yes(_: _Row) -> Check:
    return Check(
        gettext("Not applicable"), gettext("Choose from the list, or leave it empty."), words=(_word_yes(),)
    )


def _number(row: _Row) -> Check:
    indicator = row.cell.indicator
    places = 0 if indicator.measure.has_denominator else indicator.decimals
    negative = indicator.may_be_negative
    return Check(heading("value"), _says(places, negative), decimals=places, negative=negative)


def _says(places: int, negative: bool) -> str:
    if places == 0:
        return gettext("Enter a whole number.") if negative else gettext("Enter a whole number of 0 or more.")
    return gettext("Enter a number with at most %(places)s decimal places.", places=places)


def _asked(row: _Row) -> str | None:
    indicator, entry = row.cell.indicator, row.cell.entry
    if entry is not None and entry.is_carried:
        return gettext("Taken over from the last period. Enter this period's figure to confirm it.")
    if indicator.measure.has_denominator:
        return gettext("Enter the part here and the whole beside it.")
    if indicator.reported_as is ReportedAs.RUNNING_TOTAL:
        return gettext("Enter the running total since the plan began.")
    return None


def _help(fonts: FontSet) -> Sheet:
    rows: Sequence[tuple[str, str]] = [
        (
            heading("value"),
            gettext(
                "The figure of this period, in the unit of measure of its row. Write 0 when it is 0; "
                "leave it empty when nothing is to be changed."
            ),
        ),
        (heading("whole"), gettext("Only for shares: of how many.")),
        (
            heading("na"),
            gettext(
                "Choose “Yes” when the indicator does not apply to the unit, and say why under “Reason”."
            ),
        ),
        (heading("reason"), gettext("Why a figure is unusual, or does not apply.")),
        (heading("note"), gettext("Anything that the reviewer should know.")),
    ]
    return help_sheet(rows, fonts)
