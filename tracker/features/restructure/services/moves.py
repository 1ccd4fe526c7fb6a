"""Moving a unit, with everything below it, to stand below another from a day on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tracker.core.audit import Actor, record
from tracker.domain.errors import N_, RuleError
from tracker.features.org.models import UnitKind
from tracker.features.org.queries import UnitRow
from tracker.features.people.queries import users_brought_into_conflict
from tracker.features.places.queries import latest_change, subtree
from tracker.features.places.services import relocate_unit
from tracker.features.restructure.queries import plans_left, reports_in
from tracker.features.restructure.services.follow import following


def move_unit(unit: UnitRow, parent: UnitRow, *, day: date, reason: str, actor: Actor) -> None:
    """Have the unit and everything below it stand below ``parent`` from the day on.

    Figures of data dates before the day stay what they were; those from then on follow. The day may
    lie in the past or in the future. Raises :class:`RuleError` when the tree would not be one, when
    something of it changed its place after that day, or when reports stand in the way.
    """
    check_move(unit, parent, day)
    if not reason.strip():
        raise RuleError(N_("Give a reason, so that everyone knows why the tree changes."), field="reason")
    with following([row.id for row in subtree(unit.path)], since=day):
        relocate_unit(unit, parent, day)
    record(
        "unit.move",
        actor=actor,
        subject=f"unit {unit.code}",
        unit_id=unit.id,
        changes={
            "path": (unit.path, f"{parent.path}{unit.id}/"),
            "parent": (None, parent.code),
            "from": (None, day),
            "reason": (None, reason.strip()),
        },
    )


def check_move(unit: UnitRow, parent: UnitRow, day: date) -> None:
    """Refuse what cannot be; see :func:`move_unit`."""
    if len(unit.line) == 1:
        raise RuleError(N_("The top unit stands below no other and cannot be moved."), field="parent")
    if unit.id in parent.line:
        raise RuleError(N_("A unit cannot stand below itself. Choose another unit above it."), field="parent")
    if parent.id == unit.line[-2]:
        raise RuleError(N_("The unit stands there already. Choose another unit above it."), field="parent")
    if parent.kind is UnitKind.BUILDING:
        raise RuleError(N_("Nothing stands below a building. Choose another unit above it."), field="parent")
    for one, name in ((unit, "unit"), (parent, "parent")):
        if one.retired_on is not None:
            raise RuleError(
                N_("%(unit)s is retired from %(day)s on, so nothing can be moved there or away."),
                field="parent" if name == "parent" else None,
                unit=one.with_code,
                day=one.retired_on.isoformat(),
            )
    check_order(unit, day)
    if parent.placed_on is not None and parent.placed_on > day:
        raise RuleError(
            N_("%(unit)s itself was moved on %(day)s. Choose that day or a later one."),
            field="day",
            unit=parent.with_code,
            day=parent.placed_on.isoformat(),
        )
    check_places_left(unit, parent, day)
    check_two_pairs_of_eyes([unit], parent, field="parent")


def check_two_pairs_of_eyes(units: Sequence[UnitRow], parent: UnitRow, *, field: str) -> None:
    """Refuse to bring units below another where somebody would then both report and review."""
    names = users_brought_into_conflict({unit.path: f"{parent.path}{unit.id}/" for unit in units})
    if names:
        raise RuleError(
            N_(
                "With the units there, these users would review figures that they report themselves: "
                "%(users)s. End one of their two roles first."
            ),
            field=field,
            users=tuple(names),
        )


def check_places_left(unit: UnitRow, parent: UnitRow, day: date) -> None:
    """Refuse a move out of a plan for which there are reports of later periods already."""
    new_line = (*parent.line, unit.id)
    left = plans_left(unit.line, new_line, day)
    kept = reports_in(left, [row.id for row in subtree(unit.path)], day)
    if kept:
        raise RuleError(
            N_(
                "There are reports for periods that end on %(day)s or later in a plan that the unit leaves. "
                "Choose a day after %(last)s."
            ),
            field="day",
            day=day.isoformat(),
            last=kept[-1].ends_on.isoformat(),
        )


def check_order(unit: UnitRow, day: date) -> None:
    """Refuse a day before the last change of places at or below the unit: changes are told in order."""
    last = latest_change(unit.path)
    if last is not None and day < last:
        raise RuleError(
            N_("The tree at or below this unit changed on %(day)s. Choose that day or a later one."),
            field="day",
            day=last.isoformat(),
        )
