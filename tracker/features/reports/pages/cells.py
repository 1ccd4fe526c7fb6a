"""The cells of a report in words: typed, saved, earlier, and what is odd about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from flask_babel import gettext

from tracker.core.format import NO_VALUE, number, rate, signed
from tracker.core.i18n import name_of, say, sentences, word
from tracker.domain.checks import Odd
from tracker.domain.errors import RuleError
from tracker.domain.measures import Measure, ratio_factor
from tracker.domain.progress import Signal
from tracker.domain.rollup import ValueState
from tracker.features.plans.queries import CategoryRow, IndicatorRow, Name
from tracker.features.reports.forms import CellForm, SheetForm, odd_sentence
from tracker.features.reports.queries import Cell, CellContent, CellKey, EntryRow, Sheet, prospect_of
from tracker.features.reports.services import UNUSUAL, CellDraft, oddities


@dataclass(frozen=True)
class CellView:
    """A cell as the templates show it; texts are ready to print."""

    id: str
    field: str
    denominator_field: str | None
    na_field: str
    reason_field: str
    note_field: str
    seen_field: str
    sure_field: str
    category: CategoryRow | None
    value: str
    denominator_value: str
    is_na: bool
    reason: str
    note: str
    seen: str
    is_carried: bool
    is_sure: bool
    error: str | None
    warning: str | None
    is_odd: bool
    todo: str | None
    is_blank: bool
    state_text: str
    tone: str
    numerator_label: str
    denominator_label: str
    previous_text: str
    text: str
    change_text: str
    return_reason: str | None


@dataclass(frozen=True)
class RowView:
    """An indicator with its cells. ``entered_text`` is their sum, where there are several."""

    indicator: IndicatorRow
    reported_as: str
    cumulative_text: str
    entered_text: str | None
    total_text: str
    target_text: str
    rate_text: str
    signal: Signal | None
    cells: tuple[CellView, ...]


@dataclass(frozen=True)
class PillarView:
    """The indicators of one pillar."""

    name: str
    name_en: str | None
    rows: tuple[RowView, ...]


def pillar_views(
    sheet: Sheet, form: SheetForm, todo: Mapping[CellKey, RuleError] | None = None
) -> tuple[PillarView, ...]:
    """The cells of a sheet by pillar and indicator; ``form`` holds what stands in the inputs.

    ``todo`` has what is still to be done in cells before the sheet can be handed in.
    """
    by_pillar: Callable[[Cell], Name] = lambda cell: cell.indicator.pillar  # noqa: E731 (a key with a type)
    by_indicator: Callable[[Cell], int] = lambda cell: cell.indicator.id  # noqa: E731 (a key with a type)
    return tuple(
        PillarView(
            pillar.name,
            pillar.name_en,
            tuple(
                row_view(sheet, list(cells), form, todo or {})
                for _, cells in groupby(in_pillar, by_indicator)
            ),
        )
        for pillar, in_pillar in groupby(sheet.cells, by_pillar)
    )


def row_view(sheet: Sheet, cells: list[Cell], form: SheetForm, todo: Mapping[CellKey, RuleError]) -> RowView:
    """One indicator with its cells and what they come to."""
    indicator = cells[0].indicator
    aim = cells[0].aim
    target = aim.aim.target if aim else None
    contents = [(cell, _content(form.cells[cell.key])) for cell in cells]
    prospect = prospect_of(sheet, contents)
    position = prospect.position
    entered = prospect.entered if len(cells) > 1 and not indicator.measure.has_denominator else None
    return RowView(
        indicator=indicator,
        reported_as=indicator.reported_as.value,
        cumulative_text=_cumulative(cells),
        entered_text=number(entered, indicator.decimals) if len(cells) > 1 else None,
        total_text=number(prospect.actual, indicator.decimals),
        target_text=NO_VALUE if target is None else number(target, indicator.decimals),
        rate_text=rate(position.completion_rate) if position else NO_VALUE,
        signal=position.signal if position and prospect.actual is not None else None,
        cells=tuple(
            _cell(cell, form.cells[cell.key], content, todo.get(cell.key)) for cell, content in contents
        ),
    )


def cell_label(cell: Cell) -> str:
    """A cell's name: its indicator's, and its category's."""
    name = name_of(cell.indicator)
    return f"{name} · {name_of(cell.category)}" if cell.category else name


def _content(form: CellForm) -> CellContent | None:
    """What the cell says as it is typed; where that says nothing, the value that still stands there."""
    stored, error = form.judged()
    return form.cell.entry if error else stored


def _cumulative(cells: list[Cell]) -> str:
    """The total so far: the sum of a flow's periods, the sum of the last values of a stock's categories."""
    indicator = cells[0].indicator
    if indicator.measure.has_denominator or not any(cell.last for cell in cells):
        return NO_VALUE
    if indicator.measure is Measure.FLOW:
        return number(sum((cell.total_before for cell in cells), Decimal(0)), indicator.decimals)
    lasts = [cell.last.value for cell in cells if cell.last and cell.last.value is not None]
    return number(sum(lasts, Decimal(0)), indicator.decimals) if lasts else NO_VALUE


def _cell(cell: Cell, form: CellForm, content: CellContent | None, todo: RuleError | None) -> CellView:
    has_whole = cell.indicator.measure.has_denominator
    odd = oddities(cell, content) if isinstance(content, CellDraft) else []
    milestone = cell.indicator.measure is Measure.MILESTONE
    is_carried = bool(cell.entry and cell.entry.is_carried and content_is(cell, content))
    tone, state = _state(cell, form, bool(odd), is_carried)
    error, warning = _said(form.error, odd)
    return CellView(
        id=form.name,
        field=f"{form.name}-value",
        denominator_field=f"{form.name}-whole" if has_whole else None,
        na_field=f"{form.name}-na",
        reason_field=f"{form.name}-reason",
        note_field=f"{form.name}-note",
        seen_field=f"{form.name}-seen",
        sure_field=f"{form.name}-sure",
        category=cell.category,
        value=form.typed("value"),
        denominator_value=form.typed("whole"),
        is_na=bool(form.na.data),
        reason=form.typed("reason"),
        note=form.typed("note"),
        seen=form.typed("seen"),
        is_carried=is_carried,
        is_sure=bool(form.sure.data),
        error=error,
        warning=warning,
        is_odd=bool(odd),
        todo=_said(say(todo), odd)[0] if todo else None,
        is_blank=form.is_silent,
        state_text=state,
        tone=tone,
        numerator_label=gettext("Weight done") if milestone else gettext("Part"),
        denominator_label=gettext("Full weight") if milestone else gettext("Whole"),
        previous_text=entry_text(cell, cell.last),
        text=entry_text(cell, cell.entry),
        change_text=_change(cell, content),
        return_reason=cell.entry.return_reason if cell.entry else None,
    )


def _said(error: str | None, odd: Sequence[Odd]) -> tuple[str | None, str | None]:
    """What is wrong and what is odd; that a number is unusual is said once, with why it is."""
    why = [odd_sentence(each.message, each.params) for each in odd]
    if why and error == gettext(UNUSUAL):
        return sentences([*why, gettext("Give a short reason, or correct it.")]), None
    return error, " ".join(why) or None


def content_is(cell: Cell, content: CellContent | None) -> bool:
    """Whether this is the very number that stands in the cell."""
    entry = cell.entry
    return bool(
        entry
        and content
        and (content.state, content.value, content.denominator)
        == (entry.state, entry.value, entry.denominator)
    )


def _state(cell: Cell, form: CellForm, odd: bool, is_carried: bool) -> tuple[str, str]:
    """How a cell stands: its tone, and the word for it."""
    if form.error:
        return "error", gettext("Please correct")
    if odd and not form.typed("reason").strip():
        return "warning", gettext("Please check")
    if is_carried and not form.sure.data:
        return "warning", gettext("Please confirm")
    if form.is_silent:
        return "none", gettext("Not filled")
    if form.na.data:
        return "none", gettext("Not applicable")
    is_saved = content_is(cell, _content(form))
    return ("filled", gettext("Saved")) if is_saved else ("none", gettext("Not saved yet"))


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


def _change(cell: Cell, content: CellContent | None) -> str:
    if content is None or content.value is None or cell.last is None or cell.last.value is None:
        return NO_VALUE
    if cell.indicator.measure.has_denominator:
        return NO_VALUE
    return signed(content.value - cell.last.value, cell.indicator.decimals)
