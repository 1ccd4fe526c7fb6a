"""What the overview page costs, in small and large houses, beside a bare page of the same bytes."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

from tests.bench.bare import bare_app
from tests.bench.measure import alternate, heading, milliseconds, p50, p95, table, verdict
from tests.bench.page import caller, sign_in
from tests.bench.tree import AS_OF, PASSWORD, ROOT, USERNAME, House, Size, make_house

TITLE = "Overview page: server time"
ADDRESS = f"/overview?unit={ROOT}&as_of={AS_OF}"
SIZES = (Size("township", (15,), 14), Size("county", (20, 25), 40), Size("city", (10, 20, 25), 40))
QUICK = (Size("township", (15,), 14), Size("county", (20, 25), 8))


def run(folder: Path, *, quick: bool) -> None:
    """Make the houses, measure all pages in turns, and print the tables."""
    heading(TITLE)
    houses = []
    for size in QUICK if quick else SIZES:
        house = make_house(folder / f"{size.name}-{size.periods}", size)
        print(
            f"{size.name}: {house.entries:,} entries of {size.units:,} units, {size.indicators} indicators; "
            f"{house.bytes / 1e6:,.0f} MB, ready in {house.seconds:.0f} s",
            flush=True,
        )
        houses.append(house)
    tasks: dict[str, Callable[[], bytes]] = {}
    for house in houses:
        tasks.update(_tasks(house))
    gc.collect()
    times = alternate(tasks, rounds=30 if quick else 200)
    rows = []
    for house in houses:
        name = house.size.name
        ours, row, cell = (times[f"{name} {kind}"] for kind in ("overview", "by row", "by cell"))
        rows.append(
            [
                f"{name}, {house.entries:,} entries",
                f"{len(tasks[f'{name} overview']()):,}",
                milliseconds(p50(ours)),
                milliseconds(p95(ours)),
                milliseconds(p50(row)),
                f"{p50(ours) / p50(row):.1f}",
                milliseconds(p50(cell)),
                f"{p50(ours) / p50(cell):.1f}",
            ]
        )
    table(["house", "bytes", "p50", "p95", "bare by row", "ratio", "bare by cell", "ratio"], rows)
    print(
        "By row: the bare page prints each row as one prepared string. By cell: each tag and each escaped text by itself."
    )
    medians = {name: p50(found) for name, found in times.items()}
    for kind in ("by row", "by cell"):
        worst = max(medians[f"{h.size.name} overview"] / medians[f"{h.size.name} {kind}"] for h in houses)
        verdict(f"overview over bare page, {kind}, worst house", worst, 2, at_most=True)
    growth = medians[f"{houses[-1].size.name} overview"] / medians[f"{houses[0].size.name} overview"]
    verdict(f"growth from {houses[0].size.name} to {houses[-1].size.name}", growth, 1.2, at_most=True)


def _tasks(house: House) -> dict[str, Callable[[], bytes]]:
    """The overview of a house and its two bare twins, which are checked to send the same bytes."""
    ours = caller(house.app, ADDRESS, sign_in(house.app, USERNAME, PASSWORD))
    body = ours()
    tasks = {f"{house.size.name} overview": ours}
    for kind in ("by row", "by cell"):
        twin = caller(bare_app(body.decode(), by_cell=kind == "by cell"), "/", {})
        if twin() != body:
            raise AssertionError("the bare page does not send the same bytes")
        tasks[f"{house.size.name} {kind}"] = twin
    return tasks
