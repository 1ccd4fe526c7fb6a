"""The cells of a report in words: typed, saved, earlier, and what is odd about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from flask_babel import gettext

from tracker.core.format import NO_VALUE, number, signed
from tracker.core.i18n import word
from tracker.domain.checks import Odd
from tracker.domain.errors import RuleError
from tracker.domain.measures import Measure, ratio_factor
from tracker.domain.rollup import ValueState
from tracker.features.plans.queries import CategoryRow, IndicatorRow, Name
from tracker.features.reports.forms import CellForm, SheetForm, odd_sentence
from tracker.features.reports.queries import Cell, EntryRow, Sheet
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
    return_reason: str | None


@dataclass(frozen=True)
class RowView:
    """An indicator with its cells."""

    indicator: IndicatorRow
    reported_as: str
    cumulative_text: str
    total_text: str
    target_text: str
    cells: tuple[CellView, ...]


@dataclass(frozen=True)
class PillarView:
    """The indicators of one pillar."""

    name: str
    name_en: str | None
    rows: tuple[RowView, ...]


def pillar_views(sheet: Sheet, form: SheetForm) -> tuple[PillarView, ...]:
    """The cells of a sheet by pillar and indicator; ``form`` holds what stands in the inputs."""
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
        total_text=_total(cells),
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


def _total(cells: list[Cell]) -> str:
    """The total with this period: what the report comes to once it is approved."""
    indicator = cells[0].indicator
    if indicator.measure.has_denominator:
        return NO_VALUE
    found: list[Decimal] = []
    for cell in cells:
        now = cell.entry.value if cell.entry else None
        if indicator.measure is Measure.FLOW:
            found += cell.earlier_values
        elif (cell.entry is None or cell.entry.state is None) and cell.last and cell.last.value is not None:
            found.append(cell.last.value)
        if now is not None:
            found.append(now)
    return number(sum(found, Decimal(0)), indicator.decimals) if found else NO_VALUE


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
        return_reason=cell.entry.return_reason if cell.entry else None,
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
    uom = cell.indicator.unit_of_measure
    share = Fraction(entry.value) / Fraction(entry.denominator) * ratio_factor(uom)
    return (
        f"{number(entry.value)} / {number(entry.denominator)} ({number(share, cell.indicator.decimals)}{uom})"
    )


def _change(cell: Cell) -> str:
    if cell.entry is None or cell.entry.value is None or cell.last is None or cell.last.value is None:
        return NO_VALUE
    if cell.indicator.measure.has_denominator:
        return NO_VALUE
    return signed(cell.entry.value - cell.last.value, cell.indicator.decimals)
