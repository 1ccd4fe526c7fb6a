"""Retiring a unit from a day on, and taking that back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from tracker.core.audit import Actor, record
from tracker.domain.errors import N_, RuleError
from tracker.domain.review import HANDED_IN
from tracker.features.org.queries import NameWithCode, UnitRow
from tracker.features.places.queries import merger_of, subtree, units_by_id
from tracker.features.places.services import end_units
from tracker.features.reports.queries import reports_since
from tracker.features.restructure.services.follow import following
from tracker.features.restructure.services.moves import check_order

MOST_NAMED = 5
"""Units named in one sentence."""


def retire_unit(unit: UnitRow, *, day: date, with_below: bool = False, reason: str, actor: Actor) -> None:
    """Have the unit be no more from the day on, its first day out of use.

    It reports no period that ends on the day or later; its levels end on the day, what its flows added
    stays. ``with_below`` retires everything below it as well. Raises :class:`RuleError` where units
    below go on, reports of later periods are handed in, or the tree changed there after the day.
    """
    ids = check_retirement(unit, day, with_below=with_below)
    if not reason.strip():
        raise RuleError(N_("Give a reason, so that everyone knows why the tree changes."), field="reason")
    with following(ids, since=day):
        end_units(ids, day)
    record(
        "unit.retire",
        actor=actor,
        subject=f"unit {unit.code}",
        unit_id=unit.id,
        changes={"retired": (None, day), "units": (None, len(ids)), "reason": (None, reason.strip())},
    )


def check_retirement(unit: UnitRow, day: date, *, with_below: bool) -> list[int]:
    """Ids of the units that are to be retired; refuses what cannot be, see :func:`retire_unit`."""
    if len(unit.line) == 1:
        raise RuleError(N_("The top unit cannot be retired: every figure is added up to it."))
    if unit.retired_on is not None:
        raise RuleError(N_("The unit is retired from %(day)s on."), day=unit.retired_on.isoformat())
    check_order(unit, day)
    below = subtree(unit.path)[1:]
    going_on = [row for row in below if row.retired_on is None or row.retired_on > day]
    if going_on and not with_below:
        raise RuleError(
            N_("Units below go on: %(units)s. Move or retire them first, or retire all of them together."),
            field="with_below",
            units=_named(going_on),
        )
    later = [row for row in going_on if row.retired_on is not None]
    if later:
        raise RuleError(
            N_("Units below are retired only later: %(units)s. Choose a later day."),
            field="day",
            units=_named(later),
        )
    ids = [unit.id, *(row.id for row in going_on)]
    check_reports(ids, day)
    return ids


def check_reports(unit_ids: Collection[int], day: date) -> None:
    """Refuse to end units that have handed in a report for a period that ends on the day or later."""
    handed_in = [report for report in reports_since(unit_ids, day) if report.state in HANDED_IN]
    if handed_in:
        raise RuleError(
            N_(
                "Reports for periods up to %(last)s are handed in or approved. Choose a later day, or have "
                "them returned first."
            ),
            field="day",
            last=handed_in[-1].ends_on.isoformat(),
        )


def restore_unit(unit: UnitRow, *, with_below: bool = False, reason: str, actor: Actor) -> None:
    """Take a retirement back, as if it had not been; ``with_below`` for all that ended there on that day.

    Raises :class:`RuleError` when the unit is not retired, was merged into another, or stands below
    one that is retired itself.
    """
    day = unit.retired_on
    if day is None:
        raise RuleError(N_("The unit is not retired."))
    if merger_of(unit.id) is not None:
        raise RuleError(N_("The unit was merged into another one, which goes on for it."))
    above = units_by_id(unit.line[:-1]).values()
    if any(row.retired_on is not None for row in above):
        raise RuleError(N_("The unit stands below one that is retired. Restore that one first."))
    if not reason.strip():
        raise RuleError(N_("Give a reason, so that everyone knows why the tree changes."), field="reason")
    ids = [unit.id]
    if with_below:
        ids += [row.id for row in subtree(unit.path)[1:] if row.retired_on == day]
    with following(ids, since=day):
        end_units(ids, None)
    record(
        "unit.restore",
        actor=actor,
        subject=f"unit {unit.code}",
        unit_id=unit.id,
        changes={"retired": (day, None), "units": (None, len(ids)), "reason": (None, reason.strip())},
    )


def _named(rows: list[UnitRow]) -> tuple[NameWithCode | str, ...]:
    """The first units by name and code, and how many there are in all where there are more."""
    named = tuple(row.with_code for row in rows[:MOST_NAMED])
    return named if len(rows) <= MOST_NAMED else (*named, f"… ({len(rows)})")
