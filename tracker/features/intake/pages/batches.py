"""The list of imports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from tracker.features.intake.queries import BatchRow


@dataclass(frozen=True)
class PageLinks:
    """Where the neighbouring pages of a list are."""

    page: int
    count: int
    previous_url: str | None
    next_url: str | None


@dataclass(frozen=True)
class BatchList:
    """A page of the list."""

    rows: Sequence[BatchRow]
    pages: PageLinks


def list_page(rows: Sequence[BatchRow], number: int, pages: int) -> BatchList:
    """The page with links to its neighbours."""

    def link(page: int) -> str | None:
        return url_for("intake.index", page=page) if 1 <= page <= pages else None

    return BatchList(rows, PageLinks(number, pages, link(number - 1), link(number + 1)))
