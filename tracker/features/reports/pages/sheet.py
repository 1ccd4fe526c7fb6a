"""One report: saved values and typed forms turned into words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from flask_babel import gettext

from tracker.core.format import NO_VALUE, number, signed
from tracker.core.i18n import name_of, word
from tracker.domain.checks import Odd
from tracker.domain.errors import N_, RuleError
from tracker.domain.measures import Measure
from tracker.domain.review import ReportState, Step, may
from tracker.domain.rollup import ValueState
from tracker.features.org.queries import UnitRow
from tracker.features.plans.queries import CategoryRow, IndicatorRow, Name, PeriodRow, PlanRow
from tracker.features.reports.forms import CellForm, ReasonForm, SheetForm, odd_sentence, shown_value
from tracker.features.reports.pages.lists import due_text
from tracker.features.reports.queries import Cell, EntryRow, HistoryRow, Sheet
from tracker.features.reports.services import check_draft, oddities


@dataclass(frozen=True)
class CellView:
    """A cell as the templates show it; texts are ready to print."""

    id: str
    field: str
    denominator_field: str | None
    na_field: str
    reason_field: str
    note_field: str
    category: CategoryRow | None
    value: str
    denominator_value: str
    is_na: bool
    reason: str
    note: str
    error: str | None
    warning: str | None
    numerator_label: str
    denominator_label: str
    previous_text: str
    text: str
    change_text: str


@dataclass(frozen=True)
class RowView:
    """An indicator with its cells."""

    indicator: IndicatorRow
    reported_as: str
    cumulative_text: str
    target_text: str
    cells: tuple[CellView, ...]


@dataclass(frozen=True)
class PillarView:
    """The indicators of one pillar."""

    name: str
    name_en: str | None
    rows: tuple[RowView, ...]


@dataclass(frozen=True)
class Conflict:
    """A cell that another writer filled differently."""

    name: str
    theirs: str
    yours: str


@dataclass(frozen=True)
class StepView:
    """A step in the life of a report, in words."""

    at: datetime
    action_text: str
    actor: str
    reason: str | None


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
    can_withdraw: bool = False
    can_approve: bool = False
    can_return: bool = False
    can_reopen: bool = False
    return_form: ReasonForm | None = None
    history: tuple[StepView, ...] = ()


_STEPS = {
    "report.submit": N_("Submitted for review"),
    "report.withdraw": N_("Withdrawn by the reporter"),
    "report.return": N_("Returned to be mended"),
    "report.approve": N_("Approved"),
    "report.reopen": N_("Reopened for correction"),
}


def step_views(rows: Sequence[HistoryRow]) -> tuple[StepView, ...]:
    """The history of a report in words."""
    return tuple(
        StepView(row.at, gettext(_STEPS[row.action]), name_of(row.actor), row.reason) for row in rows
    )


def sheet_page(
    sheet: Sheet,
    form: SheetForm,
    *,
    read_only_reason: str | None = None,
    conflict: Sequence[Conflict] | None = None,
) -> SheetPage:
    """A report's page; ``form`` holds what stands in the inputs."""
    words, _tone = due_text(sheet.period.due_on, sheet.state)
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
        pillars=_pillars(sheet, form),
        can_withdraw=may(Step.WITHDRAW, sheet.state),
    )


def conflicts(sheet: Sheet, form: SheetForm) -> list[Conflict]:
    """The cells in which what is typed differs from what another writer has saved."""
    found = []
    for cell in sheet.cells:
        typed = form.cells[cell.key]
        theirs = (_typed_like(cell), cell.entry.denominator if cell.entry else None)
        saved = "/".join(str(part) for part in theirs if part not in (None, ""))
        yours = "/".join(part for part in typed.numbers if part)
        if yours != saved:
            found.append(Conflict(_cell_name(cell), saved, yours))
    return found


def _typed_like(cell: Cell) -> str:
    return shown_value(cell, cell.entry.value) if cell.entry else ""


def _cell_name(cell: Cell) -> str:
    name = name_of(cell.indicator)
    return f"{name} · {name_of(cell.category)}" if cell.category else name


def _pillars(sheet: Sheet, form: SheetForm) -> tuple[PillarView, ...]:
    by_pillar: Callable[[Cell], Name] = lambda cell: cell.indicator.pillar  # noqa: E731 (a key with a type)
    by_indicator: Callable[[Cell], int] = lambda cell: cell.indicator.id  # noqa: E731
    return tuple(
        PillarView(
            pillar.name,
            pillar.name_en,
            tuple(_row(list(cells), form) for _, cells in groupby(in_pillar, by_indicator)),
        )
        for pillar, in_pillar in groupby(sheet.cells, by_pillar)
    )


def _row(cells: list[Cell], form: SheetForm) -> RowView:
    indicator = cells[0].indicator
    aim = cells[0].aim
    target = aim.aim.target if aim else None
    return RowView(
        indicator=indicator,
        reported_as=indicator.reported_as.value,
        cumulative_text=_cumulative(cells),
        target_text=NO_VALUE if target is None else number(target, indicator.decimals),
        cells=tuple(_cell(cell, form.cells[cell.key]) for cell in cells),
    )


def _cumulative(cells: list[Cell]) -> str:
    """The total so far: the sum of a flow's periods, the sum of the last values of a stock's categories."""
    indicator = cells[0].indicator
    if indicator.measure.has_denominator or not any(cell.last for cell in cells):
        return NO_VALUE
    if indicator.measure is Measure.FLOW:
        return number(sum((cell.total_before for cell in cells), Decimal(0)), indicator.decimals)
    lasts = [cell.last.value for cell in cells if cell.last and cell.last.value is not None]
    return number(sum(lasts, Decimal(0)), indicator.decimals) if lasts else NO_VALUE


def _cell(cell: Cell, form: CellForm) -> CellView:
    has_whole = cell.indicator.measure.has_denominator
    odd = _odd(cell, form)
    milestone = cell.indicator.measure is Measure.MILESTONE
    return CellView(
        id=form.name,
        field=f"{form.name}-value",
        denominator_field=f"{form.name}-whole" if has_whole else None,
        na_field=f"{form.name}-na",
        reason_field=f"{form.name}-reason",
        note_field=f"{form.name}-note",
        category=cell.category,
        value=form.typed("value"),
        denominator_value=form.typed("whole"),
        is_na=bool(form.na.data),
        reason=form.typed("reason"),
        note=form.typed("note"),
        error=form.error,
        warning=" ".join(odd_sentence(each.message, each.params) for each in odd) or None,
        numerator_label=gettext("Weight done") if milestone else gettext("Part"),
        denominator_label=gettext("Full weight") if milestone else gettext("Whole"),
        previous_text=entry_text(cell, cell.last),
        text=entry_text(cell, cell.entry),
        change_text=_change(cell),
    )


def _odd(cell: Cell, form: CellForm) -> list[Odd]:
    """What is odd about what stands in the form; what cannot be read has an error of its own."""
    try:
        return oddities(cell, check_draft(cell, form.draft()))
    except RuleError:
        return []


def entry_text(cell: Cell, entry: EntryRow | None) -> str:
    """A stored entry in words: its number, 'not applicable', or 'not reported'."""
    if entry is None or entry.state is None:
        return word("no_data")
    if entry.state is ValueState.NOT_APPLICABLE or entry.value is None:
        return gettext("Not applicable")
    if entry.denominator is None:
        return number(entry.value, cell.indicator.decimals)
    share = Fraction(entry.value) / Fraction(entry.denominator) * 100
    return f"{number(entry.value)} / {number(entry.denominator)} ({number(share, cell.indicator.decimals)}%)"


def _change(cell: Cell) -> str:
    if cell.entry is None or cell.entry.value is None or cell.last is None or cell.last.value is None:
        return NO_VALUE
    if cell.indicator.measure.has_denominator:
        return NO_VALUE
    return signed(cell.entry.value - cell.last.value, cell.indicator.decimals)
