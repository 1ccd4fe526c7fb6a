"""How large a workbook that somebody hands in may be, and what reading it may cost."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Sizes in megabytes, time in seconds of the clock; rows and columns are those that hold something."""

    file: int = 8
    unpacked: int = 80
    parts: int = 1000
    rows: int = 5000
    columns: int = 60
    characters: int = 4_000_000
    seconds: int = 20
    memory: int = 512


USUAL = Limits()
"""Enough for a county's tree or plan, and far below what would harm an office PC."""
