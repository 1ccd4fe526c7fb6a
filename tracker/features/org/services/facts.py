"""Keeping the dated facts of units; what is corrected or removed stays in the audit record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from tracker.core.audit import Actor, record
from tracker.core.db import db
from tracker.domain.days import EARLIEST, LATEST
from tracker.domain.errors import N_, RuleError, StaleError
from tracker.domain.numbers import plain
from tracker.domain.units import FactKind, check_fact
from tracker.features.org.models import UnitFact
from tracker.features.org.queries import FactRow, UnitRow

GONE = N_("Someone else has changed this figure in the meantime. Look at it again.")


@dataclass(frozen=True)
class FactDraft:
    """A value of a kind, and the day from which it holds."""

    kind: FactKind
    from_on: date
    value: Decimal


def add_fact(unit: UnitRow, draft: FactDraft, *, actor: Actor) -> None:
    """Keep a new fact. Raises :class:`RuleError` when one of its kind begins on that day already."""
    _check(unit, draft, None)
    db.session.add(UnitFact(unit_id=unit.id, kind=draft.kind, from_on=draft.from_on, value=draft.value))
    db.session.flush()
    changes = {_name(draft.kind, draft.from_on): (None, plain(draft.value))}
    record("unit.fact.add", actor=actor, subject=f"unit {unit.code}", unit_id=unit.id, changes=changes)


def correct_fact(unit: UnitRow, fact: FactRow, draft: FactDraft, *, seen: str, actor: Actor) -> None:
    """Correct value or day of a fact, as it was when ``seen`` was shown; its kind stays.

    Raises :class:`StaleError` when it has changed since, :class:`RuleError` for what cannot be.
    """
    if seen != fact.seen:
        raise StaleError(GONE)
    _check(unit, draft, fact)
    if (draft.from_on, draft.value) == (fact.from_on, fact.value):
        return
    row = _row(fact)
    row.from_on, row.value = draft.from_on, draft.value
    db.session.flush()
    changes: dict[str, tuple[object, object]] = {
        _name(fact.kind, fact.from_on): (plain(fact.value), plain(draft.value))
    }
    if draft.from_on != fact.from_on:
        changes["from_on"] = (fact.from_on, draft.from_on)
    record("unit.fact.correct", actor=actor, subject=f"unit {unit.code}", unit_id=unit.id, changes=changes)


def remove_fact(unit: UnitRow, fact: FactRow, *, seen: str, actor: Actor) -> None:
    """Remove a fact, as it was when ``seen`` was shown. Raises :class:`StaleError` when it has changed."""
    if seen != fact.seen:
        raise StaleError(GONE)
    db.session.delete(_row(fact))
    db.session.flush()
    changes = {_name(fact.kind, fact.from_on): (plain(fact.value), None)}
    record("unit.fact.remove", actor=actor, subject=f"unit {unit.code}", unit_id=unit.id, changes=changes)


def _name(kind: FactKind, from_on: date) -> str:
    return f"{kind.value} {from_on}"


def _row(fact: FactRow) -> UnitFact:
    return db.session.scalars(
        select(UnitFact).where(
            UnitFact.unit_id == fact.unit_id, UnitFact.kind == fact.kind, UnitFact.from_on == fact.from_on
        )
    ).one()


def _check(unit: UnitRow, draft: FactDraft, corrected: FactRow | None) -> None:
    try:
        check_fact(draft.kind, draft.value)
    except RuleError as error:
        raise RuleError(error.message, field="value", **error.params) from error
    if not EARLIEST <= draft.from_on <= LATEST:
        raise RuleError(N_("This day is out of reach. Enter one between 1900 and 2199."), field="from_on")
    if corrected is not None and corrected.from_on == draft.from_on:
        return
    taken = select(UnitFact.id).where(
        UnitFact.unit_id == unit.id, UnitFact.kind == draft.kind, UnitFact.from_on == draft.from_on
    )
    if db.session.scalar(taken) is not None:
        raise RuleError(
            N_("There is a figure from this day on already. Correct that one, or choose another day."),
            field="from_on",
        )
