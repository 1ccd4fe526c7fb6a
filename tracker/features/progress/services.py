"""Posting to the balances, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from operator import itemgetter
from typing import cast

from sqlalchemy import Dialect, Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from tracker.core.db import db
from tracker.domain.rollup import Difference
from tracker.features.org.models import OrgUnit
from tracker.features.progress.models import Balance

Posting = Mapping[tuple[int, int, date], Difference]
"""Differences by (indicator id, category id or 0, last day of the period)."""

_KEY = ("unit_id", "plan_id", "category_id", "indicator_id", "ends_on")
_AMOUNTS = ("value", "denominator", "covered", "not_applicable", "reported")


def post_differences(line: Sequence[int], plan_id: int, posting: Posting) -> None:
    """Add the differences to the unit and to every unit above it.

    ``line`` holds the ids from the root to the unit. Rows are written in a fixed order.
    """
    units = {f"unit_{place}": unit_id for place, unit_id in enumerate(line)}
    rows = [
        {
            **units,
            "plan_id": plan_id,
            "category_id": category_id,
            "indicator_id": indicator_id,
            "ends_on": ends_on.isoformat(),
            "value": found.value,
            "denominator": found.denominator,
            "covered": found.covered,
            "not_applicable": found.not_applicable,
            "reported": found.reported,
        }
        for (indicator_id, category_id, ends_on), found in sorted(posting.items(), key=itemgetter(0))
    ]
    if rows:
        # Handed to the driver as it stands: binding forty rows anew took a tenth of an approval.
        statement = _adding(db.session.get_bind().dialect, len(line))
        db.session.connection().exec_driver_sql(statement, rows)


@cache
def _adding(dialect: Dialect, depth: int) -> str:
    """The statement that adds a difference at every unit of a line, making the rows that are missing.

    Its parameters are named. Built once for each kind of database and length of line. A difference is
    handed over once and multiplied by the database, which halves the time of posting a report.
    """
    table = cast(Table, Balance.__table__)
    is_postgres = dialect.name == "postgresql"
    insert = postgresql.insert(table) if is_postgres else sqlite.insert(table)
    given = [bindparam(name, type_=table.c[name].type) for name in (*_KEY[1:], *_AMOUNTS)]
    units = [bindparam(f"unit_{place}", type_=OrgUnit.id.type) for place in range(depth)]
    source = select(OrgUnit.id, *given).where(OrgUnit.id.in_(units))
    adding = insert.from_select([*_KEY, *_AMOUNTS], source).on_conflict_do_update(
        index_elements=_KEY,
        set_={name: table.c[name] + insert.excluded[name] for name in _AMOUNTS},
    )
    return str(adding.compile(dialect=dialect if is_postgres else sqlite.dialect(paramstyle="named")))
