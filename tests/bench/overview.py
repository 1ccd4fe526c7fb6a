"""What the overview page costs, in small and large houses, beside a bare page of the same bytes."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from pathlib import Path

from tests.bench.bare import bare_app
from tests.bench.measure import alternate, heading, milliseconds, p50, p95, table, verdict
from tests.bench.page import caller, sign_in
from tests.bench.tree import AS_OF, PASSWORD, ROOT, USERNAME, House, Size, make_house

TITLE = "Overview page: server time"
ADDRESS = f"/overview?unit={ROOT}&as_of={AS_OF}"
SIZES = (Size("township", (15,), 14), Size("county", (20, 25), 40), Size("city", (10, 20, 25), 40))
WAYS = ("anew", "remembered")
BARE = ("by row", "by cell")
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
    medians = {name: p50(found) for name, found in times.items()}
    rows = []
    for house in houses:
        name = house.size.name
        for way in WAYS:
            rows.append(
                [
                    f"{name}, {house.entries:,} entries, {way}",
                    f"{len(tasks[f'{name} {way}']()):,}",
                    milliseconds(medians[f"{name} {way}"]),
                    milliseconds(p95(times[f"{name} {way}"])),
                    *(
                        text
                        for kind in BARE
                        for text in (
                            milliseconds(medians[f"{name} {kind}"]),
                            f"{medians[f'{name} {way}'] / medians[f'{name} {kind}']:.1f}",
                        )
                    ),
                ]
            )
    columns = ["house", "bytes", "p50", "p95", *(text for kind in BARE for text in (f"bare {kind}", "ratio"))]
    table(columns, rows)
    print(
        "Anew: every page is computed. Remembered: nothing has changed since the page was last asked for.\n"
        "Bare by row: each row printed as one prepared string. "
        "By cell: each tag and each escaped text by itself."
    )
    first, last = houses[0].size.name, houses[-1].size.name
    for way in WAYS:
        for kind in BARE:
            worst = max(medians[f"{h.size.name} {way}"] / medians[f"{h.size.name} {kind}"] for h in houses)
            verdict(f"overview {way} over bare page {kind}, worst house", worst, 2, at_most=True)
        growth = medians[f"{last} {way}"] / medians[f"{first} {way}"]
        verdict(f"overview {way}, growth from {first} to {last}", growth, 1.2, at_most=True)


def _tasks(house: House) -> dict[str, Callable[[], bytes]]:
    """The overview of a house in both ways, and its bare twins, which are checked to send the same bytes."""
    name = house.size.name
    forgetful = make_house(house.folder, house.size, REMEMBERED_PAGES=0).app
    headers = sign_in(house.app, USERNAME, PASSWORD)
    tasks = {
        f"{name} anew": caller(forgetful, ADDRESS, headers),
        f"{name} remembered": caller(house.app, ADDRESS, headers),
    }
    body = tasks[f"{name} anew"]()
    for kind in BARE:
        tasks[f"{name} {kind}"] = caller(bare_app(body.decode(), by_cell=kind == "by cell"), "/", {})
    for task, call in tasks.items():
        # Twice, since the second time is the remembered one.
        if {_without_token(call()), _without_token(call())} != {_without_token(body)}:
            raise AssertionError(f"{task} does not send the same bytes")
    return tasks


def _without_token(body: bytes) -> bytes:
    """The page but for the token of its forms, which holds the second at which it was made."""
    return re.sub(rb'(name="csrf_token" value=")[^"]*', rb"\1", body)
