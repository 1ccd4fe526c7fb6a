"""``python -m tests.bench [name …] [--quick] [--keep DIR]``: measure and print."""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
from pathlib import Path

from tests.bench import intake, month_end, overview, save, start

BENCHES = {
    "import": intake.run,
    "month-end": month_end.run,
    "overview": overview.run,
    "save": save.run,
    "start": start.run,
}


def main() -> None:
    """Run the named measurements, or all; what they find is printed, never asserted."""
    parser = argparse.ArgumentParser(prog="python run.py bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"any of: {', '.join(BENCHES)}")
    parser.add_argument("--quick", action="store_true", help="smaller sizes and fewer rounds")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep the large databases here for the next run"
    )
    options = parser.parse_args()
    unknown = sorted(set(options.names) - set(BENCHES))
    if unknown:
        parser.error(f"no such measurement: {', '.join(unknown)}")
    print(
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {platform.system()}, "
        f"{os.cpu_count()} processors"
    )
    for name in options.names or BENCHES:
        # Windows keeps files locked while any connection is open, so what is left is no error.
        with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as scratch:
            BENCHES[name](options.keep or Path(scratch), quick=options.quick)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    main()
