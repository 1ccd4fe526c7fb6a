"""A short mark of what somebody has been shown, to tell whether it has changed since."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from enum import StrEnum

from tracker.core.db import Base
from tracker.domain.numbers import plain

_UNSEEN = frozenset({"id", "position"})
"""Columns that no form shows: whoever reorders a list does not change what stands in it."""


def stamp_of(thing: Base, *more: object) -> str:
    """The mark of a row as it stands, and of what else was shown with it."""
    columns = [(column.key, getattr(thing, column.key)) for column in thing.__table__.columns]
    return stamp_values(*((key, value) for key, value in columns if key not in _UNSEEN), *more)


def stamp_values(*values: object) -> str:
    """The mark of some values."""
    return hashlib.sha256(repr([_said(value) for value in values]).encode()).hexdigest()[:16]


def _said(value: object) -> object:
    if isinstance(value, Decimal):
        # However many zeros stand behind the point, it is the same number.
        return plain(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, (tuple, list)):
        return [_said(part) for part in value]
    return value if value is None or isinstance(value, (bool, int)) else str(value)
