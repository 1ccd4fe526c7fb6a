"""The process in which untrusted workbooks are opened: it confines itself, does one task, and ends.

It gets a line of orders and the file on its standard input, and answers with one JSON object. It
knows nothing of the house: no settings, no database, no secrets.
"""

from __future__ import annotations

import base64
import json
import sys
import warnings
from collections.abc import Callable
from typing import Any

from tracker.excel.errors import DAMAGED, TOO_MUCH_MEMORY, WorkbookError
from tracker.excel.limits import MEGABYTE, Limits

Answer = dict[str, Any]


def confine(limits: Limits) -> None:
    """Bound the process's own memory, processor time and files, where the system can do that."""
    try:
        import resource
    except ImportError:
        return
    size = limits.memory * MEGABYTE
    for what, most in (
        (resource.RLIMIT_AS, size),
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_FSIZE, size),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, bound))


def _read(content: bytes, limits: Limits, order: Answer) -> Answer:
    from tracker.excel.cells import read_cells

    return read_cells(content, limits, sheet=order.get("sheet"))


def _read_named(content: bytes, limits: Limits, order: Answer) -> Answer:
    from tracker.excel.cells import read_named

    return read_named(content, limits, names=order["names"])


def _mark(content: bytes, limits: Limits, order: Answer) -> Answer:
    from tracker.excel.cells import read_cells
    from tracker.excel.mark import mark

    # What cannot be read whole is not opened in the way that keeps all of it in memory.
    read_cells(content, limits, sheet=order["sheet"])
    marked = mark(content, order["sheet"], order["notes"], order["reasons"], order["heading"])
    return {"content": base64.b64encode(marked).decode("ascii")}


_TASKS: dict[str, Callable[[bytes, Limits, Answer], Answer]] = {
    "read": _read,
    "read_named": _read_named,
    "mark": _mark,
}


def answer_to(content: bytes, limits: Limits, order: Answer) -> Answer:
    """Do the task; whatever goes wrong becomes a sentence."""
    try:
        return _TASKS[order["task"]](content, limits, order)
    except WorkbookError as error:
        return {"error": error.message, "params": error.params}
    except MemoryError:
        return {"error": TOO_MUCH_MEMORY, "params": {}}
    except Exception:
        # The library fails in many ways on what is no sound workbook.
        return {"error": DAMAGED, "params": {}}


def main() -> None:
    """Read the orders and the file, answer, end."""
    warnings.simplefilter("ignore")
    order = json.loads(sys.stdin.buffer.readline())
    limits = Limits(**order["limits"])
    confine(limits)
    answer = answer_to(sys.stdin.buffer.read(), limits, order)
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii"))


if __name__ == "__main__":
    main()
