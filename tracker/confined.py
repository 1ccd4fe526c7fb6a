"""A process of its own for what strangers hand in: it may fail without harm, within time and memory.

The worker gets a line of orders and the file on its standard input, and answers with one JSON object a
line, the last of which says that it came to its end. It knows nothing of the house: no settings, no
database, no secrets.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path
from typing import Any

MEGABYTE = 1024 * 1024

Order = dict[str, Any]
Answer = dict[str, Any]

_END: Answer = {"done": True}
"""The last line of a worker that did all that it was asked."""

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
    for answer in hear_worker(module, content, order, seconds=seconds):
        return answer
    raise StoppedError(Stop.MEMORY)


def hear_worker(
    module: str, content: bytes, order: Mapping[str, object], *, seconds: int
) -> Iterator[Answer]:
    """The same for many answers, as they come; what came before a :class:`StoppedError` must not be used."""
    if not _AT_ONCE.acquire(timeout=seconds):
        raise StoppedError(Stop.BUSY)
    try:
        yield from _answers(module, json.dumps(order).encode("ascii") + b"\n" + content, seconds)
    finally:
        _AT_ONCE.release()


def _answers(module: str, sent: bytes, seconds: int) -> Iterator[Answer]:
    with _worker(module, seconds) as (process, is_late):
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
            if answer == _END:
                return
            yield answer
        # Stopped by the system: a signal for the time it took, anything else for want of memory.
        has_signal = process.wait() < 0
        raise StoppedError(Stop.TIME if has_signal or is_late.is_set() else Stop.MEMORY)


@contextmanager
def _worker(module: str, seconds: int) -> Iterator[tuple[subprocess.Popen[bytes], threading.Event]]:
    """The process, ended when its time is over (then the event is set) and when nobody listens any more."""
    process = subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_TOP,
        # Settings and secrets of the house are none of its business.
        env={name: os.environ[name] for name in _PASSED_ON if name in os.environ} | {"PYTHONUTF8": "1"},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    is_late = threading.Event()

    def stop() -> None:
        is_late.set()
        process.kill()

    clock = threading.Timer(seconds, stop)
    clock.daemon = True
    clock.start()
    try:
        yield process, is_late
    finally:
        clock.cancel()
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                # What could not be handed over any more is of no use to anybody.
                with suppress(OSError):
                    pipe.close()
        process.wait()


def serve_once(do: Callable[[bytes, Order], Answer]) -> None:
    """The worker's side: read orders and file, confine the process, do the task, answer, end.

    The order's ``limits`` say how much memory (megabytes) and time (seconds) it may take.
    """
    serve(lambda content, order: iter([do(content, order)]))


def serve(do: Callable[[bytes, Order], Iterator[Answer]]) -> None:
    """The same with many answers, each sent as soon as it is there."""
    warnings.simplefilter("ignore")
    order = json.loads(sys.stdin.buffer.readline())
    _confine(memory=order["limits"]["memory"] * MEGABYTE, seconds=order["limits"]["seconds"])
    for answer in do(sys.stdin.buffer.read(), order):
        _send(answer)
    _send(_END)


def _send(answer: Answer) -> None:
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii") + b"\n")
    sys.stdout.buffer.flush()


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
