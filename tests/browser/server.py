"""A real server on a folder of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST_START = 90
LONGEST_END = 15


class Server:
    """One process that serves one instance folder, until it is stopped."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder.parent / f"{folder.name}.log"
        for last_try in (False, False, True):
            self.port = _free_port()
            self.process = self._start()
            if self._answers():
                return
            self.stop()
            if last_try:
                said = self.log.read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"the server does not start:\n{said}")

    @property
    def url(self) -> str:
        """The address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """End the process; never wait for long."""
        self.process.terminate()
        try:
            self.process.wait(LONGEST_END)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(LONGEST_END)

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
        environment |= {"TRACKER_INSTANCE": str(self.folder), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}
        place = ["--host", "127.0.0.1", "--port", str(self.port)]
        with self.log.open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tracker", "serve", "--sample-if-empty", *place],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def _answers(self) -> bool:
        """Whether it answers in time; False as well when the process ended, as when the port was taken."""
        latest = time.monotonic() + LONGEST_START
        while time.monotonic() < latest and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):
                    return self.process.poll() is None
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        return False


def make_sample(folder: Path) -> None:
    """Let a server create the sample's story in a folder, and end it, so that the folder can be copied."""
    Server(folder).stop()
    left = [path.name for path in folder.iterdir() if path.name.endswith("-wal") and path.stat().st_size]
    # What is still in the log belongs to the database and is copied with it.
    assert all((folder / name.removesuffix("-wal")).exists() for name in left), left


def copy_sample(sample: Path, folder: Path) -> Path:
    """A folder of its own with the sample in it."""
    shutil.copytree(sample, folder)
    return folder


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
