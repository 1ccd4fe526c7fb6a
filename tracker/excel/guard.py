"""Handing an untrusted workbook to a process of its own, which may fail without harm."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
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
    """The worker's answer to an order. Raises :class:`WorkbookError` when it refuses or is stopped."""
    if not _AT_ONCE.acquire(timeout=limits.seconds):
        raise WorkbookError(N_("Several workbooks are being read just now. Try again in a minute."))
    try:
        answer = _answer(content, limits, json.dumps({**order, "limits": asdict(limits)}).encode("ascii"))
    finally:
        _AT_ONCE.release()
    if "error" in answer:
        raise WorkbookError(str(answer["error"]), **answer["params"])
    return answer


def _answer(content: bytes, limits: Limits, order: bytes) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "tracker.excel.worker"],
            input=order + b"\n" + content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limits.seconds,
            cwd=_TOP,
            # Settings and secrets of the house are none of its business.
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ} | {"PYTHONUTF8": "1"},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise WorkbookError(TOO_LONG) from None
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        # Stopped by the system: a signal for the time it took, anything else for want of memory.
        raise WorkbookError(TOO_LONG if done.returncode < 0 else TOO_MUCH_MEMORY)
    return answer
