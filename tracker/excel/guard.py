"""Handing an untrusted workbook to a process of its own, which may fail without harm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tracker.excel.errors import N_, TOO_LONG, TOO_MUCH_MEMORY, WorkbookError
from tracker.excel.limits import Limits

_TOP = Path(__file__).resolve().parents[2]
_AT_ONCE = threading.BoundedSemaphore(2)
"""Each worker may take half a gigabyte; more than two at a time would starve an office PC."""

_PASSED_ON = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH")


def run(content: bytes, limits: Limits, **order: object) -> dict[str, Any]:
    """The worker's one answer to an order. Raises :class:`WorkbookError` when it refuses or is stopped."""
    for answer in stream(content, limits, **order):
        return answer
    raise WorkbookError(TOO_MUCH_MEMORY)


def stream(content: bytes, limits: Limits, **order: object) -> Iterator[dict[str, Any]]:
    """The worker's answers as they come; raises :class:`WorkbookError` as :func:`run` does."""
    if not _AT_ONCE.acquire(timeout=limits.seconds):
        raise WorkbookError(N_("Several workbooks are being read just now. Try again in a minute."))
    try:
        orders = json.dumps({**order, "limits": asdict(limits)}).encode("ascii")
        yield from _answers(orders + b"\n" + content, limits, is_long=order.get("task") == "stream")
    finally:
        _AT_ONCE.release()


def _answers(sent: bytes, limits: Limits, *, is_long: bool) -> Iterator[dict[str, Any]]:
    with _worker(limits.seconds) as process:
        assert process.stdin is not None and process.stdout is not None
        # It may end before it has read everything; what it said tells why, or its return code.
        with suppress(OSError):
            process.stdin.write(sent)
            process.stdin.close()
        for line in process.stdout:
            try:
                answer = json.loads(line)
            except ValueError:
                break
            if "error" in answer:
                raise WorkbookError(str(answer["error"]), **answer["params"])
            if answer.get("done"):
                return
            yield answer
            if not is_long:
                return
        # Stopped by the system: a signal for the time it took, anything else for want of memory.
        raise WorkbookError(TOO_LONG if process.wait() < 0 else TOO_MUCH_MEMORY)


@contextmanager
def _worker(seconds: float) -> Iterator[subprocess.Popen[bytes]]:
    """The process, which is ended when its time is over and when nobody listens any more."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker.excel.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_TOP,
        # Settings and secrets of the house are none of its business.
        env={name: os.environ[name] for name in _PASSED_ON if name in os.environ} | {"PYTHONUTF8": "1"},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    clock = threading.Timer(seconds, process.kill)
    clock.daemon = True
    clock.start()
    try:
        yield process
    finally:
        clock.cancel()
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                # What could not be handed over any more is of no use to anybody.
                with suppress(OSError):
                    pipe.close()
        process.wait()
