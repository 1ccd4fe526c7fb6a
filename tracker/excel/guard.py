"""Handing an untrusted workbook to a process of its own, which may fail without harm."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from tracker.confined import Stop, StoppedError, ask_worker
from tracker.excel.errors import N_, TOO_LONG, TOO_MUCH_MEMORY, WorkbookError
from tracker.excel.limits import Limits

_SENTENCES = {
    Stop.BUSY: N_("Several workbooks are being read just now. Try again in a minute."),
    Stop.TIME: TOO_LONG,
    Stop.MEMORY: TOO_MUCH_MEMORY,
}


def run(content: bytes, limits: Limits, **order: object) -> dict[str, Any]:
    """The worker's answer to an order. Raises :class:`WorkbookError` when it refuses or is stopped."""
    asked = {**order, "limits": asdict(limits)}
    try:
        answer = ask_worker("tracker.excel.worker", content, asked, seconds=limits.seconds)
    except StoppedError as stopped:
        raise WorkbookError(_SENTENCES[stopped.why]) from None
    if "error" in answer:
        raise WorkbookError(str(answer["error"]), **answer["params"])
    return answer
