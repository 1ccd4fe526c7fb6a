"""The pages of upkeep: for whoever administers the whole house, and for nobody else."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.kit import make
from tests.kit.databases import SqliteShelf
from tests.kit.house import House
from tracker.core import db as plumbing
from tracker.core.audit import HOUSE, AuditRecord
from tracker.core.db import db, writing
from tracker.core.instance import InstanceRow
from tracker.features.org.models import UnitKind
from tracker.features.org.services import add_unit

PAGES = ("/upkeep", "/upkeep?checks=all", "/settings")


def actions(house: House) -> list[str]:
    with house.inside():
        query = select(AuditRecord.action).where(AuditRecord.action.startswith("backup."))
        return list(db.session.scalars(query.order_by(AuditRecord.id)))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_backup_is_made_taken_away_and_deleted(running: House, language: str) -> None:
    visitor = running.visitor("guanli", language=language)
    page = visitor.get("/upkeep").page
    assert {"zh": "还没有备份", "en": "There is no backup yet"}[language] in page.text
    made = visitor.follow(visitor.submit(page.form("/upkeep/backups")))
    (archive,) = (running.folder / "backups").glob("*.zip")
    assert archive.name in made.page.messages
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    assert digest in made.page.text
    taken = visitor.get(f"/upkeep/backups/{archive.name}")
    assert taken.body == archive.read_bytes()
    assert taken.headers["Content-Disposition"] == f"attachment; filename={archive.name}"
    assert taken.headers["Cache-Control"] == "private, no-store"
    asked = visitor.get(f"/upkeep/backups/{archive.name}/delete")
    assert digest in asked.page.text
    assert archive.exists()
    deleted = visitor.follow(visitor.submit(asked.page.form(f"/upkeep/backups/{archive.name}/delete")))
    assert archive.name in deleted.page.messages
    assert list(archive.parent.iterdir()) == []
    assert actions(running) == ["backup.make", "backup.download", "backup.delete"]
    visitor.get(f"/upkeep/backups/{archive.name}", status=404)


@pytest.mark.parametrize(
    "name", ["..%2Fsecret_key", "secret_key", "tracker.db", "%2e%2e", "tracker-LC-1.zip"]
)
def test_nothing_but_a_backup_can_be_taken_or_deleted(small: House, name: str) -> None:
    folder = small.folder / "backups"
    folder.mkdir()
    (folder / "secret_key").write_bytes(b"x")
    (folder / "tracker-LC-20220101-000000.zip").symlink_to(small.folder / "tracker.db")
    visitor = small.visitor("guanli")
    for asked in (name, "tracker-LC-20220101-000000.zip"):
        visitor.get(f"/upkeep/backups/{asked}", status=404)
        visitor.get(f"/upkeep/backups/{asked}/delete", status=404)
        visitor.post(f"/upkeep/backups/{asked}/delete", {"csrf_token": visitor.token()}, status=404)
    assert (small.folder / "tracker.db").exists()
    assert (folder / "secret_key").exists()
    assert actions(small) == []


def test_a_backup_needs_the_forms_token(small: House) -> None:
    small.visitor("guanli").post("/upkeep/backups", status=400)
    assert not (small.folder / "backups").exists()


def test_an_administrator_of_a_part_sees_neither_the_pages_nor_links_to_them(running: House) -> None:
    with running.inside():
        make.add_sample_user("part", "administrator", "LC01")
    part, whole = running.visitor("part"), running.visitor("guanli")
    for address in PAGES:
        part.get(address, status=403)
        whole.get(address)
    assert "/upkeep" in [link["href"] for link in whole.get("/settings").page.root.all("a")]
    assert "/upkeep" not in part.get("/overview").body.decode()
    part.post("/upkeep/backups", {"csrf_token": part.token()}, status=403)
    assert not (running.folder / "backups").exists()


def test_an_administrator_of_one_of_two_tops_has_not_the_whole_house(small: House) -> None:
    whole = small.visitor("guanli")
    whole.get("/upkeep")
    with small.inside(), writing():
        add_unit("X", "另一镇", UnitKind.TOWNSHIP, parent_code=None, actor=HOUSE)
        db.session.commit()
    whole.get("/upkeep", status=403)


def test_the_pages_of_administration_remind_of_a_backup_that_is_due(running: House) -> None:
    visitor = running.visitor("guanli")
    notice = "There is no backup yet. Make one now"
    # Nobody would miss what a sample holds.
    assert notice not in visitor.get("/settings").page.text
    assert notice not in visitor.get("/upkeep").page.text
    with running.inside(), writing():
        db.session.execute(update(InstanceRow).values(is_sample=False))
        db.session.commit()
    assert notice in visitor.get("/settings").page.text
    assert notice in visitor.get("/upkeep").page.text
    assert notice not in visitor.get("/overview").page.text
    assert running.run("backup").code == 0
    assert notice not in visitor.get("/settings").page.text


def test_the_settings_page_tells_sources_and_hides_secrets(small: House) -> None:
    page = small.visitor("guanli").get("/settings").page
    rows = {row.all("th")[0].all("code")[0].text: row.text for row in page.root.one("tbody").all("tr")}
    assert "Rows on one page of a list." in rows["PAGE_SIZE"]
    assert "Program" in rows["DATABASE_URL"]
    assert "Default" in rows["PAGE_SIZE"]
    assert str(small.app.config["SECRET_KEY"]) not in page.source
    chinese = small.visitor("guanli", language="zh").get("/settings").page.text
    assert "列表每页行数" in chinese


def test_a_backup_folder_that_is_none_is_a_page_with_a_sentence(sqlite: SqliteShelf, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with sqlite.house("story", BACKUP_FOLDER=str(tmp_path / "file" / "backups")) as house:
        visitor = house.visitor("guanli")
        form = visitor.get("/upkeep").page.form("/upkeep/backups")
        assert "cannot write to its disk" in visitor.submit(form, status=503).page.text


def test_a_backup_is_gone_only_when_that_is_recorded(small: House, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = small.visitor("guanli")
    admin.submit(admin.get("/upkeep").page.form("/upkeep/backups"))
    (kept,) = (small.folder / "backups").glob("*.zip")
    address = f"/upkeep/backups/{kept.name}/delete"
    form = admin.get(address).page.form(address)
    monkeypatch.setitem(small.app.config, "BUSY_SECONDS", 0.1)
    with plumbing._writers:
        admin.submit(form, at=address, status=503)
        assert kept.exists()
        # One that cannot be recorded is not left lying about.
        admin.post("/upkeep/backups", {"csrf_token": form.fields["csrf_token"]}, status=503)
    assert list((small.folder / "backups").glob("*.zip")) == [kept]
    admin.submit(form, at=address)
    assert not kept.exists()
