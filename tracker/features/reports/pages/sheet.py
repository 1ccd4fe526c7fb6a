"""One report: saved values and typed forms turned into words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

from tracker.core.history import HistoryRow, HistoryStep, history_steps
from tracker.core.i18n import name_of
from tracker.domain.errors import RuleError
from tracker.domain.numbers import PLACES, parse_number, plain
from tracker.domain.review import ReportState, Step, may
from tracker.features.org.queries import UnitRow
from tracker.features.plans.queries import PeriodRow, PlanRow
from tracker.features.reports.forms import CellForm, ReasonForm, ReturnForm, SheetForm, saved_cell
from tracker.features.reports.pages.cells import PillarView, pillar_views
from tracker.features.reports.pages.lists import due_text
from tracker.features.reports.queries import Cell, Sheet


@dataclass(frozen=True)
class Conflict:
    """A cell that another writer filled differently."""

    name: str
    theirs: str
    yours: str


@dataclass(frozen=True)
class SheetPage:
    """A report, to fill in, to read or to review."""

    unit: UnitRow
    plan: PlanRow
    period: PeriodRow
    state: ReportState
    version: int
    due_text: str
    return_reason: str | None
    read_only: bool
    read_only_reason: str | None
    filled: int
    total: int
    error_count: int
    conflict: tuple[Conflict, ...]
    pillars: tuple[PillarView, ...]
    is_late: bool = False
    can_withdraw: bool = False
    can_approve: bool = False
    can_return: bool = False
    can_reopen: bool = False
    return_form: ReasonForm | ReturnForm | None = None
    history: tuple[HistoryStep, ...] = ()


SAVINGS = ("report.save",)
"""Left out of a report's history, which tells its steps; the audit log has them."""


def report_history(rows: Sequence[HistoryRow]) -> tuple[HistoryStep, ...]:
    """The steps in the life of a report, in words that say its new state already."""
    return history_steps(rows, hide=("state",))


def sheet_page(
    sheet: Sheet,
    form: SheetForm,
    *,
    read_only_reason: str | None = None,
    conflict: Sequence[Conflict] | None = None,
) -> SheetPage:
    """A report's page; ``form`` holds what stands in the inputs."""
    words, _tone = due_text(sheet.period, sheet.state)
    reason = sheet.report.reason if sheet.report and sheet.state is ReportState.RETURNED else None
    return SheetPage(
        unit=sheet.unit,
        plan=sheet.plan,
        period=sheet.period,
        state=sheet.state,
        # Whoever has been shown the other writer's values writes on top of them knowingly.
        version=form.version if conflict is None else sheet.version,
        due_text=words,
        return_reason=reason,
        read_only=read_only_reason is not None,
        read_only_reason=read_only_reason,
        filled=len({key[0] for key, cell in form.cells.items() if not cell.is_silent}),
        total=len({cell.indicator.id for cell in sheet.cells}),
        error_count=form.errors,
        conflict=tuple(conflict or ()),
        pillars=pillar_views(sheet, form),
        is_late=sheet.is_late,
        can_withdraw=may(Step.WITHDRAW, sheet.state) and not sheet.period.is_locked,
    )


def conflicts(sheet: Sheet, form: SheetForm) -> list[Conflict]:
    """The cells in which what is typed differs, in anything, from what another writer has saved."""
    found = []
    for cell in sheet.cells:
        theirs, yours = _said(saved_cell(cell)), _said(form.cells[cell.key])
        if theirs != yours:
            found.append(Conflict(cell_name(cell), theirs, yours))
    return found


def _said(form: CellForm) -> str:
    """Everything that stands in a cell, in one line; numbers alike however they were typed."""
    numbers = [text for text in (_same(form, text) for text in form.numbers) if text]
    said = gettext("Not applicable") if form.na.data else "/".join(numbers)
    more = [text.strip() for text in (form.typed("reason"), form.typed("note")) if text.strip()]
    return f"{said} ({'; '.join(more)})" if more else said


def _same(form: CellForm, typed: str) -> str:
    try:
        return plain(parse_number(typed, decimals=PLACES, negative=True))
    except RuleError:
        return typed


def cell_name(cell: Cell) -> str:
    """The indicator's name, with the category's where there is one."""
    name = name_of(cell.indicator)
    return f"{name} · {name_of(cell.category)}" if cell.category else name
