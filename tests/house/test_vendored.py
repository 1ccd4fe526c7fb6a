"""Files of other authors are exactly the ones that their list names."""

import hashlib
import re
from pathlib import Path

import pytest

VENDOR = Path(__file__).resolve().parents[2] / "tracker" / "static" / "vendor"
LISTED = dict(
    re.findall(
        r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$",
        (VENDOR / "README.md").read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
)


@pytest.mark.parametrize("name", sorted(LISTED))
def test_a_vendored_file_has_its_listed_checksum(name: str) -> None:
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == LISTED[name]


def test_every_vendored_file_is_listed() -> None:
    present = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}
    assert present - {"README.md"} == set(LISTED)


def test_every_vendored_library_brings_its_licence() -> None:
    folders = [path for path in VENDOR.iterdir() if path.is_dir()]
    assert folders
    assert [folder.name for folder in folders if not (folder / "LICENSE.md").is_file()] == []


def test_no_vendored_script_asks_for_a_source_map_that_is_not_shipped() -> None:
    for script in VENDOR.glob("*/*.js"):
        for name in re.findall(r"sourceMappingURL=(\S+)", script.read_text(encoding="utf-8")):
            assert (script.parent / name).is_file()
