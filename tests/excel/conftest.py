"""Workbooks written and read back, and LibreOffice where a formula must be worked out."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tracker.excel.columns import Book, ChartSheet, Sheet
from tracker.excel.write import write

Recalculate = Callable[[bytes], Workbook]


def written(*sheets: Sheet | ChartSheet) -> bytes:
    """The bytes of a workbook of these sheets."""
    return write(Book("Book", sheets, datetime(2022, 7, 5, tzinfo=UTC)))


@pytest.fixture
def reload() -> Callable[..., Workbook]:
    """Write sheets and read them back."""
    return lambda *sheets: load_workbook(BytesIO(written(*sheets)))


@pytest.fixture
def recalculate(tmp_path: Path) -> Recalculate:
    """Have LibreOffice work out every formula, and read the results."""
    office = shutil.which("soffice")
    if office is None:
        said = "LibreOffice (soffice) is not installed: NO FORMULA WAS WORKED OUT by this run"
        # The machine that judges a change must have it; a developer's may do without.
        if os.environ.get("CI"):
            pytest.fail(said)
        pytest.skip(said)  # No LibreOffice on a developer's machine.

    def run(content: bytes) -> Workbook:
        source = tmp_path / "source.xlsx"
        source.write_bytes(content)
        # A profile of its own lets several runs work at once.
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        out = tmp_path / "out"
        command = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), str(source)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return load_workbook(out / "source.xlsx", data_only=True)

    return run
