"""Writing what has changed in a row, and saying it so that anyone can read it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from tracker.core.db import Base, db
from tracker.domain.errors import N_, RuleError, StaleError
from tracker.domain.numbers import plain

Changes = dict[str, tuple[object, object]]
"""What changed: (before, after) by name, as the audit record keeps it."""


def write_changes(thing: Base, values: Mapping[str, object]) -> Changes:
    """Set the columns that differ, and return them with what they held before."""
    changes: Changes = {}
    for name, value in values.items():
        before = getattr(thing, name)
        if before != value:
            changes[name] = (readable(before), readable(value))
            setattr(thing, name, value)
    db.session.flush()
    return changes


def readable(value: object) -> object:
    """A value on one line, as people write it; None stays None."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return " ".join(value.split()) or None
    return value


def check_unchanged(seen: str, stamp: str) -> None:
    """Raise :class:`StaleError` unless what was seen is what stands there now."""
    if seen != stamp:
        raise StaleError(
            N_(
                "Someone else changed this while you had it open. Nothing of yours was saved yet:"
                " compare below, then save again."
            )
        )


def check_name(name: str) -> str:
    """The name without outer blanks. Raises :class:`RuleError` when nothing is left."""
    if not name.strip():
        raise RuleError(N_("Enter a name."), field="name")
    return name.strip()
