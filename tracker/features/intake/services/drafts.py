"""What a row of figures is to leave in its cell, judged by the rules of reports."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

from tracker.core.access import Scope
from tracker.domain.errors import N_, RuleError
from tracker.domain.measures import ReportedAs
from tracker.domain.numbers import parse_number, plain
from tracker.domain.review import ReportState
from tracker.domain.rollup import ValueState
from tracker.features.intake.services.lines import Line, said_digest
from tracker.features.reports.queries import Cell, EntryRow, ReportHandle, is_office
from tracker.features.reports.services import UNUSUAL, CellDraft, check_draft, check_later, differs, oddities

NOT_APPLICABLE = frozenset({"不适用", "n/a", "na", "notapplicable", "无此项"})
"""What may stand in the place of a figure, without blanks and in small letters."""


@dataclass(frozen=True, slots=True)
class Way:
    """How the figures are taken over: into which state, and the reason given for all of them."""

    into: ReportState
    because: str | None


def check_approving(sheet: ReportHandle, into: ReportState, scope: Scope) -> None:
    """Refuse to have a report count at once, or no longer, to whoever could not approve it in the end."""
    if into is not ReportState.APPROVED or sheet.plan.review_steps == 1:
        return
    if not is_office(scope, sheet.unit, sheet.plan):
        raise RuleError(
            N_(
                "This plan is reviewed in two steps, so only reviewers of its unit decide at once about "
                "what counts. Hand the reports in instead."
            )
        )


class StaleCellError(RuleError):
    """The cell was changed on the server after the template was made."""


def judged(cell: Cell, line: Line, columns: Collection[str], way: Way) -> CellDraft | None:
    """What is to stand in the cell; None when it stands there and is settled, or the row says nothing.

    Raises :class:`StaleCellError` when both sides have changed it, and :class:`RuleError` for the field
    that breaks a rule.
    """
    draft = _draft(cell, line, columns)
    if draft is None:
        return None
    is_stale = False
    if line.stamp is not None:
        seen, _, digest = line.stamp.rpartition(".")
        if digest == said_digest(said_in(line, draft)):
            # Nobody has touched the row since the template was made.
            return None
        is_stale = seen != cell.seen
    try:
        stored = check_draft(cell, draft)
    except RuleError as error:
        raise _at("reason" if draft.state is ValueState.NOT_APPLICABLE else "value", error) from error
    if not differs(cell, stored) and (is_stale or not is_open(cell)):
        return None
    if is_stale:
        raise StaleCellError(N_("Saved here meanwhile."), field="value")
    try:
        check_later(cell, stored)
    except RuleError as error:
        raise _at("value", error) from error
    if way.into is not ReportState.DRAFT and oddities(cell, stored) and not stored.reason:
        if not way.because:
            raise RuleError(UNUSUAL, field="reason" if "reason" in columns else "value")
        stored = replace(stored, reason=way.because)
    return stored


def is_open(cell: Cell) -> bool:
    """Whether what stands in the cell is still to be confirmed, or a text beside it to be mended."""
    entry = cell.entry
    return entry is not None and (entry.is_carried or entry.draft is not None)


def _at(field: str, error: RuleError) -> RuleError:
    return RuleError(error.message, field=error.field or field, **error.params)


def _draft(cell: Cell, line: Line, columns: Collection[str]) -> CellDraft | None:
    """The row as a draft; columns that the sheet lacks leave what is there."""
    entry = cell.entry
    reason = line.reason if "reason" in columns else (entry.reason if entry else None)
    note = line.note if "note" in columns else (entry.note if entry else None)
    typed = line.value
    says_not = line.na or (typed is not None and "".join(typed.split()).lower() in NOT_APPLICABLE)
    if says_not:
        if line.whole is not None or (line.na and typed is not None):
            raise RuleError(
                N_("Either a number or 'not applicable', not both. Clear one of them."), field="value"
            )
        return CellDraft(cell.key, ValueState.NOT_APPLICABLE, reason=reason, note=note)
    has_whole = cell.indicator.measure.has_denominator
    if line.whole is not None and not has_whole:
        raise RuleError(N_("This indicator has no whole. Clear this cell."), field="whole")
    if typed is None and line.whole is None:
        said = {reason, note} - {None, entry.reason if entry else None, entry.note if entry else None}
        if said:
            raise RuleError(
                N_("There is no figure beside this note. Enter the figure, or clear the note."),
                field="note" if line.note is not None else "reason",
            )
        return None
    if typed is None or (has_whole and line.whole is None):
        raise RuleError(
            N_("Enter both numbers, the part and the whole."), field="value" if typed is None else "whole"
        )
    places = 0 if has_whole else cell.indicator.decimals
    value = _number(typed, "value", places, negative=cell.indicator.may_be_negative)
    whole = None if line.whole is None else _number(line.whole, "whole", 0, negative=False)
    return CellDraft(cell.key, ValueState.VALUE, value, whole, reason, note)


def _number(typed: str, field: str, places: int, *, negative: bool) -> Decimal:
    try:
        return parse_number(typed, decimals=places, negative=negative)
    except RuleError as error:
        raise RuleError(error.message, field=field, **error.params) from error


def said_in(line: Line, draft: CellDraft) -> tuple[str, ...]:
    """What a row says, numbers alike however they are typed."""
    is_not = draft.state is ValueState.NOT_APPLICABLE
    return (
        "" if draft.value is None else plain(draft.value),
        "" if draft.denominator is None else plain(draft.denominator),
        "1" if is_not else "",
        line.reason or "",
        line.note or "",
    )


def said_of(cell: Cell) -> tuple[str, ...]:
    """What a template shows of a cell, in the same form."""
    entry = cell.entry
    if entry is None:
        return ("", "", "", "", "")
    if entry.is_carried:
        # It is shown as last period's only, so that entering it confirms it.
        return ("", "", "", entry.reason or "", entry.note or "")
    return (
        shown_value(cell, entry),
        "" if entry.denominator is None else plain(entry.denominator),
        "1" if entry.state is ValueState.NOT_APPLICABLE else "",
        entry.reason or "",
        entry.note or "",
    )


def shown_value(cell: Cell, entry: EntryRow | CellDraft | None) -> str:
    """A stored value as staff type it: the running total where that is what is reported."""
    if entry is None or entry.value is None:
        return ""
    value = entry.value
    if cell.indicator.reported_as is ReportedAs.RUNNING_TOTAL:
        value += cell.total_before
    return plain(value)


def shown(cell: Cell, content: EntryRow | CellDraft | None) -> str | None:
    """What stands in a cell, or is to stand there, in one line for people; None for nothing."""
    if isinstance(content, EntryRow) and content.draft is not None:
        return content.draft.value or None
    if content is None or content.state is None:
        return None
    if content.state is ValueState.NOT_APPLICABLE:
        return "n/a"
    whole = "" if content.denominator is None else f"/{plain(content.denominator)}"
    return shown_value(cell, content) + whole
