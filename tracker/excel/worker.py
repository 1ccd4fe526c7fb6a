"""The process in which untrusted workbooks are opened: it confines itself, does one task, and ends."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from itertools import islice

from tracker.confined import Answer, Order, serve
from tracker.excel.errors import DAMAGED, TOO_MUCH_MEMORY, WorkbookError
from tracker.excel.limits import Limits

_AT_ONCE = 500
"""Rows that travel together."""


def _read(content: bytes, limits: Limits, order: Order) -> Iterator[Answer]:
    from tracker.excel.cells import read_cells

    yield read_cells(content, limits, sheet=order.get("sheet"))


def _read_named(content: bytes, limits: Limits, order: Order) -> Iterator[Answer]:
    from tracker.excel.cells import read_named

    yield {"sheets": read_named(content, limits, names=order["names"])}


def _stream(content: bytes, limits: Limits, order: Order) -> Iterator[Answer]:
    from tracker.excel.cells import stream_sheets

    items = stream_sheets(content, limits)
    while some := list(islice(items, _AT_ONCE)):
        yield {"items": some}


def _mark(content: bytes, limits: Limits, order: Order) -> Iterator[Answer]:
    from tracker.excel.cells import check_sheets
    from tracker.excel.mark import mark

    # What cannot be read whole is not opened in the way that keeps all of it in memory.
    check_sheets(content, limits)
    yield {"content": base64.b64encode(mark(content, order["sheets"])).decode("ascii")}


_TASKS: dict[str, Callable[[bytes, Limits, Order], Iterator[Answer]]] = {
    "read": _read,
    "read_named": _read_named,
    "stream": _stream,
    "mark": _mark,
}


def answers_to(content: bytes, order: Order) -> Iterator[Answer]:
    """Do the task; whatever goes wrong becomes a sentence."""
    try:
        yield from _TASKS[order["task"]](content, Limits(**order["limits"]), order)
    except WorkbookError as error:
        yield {"error": error.message, "params": error.params}
    except MemoryError:
        yield {"error": TOO_MUCH_MEMORY, "params": {}}
    except Exception:
        # The library fails in many ways on what is no sound workbook.
        yield {"error": DAMAGED, "params": {}}


if __name__ == "__main__":
    serve(answers_to)
