"""The tree of units as a page: branches that unfold, or the units that a search has found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from tracker.core.i18n import name_of
from tracker.core.paging import page_bounds
from tracker.features.org.queries import Branch, UnitRow, all_branches, find_branches

Step = tuple[str, str]
"""A step of the line above a page: its words and its address."""

MOST_AT_ONCE = 800
"""Units on one page; in a larger tree the deeper levels are a page of their own for each branch."""


@dataclass(frozen=True)
class BranchView:
    """A unit with what lies below it, unfolded in place or behind ``more_url``; ``gone`` are retired."""

    unit: UnitRow
    below: int
    gone: int
    is_open: bool
    branches: tuple[BranchView, ...]
    more_url: str | None


@dataclass(frozen=True)
class FoundUnit:
    """A unit that was searched for, with the names above it."""

    unit: UnitRow
    below: int
    gone: int
    place: str


@dataclass(frozen=True)
class Pages:
    """Where this page stands among those of a list."""

    page: int
    count: int
    previous_url: str | None
    next_url: str | None


@dataclass(frozen=True)
class TreePage:
    """Either the tree, from ``under`` down, or what a search has found."""

    query: str
    total: int
    gone: int
    steps: list[Step]
    under: UnitRow | None
    tree: tuple[BranchView, ...]
    found: tuple[FoundUnit, ...]
    found_total: int
    pages: Pages


def unit_steps(units: Iterable[UnitRow]) -> list[Step]:
    """Steps that lead to these units' pages."""
    return [(name_of(unit), url_for("org.show", code=unit.code)) for unit in units]


def tree_page(
    tree: Sequence[Branch], *, under: UnitRow | None, query: str, page: str | None, size: int, today: date
) -> TreePage:
    """The page for what the address asks: everything in scope, or what lies under a unit."""
    everything = all_branches(tree)
    chosen = next((branch for branch in everything if branch.unit == under), None)
    shown = (chosen,) if chosen else tuple(tree)
    hits = find_branches(shown, query) if query else []
    number, pages, offset = page_bounds(page, len(hits), size)

    def link(asked: int) -> str | None:
        return (
            url_for("org.index", q=query, under=under.code if under else None, page=asked)
            if 1 <= asked <= pages
            else None
        )

    deepest = _deepest(shown)
    return TreePage(
        query=query,
        total=len(everything),
        gone=sum(branch.unit.is_retired_on(today) for branch in everything),
        steps=unit_steps(chosen.above) if chosen else [],
        under=chosen.unit if chosen else None,
        tree=() if query else tuple(_view(branch, deepest, branch.depth) for branch in shown),
        found=tuple(
            FoundUnit(hit.unit, hit.below, hit.gone, " / ".join(name_of(unit) for unit in hit.above))
            for hit in hits[offset : offset + size]
        ),
        found_total=len(hits),
        pages=Pages(number, pages, link(number - 1), link(number + 1)),
    )


def _deepest(shown: Sequence[Branch]) -> int:
    """How deep the page can unfold; the units right below are always shown."""
    level, count, depth = list(shown), len(shown), shown[0].depth if shown else 0
    while level:
        level = [branch for above in level for branch in above.branches]
        count += len(level)
        if level and count > MOST_AT_ONCE and depth > shown[0].depth:
            break
        depth += 1
    return depth


def _view(branch: Branch, deepest: int, top: int) -> BranchView:
    fits = branch.depth < deepest
    return BranchView(
        unit=branch.unit,
        below=branch.below,
        gone=branch.gone,
        is_open=branch.depth == top,
        branches=tuple(_view(child, deepest, top) for child in branch.branches) if fits else (),
        more_url=None if fits or not branch.below else url_for("org.index", under=branch.unit.code),
    )
