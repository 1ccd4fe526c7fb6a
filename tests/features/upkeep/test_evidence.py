"""Files of evidence in backups, restores and the check of health: every digest, and nothing stray."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

from tests.features.upkeep.test_doctor import states
from tests.features.upkeep.test_restore import backed_up
from tests.kit.house import House, close_house
from tests.kit.proofs import add_proof, spot_of
from tests.kit.uploads import PDF, photo
from tracker.features.evidence.queries import path_of
from tracker.features.evidence.services import judge_file, put_file

PLAN, UNIT, PERIOD = "LC-2022", "LC07", "2022-06"
TWO_HOURS = 7200


def furnish(house: House) -> list[Path]:
    """A photo and a document; returns where their contents and the thumbnail lie."""
    with house.inside():
        add_proof(UNIT, PERIOD, "I01", plan=PLAN)
        add_proof(UNIT, PERIOD, "I01", PDF, name="x.pdf", plan=PLAN)
        rows = spot_of(UNIT, PERIOD, "I01", PLAN).rows
        found = [path_of(digest) for row in rows for digest in (row.sha256, row.small_sha256) if digest]
    close_house(house)
    assert len(found) == 3
    return found


def age(path: Path) -> None:
    old = path.stat().st_mtime - TWO_HOURS
    os.utime(path, (old, old))


def test_files_are_in_the_backup_and_come_back_whole(running: House, fresh: House) -> None:
    names = {path.name for path in furnish(running)}
    archive = backed_up(running)
    with zipfile.ZipFile(archive) as packed:
        assert {
            name.rpartition("/")[2] for name in packed.namelist() if name.startswith("evidence/")
        } == names
    assert fresh.run("restore", str(archive)).code == 0
    assert states(fresh)["evidence"] == "ok"
    with fresh.inside():
        row = spot_of(UNIT, PERIOD, "I01", PLAN).rows[0]
    answer = fresh.visitor("donghu").get(f"/reports/{PLAN}/{UNIT}/{PERIOD}/evidence/I01/{row.id}/photo")
    assert len(answer.body) == row.size
    close_house(fresh)


def test_a_missing_or_changed_file_is_a_failure(running: House) -> None:
    first, small, document = furnish(running)
    assert states(running)["evidence"] == "ok"
    document.write_bytes(PDF + b" ")
    assert states(running)["evidence"] == "failure"
    document.write_bytes(PDF)
    small.unlink()
    outcome = running.run("evidence", "check")
    assert (outcome.code, small.name in outcome.out, first.name in outcome.out) == (1, True, False)
    assert states(running)["evidence"] == "failure"


def test_what_was_broken_off_is_told_and_cleaned_away(running: House) -> None:
    kept = furnish(running)
    with running.inside():
        # The power went out between the disk and the database.
        handed = judge_file(photo(shade=99), "a.jpg")
        put_file(handed)
        stray = path_of(handed.sha256)
        part = stray.with_name(f".{handed.sha256}.part")
        part.write_bytes(b"half")
    close_house(running)
    own = stray.parent / "notes of the administrator.txt"
    own.write_text("not ours", encoding="utf-8")
    # Somebody may just be adding it.
    assert states(running)["evidence"] == "ok"
    for path in (stray, part, own, *kept):
        age(path)
    assert states(running)["evidence"] == "warning"
    outcome = running.run("evidence", "clean")
    assert (outcome.code, outcome.err) == (0, "")
    assert (stray.exists(), part.exists(), own.exists()) == (False, False, True)
    assert all(path.exists() for path in kept)


def test_files_are_their_owners_alone(running: House) -> None:
    if os.name == "nt":
        return
    for path in furnish(running):
        assert path.stat().st_mode & 0o077 == 0
        assert path.parent.stat().st_mode & 0o077 == 0
