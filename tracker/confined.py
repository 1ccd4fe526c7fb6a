"""A process of its own for what strangers hand in: it may fail without harm, within time and memory.

The worker gets a line of orders and the file on its standard input, and answers with one JSON object.
It knows nothing of the house: no settings, no database, no secrets.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024

Order = dict[str, Any]
Answer = dict[str, Any]

_TOP = Path(__file__).resolve().parents[1]
_AT_ONCE = threading.BoundedSemaphore(2)
"""Each worker may take half a gigabyte; more than two at a time would starve an office PC."""

_PASSED_ON = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH")


class Stop(Enum):
    """Why there is no answer."""

    BUSY = "busy"
    TIME = "time"
    MEMORY = "memory"


class StoppedError(Exception):
    """A worker that did not come to its end, or was not begun because others are at work."""

    def __init__(self, why: Stop) -> None:
        super().__init__(why.value)
        self.why = why


def ask_worker(module: str, content: bytes, order: Mapping[str, object], *, seconds: int) -> Answer:
    """The answer of a module run as a program of its own. Raises :class:`StoppedError` when there is none."""
    if not _AT_ONCE.acquire(timeout=seconds):
        raise StoppedError(Stop.BUSY)
    try:
        return _answer(module, json.dumps(order).encode("ascii") + b"\n" + content, seconds)
    finally:
        _AT_ONCE.release()


def _answer(module: str, sent: bytes, seconds: int) -> Answer:
    try:
        done = subprocess.run(
            [sys.executable, "-m", module],
            input=sent,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            cwd=_TOP,
            # Settings and secrets of the house are none of its business.
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ} | {"PYTHONUTF8": "1"},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise StoppedError(Stop.TIME) from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        # Stopped by the system: a signal for the time it took, anything else for want of memory.
        raise StoppedError(Stop.TIME if done.returncode < 0 else Stop.MEMORY)
    return answer


def serve_once(do: Callable[[bytes, Order], Answer]) -> None:
    """The worker's side: read orders and file, confine the process, do the task, answer, end.

    The order's ``limits`` say how much memory (megabytes) and time (seconds) it may take.
    """
    warnings.simplefilter("ignore")
    order = json.loads(sys.stdin.buffer.readline())
    _confine(memory=order["limits"]["memory"] * MEGABYTE, seconds=order["limits"]["seconds"])
    answer = do(sys.stdin.buffer.read(), order)
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))


def _confine(*, memory: int, seconds: int) -> None:
    """Bound the process's own memory, processor time and files, where the system can do that."""
    try:
        import resource
    except ImportError:
        return
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, memory),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, bound))
