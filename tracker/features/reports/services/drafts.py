"""What is to stand in a cell, and the hard rules and odd values that it is checked for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from tracker.domain.checks import Odd, check_share, increase_of_running_total, odd_values
from tracker.domain.errors import N_, RuleError
from tracker.domain.measures import ReportedAs
from tracker.domain.numbers import check_number
from tracker.domain.rollup import ValueState
from tracker.features.reports.queries import Cell, CellKey, EntryRow


@dataclass(frozen=True, slots=True)
class CellDraft:
    """What is to stand in a cell; no state means blank.

    ``value`` is what staff typed: for an indicator reported as a running total, the total.
    """

    key: CellKey
    state: ValueState | None
    value: Decimal | None = None
    denominator: Decimal | None = None
    reason: str | None = None
    note: str | None = None


class SheetError(RuleError):
    """Cells that break rules; ``by_cell`` has the broken rule of each."""

    def __init__(self, by_cell: dict[CellKey, RuleError]) -> None:
        super().__init__(N_("Some cells need to be mended before this can go on. They are listed below."))
        self.by_cell = by_cell


def check_draft(cell: Cell, draft: CellDraft) -> CellDraft:
    """The draft as it is stored; raises the :class:`RuleError` of the first hard rule it breaks."""
    indicator = cell.indicator
    if draft.state is None:
        return CellDraft(draft.key, None, reason=draft.reason, note=draft.note)
    if draft.state is ValueState.NOT_APPLICABLE:
        if not draft.reason:
            raise RuleError(N_("Say in a few words why this does not apply here."))
        return CellDraft(draft.key, draft.state, reason=draft.reason, note=draft.note)
    value, denominator = draft.value, draft.denominator
    if value is None or (indicator.measure.has_denominator and denominator is None):
        raise RuleError(N_("Enter both numbers, the part and the whole."))
    for number in (value, denominator):
        if number is not None:
            places = 0 if indicator.measure.has_denominator else indicator.decimals
            check_number(number, decimals=places, negative=indicator.may_be_negative)
    if indicator.measure.has_denominator and denominator is not None:
        check_share(value, denominator, may_exceed=indicator.may_exceed)
    if indicator.reported_as is ReportedAs.RUNNING_TOTAL:
        value = increase_of_running_total(value, cell.total_before)
    return CellDraft(draft.key, draft.state, value, denominator, draft.reason, draft.note)


def check_stored(cell: Cell, draft: CellDraft) -> CellDraft:
    """As :func:`check_draft`; refuses also what would change a later period behind its reporter's back."""
    stored = check_draft(cell, draft)
    check_later(cell, stored)
    return stored


def check_later(cell: Cell, stored: CellDraft) -> None:
    """Raise :class:`RuleError` where a running total typed for a later period would silently change."""
    if shifts_later(cell, stored):
        raise RuleError(
            N_("A later running total builds on this one. Clear that one first, then enter both.")
        )


def shifts_later(cell: Cell, stored: CellDraft) -> bool:
    """Whether a change here would silently change a running total that was typed for a later period."""
    running = cell.indicator.reported_as is ReportedAs.RUNNING_TOTAL
    return running and cell.has_later and stored.value != (cell.entry.value if cell.entry else None)


def content_of(stored: CellDraft) -> tuple[object, ...]:
    """What a revision of the cell would hold, to be compared with the one that stands there."""
    return (stored.state, stored.value, stored.denominator, stored.reason, stored.note)


def differs(cell: Cell, stored: CellDraft) -> bool:
    """Whether the cell holds something else now."""
    return content_of(stored) != (cell.entry.content if cell.entry else (None,) * 5)


def oddities(cell: Cell, content: EntryRow | CellDraft | None) -> list[Odd]:
    """What is odd about the value that stands, or is to stand, in a cell."""
    if content is None or content.value is None or content.state is not ValueState.VALUE:
        return []
    aim = cell.aim.aim.target if cell.aim and not cell.category else None
    target = None if aim is None else Decimal(aim.numerator) / aim.denominator
    return odd_values(
        cell.indicator.measure,
        content.value,
        earlier=cell.earlier_values,
        target=target,
        is_increase=cell.indicator.reported_as is ReportedAs.INCREASE,
    )
