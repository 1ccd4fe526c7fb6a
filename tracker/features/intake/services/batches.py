"""Taking a compared workbook over as a batch, and taking a batch back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import cast

from sqlalchemy import Table, insert, select, update

from tracker.core.access import Scope
from tracker.core.audit import Actor, record
from tracker.core.clock import now
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError, StaleError
from tracker.domain.review import ReportState
from tracker.domain.roles import Permission
from tracker.features.intake.models import IntakeBatch, IntakeRevision
from tracker.features.intake.queries import BatchRow, TraceRow, traces_of
from tracker.features.intake.services.comparison import Comparison
from tracker.features.intake.services.drafts import Way, check_approving
from tracker.features.org.queries import UnitRow
from tracker.features.places.queries import units_by_id
from tracker.features.plans.queries import PeriodRow, all_plans, periods_of_plan
from tracker.features.reports.models import Entry, EntryRevision, Report
from tracker.features.reports.queries import Cell, ReportHandle, UnitFigures, figures_of_units
from tracker.features.reports.services import (
    CellDraft,
    SheetChange,
    check_later,
    import_figures,
    take_figures_back,
)

Tell = Callable[[int], None]
_REVISIONS = cast(Table, IntakeRevision.__table__)
_BATCH = 5000

MOVED_ON = N_(
    "Figures have been changed since this import, the first of them %(cell)s of %(report)s. "
    "An import can be withdrawn only while nobody has changed its figures."
)

BUILT_ON = N_(
    "A later running total builds on %(cell)s of %(report)s, which was typed since this import. "
    "Clear that one first."
)


def needed_for(into: ReportState) -> Permission:
    """What must be held at every unit whose figures are taken into a state."""
    return Permission.REVIEW_REPORTS if into is ReportState.APPROVED else Permission.IMPORT_REPORTS


def import_batch(
    found: Comparison, way: Way, *, name: str, digest: str, fingerprint: str, actor: Actor, tell: Tell
) -> int:
    """Take everything over that the comparison says, as one batch, and return its number.

    The caller has compared in the same transaction, or made sure that nothing has changed since.
    Raises :class:`RuleError` when anything is wrong with the workbook, and :class:`StaleError` when the
    comparison is not the one whose ``fingerprint`` was shown.
    """
    if found.problems:
        raise RuleError(N_("Some rows cannot be taken over, so nothing was changed."))
    if found.fingerprint != fingerprint:
        raise StaleError(
            N_("Figures have changed since this preview was made. Nothing was imported; look at it again.")
        )
    if way.into is ReportState.APPROVED and not way.because:
        raise RuleError(N_("Say where approved figures come from."), field="because")
    units = {one.sheet.unit.id: one.sheet.unit for one in found.changes}
    batch = IntakeBatch(
        unit_id=_common(list(units.values())),
        file_name=name[-200:],
        digest=digest,
        made_by_id=actor.id,
        made_at=now(),
        into=way.into,
        because=way.because,
        reports=len(found.changes),
        units=len(units),
        **{count: found.total(count) for count in ("new", "changed", "unchanged", "stale")},
    )
    db.session.add(batch)
    db.session.flush()
    traces = import_figures(found.changes, into=way.into, because=way.because, actor=actor, tell=tell)
    if traces:
        db.session.connection().execute(
            insert(_REVISIONS), [{"batch_id": batch.id, **trace._asdict()} for trace in traces]
        )
    record(
        "reports.import",
        actor=actor,
        subject=f"import {batch.id}",
        unit_id=batch.unit_id,
        changes={
            "file": (None, batch.file_name),
            "sha256": (None, digest),
            "state": (None, way.into.value),
            **({"because": (None, way.because)} if way.because else {}),
            "new": (None, batch.new),
            "changed": (None, batch.changed),
        },
    )
    return batch.id


def _common(units: Sequence[UnitRow]) -> int:
    """The lowest unit that holds all of them; the first of the highest ones where there is no such unit."""
    lines = [unit.line for unit in units]
    shared = [level[0] for level in zip(*lines, strict=False) if len(set(level)) == 1]
    return shared[-1] if shared else lines[0][0]


def record_template(subject: str, *, actor: Actor) -> None:
    """Keep that a template with figures was taken away."""
    record("export.template", actor=actor, subject=subject)


def withdraw_batch(batch: BatchRow, scope: Scope, *, actor: Actor) -> None:
    """Put back what stood in the cells before the import; its reports become drafts again.

    Raises :class:`RuleError` when somebody has changed a figure or taken a report further since, and
    when one of the units is out of scope.
    """
    if batch.withdrawn_at is not None:
        raise RuleError(N_("This import was withdrawn already."))
    changes = _restoring(batch)
    needed = needed_for(batch.into)
    for one in changes:
        sheet = one.sheet
        if not scope.allows(needed, sheet.unit.path):
            raise RuleError(N_("This import holds figures of units that you may not change."))
        check_approving(sheet, batch.into, scope)
        allowed = {batch.into, ReportState.RETURNED} if batch.into is ReportState.DRAFT else {batch.into}
        if sheet.state not in allowed:
            raise RuleError(
                N_(
                    "The report of %(unit)s for %(period)s has been taken further since this import. "
                    "Give it back first."
                ),
                unit=sheet.unit,
                period=sheet.period.code,
            )
    take_figures_back(changes, because=None, actor=actor, tell=lambda _: None)
    db.session.execute(
        update(IntakeBatch)
        .where(IntakeBatch.id == batch.id)
        .values(withdrawn_at=now(), withdrawn_by_id=actor.id)
    )
    record("reports.import.undo", actor=actor, subject=batch.subject, unit_id=batch.unit.id)


def _restoring(batch: BatchRow) -> list[SheetChange]:
    """The changes that put back what was there before."""
    made = traces_of(batch.id)
    before = _contents_before({its_id: one.number for its_id, one in made.items() if one.is_written})
    reports = _reports_of(made)
    plans = {plan.id: plan for plan in all_plans()}
    units = units_by_id({unit_id for unit_id, _, _ in reports})
    by_plan: dict[int, set[int]] = defaultdict(set)
    for unit_id, plan_id, _ in reports:
        by_plan[plan_id].add(unit_id)
    changes = []
    for plan_id, unit_ids in by_plan.items():
        periods = {one.id: one for one in periods_of_plan(plan_id)}
        figures = figures_of_units(plans[plan_id], [units[unit_id] for unit_id in sorted(unit_ids)])
        for unit_id, of_plan, period_id in sorted(reports):
            if of_plan != plan_id:
                continue
            changes.append(_restored(figures[unit_id], periods[period_id], made, before))
    return changes


def _restored(
    figures: UnitFigures, period: PeriodRow, made: Mapping[int, TraceRow], before: Mapping[int, CellDraft]
) -> SheetChange:
    """The change that puts back what was in one report."""
    sheet = figures.sheet(period, {})
    handle = ReportHandle(sheet.unit, sheet.plan, sheet.period, sheet.report)
    changed: list[tuple[Cell, CellDraft]] = []
    settled: list[Cell] = []
    for cell in sheet.cells:
        if cell.entry is None or cell.entry.id not in made:
            continue
        trace = made[cell.entry.id]
        _check_untouched(cell, trace.number, handle)
        if not trace.is_written:
            settled.append(cell)
            continue
        draft = before.get(cell.entry.id, CellDraft(cell.key, None))
        rows = figures.entries[cell.key]
        written = {row.ends_on for row in rows if row.id in made and made[row.id].is_written}
        try:
            check_later(figures.without_later(cell, written, period.ends_on), draft)
        except RuleError as error:
            raise RuleError(BUILT_ON, cell=cell.indicator.code, report=_named(handle)) from error
        changed.append((cell, draft))
    cells = [*settled, *(cell for cell, _ in changed)]
    carried = {cell.key for cell in cells if cell.entry and made[cell.entry.id].was_carried}
    return SheetChange(handle, changed, settled, carried)


def _check_untouched(cell: Cell, number: int, sheet: ReportHandle) -> None:
    entry = cell.entry
    if entry is not None and (entry.revision != number or entry.draft is not None):
        raise RuleError(MOVED_ON, cell=cell.indicator.code, report=_named(sheet))


def _named(sheet: ReportHandle) -> str:
    return f"{sheet.unit.code} {sheet.period.code}"


def _reports_of(made: Iterable[int]) -> set[tuple[int, int, int]]:
    """(unit id, plan id, period id) of the reports that hold these entries."""
    found: set[tuple[int, int, int]] = set()
    ids = sorted(made)
    for start in range(0, len(ids), _BATCH):
        rows = db.session.execute(
            select(Entry.unit_id, Entry.plan_id, Report.period_id)
            .join(Report, Report.id == Entry.report_id)
            .where(Entry.id.in_(ids[start : start + _BATCH]))
            .distinct()
        )
        found |= {(unit_id, plan_id, period_id) for unit_id, plan_id, period_id in rows}
    return found


def _contents_before(made: dict[int, int]) -> dict[int, CellDraft]:
    """What each entry held before the batch's revision; nothing for those that it made."""
    found: dict[int, CellDraft] = {}
    ids = sorted(entry_id for entry_id, number in made.items() if number > 1)
    for start in range(0, len(ids), _BATCH):
        rows = db.session.execute(
            select(EntryRevision, Entry.indicator_id, Entry.category_id)
            .join(Entry, Entry.id == EntryRevision.entry_id)
            .where(EntryRevision.entry_id.in_(ids[start : start + _BATCH]))
        )
        for revision, indicator_id, category_id in rows:
            if revision.number == made[revision.entry_id] - 1:
                found[revision.entry_id] = CellDraft(
                    (indicator_id, category_id or 0),
                    revision.state,
                    revision.value,
                    revision.denominator,
                    revision.reason,
                    revision.note,
                )
    return found
