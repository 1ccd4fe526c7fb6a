"""Posting to the balances, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import cast

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

from tracker.core.db import db
from tracker.domain.rollup import Difference
from tracker.features.progress.models import Balance

Posting = Mapping[tuple[int, int, date], Difference]
"""Differences by (indicator id, category id or 0, last day of the period)."""

_AMOUNTS = ("value", "denominator", "covered", "not_applicable", "reported")


def post_differences(line: Sequence[int], plan_id: int, posting: Posting) -> None:
    """Add the differences to the unit and to every unit above it.

    ``line`` holds the ids from the root to the unit. Rows are written in a fixed order, so that
    two writers cannot wait for each other in a circle.
    """
    rows = [
        {
            "unit_id": unit_id,
            "plan_id": plan_id,
            "category_id": category_id,
            "indicator_id": indicator_id,
            "ends_on": ends_on,
            **{name: getattr(found, name) for name in _AMOUNTS},
        }
        for unit_id in sorted(line)
        for (indicator_id, category_id, ends_on), found in sorted(posting.items(), key=lambda item: item[0])
    ]
    if rows:
        _upsert(rows)


def _upsert(rows: list[dict[str, object]]) -> None:
    # By table and connection: the session would treat each row as an object of its own.
    db.session.connection().execute(_adding(db.session.get_bind().dialect.name), rows)


@cache
def _adding(dialect: str) -> Insert:
    """The statement that adds to a row or makes it, built once for each kind of database."""
    table = cast(Table, Balance.__table__)
    insert = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return insert.on_conflict_do_update(
        index_elements=["unit_id", "plan_id", "category_id", "indicator_id", "ends_on"],
        set_={name: table.c[name] + insert.excluded[name] for name in _AMOUNTS},
    )
