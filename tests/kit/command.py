"""Running the ``tracker`` command inside this process, with everything that it prints."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from tracker.cli import main


@dataclass(frozen=True)
class Outcome:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str


def tracker(*arguments: str, folder: Path, url: str = "") -> Outcome:
    """Run a command on an instance folder; the environment and arguments are put back afterwards."""
    out, err = io.StringIO(), io.StringIO()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    kept["TRACKER_INSTANCE"] = str(folder)
    if url:
        kept["TRACKER_DATABASE_URL"] = url
    code = 0
    with (
        mock.patch.dict(os.environ, kept, clear=True),
        mock.patch.object(sys, "argv", ["tracker", *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return Outcome(code, out.getvalue(), err.getvalue())
