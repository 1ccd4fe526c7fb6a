"""The process in which untrusted workbooks are opened: it confines itself, does one task, and ends."""

from __future__ import annotations

import base64
from collections.abc import Callable

from tracker.confined import Answer, Order, serve_once
from tracker.excel.errors import DAMAGED, TOO_MUCH_MEMORY, WorkbookError
from tracker.excel.limits import Limits


def _read(content: bytes, limits: Limits, order: Order) -> Answer:
    from tracker.excel.cells import read_cells

    return read_cells(content, limits, sheet=order.get("sheet"))


def _read_named(content: bytes, limits: Limits, order: Order) -> Answer:
    from tracker.excel.cells import read_named

    return read_named(content, limits, names=order["names"])


def _mark(content: bytes, limits: Limits, order: Order) -> Answer:
    from tracker.excel.cells import read_cells
    from tracker.excel.mark import mark

    # What cannot be read whole is not opened in the way that keeps all of it in memory.
    read_cells(content, limits, sheet=order["sheet"])
    marked = mark(content, order["sheet"], order["notes"], order["reasons"], order["heading"])
    return {"content": base64.b64encode(marked).decode("ascii")}


_TASKS: dict[str, Callable[[bytes, Limits, Order], Answer]] = {
    "read": _read,
    "read_named": _read_named,
    "mark": _mark,
}


def answer_to(content: bytes, order: Order) -> Answer:
    """Do the task; whatever goes wrong becomes a sentence."""
    try:
        return _TASKS[order["task"]](content, Limits(**order["limits"]), order)
    except WorkbookError as error:
        return {"error": error.message, "params": error.params}
    except MemoryError:
        return {"error": TOO_MUCH_MEMORY, "params": {}}
    except Exception:
        # The library fails in many ways on what is no sound workbook.
        return {"error": DAMAGED, "params": {}}


if __name__ == "__main__":
    serve_once(answer_to)
