"""One unit as a page: where it stands, its figures with their days, and what was done to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext

from tracker.core.format import NO_VALUE, days_of_term, number
from tracker.core.history import HistoryRow, HistoryStep, history_steps
from tracker.core.i18n import word
from tracker.domain.holdings import UserState
from tracker.domain.units import FactKind, UnitKind
from tracker.features.org.pages.tree import Step, unit_steps
from tracker.features.org.queries import FactRow, Holder, Merged, Mergers, UnitRow, in_force

HISTORY = 50
"""Changes shown on the page, the newest."""


@dataclass(frozen=True)
class FactView:
    """A figure as it is shown, with where it is corrected."""

    from_on: date
    text: str
    is_in_force: bool
    url: str


@dataclass(frozen=True)
class FactGroup:
    """All figures of one kind, the newest first; ``now`` is the one in force."""

    kind: FactKind
    now: str
    since: date | None
    unit: str
    facts: tuple[FactView, ...]


@dataclass(frozen=True)
class HolderView:
    """A role at the unit: who holds it, until when, and at which unit above if not here."""

    holder: Holder
    days: str
    is_ahead: bool
    is_off: bool
    url: str


@dataclass(frozen=True)
class LinkedUnit:
    """Another unit, with its page where it may be opened."""

    unit: UnitRow
    url: str | None


@dataclass(frozen=True)
class MergedView:
    """A unit with which this one was merged, and the units below that went over."""

    other: LinkedUnit
    merged_on: date
    went_over: tuple[LinkedUnit, ...]


@dataclass(frozen=True)
class UnitPage:
    """A unit's page; ``below_text`` says how many of the units right below are retired."""

    unit: UnitRow
    is_retired: bool
    above: tuple[UnitRow, ...]
    steps: list[Step]
    below: tuple[UnitRow, ...]
    below_text: str
    merged_into: MergedView | None
    taken_over: tuple[MergedView, ...]
    groups: tuple[FactGroup, ...]
    history: tuple[HistoryStep, ...]
    is_cut: bool
    own_holders: tuple[HolderView, ...]
    holders_above: tuple[HolderView, ...]
    form: Any


@dataclass(frozen=True)
class Conflict:
    """A field that two people have changed: what is stored now, and what was typed."""

    name: str
    theirs: str
    yours: str


def unit_page(
    unit: UnitRow,
    *,
    above: Sequence[UnitRow],
    below: Sequence[UnitRow],
    facts: Sequence[FactRow],
    history: Sequence[HistoryRow],
    holders: Sequence[Holder],
    mergers: Mergers,
    visible: Callable[[UnitRow], bool],
    today: date,
    form: Any,
) -> UnitPage:
    """The page of a unit; ``history`` holds one step more than is shown where there is more.

    ``visible`` says of another unit whether its page may be opened.
    """

    def linked(other: UnitRow) -> LinkedUnit:
        return LinkedUnit(other, url_for("org.show", code=other.code) if visible(other) else None)

    def merged(one: Merged) -> MergedView:
        return MergedView(linked(one.other), one.merged_on, tuple(linked(each) for each in one.went_over))

    return UnitPage(
        unit=unit,
        is_retired=unit.is_retired_on(today),
        above=tuple(above),
        steps=unit_steps(above),
        below=tuple(below),
        below_text=_below_text(below, today),
        merged_into=merged(mergers.into) if mergers.into else None,
        taken_over=tuple(merged(each) for each in mergers.taken_over),
        groups=tuple(_group(unit, kind, facts, today) for kind in FactKind),
        history=history_steps(history[:HISTORY]),
        is_cut=len(history) > HISTORY,
        own_holders=tuple(_holder(one, today) for one in holders if one.unit.id == unit.id),
        holders_above=tuple(_holder(one, today) for one in holders if one.unit.id != unit.id),
        form=form,
    )


def _below_text(below: Sequence[UnitRow], today: date) -> str:
    """How many units are listed, and how many of them are no more."""
    gone = sum(child.is_retired_on(today) for child in below)
    count = str(len(below))
    return count + gettext(", of which %(num)s retired", num=gone) if gone else count


def fact_text(fact: FactRow) -> str:
    """A figure with its decimals, without its unit of measure."""
    return number(fact.value, fact.kind.decimals)


def _holder(holder: Holder, today: date) -> HolderView:
    return HolderView(
        holder,
        days_of_term(holder.term),
        holder.term.is_ahead(today),
        holder.state is not UserState.ACTIVE,
        url_for("people.show", name=holder.username),
    )


def _group(unit: UnitRow, kind: FactKind, facts: Sequence[FactRow], today: date) -> FactGroup:
    current = in_force(facts, today).get(kind)
    own = sorted((fact for fact in facts if fact.kind is kind), key=lambda fact: fact.from_on, reverse=True)
    return FactGroup(
        kind,
        fact_text(current) if current else NO_VALUE,
        current.from_on if current else None,
        gettext("km²") if kind is FactKind.AREA else "",
        tuple(
            FactView(
                fact.from_on,
                fact_text(fact),
                fact is current,
                url_for("org.correct", code=unit.code, kind=kind.value, day=fact.from_on.isoformat()),
            )
            for fact in own
        ),
    )


def conflicts(unit: UnitRow, form: Any) -> tuple[Conflict, ...]:
    """The fields in which what was typed differs from what is stored now."""
    kinds = {kind.value: word(kind) for kind in UnitKind}
    pairs = (
        (gettext("Name"), unit.name, form.name.data),
        (gettext("English name"), unit.name_en, form.name_en.data),
        (gettext("Kind"), kinds[unit.kind.value], kinds.get(form.kind.data, form.kind.data)),
        (gettext("Unit code"), unit.code, form.code.data),
    )
    return tuple(
        Conflict(name, theirs or NO_VALUE, yours or NO_VALUE)
        for name, theirs, yours in pairs
        if (theirs or "") != (yours or "")
    )
