"""What the set-up leaves: language and zone, the operator's own way, and the list of what comes next."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.conftest import Shelf
from tests.kit.accounts import watch_slow_hashes
from tests.kit.command import tracker
from tests.kit.databases import postgres_programs
from tests.kit.first_run import (
    ADMINISTRATOR,
    PASSWORD,
    STRUCTURE,
    UNIT,
    enter,
    go_to_the_last_step,
    let_wait,
    set_up,
    step,
)
from tests.kit.house import House, close_house, open_house
from tracker.core.audit import HOUSE, STRANGER
from tracker.core.clock import zone
from tracker.core.db import db, taken_back, writing
from tracker.core.instance import chosen_settings, keep_choices, setting_here, setup_digest
from tracker.domain.errors import NotFoundError, RuleError
from tracker.features.accounts.queries import all_users
from tracker.features.accounts.services import judge_password
from tracker.features.org.models import UnitKind
from tracker.features.org.queries import root_unit
from tracker.features.org.services import UnitDraft, add_unit
from tracker.features.plans.models import Indicator
from tracker.features.setup.queries import is_waiting, mark_of, progress
from tracker.features.setup.services import (
    Begin,
    FirstUser,
    Place,
    SetupDraft,
    Start,
    make_code,
    prepare_code,
)
from tracker.features.setup.services import set_up as set_up_now
from tracker.sample.structure import create_own_plan


def test_what_was_chosen_holds_for_everyone_who_has_not_chosen(blank: House) -> None:
    visitor = blank.visitor()
    enter(visitor, let_wait(blank))
    step(visitor, "place", {"language": "en", "time_zone": "Asia/Urumqi"})
    step(visitor, "unit", UNIT)
    step(visitor, "start", STRUCTURE)
    step(visitor, "administrator", ADMINISTRATOR)
    with blank.inside():
        assert str(zone()) == "Asia/Urumqi"
    newcomer = blank.app.test_client().get("/sign-in")
    assert '<html lang="en"' in newcomer.text
    said = blank.run("settings").out
    assert "LANGUAGE = 'en'  [setup]" in said
    assert "TIME_ZONE = 'Asia/Urumqi'  [setup]" in said


@pytest.mark.parametrize("wins", ["file", "program"])
def test_a_settings_file_and_the_program_win_over_what_was_chosen(shelf: Shelf, wins: str) -> None:
    given = {"TIME_ZONE": "Asia/Tokyo"}
    with shelf.house("blank") as made:
        if wins == "file":
            (made.folder / "config.py").write_text("TIME_ZONE = 'Asia/Tokyo'\n", encoding="utf-8")
        close_house(made)
        house = open_house(made.kind, made.folder, made.url, **(given if wins == "program" else {}))
        code = let_wait(house)
        visitor = house.visitor()
        enter(visitor, code)
        # What is decided already is told, not asked.
        page = visitor.get("/setup/place").page
        assert set(page.form("").fields) == {"csrf_token", "language"}
        assert "Asia/Tokyo" in page.text
        step(visitor, "place")
        with house.inside():
            with writing():
                keep_choices(language="en", time_zone="Asia/Urumqi")
                db.session.commit()
            assert chosen_settings() == {"LANGUAGE": "en"}
            assert setting_here("TIME_ZONE") == str(zone()) == "Asia/Tokyo"
        close_house(house)


def test_init_prints_a_code_until_there_is_a_user(tmp_path: Path) -> None:
    first, second = (tracker("init", folder=tmp_path).out for _ in range(2))
    codes = [re.search(r"code: (\w{4}-\w{4}-\w{4})$", said, re.MULTILINE) for said in (first, second)]
    assert all(codes)
    assert codes[0] and codes[1] and codes[0][1] != codes[1][1]
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    assert codes[1][1].replace("-", "").encode() not in kept, "only a digest of the code is kept"
    tracker("units", "add", "LC", "李村镇", "--kind", "township", folder=tmp_path)
    invited = ("users", "invite", "admin", "--label", "管理员", "--role", "administrator", "--unit", "LC")
    assert tracker(*invited, folder=tmp_path).code == 0
    assert "code:" not in tracker("init", folder=tmp_path).out


def test_init_says_how_to_start_and_keeps_the_code_out_of_the_address(tmp_path: Path) -> None:
    said = tracker("init", folder=tmp_path).out
    assert "start: python run.py\n" in said
    assert "address: http://127.0.0.1:8765/\n" in said
    said = tracker("init", "--host", "0.0.0.0", "--port", "9000", folder=tmp_path).out
    assert "start: python run.py --host 0.0.0.0 --port 9000\n" in said
    assert "address: http://127.0.0.1:9000/\n" in said
    assert "8765" not in said
    code = re.search(r"\w{4}-\w{4}-\w{4}", said)
    assert code is not None
    assert all(code[0] not in line for line in said.splitlines() if "http" in line)
    (tmp_path / "config.py").write_text("SITE_ADDRESS = 'http://10.0.0.8:8765/'\n", encoding="utf-8")
    assert "address: http://10.0.0.8:8765/\n" in tracker("init", folder=tmp_path).out
    (tmp_path / "config.py").write_text("SITE_ADDRESS = '10.0.0.8'\n", encoding="utf-8")
    assert "SITE_ADDRESS" in tracker("init", folder=tmp_path).err


def test_nobody_waits_for_a_slow_hash_of_the_set_up(blank: House, monkeypatch: pytest.MonkeyPatch) -> None:
    held = watch_slow_hashes(monkeypatch)
    blank.run("init")
    set_up(blank)
    new = ("users", "add", "rita", "--label", "x", "--role", "reporter", "--unit", "LC")
    assert blank.run(*new, "--password", PASSWORD).code == 0
    assert blank.run("users", "reset-password", "rita", "--password", PASSWORD).code == 0
    # Codes made by init and beside it, the code typed, the first password, and the two at the command line.
    assert len(held) >= 6
    assert not any(held)


def test_a_user_who_is_added_at_the_command_line_ends_the_set_up(blank: House) -> None:
    code = let_wait(blank)
    visitor = blank.visitor()
    go_to_the_last_step(visitor, code)
    form = visitor.get("/setup/administrator").page.form("")
    blank.run("units", "add", "LC", "李村镇", "--kind", "township")
    blank.run("users", "invite", "boss", "--label", "管理员", "--role", "administrator", "--unit", "LC")
    visitor.submit(form, ADMINISTRATOR, at="/setup/administrator", status=404)
    with blank.inside():
        assert not is_waiting()
        with pytest.raises(RuleError), writing():
            make_code(prepare_code(), actor=HOUSE)


def test_where_an_operator_has_made_the_units_the_set_up_does_not_ask_for_one(blank: House) -> None:
    visitor = blank.visitor()
    code = let_wait(blank)
    blank.run("units", "add", "LC", "李村镇", "--name-en", "Licun Township", "--kind", "township")
    enter(visitor, code)
    step(visitor, "place")
    assert visitor.get("/setup/unit", status=303).location == "/setup/start"
    step(visitor, "start", STRUCTURE)
    step(visitor, "administrator", ADMINISTRATOR)
    assert "Licun Township" in visitor.get("/plans/LC-2027").page.text


def test_the_list_is_offered_until_all_of_it_is_done(blank: House) -> None:
    visitor, answer = set_up(blank)
    page = visitor.follow(answer).page
    linked = {link["href"] for link in page.root.one("ol", class_="next").all("a")}
    quicker = {"/import/units", "/people/invite/many"}
    assert linked == {"/units", "/plans/LC-2027", "/people", "/upkeep"} | quicker
    for path in linked:
        visitor.get(path)
    with blank.inside():
        found = progress()
        assert (found.units, found.plan, found.people, found.backup) == (False, True, False, False)
        with writing():
            add_unit("A", "社区", UnitKind.COMMUNITY, parent_code="LC", actor=HOUSE)
            db.session.commit()
        assert progress().units
    blank.run("users", "invite", "rep", "--label", "填报员", "--role", "reporter", "--unit", "A")
    path = "/plans/LC-2027/indicators/I01/units"
    visitor.submit(visitor.get(path).page.form(""), {"kind": "community"}, at=path)
    with blank.inside():
        codes = db.session.scalars(select(Indicator.code).order_by(Indicator.code)).all()
    for done, code in enumerate(codes):
        said = [f"{done} of {len(codes)} indicators have a target."]
        assert [found.text for found in visitor.get("/next-steps").page.root.all("strong")] == said
        path = f"/plans/LC-2027/indicators/{code}/targets"
        form = visitor.get(path).page.form("")
        fields = {name: "10" for name in form.fields if name.endswith("-target")}
        visitor.submit(form, fields, at=path)
    with blank.inside():
        assert progress().targets
    assert "/next-steps" in {link["href"] for link in visitor.get("/units").page.root.all("a")}
    if blank.kind == "postgres":
        blank.app.config["PG_BIN"] = postgres_programs()
    visitor.submit(visitor.get("/upkeep").page.form("/upkeep/backups"))
    assert "/next-steps" not in {link["href"] for link in visitor.get("/units").page.root.all("a")}
    assert "All of it is done" in visitor.get("/next-steps").page.text


def test_what_the_browser_carries_is_judged_anew_inside_the_write(blank: House) -> None:
    let_wait(blank)
    with blank.inside():
        draft = SetupDraft(
            Place("zh", "Asia/Shanghai"),
            UnitDraft("LC", "李村镇", UnitKind.TOWNSHIP),
            Start(Begin.EMPTY, date(2027, 1, 1), date(2027, 12, 31)),
            FirstUser("admin", "管理员", None, judge_password("admin", ADMINISTRATOR["password"])),
        )
        assert ADMINISTRATOR["password"] not in repr(draft)
        mark = mark_of(setup_digest() or "")
        with pytest.raises(NotFoundError), writing():
            set_up_now(draft, mark="another", actor=STRANGER)
        with writing():
            set_up_now(draft, mark=mark, actor=STRANGER)
            db.session.commit()
        with pytest.raises(NotFoundError), writing():
            set_up_now(replace(draft, user=replace(draft.user, username="second")), mark=mark, actor=STRANGER)
        assert [user.username for user in all_users()] == ["admin"]


def test_the_sample_has_no_list_of_next_steps(small: House) -> None:
    page = small.visitor("guanli").get("/units").page
    assert "/next-steps" not in {link["href"] for link in page.root.all("a")}


def test_a_code_of_any_length_leaves_room_for_the_year(blank: House) -> None:
    with blank.inside(), taken_back():
        add_unit("L" * 26 + "-ABCDE", "镇", UnitKind.TOWNSHIP, parent_code=None, actor=HOUSE)
        top = root_unit()
        assert top is not None
        plan = create_own_plan(top, date(2027, 1, 1), date(2027, 12, 31), actor=HOUSE)
        assert plan.code == "L" * 26 + "-2027"
        plan = create_own_plan(top, date(2027, 1, 1), date(2028, 12, 31), actor=HOUSE)
        assert (plan.code[-9:], plan.name[:10]) == ("2027-2028", "2027—2028年")
