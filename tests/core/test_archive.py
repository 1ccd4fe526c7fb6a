"""Archives: whole or refused, wherever a byte was changed, and never trusted with a path or a size."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import stat
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tracker.core.archive import MANIFEST, SEAL, read_archive, sidecar, write_archive
from tracker.core.manifest import Origin, is_safe
from tracker.domain.errors import RuleError

ORIGIN = Origin("0.1.0", datetime(2026, 11, 23, tzinfo=UTC), "system", "LC", "0001", {"users": 1})


def make_archive(folder: Path, name: str = "a.zip") -> Path:
    """A small archive of a real database and two files of evidence."""
    folder.mkdir(exist_ok=True)
    if not (folder / "source.db").exists():
        with closing(sqlite3.connect(folder / "source.db")) as connection:
            connection.execute("CREATE TABLE users (id INTEGER PRIMARY KEY)")
    (folder / "照片.jpg").write_bytes(b"\xff\xd8 photo")
    (folder / "empty.txt").write_bytes(b"")
    files = [
        ("evidence/2022/照片.jpg", folder / "照片.jpg"),
        ("database.sqlite", folder / "source.db"),
        ("evidence/empty.txt", folder / "empty.txt"),
    ]
    write_archive(folder / name, files, ORIGIN)
    return folder / name


def refused(path: Path, into: Path) -> str:
    """The sentence with which an archive is refused, both when it is read and when it is unpacked."""
    with pytest.raises(RuleError) as read:
        read_archive(path)
    with pytest.raises(RuleError) as unpacked:
        read_archive(path, into)
    assert str(read.value) == str(unpacked.value)
    return str(read.value)


def test_what_is_packed_comes_out_again_with_the_rights_of_its_owner(tmp_path: Path) -> None:
    archive, into = make_archive(tmp_path / "x"), tmp_path / "out"
    into.mkdir()
    manifest = read_archive(archive, into)
    assert manifest.origin == ORIGIN
    assert (into / "evidence" / "2022" / "照片.jpg").read_bytes() == b"\xff\xd8 photo"
    assert (into / "evidence" / "empty.txt").read_bytes() == b""
    assert (into / "database.sqlite").read_bytes() == (tmp_path / "x" / "source.db").read_bytes()
    assert {path.name for path in into.iterdir()} == {"database.sqlite", "evidence"}
    if sys.platform != "win32":
        for path in (archive, sidecar(archive)):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_same_contents_make_the_same_archive(tmp_path: Path) -> None:
    first, second = make_archive(tmp_path, "a.zip"), make_archive(tmp_path, "b.zip")
    assert first.read_bytes() == second.read_bytes()


def test_the_digest_beside_it_is_the_one_of_the_file(tmp_path: Path) -> None:
    archive = make_archive(tmp_path)
    said = sidecar(archive).read_text(encoding="utf-8")
    assert said == f"{hashlib.sha256(archive.read_bytes()).hexdigest()}  a.zip\n"


@pytest.mark.parametrize("with_digest", [True, False], ids=["with its digest", "alone"])
def test_a_byte_that_was_changed_is_found_wherever_it_is(tmp_path: Path, with_digest: bool) -> None:
    archive, into = make_archive(tmp_path), tmp_path / "out"
    into.mkdir()
    whole = archive.read_bytes()
    if not with_digest:
        sidecar(archive).unlink()
    for place in range(0, len(whole), 1 if not with_digest else 7):
        archive.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
        with pytest.raises(RuleError):
            read_archive(archive, into)
        assert list(into.iterdir()) == [], f"byte {place} was noticed too late"


def test_an_archive_that_was_cut_short_or_made_longer_is_found(tmp_path: Path) -> None:
    archive = make_archive(tmp_path)
    whole = archive.read_bytes()
    sidecar(archive).unlink()
    for length in range(len(whole)):
        archive.write_bytes(whole[:length])
        with pytest.raises(RuleError):
            read_archive(archive)
    for more in (b"\0", b"PK", whole):
        archive.write_bytes(whole + more)
        with pytest.raises(RuleError):
            read_archive(archive)
    archive.write_bytes(whole)
    read_archive(archive)


def test_another_archive_under_the_name_is_found_by_the_digest_beside_it(tmp_path: Path) -> None:
    first, second = make_archive(tmp_path / "1"), make_archive(tmp_path / "2", "b.zip")
    assert first.read_bytes() == second.read_bytes()
    write_archive(first, [("database.sqlite", tmp_path / "1" / "source.db")], replace(ORIGIN, unit="X"))
    (first.parent / "a.zip").write_bytes(second.read_bytes())
    assert "a.zip.sha256" in refused(first, tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"x", b"SQLite format 3\0" + bytes(4096), b"PK\x03\x04" + bytes(900)]
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    assert "not a backup" in refused(tmp_path / "a.zip", tmp_path)


def test_an_honest_zip_file_of_somebody_else_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
        file.writestr("xl/workbook.xml", "<x/>")
    assert "not a backup" in refused(tmp_path / "a.zip", tmp_path)


# What somebody could seal anew


def forge(path: Path, members: list[tuple[str | zipfile.ZipInfo, bytes]], manifest: object) -> Path:
    """An archive with a right seal and whatever contents."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.comment = SEAL + b"0" * 64
        for name, content in members:
            file.writestr(name, content)
        if manifest is not None:
            file.writestr(MANIFEST, manifest if isinstance(manifest, bytes) else json.dumps(manifest))
    content = path.read_bytes()[:-64]
    path.write_bytes(content + hashlib.sha256(content).hexdigest().encode())
    return path


def manifest_of(members: list[tuple[str, bytes]], **changes: object) -> dict[str, Any]:
    return {
        "format": 1,
        "product": "township-tracker",
        "version": "0.1.0",
        "made_at": "2026-11-23T00:00:00+00:00",
        "made_by": "system",
        "unit": "LC",
        "revision": "0001",
        "counts": {},
        "members": [
            {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in members
        ],
        **changes,
    }


BASE = ("database.sqlite", b"SQLite format 3\0" + bytes(84))


def test_a_forgery_that_keeps_to_the_rules_is_read(tmp_path: Path) -> None:
    """Or the forgeries below would be refused for another reason than theirs."""
    read_archive(forge(tmp_path / "a.zip", [BASE], manifest_of([BASE])))


@pytest.mark.parametrize(
    "name",
    [
        "../secret_key",
        "evidence/../../secret_key",
        "/etc/passwd",
        "evidence//x",
        "evidence/./x",
        "evidence\\..\\x",
        "C:/x",
        "evidence/c:x",
        "evidence/x\0y",
        "evidence/..",
        "evidence/x. ",
        "evidence/",
        "config.py",
        "secret_key",
        "tracker.db",
        "database.pgdump",
        "DATABASE.SQLITE",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    into = tmp_path / "deep" / "out"
    into.mkdir(parents=True)
    members = [BASE, (name, b"x")]
    archive = forge(tmp_path / "a.zip", list(members), manifest_of(members))
    before = sorted(tmp_path.rglob("*"))
    assert "not made by this program" in refused(archive, into)
    assert sorted(tmp_path.rglob("*")) == before
    assert not is_safe(name) or name == "database.pgdump"


def change(manifest: dict[str, Any], *path: str | int, to: object) -> dict[str, Any]:
    place: Any = manifest
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return manifest


MANIFESTS: dict[str, Callable[[dict[str, Any]], object]] = {
    "none": lambda m: None,
    "no JSON": lambda m: b"{",
    "not UTF-8": lambda m: b"\xff\xfe{}",
    "a list": lambda m: [m],
    "nested without end": lambda m: b"[" * 200_000,
    "another product": lambda m: change(m, "product", to="other"),
    "no format": lambda m: change(m, "format", to="1"),
    "no members": lambda m: change(m, "members", to=[]),
    "members of another kind": lambda m: change(m, "members", to={"a": 1}),
    "a negative size": lambda m: change(m, "members", 0, "size", to=-1),
    "a size that is text": lambda m: change(m, "members", 0, "size", to="100"),
    "a smaller size": lambda m: change(m, "members", 0, "size", to=99),
    "a larger size": lambda m: change(m, "members", 0, "size", to=101),
    "another digest": lambda m: change(m, "members", 0, "sha256", to="0" * 64),
    "no digest": lambda m: change(m, "members", 0, "sha256", to="x"),
    "a member that is not there": lambda m: change(
        m, "members", to=[*m["members"], {"name": "evidence/x", "size": 0, "sha256": "0" * 64}]
    ),
    "a member twice": lambda m: change(m, "members", to=m["members"] * 2),
    "a moment without zone": lambda m: change(m, "made_at", to="2026-11-23T00:00:00"),
    "counts of another kind": lambda m: change(m, "counts", to=[1]),
}


@pytest.mark.parametrize("kind", MANIFESTS)
def test_a_manifest_that_is_not_right_is_refused(tmp_path: Path, kind: str) -> None:
    manifest = MANIFESTS[kind](manifest_of([BASE]))
    archive = forge(tmp_path / "a.zip", [BASE], manifest)
    into = tmp_path / "out"
    into.mkdir()
    assert "not" in refused(archive, into)


def test_a_newer_format_is_refused_with_what_to_do(tmp_path: Path) -> None:
    archive = forge(tmp_path / "a.zip", [BASE], manifest_of([BASE], format=2, surprise=True))
    assert "newer version" in refused(archive, tmp_path)


def test_a_member_that_the_manifest_does_not_name_is_refused(tmp_path: Path) -> None:
    archive = forge(tmp_path / "a.zip", [BASE, ("evidence/x", b"")], manifest_of([BASE]))
    assert "not made by this program" in refused(archive, tmp_path)


def test_zeros_that_unpack_to_gigabytes_are_refused_at_the_first_of_them(tmp_path: Path) -> None:
    zeros = bytes(64_000_000)
    members = [("database.sqlite", zeros)]
    archive = forge(tmp_path / "a.zip", list(members), manifest_of(members))
    assert archive.stat().st_size < 100_000
    into = tmp_path / "out"
    into.mkdir()
    assert "not made by this program" in refused(archive, into)
    assert sum(path.stat().st_size for path in into.iterdir()) == 0


def test_what_would_not_fit_on_the_disk_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    """Its size stands in the zip file's directory and in the manifest."""
    archive = tmp_path / "a.zip"
    huge = 1 << 50
    with zipfile.ZipFile(archive, "w") as file:
        file.comment = SEAL + b"0" * 64
        file.writestr(*BASE)
        wanted = manifest_of([BASE])
        wanted["members"][0]["size"] = huge
        file.writestr(MANIFEST, json.dumps(wanted))
        file.getinfo(BASE[0]).file_size = huge
    content = archive.read_bytes()[:-64]
    archive.write_bytes(content + hashlib.sha256(content).hexdigest().encode())
    into = tmp_path / "out"
    into.mkdir()
    with pytest.raises(RuleError, match="not enough space"):
        read_archive(archive, into)
    assert list(into.iterdir()) == []


def test_a_link_in_an_archive_is_a_plain_file_at_most(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("evidence/link")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    members = [BASE, ("evidence/link", b"/etc/passwd")]
    archive = forge(tmp_path / "a.zip", [BASE, (link, b"/etc/passwd")], manifest_of(members))
    into = tmp_path / "out"
    into.mkdir()
    read_archive(archive, into)
    assert not (into / "evidence" / "link").is_symlink()
    assert (into / "evidence" / "link").read_bytes() == b"/etc/passwd"


def test_a_disk_that_takes_no_more_leaves_nothing_behind(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="limits of a process are a matter of Unix")
    make_archive(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (600, kept[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            make_archive(tmp_path, "b.zip")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    make_archive(tmp_path, "b.zip")
