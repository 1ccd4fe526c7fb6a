"""Cells saved one by one: others go together, the second writer of one is told, nothing typed is lost."""

from __future__ import annotations

import random
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.features.reports.test_two_writers import at_once, small_house
from tests.kit import make
from tests.kit.house import House
from tests.kit.visitor import Answer, Visitor
from tracker.core.audit import HOUSE, AuditRecord
from tracker.core.db import db, writing
from tracker.domain.review import ReportState
from tracker.features.plans.models import Plan
from tracker.features.reports.models import EntryDraft, EntryRevision
from tracker.features.reports.queries import notes_of_period
from tracker.features.reports.services import (
    SheetError,
    carry_over,
    find_differences,
    open_points,
    save_report,
)

ADDRESS = "/reports/P/A/2022-01"


def name_of(house: House, name: str, period: str = "2022-01") -> str:
    """The name of a cell in the form."""
    with house.inside():
        return "c{}-{}".format(*make.cell_key(make.sheet_of("A", period), name))


def tell(
    who: Visitor,
    cells: list[dict[str, Any]],
    *,
    to: str = f"{ADDRESS}/cells",
    status: int | None = 200,
    user: str = "rep-a",
) -> Answer:
    """Send some cells as the grid's script does."""
    token = who.get("/reports").page.root.all("input", name="csrf_token")[0]["value"]
    return who.send(
        "POST", to, status=status, json={"user": user, "cells": cells}, headers={"X-CSRFToken": token}
    )


def typed(name: str, value: str, seen: str = "0.0", **more: Any) -> dict[str, Any]:
    return {"name": name, "seen": seen, "value": value, "whole": "", "reason": "", "note": "", **more}


def test_a_cell_is_saved_by_itself_and_says_what_it_comes_to(blank: House) -> None:
    small_house(blank, "A")
    with blank.inside():
        make.approved("A", "2022-01", {"F": "2"})
        make.aim_for("F", "A", "10")
    cell = name_of(blank, "F", "2022-02")
    to = "/reports/P/A/2022-02/cells"
    answer = tell(blank.visitor("rep-a"), [typed(cell, "３")], to=to).json
    told = answer["cells"][cell]
    assert (told["outcome"], told["value"], told["seen"], told["state"]) == ("saved", "3", "1.0", "Saved")
    row = next(iter(answer["rows"].values()))
    # Units below A report as well, so its sheet alone does not decide how much of its target is done.
    assert (row["total"], row["rate"]) == ("5.0", "—")
    with blank.inside():
        assert make.sheet_of("A", "2022-02").state is ReportState.DRAFT


def test_what_is_refused_is_kept_as_it_was_typed_until_it_is_mended(blank: House) -> None:
    small_house(blank, "A")
    who, cell = blank.visitor("rep-a"), name_of(blank, "S")
    told = tell(who, [typed(cell, "abc")]).json["cells"][cell]
    assert (told["outcome"], told["value"]) == ("refused", "abc")
    assert "not a number" in told["error"]
    page = blank.visitor("rep-a").get(ADDRESS).page
    assert page.root.one("input", name=f"{cell}-value")["value"] == "abc"
    with blank.inside():
        assert make.sheet_of("A", "2022-01").filled == 0
        assert db.session.scalar(select(func.count()).select_from(EntryRevision)) == 0
    told = tell(who, [typed(cell, "4", told["seen"])]).json["cells"][cell]
    assert (told["outcome"], told["error"]) == ("saved", None)
    with blank.inside():
        assert db.session.scalar(select(func.count()).select_from(EntryDraft)) == 0


def test_a_report_with_a_text_that_cannot_be_counted_is_not_handed_in(blank: House) -> None:
    small_house(blank, "A")
    who, cell = blank.visitor("rep-a"), name_of(blank, "S")
    tell(who, [typed(cell, "abc"), typed(name_of(blank, "F"), "1")])
    form = who.get(ADDRESS).page.form("")
    page = who.submit(form, {"action": "submit"}, at=ADDRESS, status=422).page
    assert page.root.one("input", name=f"{cell}-value")["aria-invalid"] == "true"


def test_the_second_writer_of_a_cell_sees_both_values_and_chooses(blank: House) -> None:
    small_house(blank, "A")
    cell, other = name_of(blank, "S"), name_of(blank, "F")
    tell(blank.visitor("rep-a"), [typed(cell, "5")])
    answer = tell(blank.visitor("rep-a"), [typed(cell, "6"), typed(other, "1")]).json
    told = answer["cells"][cell]
    assert told["outcome"] == "conflict"
    assert "rep-a" in told["dispute"] and "5" in told["dispute"] and "6" in told["dispute"]
    # The other cell of the same sheet goes through without a word.
    assert answer["cells"][other]["outcome"] == "saved"
    again = tell(blank.visitor("rep-a"), [typed(cell, "6", told["seen"])]).json["cells"][cell]
    assert again["outcome"] == "saved"


def test_the_same_cell_sent_twice_is_saved_once(blank: House) -> None:
    small_house(blank, "A")
    who, cell = blank.visitor("rep-a"), name_of(blank, "S")
    for _ in range(3):
        assert tell(who, [typed(cell, "5")]).json["cells"][cell]["outcome"] == "saved"
    with blank.inside():
        assert db.session.scalar(select(func.count()).select_from(EntryRevision)) == 1


def test_checking_says_the_same_and_saves_nothing(blank: House) -> None:
    small_house(blank, "A")
    cell = name_of(blank, "S")
    told = tell(blank.visitor("rep-a"), [typed(cell, "1.5")], to=f"{ADDRESS}/check").json["cells"][cell]
    assert told["outcome"] == "checked" and "whole numbers" in told["error"]
    with blank.inside():
        assert make.sheet_of("A", "2022-01").state is ReportState.NOT_STARTED


def test_another_user_or_an_old_token_saves_nothing(blank: House) -> None:
    small_house(blank, "A")
    who, cell = blank.visitor("rep-a"), name_of(blank, "S")
    assert tell(who, [typed(cell, "1")], status=409, user="rep-b").json["code"] == "other_user"
    old = who.send("POST", f"{ADDRESS}/cells", json={"user": "rep-a"}, headers={"X-CSRFToken": "old"})
    assert (old.status, old.json["code"]) == (400, "token")
    with blank.inside():
        assert make.sheet_of("A", "2022-01").state is ReportState.NOT_STARTED


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        b'{"user": "rep-a", "cells": [1, {"name": 5}, {"name": "c1-0", "value": 7, "na": "x"}]}',
        b'{"user": "rep-a", "cells": [{"name": "NAME", "seen": "\\ud800", "value": "\\u0000\\ud800"}]}',
    ],
)
def test_no_broken_body_makes_the_server_fail(blank: House, body: bytes) -> None:
    small_house(blank, "A")
    who = blank.visitor("rep-a")
    token = who.get("/reports").page.root.all("input", name="csrf_token")[0]["value"]
    body = body.replace(b"NAME", name_of(blank, "S").encode())
    for to in ("cells", "check"):
        answer = who.send("POST", f"{ADDRESS}/{to}", data=body, headers={"X-CSRFToken": token})
        assert answer.status in {200, 400, 409, 422}


def test_two_forms_with_different_cells_go_together(blank: House) -> None:
    small_house(blank, "A")
    stock, flow = name_of(blank, "S"), name_of(blank, "F")
    first, second = blank.visitor("rep-a"), blank.visitor("rep-a")
    forms = [who.get(ADDRESS).page.form("") for who in (first, second)]
    first.submit(forms[0], {f"{stock}-value": "5", "action": "save"}, at=ADDRESS)
    second.submit(forms[1], {f"{flow}-value": "2", "action": "save"}, at=ADDRESS)
    with blank.inside():
        sheet = make.sheet_of("A", "2022-01")
        kept = {
            cell.indicator.code: cell.entry.value for cell in sheet.cells if cell.entry and cell.entry.state
        }
    assert kept == {"S": 5, "F": 2}


def test_two_hundred_saves_of_two_people_overwrite_nothing_silently(blank: House) -> None:
    """Each says what it had seen; whoever was saved must have seen what stood there."""
    small_house(blank, "A")
    drawn = random.Random(20220630)
    people = [blank.visitor("rep-a"), blank.visitor("rep-a")]
    tokens = [who.get("/reports").page.root.all("input", name="csrf_token")[0]["value"] for who in people]
    names = [name_of(blank, name) for name in ("S", "F", "C")]
    seen = [dict.fromkeys(names, "0.0") for _ in people]
    stands = dict.fromkeys(names, "0.0")
    outcomes = []
    for turn in range(100):
        cells = [drawn.choice(names), drawn.choice(names)]
        value = [str(turn * 2 + 1), drawn.choice([f"abc{turn}", str(turn * 2 + 2)])]
        before = dict(stands)

        def act(n: int, cells: list[str] = cells, value: list[str] = value) -> Answer:
            body = {"user": "rep-a", "cells": [typed(cells[n], value[n], seen[n][cells[n]])]}
            headers = {"X-CSRFToken": tokens[n]}
            return people[n].send("POST", f"{ADDRESS}/cells", status=200, json=body, headers=headers)

        answers = at_once(lambda: act(0), lambda: act(1))
        for n, answer in enumerate(answers):
            told = answer.json["cells"][cells[n]]
            outcomes.append(told["outcome"])
            if told["outcome"] == "conflict":
                assert told["dispute"]
            else:
                assert seen[n][cells[n]] in {before[cells[n]], told["seen"]}
                stands[cells[n]] = told["seen"]
            seen[n][cells[n]] = told["seen"]
        if cells[0] == cells[1]:
            assert "conflict" in outcomes[-2:]
    assert len(outcomes) == 200
    assert {"saved", "refused", "conflict"} == set(outcomes)
    with blank.inside():
        # Every value that somebody was told is saved is a revision of its own.
        assert db.session.scalar(select(func.count()).select_from(EntryRevision)) == outcomes.count("saved")
        assert list(find_differences()) == []


def test_last_figures_fill_blanks_only_and_wait_to_be_confirmed(blank: House) -> None:
    small_house(blank, "A")
    with blank.inside():
        make.approved("A", "2022-01", {"S": "5", "F": "2", "R": "3/4", "RT": "7", "C": "1"})
        make.save("A", "2022-02", {"C": "4"})
        with writing():
            assert carry_over(make.sheet_of("A", "2022-02"), actor=HOUSE)[0] == 3
            db.session.commit()
        cells = {
            cell.indicator.code: cell.entry for cell in make.sheet_of("A", "2022-02").cells if cell.entry
        }
        assert {code: entry.value for code, entry in cells.items()} == {"S": 5, "R": 3, "RT": 0, "C": 4}
        assert {code for code, entry in cells.items() if entry.is_carried} == {"S", "R", "RT"}
        assert "report.carry" in db.session.scalars(select(AuditRecord.action)).all()
    who, to = blank.visitor("rep-a"), "/reports/P/A/2022-02"
    form = who.get(to).page.form("")
    assert "Confirm it" in who.submit(form, {"action": "submit"}, at=to, status=422).page.text
    sure = dict.fromkeys((f"{name_of(blank, one, '2022-02')}-sure" for one in ("S", "R")), "1")
    changed = {f"{name_of(blank, 'RT', '2022-02')}-value": "9"}
    who.submit(form, {**sure, **changed, "action": "submit"}, at=to, status=303)


def test_what_is_behind_needs_a_sentence_where_the_plan_asks_and_it_reaches_the_sheet(blank: House) -> None:
    small_house(blank, "B")
    with blank.inside():
        make.aim_for("F", "B", "100")
        with writing():
            db.session.scalars(select(Plan)).one().asks_why_behind = True
            db.session.commit()
        make.save("B", "2022-01", {"F": "1"})
        with pytest.raises(SheetError) as refused:
            make.submit("B", "2022-01")
        assert [str(error) for error in refused.value.by_cell.values()] == [
            "This indicator is behind. Say in one sentence in the note why, and what comes next."
        ]
        with writing():
            sheet = make.sheet_of("B", "2022-01")
            draft = make.draft_of(sheet, "F", "1", note="Rain all month")
            save_report(sheet, [draft], version=sheet.version, actor=HOUSE)
            db.session.commit()
        make.submit("B", "2022-01")
        make.approve("B", "2022-01")
        top, flow = make.unit_of("T"), make.cell_key(sheet, "F")[0]
        told = notes_of_period(top, [flow], sheet.period.ends_on)
    assert [(unit.name, note) for unit, note in told[flow]] == [("单位B", "Rain all month")]


@pytest.mark.parametrize("unit", ["A", "A1"])
def test_a_unit_with_others_below_it_is_not_asked(blank: House, unit: str) -> None:
    small_house(blank, "A")
    with blank.inside():
        make.aim_for("F", unit, "100")
        with writing():
            db.session.scalars(select(Plan)).one().asks_why_behind = True
            db.session.commit()
        make.save(unit, "2022-01", {"F": "1"})
        assert bool(open_points(make.sheet_of(unit, "2022-01"))) == (unit == "A1")


def test_a_pasted_block_is_previewed_and_saves_nothing(blank: House) -> None:
    small_house(blank, "A")
    who, to = blank.visitor("rep-a"), f"{ADDRESS}/paste"
    token = who.get("/reports").page.root.all("input", name="csrf_token")[0]["value"]
    body = {"user": "rep-a", "at": name_of(blank, "F"), "text": "Stock\t1,200个\nFlow\t-3\n路灯\t1"}
    answer = who.send("POST", to, status=200, json=body, headers={"X-CSRFToken": token}).json
    lines = {line["label"]: (line["old"], line["new"], bool(line["refused"])) for line in answer["lines"]}
    assert lines == {"Stock": ("", "1200", False), "Flow": ("", "-3", True)}
    assert "路灯" in answer["said"]
    with blank.inside():
        assert make.sheet_of("A", "2022-01").state is ReportState.NOT_STARTED


def test_signing_in_from_within_a_page_keeps_the_rules_of_the_form(blank: House) -> None:
    small_house(blank, "A")
    who = blank.visitor()
    for password, status in (("wrong", 422), (make.PASSWORD, 200)):
        token = who.get("/sign-in/token").json["token"]
        fields = {"username": "rep-a", "password": password, "csrf_token": token}
        answer = who.post("/sign-in/here", fields, status=status).json
    assert answer["user"] == "rep-a"
    headers = {"X-CSRFToken": answer["token"]}
    body = {"user": "rep-a", "cells": [typed(name_of(blank, "S"), "5")]}
    who.send("POST", f"{ADDRESS}/cells", status=200, json=body, headers=headers)
