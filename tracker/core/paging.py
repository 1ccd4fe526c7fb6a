"""Cutting a long list into pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list: its rows, its number from 1, and how many pages and rows there are."""

    rows: Sequence[T]
    number: int
    pages: int
    total: int


def page_bounds(asked: str | None, total: int, size: int) -> tuple[int, int, int]:
    """(page number, pages, offset) for what was asked; nonsense shows the nearest page there is."""
    pages = max(1, -(-total // size))
    wanted = int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 10 else 1
    number = min(max(1, wanted), pages)
    return number, pages, (number - 1) * size
