"""Floors, rooms and shelves: the import contracts of pyproject.toml hold."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

from .source import PACKAGE, ROOT

LINTER = "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"


def contracts() -> list[dict[str, object]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found = settings.get("tool", {}).get("importlinter", {}).get("contracts")
    assert found, "pyproject.toml has no [[tool.importlinter.contracts]]: the floors are not guarded."
    return list(found)


def rooms() -> set[str]:
    return {
        f"tracker.features.{path.name}"
        for path in (PACKAGE / "features").iterdir()
        if (path / "__init__.py").is_file()
    }


def test_every_import_contract_is_kept(tmp_path: Path) -> None:
    contracts()
    run = subprocess.run(
        [sys.executable, "-c", LINTER, "--no-cache"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "NO_COLOR": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, f"docs/house.md: an import looks up or sideways\n{run.stdout}{run.stderr}"


def test_the_floors_are_the_ones_of_the_house() -> None:
    floors = next(one for one in contracts() if one["type"] == "layers" and "containers" not in one)
    assert [str(layer).strip("()") for layer in floors["layers"]] == [  # type: ignore[attr-defined]
        "tracker.cli",
        "tracker.app",
        "tracker.api",
        "tracker.features",
        "tracker.core",
        "tracker.config",
        "tracker.domain | tracker.excel | tracker.files",
        "tracker.confined",
    ]


def test_every_room_stands_in_the_order_of_rooms() -> None:
    ordered = {
        room.strip(" ()")
        for one in contracts()
        if one["type"] == "layers" and one.get("id") == "rooms"
        for layer in one["layers"]  # type: ignore[attr-defined]
        for room in str(layer).split("|")
    }
    assert rooms() <= ordered, f"rooms without a place in the order of rooms: {sorted(rooms() - ordered)}"


def test_every_rooms_shelves_are_guarded() -> None:
    guarded = {str(room) for one in contracts() for room in one.get("containers", [])}  # type: ignore[attr-defined]
    assert rooms() <= guarded, f"rooms whose shelves no contract guards: {sorted(rooms() - guarded)}"
