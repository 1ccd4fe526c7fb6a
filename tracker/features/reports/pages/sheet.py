"""One report: saved values and typed forms turned into words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext, ngettext

from tracker.core.history import HistoryRow, HistoryStep, history_steps
from tracker.domain.errors import RuleError
from tracker.domain.numbers import PLACES, parse_number, plain
from tracker.domain.review import ReportState, Step, may
from tracker.features.org.queries import UnitRow
from tracker.features.plans.queries import PeriodRow, PlanRow
from tracker.features.reports.forms import CellForm, ReasonForm, ReturnForm, SheetForm, saved_cell
from tracker.features.reports.pages.cells import CellView, PillarView, RowView, cell_label, pillar_views
from tracker.features.reports.pages.evidence import EvidenceMark, evidence_marks
from tracker.features.reports.pages.lists import due_text, lock_text
from tracker.features.reports.pages.steps import ReviewSteps
from tracker.features.reports.queries import CellKey, Sheet


@dataclass(frozen=True)
class Conflict:
    """A cell that another writer filled differently."""

    name: str
    theirs: str
    yours: str


@dataclass(frozen=True)
class Bar:
    """How far a sheet is, in words: what is filled, wrong, and to be checked or confirmed."""

    filled: str
    errors: str
    checks: str


@dataclass(frozen=True)
class SheetPage:
    """A report, to fill in, to read or to review. ``is_refused``: what was sent was not saved."""

    unit: UnitRow
    plan: PlanRow
    period: PeriodRow
    state: ReportState
    version: int
    due_text: str
    lock_text: str
    return_reason: str | None
    read_only: bool
    read_only_reason: str | None
    bar: Bar
    error_count: int
    is_refused: bool
    conflict: tuple[Conflict, ...]
    pillars: tuple[PillarView, ...]
    is_late: bool = False
    can_withdraw: bool = False
    can_check: bool = False
    can_approve: bool = False
    can_return: bool = False
    can_reopen: bool = False
    steps: ReviewSteps | None = None
    return_form: ReasonForm | ReturnForm | None = None
    history: tuple[HistoryStep, ...] = ()
    evidence: Mapping[int, EvidenceMark] = field(default_factory=dict)


SAVINGS = ("report.save", "report.carry", "evidence.add", "evidence.caption")
"""Left out of a report's history, which tells its steps; the audit log has them."""


def report_history(rows: Sequence[HistoryRow]) -> tuple[HistoryStep, ...]:
    """The steps in the life of a report, in words that say its new state already."""
    return history_steps(rows, hide=("state", "sha256"))


def sheet_page(
    sheet: Sheet,
    form: SheetForm,
    *,
    read_only_reason: str | None = None,
    is_refused: bool = False,
    conflict: Sequence[Conflict] = (),
    todo: Mapping[CellKey, RuleError] | None = None,
) -> SheetPage:
    """A report's page; ``form`` holds what stands in the inputs."""
    words, _tone = due_text(sheet.period, sheet.state)
    reason = sheet.report.reason if sheet.report and sheet.state is ReportState.RETURNED else None
    pillars = pillar_views(sheet, form, todo)
    return SheetPage(
        unit=sheet.unit,
        plan=sheet.plan,
        period=sheet.period,
        state=sheet.state,
        version=sheet.version,
        # That a report is approved, its pill says already.
        due_text="" if sheet.state is ReportState.APPROVED else words,
        lock_text=lock_text(sheet.period, sheet.state),
        return_reason=reason,
        read_only=read_only_reason is not None,
        read_only_reason=read_only_reason,
        bar=bar_of(pillars, form),
        error_count=form.errors,
        is_refused=is_refused,
        conflict=tuple(conflict),
        pillars=pillars,
        is_late=sheet.is_late,
        can_withdraw=may(Step.WITHDRAW, sheet.state) and not sheet.period.is_locked,
        evidence=evidence_marks(sheet),
    )


def bar_of(pillars: Sequence[PillarView], form: SheetForm) -> Bar:
    """How far the sheet is, by its indicators."""
    filled = len({key[0] for key, cell in form.cells.items() if not cell.is_silent})
    total = len({key[0] for key in form.cells})
    tones = [cell.tone for pillar in pillars for row in pillar.rows for cell in row.cells]
    errors, checks = tones.count("error"), tones.count("warning")
    return Bar(
        gettext("Filled %(filled)s of %(total)s", filled=filled, total=total),
        ngettext("%(num)s error", "%(num)s errors", errors) if errors else "",
        ngettext("%(num)s to check", "%(num)s to check", checks) if checks else "",
    )


def todo_cells(page: SheetPage) -> list[tuple[RowView, CellView]]:
    """The cells in which something is left to do before the sheet can be handed in."""
    return [(row, cell) for row, cell in _cells(page) if cell.todo]


def blank_cells(page: SheetPage) -> list[tuple[RowView, CellView]]:
    """The cells that say nothing; they may be left so."""
    return [(row, cell) for row, cell in _cells(page) if cell.is_blank and not cell.todo]


def _cells(page: SheetPage) -> list[tuple[RowView, CellView]]:
    return [(row, cell) for pillar in page.pillars for row in pillar.rows for cell in row.cells]


def carried_words(filled: int, left: int) -> tuple[str, str]:
    """What taking over the last figures has done, and its tone."""
    still = ngettext("%(num)s cell is still blank.", "%(num)s cells are still blank.", left) if left else ""
    if not filled:
        return gettext("There was nothing to take over from the last period.") + " " + still, "info"
    said = ngettext(
        "%(num)s blank cell was filled with its last figure. Confirm it, or correct it.",
        "%(num)s blank cells were filled with their last figures. Confirm each, or correct it.",
        filled,
    )
    return f"{said} {still}".strip(), "success"


def conflicts(sheet: Sheet, form: SheetForm, keys: Collection[CellKey] | None = None) -> list[Conflict]:
    """The cells in which what is typed differs, in anything, from what stands in the sheet.

    ``keys`` names the cells to look at instead of all.
    """
    found = []
    for cell in sheet.cells:
        if keys is not None and cell.key not in keys:
            continue
        theirs, yours = said_in(saved_cell(cell)), said_in(form.cells[cell.key])
        if theirs != yours:
            found.append(Conflict(cell_label(cell), theirs, yours))
    return found


def said_in(form: CellForm) -> str:
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
