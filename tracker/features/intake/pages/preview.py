"""What a workbook of figures would change, as the page shows it; kept as JSON until it is decided on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from tracker.core.format import NO_VALUE, period_label
from tracker.core.i18n import language, name_of
from tracker.core.workbooks import say_problem
from tracker.excel.tables import LongTable
from tracker.features.intake.services import Comparison, Example

MOST = 300
"""Rows of each list that are shown; how many there are is always said."""

COUNTS = ("new", "changed", "unchanged", "stale", "refused")


def preview_result(found: Comparison, tables: Sequence[LongTable]) -> dict[str, Any]:
    """All that the page needs to know, in the language being spoken."""
    return {
        "lang": language(),
        "fingerprint": found.fingerprint,
        "units": [
            {"code": unit.code, "name": name_of(unit), **vars(counts)}
            for unit, counts in found.units.values()
        ],
        "totals": {name: found.total(name) for name in COUNTS},
        "lists": {
            name: [_example(one) for one in getattr(found, name)[:MOST]]
            for name in ("new", "changed", "stale")
        },
        "reports": len(found.changes),
        "problems": [
            {"sheet": tables[table].sheet, "address": one.address, "said": say_problem(one)}
            for table, one in found.problems[:MOST]
        ],
        "problems_total": len(found.problems),
        "unknown": _not_read(tables),
        "sheets": len(tables),
    }


def _not_read(tables: Sequence[LongTable]) -> list[str]:
    """Headings that nobody asked for; those of our own templates are there for people and no surprise."""
    own = [table for table in tables if "stamp" not in table.fields]
    return sorted({heading for table in own for heading in table.unknown})


def _example(one: Example) -> dict[str, Any]:
    name = name_of(one.cell.indicator)
    category = one.cell.category
    return {
        "unit": name_of(one.unit),
        "period": period_label(one.period.code),
        "name": f"{name} · {name_of(category)}" if category else name,
        "code": one.cell.indicator.code,
        "old": one.old or NO_VALUE,
        "new": one.new or NO_VALUE,
        "where": f"{one.sheet} {one.row}",
    }


@dataclass(frozen=True)
class PreviewPage:
    """The preview of one upload. Only without problems, and with something to do, can it be confirmed."""

    file_name: str
    into: str
    because: str | None
    found: Mapping[str, Any]
    marked_url: str

    @property
    def can_confirm(self) -> bool:
        """Whether there is something to import and nothing wrong."""
        return not self.found["problems_total"] and bool(self.found["reports"])


def preview_page(
    found: Mapping[str, Any], *, file_name: str, into: str, because: str | None, token: str
) -> PreviewPage:
    """The page of a comparison that was kept."""
    return PreviewPage(file_name, into, because, found, url_for("intake.marked", token=token))
