"""What is still open in a sheet before it can be handed in."""

from __future__ import annotations

from itertools import groupby

from tracker.domain.errors import N_, RuleError
from tracker.domain.progress import Signal
from tracker.features.reports.queries import Cell, CellKey, Sheet, prospect_of
from tracker.features.reports.services.drafts import oddities
from tracker.features.reports.services.evidence import find_lacking_evidence

UNUSUAL = N_("This number is unusual. Give a short reason, or correct it.")


def open_points(sheet: Sheet, *, is_filed: bool = False) -> dict[CellKey, RuleError]:
    """What has to be done in which cell before the sheet can be handed in, in the sheet's order.

    Of a report that was reviewed on paper and ``is_filed``, evidence and sentences stay where it lies.
    """
    behind = _unexplained(sheet) if sheet.plan.asks_why_behind and not is_filed else {}
    lacking = {} if is_filed else find_lacking_evidence(sheet)
    found: dict[CellKey, RuleError] = {}
    for cell in sheet.cells:
        error = _of_cell(cell) or lacking.get(cell.key) or behind.get(cell.key)
        if error is not None:
            found[cell.key] = error
    return found


def _of_cell(cell: Cell) -> RuleError | None:
    entry = cell.entry
    if entry is None:
        return None
    if entry.draft is not None:
        return RuleError(N_("What was typed here is kept, but it cannot be counted. Please correct it."))
    if entry.is_carried:
        return RuleError(N_("Taken over from the last period. Confirm it, or enter this period's figure."))
    if oddities(cell, entry) and not entry.reason:
        return RuleError(UNUSUAL)
    return None


def _unexplained(sheet: Sheet) -> dict[CellKey, RuleError]:
    """The first cell of each indicator that is behind and has no sentence about it."""
    found: dict[CellKey, RuleError] = {}
    for _, cells in groupby(sheet.cells, lambda cell: cell.indicator.id):
        group = list(cells)
        said = [cell for cell in group if cell.entry and cell.entry.state is not None]
        if not said or any(cell.entry and cell.entry.note for cell in group):
            continue
        position = prospect_of(sheet, [(cell, cell.entry) for cell in group]).position
        if position is not None and position.signal is Signal.BEHIND:
            found[said[0].key] = RuleError(
                N_("This indicator is behind. Say in one sentence in the note why, and what comes next.")
            )
    return found
