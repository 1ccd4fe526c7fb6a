"""How long a second start takes: environment and database exist, the server has to come up."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench.measure import heading, p50, table, verdict
from tests.bench.server import HOST, command, free_port, launch, serve, wait_for_answer

TITLE = "Start: seconds to the first answer of /healthz"
GOAL = 3


def run(folder: Path, *, quick: bool) -> None:
    """Start the server several times, in each of the two ways, in turns."""
    heading(TITLE)
    folder = folder / "start"
    if not (folder / "tracker.db").exists():
        command(folder, "demo", "--story").check_returncode()
    log = folder / "serve.log"
    ways: dict[str, Callable[[int], subprocess.Popen[bytes]]] = {
        "python -m tracker serve": lambda port: serve(folder, port, log)
    }
    # On Windows a program that is ended cannot end the one it started, so only the server itself is measured.
    if os.name != "nt":
        ways["python run.py"] = lambda port: launch(
            folder, ["run.py", "--no-browser", "--host", HOST, "--port", str(port)], log
        )
    times: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(-1, 3 if quick else 9):
        for name, start in ways.items():
            taken = _seconds(start)
            # The first turn fills the caches of the file system and is not counted.
            if turn >= 0:
                times[name].append(taken)
    rows = [[name, f"{p50(t):.2f} s", f"{min(t):.2f} s", f"{max(t):.2f} s"] for name, t in times.items()]
    table(["way", "p50", "shortest", "longest"], rows)
    for name, found in times.items():
        verdict(f"{name}, longest of {len(found)}", max(found), GOAL, at_most=True)


def _seconds(start: Callable[[int], subprocess.Popen[bytes]]) -> float:
    port = free_port()
    began = time.perf_counter()
    process = start(port)
    try:
        wait_for_answer(process, port)
        return time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(30)
