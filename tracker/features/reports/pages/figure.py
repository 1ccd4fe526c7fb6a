"""One figure of a report: everything it has been, and the correction that waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext

from tracker.core.format import listed
from tracker.core.i18n import Named, name_of, word
from tracker.domain.review import Outcome, ReportState, Reviewer
from tracker.features.org.queries import UnitRow
from tracker.features.plans.queries import PeriodRow, PlanRow
from tracker.features.reports.forms import CellForm, CorrectionForm, SheetForm, odd_sentence, saved_cell
from tracker.features.reports.pages.cells import CellView, RowView, cell_label, entry_text, pillar_views
from tracker.features.reports.pages.steps import is_able
from tracker.features.reports.queries import Cell, CorrectionRow, EntryRow, RevisionRow, Sheet
from tracker.features.reports.services import oddities


@dataclass(frozen=True)
class PastValue:
    """What the figure was at one time. ``restore_url`` leads to proposing it again."""

    text: str
    entered_by: str
    entered_at: datetime
    reason: str | None
    note: str | None
    approved_by: str
    approved_at: datetime | None
    uncounted_at: datetime | None
    restore_url: str | None


@dataclass(frozen=True)
class Proposal:
    """A correction that was proposed, and what became of it."""

    id: int
    before: str
    after: str
    reason: str
    warning: str | None
    outcome: Outcome
    outcome_text: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    decision: str | None


@dataclass(frozen=True)
class FigurePage:
    """The page of one figure. ``form`` is none where nothing can be proposed."""

    unit: UnitRow
    plan: PlanRow
    period: PeriodRow
    state: ReportState
    is_late: bool
    due_text: str
    name: str
    row: RowView
    cell: CellView
    text: str
    values: tuple[PastValue, ...]
    proposals: tuple[Proposal, ...]
    waiting: Proposal | None
    form: CorrectionForm | None
    why_not: str | None
    can_decide: bool
    can_approve: bool
    approvers: str | None
    can_take_back: bool
    revision: int
    address: dict[str, Any]


def figure_page(
    sheet: Sheet,
    cell: Cell,
    *,
    revisions: Sequence[RevisionRow],
    corrections: Sequence[CorrectionRow],
    typed: CellForm,
    form: CorrectionForm,
    why_not: str | None,
    may: tuple[bool, bool, bool],
    able: Sequence[Reviewer],
    by: int,
    to: str,
) -> FigurePage:
    """``typed`` holds what is to be proposed; ``may``: propose, decide, take back; ``to`` is the endpoint.

    ``able`` can approve the correction that waits, where reports are reviewed in two steps; ``by`` is the
    user who looks at the page.
    """
    one = replace(sheet, cells=(cell,))
    row = pillar_views(one, SheetForm({cell.key: typed}))[0].rows[0]
    proposals = tuple(_proposal(cell, found, revisions) for found in corrections)
    waiting = next((found for found in proposals if found.outcome is Outcome.WAITING), None)
    address: dict[str, Any] = {"plan": sheet.plan.code, "unit": sheet.unit.code, "period": sheet.period.code}
    address["key"] = f"{cell.key[0]}-{cell.key[1]}"
    can_propose, can_decide, can_take_back = may
    approved = sheet.state is ReportState.APPROVED
    can_propose = can_propose and approved and why_not is None and waiting is None
    can_decide = can_decide and why_not is None and waiting is not None
    return FigurePage(
        unit=sheet.unit,
        plan=sheet.plan,
        period=sheet.period,
        state=sheet.state,
        is_late=sheet.is_late,
        due_text="",
        name=cell_label(cell),
        row=row,
        cell=row.cells[0],
        text=entry_text(cell, cell.entry),
        values=_values(cell, revisions, f"{url_for(to, **address)}?from=" if can_propose else None),
        proposals=tuple(found for found in reversed(proposals) if found is not waiting),
        waiting=waiting,
        form=form if can_propose else None,
        why_not=why_not,
        can_decide=can_decide,
        can_approve=can_decide and is_able(sheet, able, by),
        approvers=listed(one.name for one in able) if sheet.plan.review_steps == 2 else None,
        can_take_back=can_take_back and why_not is None and waiting is not None,
        revision=cell.entry.revision if cell.entry else 0,
        address=address,
    )


def starting_cell(cell: Cell, revisions: Sequence[RevisionRow], asked: str | None) -> CellForm:
    """The inputs with what the figure says now, or with an earlier value that is to be restored."""
    found = next((row for row in revisions if str(row.number) == asked), None)
    if found is None or cell.entry is None:
        return saved_cell(cell)
    return saved_cell(replace(cell, entry=_entry(cell, found)))


def waiting_texts(sheet: Sheet, waiting: Sequence[CorrectionRow]) -> dict[str, str]:
    """What is proposed, by the id of the cell."""
    by_key = {found.key: found for found in waiting}
    return {
        f"c{cell.key[0]}-{cell.key[1]}": entry_text(cell, _entry(cell, by_key[cell.key]))
        for cell in sheet.cells
        if cell.key in by_key
    }


def _entry(cell: Cell, row: RevisionRow | CorrectionRow) -> EntryRow:
    ends_on = cell.entry.ends_on if cell.entry else date.min
    return EntryRow(0, ends_on, row.state, row.value, row.denominator, row.reason, row.note, 0)


def _values(cell: Cell, revisions: Sequence[RevisionRow], restore: str | None) -> tuple[PastValue, ...]:
    """What the cell has held, the latest first; saving the same again tells nothing new."""
    found: list[PastValue] = []
    now = cell.entry.revision if cell.entry else 0
    for number, row in enumerate(revisions):
        later = revisions[number + 1] if number + 1 < len(revisions) else None
        if row.approved_at is None and later is not None and _same(row, later):
            continue
        differs = row.number != now and cell.entry is not None and not _same(row, cell.entry)
        found.append(
            PastValue(
                text=entry_text(cell, _entry(cell, row)),
                entered_by=_who(row.entered_by),
                entered_at=row.entered_at,
                reason=row.reason,
                note=row.note,
                approved_by=_who(row.approved_by),
                approved_at=row.approved_at,
                uncounted_at=row.uncounted_at,
                restore_url=f"{restore}{row.number}" if restore and differs else None,
            )
        )
    return tuple(reversed(found))


def _same(row: RevisionRow, other: RevisionRow | EntryRow) -> bool:
    return all(getattr(row, name) == getattr(other, name) for name in ("state", "value", "denominator"))


def _proposal(cell: Cell, found: CorrectionRow, revisions: Sequence[RevisionRow]) -> Proposal:
    before = next((row for row in revisions if row.number == found.revision), None)
    after = replace(cell, entry=_entry(cell, found))
    return Proposal(
        id=found.id,
        before=entry_text(cell, _entry(cell, before) if before else None),
        after=entry_text(cell, after.entry),
        reason=found.reason,
        warning=" ".join(odd_sentence(each.message, each.params) for each in oddities(cell, after.entry))
        or None,
        outcome=found.outcome,
        outcome_text=word(found.outcome),
        proposed_by=_who(found.proposed_by),
        proposed_at=found.proposed_at,
        decided_by=_who(found.decided_by),
        decided_at=found.decided_at,
        decision=found.decision,
    )


def _who(name: Named | None) -> str:
    return gettext("The server's operator") if name is None else name_of(name)
