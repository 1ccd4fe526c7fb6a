"""Taking a compared workbook over: all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tracker.core.audit import Actor, record
from tracker.domain.errors import N_, RuleError, StaleError
from tracker.domain.units import FactKind
from tracker.excel.declared import Problem
from tracker.features.org.queries import Comparison, LineResult, UnitRow, facts_of, units_by_code
from tracker.features.org.services.facts import FactDraft, add_fact, correct_fact
from tracker.features.org.services.units import UnitDraft, found_unit, write_unit


def import_units(found: Comparison, problems: Sequence[Problem], *, fingerprint: str, actor: Actor) -> None:
    """Add and change what the comparison says; the caller has made it in the same transaction.

    Raises :class:`RuleError` when anything is wrong with the workbook, and :class:`StaleError` when
    the comparison is not the one whose ``fingerprint`` was shown.
    """
    if found.refused or problems:
        raise RuleError(N_("Some rows cannot be taken over, so nothing was changed."))
    if found.fingerprint != fingerprint:
        raise StaleError(
            N_("Units have changed since this preview was made. Nothing was imported; look at it again.")
        )
    known = units_by_code()
    for result in _parents_first(found.new):
        line = result.line
        assert line.name is not None  # A new row without a name or kind was refused.
        assert line.kind is not None
        parent = _ignoring_case(known, line.parent)
        made = found_unit(UnitDraft(line.code, line.name, line.kind, line.name_en), parent, actor=actor)
        unit = UnitRow(made.id, made.code, made.name, made.name_en, made.kind, made.path)
        known[unit.code] = unit
        _write_facts(unit, result, actor)
    for result in found.changed:
        _change(result, actor)
    counts = {"new": (None, len(found.new)), "changed": (None, len(found.changed))}
    record("units.import", actor=actor, subject="units", changes=counts)


def record_units_export(*, actor: Actor) -> None:
    """Keep that the units in somebody's scope were taken away as a workbook."""
    record("export.units", actor=actor, subject="units")


def _change(result: LineResult, actor: Actor) -> None:
    unit, line = result.unit, result.line
    assert unit is not None
    draft = UnitDraft(unit.code, line.name or unit.name, line.kind or unit.kind, line.name_en or unit.name_en)
    write_unit(unit, draft, actor=actor)
    _write_facts(unit, result, actor)


def _write_facts(unit: UnitRow, result: LineResult, actor: Actor) -> None:
    differing = {difference.field for difference in result.differences}
    there = {(fact.kind, fact.from_on): fact for fact in facts_of([unit.id])} if result.unit else {}
    for kind, value in result.line.facts.items():
        if kind.value not in differing:
            continue
        assert result.line.since is not None  # Figures without a day were refused.
        draft = FactDraft(FactKind(kind), result.line.since, value)
        same_day = there.get((kind, draft.from_on))
        if same_day is None:
            add_fact(unit, draft, actor=actor)
        else:
            correct_fact(unit, same_day, draft, seen=same_day.seen, actor=actor)


def _ignoring_case(known: dict[str, UnitRow], code: str | None) -> UnitRow | None:
    if code is None:
        return None
    return known.get(code) or next(unit for other, unit in known.items() if other.lower() == code.lower())


def _parents_first(results: Sequence[LineResult]) -> Iterator[LineResult]:
    """The rows in an order in which every parent is there before its children; circles were refused."""
    waiting = {result.line.code.lower(): result for result in results}
    while waiting:
        code = next(iter(waiting))
        while (above := (waiting[code].line.parent or "").lower()) in waiting:
            code = above
        yield waiting.pop(code)
