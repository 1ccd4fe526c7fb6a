"""Taking times in alternation, and printing what they come to."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median, quantiles


def alternate(
    tasks: Mapping[str, Callable[[], object]], *, rounds: int, warm_up: int = 3
) -> dict[str, list[float]]:
    """Seconds of each task, taken in turns, so that whatever disturbs the machine disturbs all alike."""
    found: dict[str, list[float]] = {name: [] for name in tasks}
    for turn in range(-warm_up, rounds):
        for name, task in tasks.items():
            began = time.perf_counter()
            task()
            taken = time.perf_counter() - began
            if turn >= 0:
                found[name].append(taken)
    return found


def p50(times: Sequence[float]) -> float:
    """The median."""
    return median(times)


def p95(times: Sequence[float]) -> float:
    """The time that 95 of 100 stay below; of a few times, the longest."""
    return quantiles(times, n=20)[-1] if len(times) >= 20 else max(times)


def milliseconds(seconds: float) -> str:
    """A duration for a table."""
    return f"{seconds * 1000:.2f} ms"


def heading(text: str) -> None:
    """Print a title with a line under it."""
    print(f"\n{text}\n{'=' * len(text)}", flush=True)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows below column names; the first column to the left, numbers to the right."""
    widths = [max(len(line[place]) for line in (columns, *rows)) for place in range(len(columns))]
    for line in (columns, ["-" * width for width in widths], *rows):
        cells = [text.rjust(width) for text, width in zip(line, widths, strict=True)]
        cells[0] = line[0].ljust(widths[0])
        print("  ".join(cells).rstrip())


def verdict(what: str, found: float, goal: float, *, at_most: bool) -> bool:
    """Say whether a goal is met."""
    met = found <= goal if at_most else found >= goal
    limit = "at most" if at_most else "at least"
    print(f"{'MET    ' if met else 'NOT MET'}  {what}: {found:.2f} (goal: {limit} {goal:g})", flush=True)
    return met
