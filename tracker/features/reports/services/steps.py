"""Moving a report from state to state, with its tally up the tree and its audit record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import cast

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from tracker.core.audit import Actor, record
from tracker.core.clock import today
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError
from tracker.domain.review import ReportState
from tracker.features.places.queries import line_of
from tracker.features.reports.models import ReportTally
from tracker.features.reports.queries import ReportHandle, lock_refusal
from tracker.features.reports.services.rows import write_rows


def check_open(sheet: ReportHandle) -> None:
    """Refuse a change in a period that is locked, or has not begun, or that the unit did not see end."""
    if sheet.period.starts_on > today():
        raise RuleError(N_("This period has not begun yet. It can be filled in from its first day on."))
    locked = lock_refusal(sheet)
    if locked is not None:
        raise locked
    if sheet.unit.retired_on is not None and sheet.unit.retired_on <= sheet.period.ends_on:
        raise RuleError(
            N_("The unit is retired from %(day)s on and reports no longer for this period."),
            day=sheet.unit.retired_on.isoformat(),
        )


def take_step(
    sheet: ReportHandle,
    state: ReportState,
    action: str,
    *,
    actor: Actor,
    told: Mapping[str, tuple[object, object]] | None = None,
    **values: object,
) -> None:
    """Write the report's new state and what goes with it; ``told`` is recorded beside the state."""
    assert sheet.report is not None  # Every step but the first save needs a report that exists.
    write_rows([(sheet, {"state": state, **values})])
    move_tally(sheet, state)
    changes: dict[str, tuple[object, object]] = {"state": (sheet.state.value, state.value)}
    if values.get("reason"):
        changes["reason"] = (None, values["reason"])
    changes.update(told or {})
    record(action, actor=actor, subject=sheet.subject, unit_id=sheet.unit.id, changes=changes)


def move_tally(sheet: ReportHandle, state: ReportState) -> None:
    """Count the report under its new state, here and at every unit above."""
    move_tallies([(sheet, state)])


def move_tallies(moved: Iterable[tuple[ReportHandle, ReportState]]) -> None:
    """Count reports under their new states, where they stand and at every unit above."""
    moves: dict[tuple[int, int, str], int] = defaultdict(int)
    for sheet, state in moved:
        if sheet.state is state:
            continue
        # A report stands where its unit stood on the last day of its period.
        for unit_id in line_of(sheet.unit, sheet.period.ends_on):
            moves[unit_id, sheet.period.id, state] += 1
            if sheet.report is not None:
                moves[unit_id, sheet.period.id, sheet.state] -= 1
    add_tallies({key: by for key, by in moves.items() if by})


def add_tallies(moves: Mapping[tuple[int, int, str], int]) -> None:
    """Add to the tallies, by unit id, period id and state, in a fixed order."""
    if moves:
        db.session.connection().execute(
            _adding(db.session.get_bind().dialect.name),
            [
                {"unit_id": unit_id, "period_id": period_id, "state": state, "reports": by}
                for (unit_id, period_id, state), by in sorted(moves.items())
            ],
        )


@cache
def _adding(dialect: str) -> Insert:
    """The statement that adds to a tally or makes it, built once for each kind of database."""
    table = cast(Table, ReportTally.__table__)
    insert = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return insert.on_conflict_do_update(
        index_elements=["unit_id", "period_id", "state"],
        set_={"reports": table.c.reports + insert.excluded.reports},
    )
