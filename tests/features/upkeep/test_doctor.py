"""The check of health: green on a good house, and each check red when its own thing is wrong."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from tests.cli.test_commands import both_languages
from tests.features.upkeep.test_backup import the_backup
from tests.kit import make
from tests.kit.command import tracker
from tests.kit.house import House, close_house
from tests.kit.tamper import unguarded
from tracker.core.audit import HOUSE, AuditRecord
from tracker.core.clock import now
from tracker.core.db import db, writing
from tracker.core.locks import hold
from tracker.domain.roles import Role
from tracker.features.accounts.services import grant_role
from tracker.features.upkeep.queries import CHECKS


def states(house: House, *arguments: str) -> dict[str, str]:
    """State of each check by its name, as another program reads it."""
    outcome = house.run("doctor", "--json", *arguments)
    assert "Traceback" not in outcome.err
    rows = json.loads(outcome.out)
    found = {row["check"]: row["state"] for row in rows}
    assert outcome.code == int("failure" in found.values()), outcome
    for row in rows:
        assert set(row["message"]) == {"zh", "en"}
        assert all(row["message"].values())
        assert "%(" not in str(row["message"])
    return found


def test_a_good_house_is_in_order_in_both_languages(running: House) -> None:
    assert running.run("backup").code == 0
    outcome = running.run("doctor")
    assert (outcome.code, outcome.err) == (0, "")
    lines = outcome.out.splitlines()
    assert len(lines) == len(CHECKS)
    for line in lines:
        assert both_languages(line), line
        assert line.startswith("[正常 In order]"), line
    assert set(states(running).values()) == {"ok"}
    assert set(states(running, "--quick")) == {check.name for check in CHECKS if not check.slow}


def sql(statement: str) -> Callable[[House], None]:
    def act(house: House) -> None:
        with house.inside():
            db.session.execute(text(statement))
            db.session.commit()
        close_house(house)

    return act


def clock_of_tomorrow(house: House) -> None:
    with unguarded(house) as connection:
        connection.execute(
            update(AuditRecord).where(AuditRecord.id == 1).values(at=now() + timedelta(days=1))
        )


def old_backup(house: House) -> None:
    with unguarded(house) as connection:
        connection.execute(text("DELETE FROM audit_records WHERE action = 'backup.make'"))
    archive = the_backup(house.folder / "backups")
    archive.rename(archive.with_name("tracker-LC-20220101-000000.zip"))


def cut_backup(house: House) -> None:
    archive = the_backup(house.folder / "backups")
    archive.write_bytes(archive.read_bytes()[:-1])


def write_settings(text: str) -> Callable[[House], None]:
    def act(house: House) -> None:
        with (house.folder / "config.py").open("a", encoding="utf-8") as file:
            file.write(text)

    return act


def give_both(house: House) -> None:
    with house.inside(), writing():
        user, unit = make.user_of("chuangjianban"), make.unit_of("LC07")
        grant_role(user, Role.REPORTER, unit, actor=HOUSE)
        db.session.commit()
    close_house(house)


WRONG: dict[str, tuple[Callable[[House], None], str, str]] = {
    "a total that was changed": (
        sql("UPDATE balances SET value = value + 1 WHERE value > 0"),
        "figures",
        "failure",
    ),
    "a tally that was changed": (
        sql("UPDATE report_tallies SET reports = reports + 1"),
        "figures",
        "failure",
    ),
    "a newer schema": (sql("UPDATE alembic_version SET version_num = '9999'"), "schema", "failure"),
    "a clock that went back": (clock_of_tomorrow, "clock", "failure"),
    "an old backup": (old_backup, "backup", "warning"),
    "a backup that was cut short": (cut_backup, "newest_backup", "failure"),
    "somebody who reviews their own figures": (give_both, "roles", "warning"),
    "a misspelt setting": (write_settings("PAGE_SIZ = 3\n"), "settings", "warning"),
    "a setting of the wrong kind": (write_settings("PAGE_SIZE = '20'\n"), "settings", "failure"),
    "a negative number": (write_settings("BACKUP_WARN_DAYS = -1\n"), "settings", "failure"),
    "a time zone that is none": (write_settings("TIME_ZONE = 'Licun'\n"), "settings", "failure"),
    "a short key": (write_settings("SECRET_KEY = 'licun'\n"), "settings", "failure"),
    "a language that is not spoken": (write_settings("LANGUAGE = 'fr'\n"), "settings", "warning"),
}


@pytest.mark.parametrize("what", WRONG)
def test_each_check_sees_what_it_is_for(running: House, what: str) -> None:
    act, check, state = WRONG[what]
    assert running.run("backup").code == 0
    act(running)
    close_house(running)
    found = states(running)
    assert found[check] == state
    if what != "a time zone that is none":
        # Nothing else is wrong, but what hangs together with it; a forged record breaks the chain.
        forged = {"audit"} if act in {clock_of_tomorrow, old_backup} else set()
        assert {name for name, is_ in found.items() if is_ != "ok"} <= {check, "backup", *forged}


def test_a_reference_that_leads_nowhere_is_seen(small: House) -> None:
    import sqlite3
    from contextlib import closing

    close_house(small)
    with closing(sqlite3.connect(small.folder / "tracker.db")) as connection:
        connection.execute("UPDATE grants SET unit_id = 999999 WHERE id = 1")
        connection.commit()
    assert states(small)["soundness"] == "failure"


def test_pages_of_the_file_that_were_overwritten_are_seen(small: House) -> None:
    close_house(small)
    file = small.folder / "tracker.db"
    content = bytearray(file.read_bytes())
    for place in range(len(content) // 2, len(content) - 4096, 4096 * 3):
        content[place : place + 512] = b"\xff" * 512
    file.write_bytes(content)
    assert states(small)["soundness"] == "failure"


@pytest.mark.skipif(sys.platform == "win32", reason="rights of files are a matter of Unix")
def test_files_that_others_may_read_are_seen(small: House) -> None:
    (small.folder / "tracker.db").chmod(0o644)
    assert states(small)["rights"] == "failure"
    (small.folder / "tracker.db").chmod(0o600)
    (small.folder / "config.py").write_text("PAGE_SIZE = 20\n", encoding="utf-8")
    (small.folder / "config.py").chmod(0o644)
    assert states(small)["rights"] == "warning"


def test_serving_to_the_network_without_https_is_seen(small: House) -> None:
    lock = small.folder / "serving.lock"
    with hold(lock, shared=True):
        lock.write_text("0.0.0.0\n", encoding="utf-8")
        assert states(small)["settings"] == "warning"
        lock.write_text("127.0.0.1\n", encoding="utf-8")
        assert states(small)["settings"] == "ok"
    lock.write_text("0.0.0.0\n", encoding="utf-8")
    assert states(small)["settings"] == "ok"


def test_where_there_is_no_database_yet_it_says_so(tmp_path: Path) -> None:
    outcome = tracker("doctor", folder=tmp_path / "empty")
    assert outcome.code == 1
    assert "tracker init" in outcome.out
    assert "Traceback" not in outcome.err


def test_the_page_shows_the_same_and_the_slow_ones_only_on_demand(running: House) -> None:
    sql("UPDATE report_tallies SET reports = reports + 1")(running)
    visitor = running.visitor("guanli")
    assert "Totals" not in visitor.get("/upkeep").page.text
    thorough = visitor.get("/upkeep?checks=all").page
    assert "Totals" in thorough.text
    assert "Failure" in thorough.text


def test_settings_tell_their_source_at_the_command_line(small: House) -> None:
    (small.folder / "config.py").write_text("PAGE_SIZE = 20\n", encoding="utf-8")
    said = small.run("settings").out
    assert "PAGE_SIZE = '20'  [file]" in said
    assert "LANGUAGE = 'zh'  [default]" in said
    assert str(small.app.config["SECRET_KEY"]) not in said


def test_the_password_of_the_database_is_never_shown(tmp_path: Path) -> None:
    from tracker.app import create_app
    from tracker.features.upkeep.queries import setting_rows

    url = "postgresql+psycopg://tracker:s3cret@127.0.0.1/tracker?password=other"
    app = create_app({"DATABASE_URL": url}, folder=tmp_path)
    with app.app_context():
        shown = {row.setting.name: row.value for row in setting_rows()}["DATABASE_URL"]
    assert shown == "postgresql+psycopg://tracker:***@127.0.0.1/tracker"


def test_users_are_listed_as_each_language_lists_them(small: House) -> None:
    with small.inside(), writing():
        for name, role, unit in (("donghu", Role.REVIEWER, "LC07"), ("guanli", Role.AUDITOR, "LC")):
            grant_role(make.user_of(name), role, make.unit_of(unit), actor=HOUSE)
        db.session.commit()
    rows = json.loads(small.run("doctor", "--json").out)
    (row,) = [row for row in rows if "donghu" in row["message"]["en"]]
    assert "：donghu、guanli。" in row["message"]["zh"]
    assert ": donghu, guanli." in row["message"]["en"]
