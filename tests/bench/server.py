"""Starting the real server as a program of its own, asking whether it answers, and ending it."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tracker.config import ROOT

HOST = "127.0.0.1"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def environment(folder: Path) -> dict[str, str]:
    """The variables of a program that works on this instance folder and on no other database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    return {**kept, "TRACKER_INSTANCE": str(folder), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def command(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a ``tracker`` command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "tracker", *arguments],
        env=environment(folder),
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def launch(folder: Path, arguments: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    """Start Python with these arguments; what it prints goes into a file, so that no pipe fills up."""
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, *arguments], env=environment(folder), cwd=ROOT, stdout=out, stderr=out
        )


def serve(folder: Path, port: int, log: Path) -> subprocess.Popen[bytes]:
    """Start ``tracker serve``."""
    return launch(folder, ["-m", "tracker", "serve", "--host", HOST, "--port", str(port)], log)


def wait_for_answer(process: subprocess.Popen[bytes], port: int, *, limit: float = 30) -> None:
    """Return with the first good answer of /healthz; RuntimeError when none comes in time."""
    end = time.monotonic() + limit
    while time.monotonic() < end and process.poll() is None:
        connection = http.client.HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.005)
        finally:
            connection.close()
    raise RuntimeError(f"no answer from the server (exit code {process.poll()})")
