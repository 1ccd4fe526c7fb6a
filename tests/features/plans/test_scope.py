"""An administrator reaches the plans at and below the own unit, and cannot tell others from none."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import text

from tests.kit import make
from tests.kit.house import House
from tests.kit.visitor import Answer, Visitor
from tracker.core.audit import HOUSE
from tracker.core.db import db, writing
from tracker.features.org.models import UnitKind
from tracker.features.org.services import add_unit
from tracker.features.plans.services import add_initiative, add_pillar, create_plan

OPENED = ("", "/edit", "/copy", "/pillars/new", "/pillars/{pillar}", "/pillars/{pillar}/initiatives/new")
OPENED += ("/initiatives/{initiative}", "/initiatives/{initiative}/indicators/new", "/indicators/F")
OPENED += ("/indicators/F/edit", "/indicators/F/units", "/indicators/F/targets", "/indicators/F/curve")
SENT = tuple(path for path in OPENED if path not in {"", "/indicators/F"})
SENT += ("/delete", "/pillars/{pillar}/delete", "/pillars/{pillar}/move-down", "/indicators/1/delete")


@pytest.fixture
def district(hamlet: House) -> House:
    """The small township in a district; the district and the community A have plans of their own as well."""
    with hamlet.inside():
        with writing():
            add_unit("D", "区", UnitKind.DISTRICT, parent_code=None, name_en="District", actor=HOUSE)
            add_unit("T2", "镇二", UnitKind.TOWNSHIP, parent_code="D", name_en="Town two", actor=HOUSE)
            add_unit("C2", "社区二", UnitKind.COMMUNITY, parent_code="T2", name_en="Two", actor=HOUSE)
            for code, unit in (("PD", "D"), ("PT", "T2"), ("PC", "C2")):
                plan = create_plan(
                    code,
                    f"方案{code}",
                    unit=make.unit_of(unit),
                    starts_on=date(2022, 1, 1),
                    ends_on=date(2022, 4, 30),
                    actor=HOUSE,
                )
                add_initiative(add_pillar(plan, "抓手", actor=HOUSE), "举措", actor=HOUSE)
            db.session.commit()
        for unit in ("D", "T2", "C2", "T"):
            make.add_sample_user(f"admin-{unit.lower()}", "administrator", unit)
    return hamlet


def same(answer: Answer, code: str) -> tuple[int, str]:
    """What an answer says, but for the code that was asked for and the token of the session."""
    body = re.sub(r'(name="csrf_token" value=)"[^"]*"', r"\1", answer.body.decode())
    return answer.status, re.sub(rf"(\b|%2F){re.escape(code)}\b", "?", body)


def everything(visitor: Visitor, code: str) -> list[tuple[int, str]]:
    """All that a plan's addresses answer, opened and sent."""
    parts = {"pillar": 1, "initiative": 1}
    token = {"csrf_token": visitor.token(), "name": "x", "version": ""}
    found = [same(visitor.send("GET", f"/plans/{code}{path.format(**parts)}"), code) for path in OPENED]
    return found + [
        same(visitor.send("POST", f"/plans/{code}{path.format(**parts)}", data=token), code) for path in SENT
    ]


@pytest.mark.parametrize(
    ("who", "foreign"),
    [
        ("admin-c2", ("PT", "PD", make.PLAN)),
        ("admin-t2", ("PD", make.PLAN)),
        ("admin-t", ("PD", "PT", "PC")),
    ],
)
def test_foreign_plans_answer_like_none_at_all(district: House, who: str, foreign: tuple[str, ...]) -> None:
    visitor = district.visitor(who)
    nowhere = everything(visitor, "NO-SUCH")
    assert {status for status, _ in nowhere} == {404}
    for code in foreign:
        assert everything(visitor, code) == nowhere, code
    text = visitor.get("/plans").page.root.one("main").text
    assert not [code for code in foreign if re.search(rf"\b{code}\b", text)]
    new = visitor.get("/plans/new").page
    offered = {option["value"] for option in new.root.one("select", name="unit").all("option")}
    assert (
        offered
        == {
            "admin-c2": {"C2"},
            "admin-t2": {"T2", "C2"},
            "admin-t": {"T", "A", "B", "A1", "A2"},
        }[who]
    )


def test_whoever_is_above_reaches_what_is_below(district: House) -> None:
    visitor = district.visitor("admin-d")
    text = visitor.get("/plans").page.root.one("main").text
    assert [code for code in ("PD", "PT", "PC") if code in text] == ["PD", "PT", "PC"]
    visitor.get("/plans/PC")
    visitor.get("/plans/PC/edit")


def test_a_plan_cannot_be_made_at_a_foreign_unit(district: House) -> None:
    visitor = district.visitor("admin-c2")
    form = visitor.get("/plans/new").page.form("")
    fields = {"code": "X", "name": "x", "unit": "T2", "starts_on": "2022-01-01", "ends_on": "2022-12-31"}
    answer = visitor.submit(form, fields, at="/plans/new", status=422)
    assert "entries of the list" in answer.page.text
    assert "Town two" not in answer.page.text


def test_a_part_of_another_plan_is_not_reached_through_the_own_one(district: House) -> None:
    visitor = district.visitor("admin-c2")
    with district.inside():
        rows = db.session.execute(
            text("SELECT p.id, i.id, c.code FROM pillars p JOIN initiatives i ON i.pillar_id = p.id"
                    " JOIN plans c ON c.id = p.plan_id")
        ).all()  # fmt: skip
    token = {"csrf_token": visitor.token(), "name": "stolen", "version": ""}
    for pillar, initiative, code in rows:
        wanted = 200 if code == "PC" else 404
        visitor.get(f"/plans/PC/pillars/{pillar}", status=wanted)
        visitor.get(f"/plans/PC/initiatives/{initiative}", status=wanted)
        if code != "PC":
            visitor.post(f"/plans/PC/pillars/{pillar}/delete", token, status=404)
            visitor.post(f"/plans/PC/initiatives/{initiative}/move-up", token, status=404)
            visitor.post(f"/plans/PC/pillars/{pillar}", token, status=404)
    first = 1
    visitor.post(f"/plans/PC/indicators/{first}/delete", token, status=404)
