"""Taking a compared workbook over: all of it or nothing, in few statements, since others wait meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update

from tracker.core.audit import Actor, record
from tracker.core.db import db
from tracker.domain.errors import N_, RuleError, StaleError
from tracker.domain.units import FactKind
from tracker.excel.declared import Problem
from tracker.features.org.models import OrgUnit, UnitFact
from tracker.features.org.queries import Comparison, LineResult, facts_of, units_by_code

_FACTS = cast(Table, UnitFact.__table__)
_ADD = insert(_FACTS)
_CORRECT = (
    update(_FACTS)
    .where(
        _FACTS.c.unit_id == bindparam("of_unit"),
        _FACTS.c.kind == bindparam("of_kind"),
        _FACTS.c.from_on == bindparam("of_day"),
    )
    .values(value=bindparam("new_value"))
)
_BATCH = 5000


def import_units(found: Comparison, problems: Sequence[Problem], *, fingerprint: str, actor: Actor) -> None:
    """Add and change what the comparison says; the caller has made it in the same transaction.

    Raises :class:`RuleError` when anything is wrong with the workbook, and :class:`StaleError` when
    the comparison is not the one whose ``fingerprint`` was shown. Each unit gets one audit record.
    """
    if found.refused or problems:
        raise RuleError(N_("Some rows cannot be taken over, so nothing was changed."))
    if found.fingerprint != fingerprint:
        raise StaleError(
            N_("Units have changed since this preview was made. Nothing was imported; look at it again.")
        )
    units = {**_changed_units(found.changed), **_new_units(found.new)}
    db.session.flush()
    _write_facts([*found.new, *found.changed], units)
    for result in (*found.new, *found.changed):
        _record_line(result, units[result.line.row], actor)
    counts = {"new": (None, len(found.new)), "changed": (None, len(found.changed))}
    record("units.import", actor=actor, subject="units", changes=counts)


def record_units_export(*, actor: Actor) -> None:
    """Keep that the units in somebody's scope were taken away as a workbook."""
    record("export.units", actor=actor, subject="units")


def _new_units(results: Sequence[LineResult]) -> dict[int, OrgUnit]:
    """Add the new units, level by level; by the number of their row."""
    above = {code.lower(): (unit.id, unit.path) for code, unit in units_by_code().items()} if results else {}
    made: dict[int, OrgUnit] = {}
    for level in _levels(results):
        units = {}
        for result in level:
            line = result.line
            unit = OrgUnit(
                code=line.code, name=line.name, name_en=line.name_en, kind=line.kind, path=f"?{line.code}"
            )
            unit.parent_id = above[line.parent.lower()][0] if line.parent else None
            units[line.row] = unit
        db.session.add_all(units.values())
        db.session.flush()
        for result in level:
            unit, parent = units[result.line.row], result.line.parent
            # The path holds the unit's own id, which exists only now.
            unit.path = f"{above[parent.lower()][1] if parent else ''}{unit.id}/"
            above[unit.code.lower()] = unit.id, unit.path
        made |= units
    return made


def _levels(results: Sequence[LineResult]) -> Iterator[list[LineResult]]:
    """New rows in runs, each of which stands under what was there before it; circles were refused."""
    waiting = {result.line.code.lower(): result for result in results}
    while waiting:
        ready = {code: one for code, one in waiting.items() if (one.line.parent or "").lower() not in waiting}
        yield list(ready.values())
        for code in ready:
            del waiting[code]


def _changed_units(results: Sequence[LineResult]) -> dict[int, OrgUnit]:
    """Give the known units their new names and kinds; by the number of their row."""
    rows = {result.unit.id: result for result in results if result.unit is not None}
    ids, made = list(rows), {}
    for start in range(0, len(ids), _BATCH):
        for unit in db.session.scalars(select(OrgUnit).where(OrgUnit.id.in_(ids[start : start + _BATCH]))):
            line = rows[unit.id].line
            unit.name = line.name or unit.name
            unit.name_en = line.name_en or unit.name_en
            unit.kind = line.kind or unit.kind
            made[line.row] = unit
    return made


def _write_facts(results: Sequence[LineResult], units: dict[int, OrgUnit]) -> None:
    known = [unit.id for result in results if (unit := result.unit) is not None]
    there = {(fact.unit_id, fact.kind, fact.from_on) for fact in facts_of(known)}
    new: list[dict[str, Any]] = []
    corrected: list[dict[str, Any]] = []
    for result in results:
        line, unit_id = result.line, units[result.line.row].id
        for kind in _differing(result):
            value = line.facts[kind]
            if (unit_id, kind, line.since) in there:
                place = {"of_unit": unit_id, "of_kind": kind, "of_day": line.since}
                corrected.append({**place, "new_value": value})
            else:
                new.append({"unit_id": unit_id, "kind": kind, "from_on": line.since, "value": value})
    connection = db.session.connection()
    if new:
        connection.execute(_ADD, new)
    if corrected:
        connection.execute(_CORRECT, corrected)


def _differing(result: LineResult) -> list[FactKind]:
    differing = {difference.field for difference in result.differences}
    return [kind for kind in result.line.facts if kind.value in differing]


def _record_line(result: LineResult, unit: OrgUnit, actor: Actor) -> None:
    """One record of all that the row has changed."""
    facts = {kind.value for kind in result.line.facts}
    changes: dict[str, tuple[object, object]] = {
        f"{one.field} {result.line.since}" if one.field in facts else one.field: (one.old, one.new)
        for one in result.differences
    }
    if result.unit is None:
        changes["parent"] = (None, result.line.parent)
    action = "unit.import.add" if result.unit is None else "unit.import.change"
    record(action, actor=actor, subject=f"unit {unit.code}", unit_id=unit.id, changes=changes)
