"""The commands of an operator: what they do, what they say, and how they end."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select, text

from tests.conftest import Shelf
from tests.kit import make
from tests.kit.command import Outcome, tracker
from tests.kit.databases import SqliteShelf
from tests.kit.house import House
from tracker.config import ROOT
from tracker.core.audit import AuditRecord
from tracker.core.db import db


@pytest.fixture
def empty(shelf: Shelf, tmp_path: Path) -> tuple[Path, str]:
    """An instance folder and the address of a database that has no table yet."""
    return tmp_path, shelf.empty()


def both_languages(said: str) -> bool:
    """Whether a message speaks Chinese and English."""
    return any("一" <= char <= "鿿" for char in said) and any("a" <= char <= "z" for char in said)


def assert_refused(outcome: Outcome, *words: str, code: int = 1) -> None:
    assert outcome.code == code, outcome
    assert outcome.out == ""
    assert "Traceback" not in outcome.err
    for word in words:
        assert word in outcome.err, outcome.err


def test_init_makes_an_empty_instance_and_can_be_repeated(empty: tuple[Path, str]) -> None:
    folder, url = empty
    for _ in range(2):
        outcome = tracker("init", folder=folder, url=url)
        assert outcome.code == 0, outcome
        assert both_languages(outcome.out)
    assert tracker("verify", folder=folder, url=url).code == 0
    assert tracker("users", "list", folder=folder, url=url).out == ""


def test_commands_without_a_database_say_what_to_do(empty: tuple[Path, str]) -> None:
    folder, url = empty
    for arguments in (
        ("verify",),
        ("users", "list"),
        ("positions", "--unit", "LC", "--as-of", "2022-06-30"),
        ("export", "progress", "--unit", "LC", "--as-of", "2022-06-30", "-o", str(folder / "x.xlsx")),
    ):
        outcome = tracker(*arguments, folder=folder, url=url)
        assert_refused(outcome, "tracker init", "tracker demo")
        assert both_languages(outcome.err)


def test_demo_loads_once_and_refuses_to_load_over_data(sqlite: SqliteShelf, tmp_path: Path) -> None:
    outcome = tracker("demo", "--story", folder=tmp_path, url=sqlite.empty())
    assert outcome.code == 0, outcome
    with sqlite.house("story") as house:
        before = house.run("positions", "--unit", "LC", "--as-of", "2022-06-30").out
        refused = house.run("demo")
        assert_refused(refused, "already holds data", "TRACKER_INSTANCE")
        assert both_languages(refused.err)
        assert house.run("positions", "--unit", "LC", "--as-of", "2022-06-30").out == before


def test_the_story_leaves_two_communities_of_june_unfinished(story: House, house: House) -> None:
    with story.inside():
        states = {
            unit: make.sheet_of(unit, "2022-06", plan="LC-2022").state for unit in ("LC03", "LC07", "LC01")
        }
    assert states == {"LC03": "submitted", "LC07": "draft", "LC01": "approved"}
    with house.inside():
        codes = [f"LC0{n}" for n in range(1, 9)]
        assert {make.sheet_of(code, "2022-06", plan="LC-2022").state for code in codes} == {"approved"}


def test_verify_says_that_all_is_well(house: House) -> None:
    outcome = house.run("verify")
    assert (outcome.code, outcome.err) == (0, "")
    assert "Equal" in outcome.out


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("UPDATE balances SET value = value + 10000 WHERE unit_id = {unit} AND indicator_id = {i}", "I01"),
        ("UPDATE balances SET covered = covered + 1 WHERE unit_id = {unit} AND indicator_id = {i}", "I01"),
        ("DELETE FROM balances WHERE unit_id = {unit} AND indicator_id = {i}", "LC-2022"),
        ("UPDATE entries SET counted_value = counted_value + 1 WHERE unit_id = {unit}", "I01"),
        ("UPDATE report_tallies SET reports = reports + 1 WHERE unit_id = {unit}", "tally"),
    ],
)
def test_verify_ends_with_1_and_says_what_differs(house: House, statement: str, word: str) -> None:
    with house.inside():
        unit = make.unit_of("LC01").id
        indicator = db.session.execute(text("SELECT id FROM indicators WHERE code = 'I01'")).scalar_one()
        db.session.execute(text(statement.format(unit=unit, i=indicator)))
        db.session.commit()
    outcome = house.run("verify")
    assert outcome.code == 1
    assert "LC01" in outcome.out
    assert word in outcome.out
    assert "differences" in outcome.err
    assert len(outcome.out.splitlines()) == int(outcome.err.split(" ")[0])


def test_positions_refuse_what_is_not_there(library: House) -> None:
    for unit, more in (("NO", ()), ("LC", ("--plan", "NO"))):
        outcome = library.run("positions", "--unit", unit, "--as-of", "2022-06-30", *more)
        assert_refused(outcome)
        assert both_languages(outcome.err)


@pytest.mark.parametrize("as_of", ["June", "2022-02-30", "", "2022/06/30", "0001-01-01", "9999-12-31"])
def test_positions_refuse_what_is_no_day(library: House, as_of: str) -> None:
    assert_refused(library.run("positions", "--unit", "LC", "--as-of", as_of), "not a day", code=2)


@pytest.mark.parametrize("as_of", ["2021-12-31", "2023-01-01"])
def test_positions_answer_for_days_outside_the_plan(library: House, as_of: str) -> None:
    outcome = library.run("positions", "--unit", "LC", "--as-of", as_of, "--format", "csv")
    assert outcome.code == 0, outcome
    assert len(outcome.out.splitlines()) == 17


@pytest.mark.parametrize(("lang", "title"), [("zh", "指标进度表"), ("en", "Indicator progress")])
def test_export_writes_the_workbook_in_the_language_asked_for(
    library: House, tmp_path: Path, lang: str, title: str
) -> None:
    file = tmp_path / "进度 表.xlsx"
    outcome = library.run(
        "export", "progress", "--unit", "LC", "--as-of", "2022-06-30", "--lang", lang, "-o", str(file)
    )
    assert outcome.code == 0, outcome
    assert openpyxl.load_workbook(io.BytesIO(file.read_bytes())).sheetnames[0] == title


def test_export_to_a_place_that_is_not_there_is_a_sentence(library: House, tmp_path: Path) -> None:
    file = str(tmp_path / "nowhere" / "x.xlsx")
    outcome = library.run("export", "progress", "--unit", "LC", "--as-of", "2022-06-30", "-o", file)
    assert outcome.code != 0
    assert "Traceback" not in outcome.err


def test_users_are_added_listed_and_get_new_passwords(house: House) -> None:
    new = ("users", "add", "Rita", "--label", "吉庆", "--role", "reporter", "--unit", "LC01", "--password")
    assert house.run(*new, make.PASSWORD).code == 0
    listed = house.run("users", "list").out
    assert "rita\t吉庆\treporter @ LC01" in listed
    assert make.PASSWORD not in listed
    for arguments in (
        (*new, make.PASSWORD),
        ("users", "add", "x y", *new[3:], make.PASSWORD),
        ("users", "add", "short", *new[3:], "123"),
        ("users", "add", "longenough", *new[3:], "longenough"),
        (
            "users",
            "add",
            "sam",
            "--label",
            "x",
            "--role",
            "reporter",
            "--unit",
            "NO",
            "--password",
            make.PASSWORD,
        ),
        ("users", "reset-password", "nobody", "--password", make.PASSWORD),
        ("users", "reset-password", "rita", "--password", "123"),
    ):
        outcome = house.run(*arguments)
        assert_refused(outcome)
        assert both_languages(outcome.err), outcome.err
    assert_refused(house.run(*new[:5], "--role", "king", "--unit", "LC", "--password", "x"), code=2)
    assert house.run("users", "list").out == listed
    with house.inside():
        actions = list(db.session.scalars(select(AuditRecord.action).order_by(AuditRecord.id)))[-2:]
        assert actions == ["user.add", "user.grant"]


def test_users_are_invited_given_roles_and_switched_off(house: House) -> None:
    new = ("users", "invite", "Rita", "--label", "吉庆", "--role", "reporter", "--unit", "LC01")
    said = house.run(*new)
    assert (said.code, both_languages(said.out)) == (0, True), said
    code = re.search(r"code: ([A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4})", said.out)
    link = re.search(r"/welcome/\S+", said.out)
    assert code is not None
    assert link is not None
    house.visitor().get(link[0])
    assert "SITE_ADDRESS" in said.out
    (house.folder / "config.py").write_text("SITE_ADDRESS = 'http://10.0.0.8:8765/'\n", encoding="utf-8")
    whole = house.run("users", "invite", "Rex", *new[3:]).out
    assert re.search(r"link: http://10\.0\.0\.8:8765/welcome/\S+\n", whole)
    assert "SITE_ADDRESS" not in whole
    held = ("rita", "--role", "official", "--unit", "LC")
    steps = (
        ("users", "grant", *held, "--first-day", "2022-07-01"),
        ("users", "revoke", *held),
        ("users", "disable", "rita", "--reason", "岗位调整"),
        ("users", "enable", "rita", "--reason", "岗位恢复"),
    )
    for step in steps:
        outcome = house.run(*step)
        assert (outcome.code, both_languages(outcome.out)) == (0, True), outcome
    # Disabling withdrew the invitation.
    house.visitor().get(link[0], status=404)
    refused = (
        new,
        ("users", "revoke", *held),
        ("users", "grant", "rita", "--role", "reviewer", "--unit", "LC"),
        ("users", "grant", "nobody", "--role", "reviewer", "--unit", "LC"),
        ("users", "grant", *held, "--last-day", "2022-07-01"),
        ("users", "disable", "guanli", "--reason", "x"),
        ("users", "enable", "guanli", "--reason", "x"),
    )
    for arguments in refused:
        outcome = house.run(*arguments)
        assert_refused(outcome)
        assert both_languages(outcome.err), outcome.err


def test_the_command_works_as_a_program_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "李村 instance"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    kept |= {"TRACKER_INSTANCE": str(folder), "PYTHONUTF8": "1"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tracker", *arguments]
        return subprocess.run(command, check=False, capture_output=True, encoding="utf-8", cwd=ROOT, env=kept)

    assert run("init").returncode == 0
    ended = run("positions", "--unit", "LC", "--as-of", "2022-06-30")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "Traceback" not in ended.stderr
    assert (folder / "tracker.db").is_file()


def test_a_wrong_setting_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.py").write_text("LANGUAGE = 'zh'\n", encoding="utf-8")
    (tmp_path / "secret_key").write_text("", encoding="utf-8")
    assert_refused(tracker("init", folder=tmp_path), "secret_key", code=2)
