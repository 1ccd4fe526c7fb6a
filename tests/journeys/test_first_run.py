"""The first run in the browser: the code, four short steps, and then nobody gets in that way again."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.kit.first_run import (
    ADMINISTRATOR,
    STRUCTURE,
    UNIT,
    enter,
    go_to_the_last_step,
    let_wait,
    set_up,
    step,
)
from tests.kit.house import House
from tracker.core.audit import AuditRecord
from tracker.core.db import db
from tracker.domain.one_time_codes import group_code
from tracker.features.accounts.models import User
from tracker.features.org.models import OrgUnit
from tracker.features.plans.models import Assignment, Indicator, Plan, TargetChange

STEPS = ("place", "unit", "start", "administrator")


def count(house: House, *tables: type) -> list[int]:
    with house.inside():
        return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def actions(house: House) -> list[tuple[str, str]]:
    """What was done, by whom."""
    with house.inside():
        query = select(AuditRecord.action, AuditRecord.actor_name).order_by(AuditRecord.id)
        return [(action, actor) for action, actor in db.session.execute(query)]


def test_from_the_code_to_the_list_of_what_comes_next(blank: House) -> None:
    code = let_wait(blank)
    visitor = blank.visitor()

    # Whatever is opened leads to the door; the code may be typed as people type.
    door = visitor.follow(visitor.get("/overview", status=303)).page
    assert door.heading == "Set up this instance"
    answer = visitor.submit(door.form("/setup"), {"code": f" {group_code(code).lower()} "})
    assert visitor.follow(visitor.get(answer.location, status=303)).page.heading == "Language and time zone"

    answer = step(visitor, "place", {"language": "en", "time_zone": "Asia/Urumqi"})
    page = visitor.follow(visitor.get(answer.location, status=303)).page
    assert page.heading == "Top unit"
    assert page.form("").fields["kind"] == "township"
    step(visitor, "unit", UNIT)
    step(visitor, "start", STRUCTURE)
    assert count(blank, User, OrgUnit, Plan) == [0, 0, 0], "nothing is written before the last step"

    answer = step(visitor, "administrator", ADMINISTRATOR)
    page = visitor.follow(answer).page
    assert (answer.location, page.heading) == ("/next-steps", "What comes next")
    assert "Everything is set up" in page.messages
    assert "Licun Township" in page.text
    steps = [one.text for one in page.root.one("ol", class_="next").all("li")]
    assert [("Already done" in text, text.split(" ")[0]) for text in steps] == [
        (False, "Add"),
        (True, "Set"),
        (False, "Say"),
        (False, "Set"),
        (False, "Invite"),
        (False, "Make"),
    ]
    assert visitor.get("/plans/LC-2027").page.heading == "Model civilised city work plan 2027"
    assert "Chosen at the set-up" in visitor.get("/settings").page.text

    # The record tells that it was the first administrator, but for what comes before there is one.
    done = actions(blank)
    assert done[0] == ("instance.open_setup", "system")
    assert done[1] == ("user.add", "—")
    assert {actor for _, actor in done[2:]} == {"admin"}
    assert {"unit.add", "user.grant", "plan.create", "instance.set_up", "sign_in.begin"} <= {
        a for a, _ in done
    }

    # The password opens the door of everyone from now on.
    visitor.sign_out()
    form = visitor.get("/sign-in").page.form("")
    visitor.submit(form, {key: ADMINISTRATOR[key] for key in ("username", "password")}, at="/sign-in")
    visitor.get("/next-steps")


@pytest.mark.parametrize("path", ["/", "/sign-in", "/welcome", "/units/LC", "/nowhere", "/next-steps"])
def test_every_address_leads_to_the_door(blank: House, path: str) -> None:
    let_wait(blank)
    answer = blank.visitor().get(path, status=303)
    assert answer.location == "/setup"


def test_programs_are_told_that_there_is_nothing_yet(blank: House) -> None:
    let_wait(blank)
    visitor = blank.visitor()
    assert visitor.get("/api/v1/positions", status=503).json["error"]["code"] == "not_set_up"
    visitor.get("/healthz")


def test_once_there_is_an_administrator_nobody_is_let_in_again(blank: House) -> None:
    visitor, _ = set_up(blank)
    stranger = blank.visitor()
    for someone in (visitor, stranger):
        token = someone.token()
        for path in ("/setup", "/setup?code=X", *(f"/setup/{name}" for name in STEPS)):
            someone.get(path, status=404)
            someone.post(path, {"csrf_token": token, **ADMINISTRATOR, "username": "second"}, status=404)
    stranger.get("/next-steps", status=303)
    assert count(blank, User, OrgUnit) == [1, 1]
    assert "code:" not in blank.run("init").out, "there is a user, so there is no code"
    stranger.get("/setup", status=404)


def test_an_instance_that_nobody_has_initialised_has_no_set_up(blank: House) -> None:
    visitor = blank.visitor()
    visitor.get("/setup", status=404)
    visitor.get("/setup/administrator", status=404)
    assert visitor.get("/", status=303).location.startswith("/sign-in")


def test_a_wrong_code_opens_nothing_and_is_recorded_without_a_flood(blank: House) -> None:
    let_wait(blank)
    visitor = blank.visitor()
    for typed in ("ACDE-FHJK-MNPQ", "😀"):
        page = enter(visitor, typed, status=422).page
        assert "not the code" in page.root.one("p", id="code-error").text
    form = visitor.get("/setup").page.form("/setup")
    visitor.submit(form, {"code": "ACDEFHJKMNPQ"}, status=422)
    visitor.submit(form, {"code": ""}, status=422)
    for name in STEPS:
        assert visitor.get(f"/setup/{name}", status=303).location == "/setup"
        fields = {"csrf_token": form.fields["csrf_token"], **ADMINISTRATOR}
        assert visitor.post(f"/setup/{name}", fields).location == "/setup"
    assert count(blank, User) == [0]
    assert [action for action, _ in actions(blank)].count("instance.wrong_code") == 1


def test_a_code_in_an_address_opens_nothing(blank: House) -> None:
    code = let_wait(blank)
    visitor = blank.visitor()
    answer = visitor.get(f"/setup?code={code}", status=303)
    assert answer.location == "/setup"
    page = visitor.follow(answer).page
    assert page.heading == "Set up this instance"
    assert code not in page.source
    assert visitor.get("/setup/place", status=303).location == "/setup"


def test_a_newer_code_makes_the_older_one_and_what_it_opened_worthless(blank: House) -> None:
    first = let_wait(blank)
    visitor = blank.visitor()
    go_to_the_last_step(visitor, first)
    form = visitor.get("/setup/administrator").page.form("")
    second = let_wait(blank)
    answer = visitor.submit(form, ADMINISTRATOR, at="/setup/administrator")
    assert answer.location == "/setup"
    enter(visitor, first, status=422)
    enter(visitor, second)
    assert count(blank, User) == [0]


def test_of_two_who_finish_at_the_same_time_one_is_too_late(blank: House) -> None:
    code = let_wait(blank)
    first, second = blank.visitor(), blank.visitor()
    for visitor in (first, second):
        go_to_the_last_step(visitor, code)
    form = second.get("/setup/administrator").page.form("")
    step(first, "administrator", ADMINISTRATOR)
    second.submit(form, {**ADMINISTRATOR, "username": "second"}, at="/setup/administrator", status=404)
    assert count(blank, User, OrgUnit, Plan) == [1, 1, 1]


def test_going_back_finds_what_was_typed_and_jumping_ahead_does_not_work(blank: House) -> None:
    visitor = blank.visitor()
    enter(visitor, let_wait(blank))
    for name in STEPS[1:]:
        assert visitor.get(f"/setup/{name}", status=303).location == "/setup/place"
    step(visitor, "place")
    step(visitor, "unit", UNIT)
    assert visitor.get("/setup", status=303).location == "/setup/start"
    page = visitor.get("/setup/unit").page
    assert {name: page.form("").fields[name] for name in UNIT} == UNIT
    step(visitor, "unit", UNIT | {"code": "LC2"})
    step(visitor, "start", STRUCTURE)
    # What is reloaded asks again, and nothing of it was done.
    step(visitor, "start", STRUCTURE | {"begin": "empty"})
    answer = step(visitor, "administrator", ADMINISTRATOR)
    assert answer.location == "/plans/new"
    assert visitor.follow(answer).page.form("").fields["unit"] == "LC2"
    assert count(blank, Plan) == [0]


WRONG = {
    "no name": ("unit", {"name": " "}, "name"),
    "a code with a blank": ("unit", {"code": "L C"}, "code"),
    "a kind that cannot stand at the top": ("unit", {"kind": "building"}, "kind"),
    "a zone that is none": ("place", {"time_zone": "Mars/Olympus"}, "time_zone"),
    "a language that nobody speaks here": ("place", {"language": "fr"}, "language"),
    "no way to begin": ("start", {"begin": "demo"}, "begin"),
    "a day that is none": ("start", {"starts_on": "2027-02-30"}, "starts_on"),
    "an end before the beginning": ("start", {"ends_on": "2026-12-31"}, "ends_on"),
    "eleven years": ("start", {"ends_on": "2037-12-31"}, "ends_on"),
    "a short password": ("administrator", {"password": "Aa1!", "again": "Aa1!"}, "password"),
    "two passwords": ("administrator", {"again": "Three quiet rivers 8"}, "again"),
    "a user name with a blank": ("administrator", {"username": "the boss"}, "username"),
    "no display name": ("administrator", {"label": "  "}, "label"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_half_done(blank: House, case: str) -> None:
    name, wrong, field = WRONG[case]
    answers = {"place": {}, "unit": UNIT, "start": STRUCTURE, "administrator": ADMINISTRATOR}
    visitor = blank.visitor()
    enter(visitor, let_wait(blank))
    for before in STEPS[: STEPS.index(name)]:
        step(visitor, before, answers[before])
    typed = answers[name] | wrong
    page = step(visitor, name, typed, status=422).page
    errors = [one["id"] for one in page.root.all("p", class_="field__error")]
    assert [one.removesuffix("-error") for one in errors] == [field]
    if "name" in typed:
        assert page.form("").fields["name"] == typed["name"]
    assert count(blank, User, OrgUnit, Plan) == [0, 0, 0]
    step(visitor, name, answers[name])


def test_forms_from_elsewhere_and_addresses_of_elsewhere_are_refused(blank: House) -> None:
    code = let_wait(blank)
    visitor = blank.visitor()
    visitor.post("/setup", {"code": code}, status=400)
    assert visitor.get("/setup?next=https://example.org/", status=303).location == "/setup"
    answer = enter(visitor, code)
    assert answer.location == "/setup"
    visitor.post("/setup/place", {"language": "en"}, status=400)
    path = "/setup/place?next=//example.org"
    form = visitor.get(path).page.form("")
    assert visitor.submit(form, {"language": "en"}, at=path).location.startswith("/preferences?")
    visitor.follow(visitor.get("/preferences?next=//example.org", status=303), status=303)


def test_the_cookie_never_carries_the_password_or_the_code(blank: House) -> None:
    code = let_wait(blank)
    visitor = blank.visitor()
    go_to_the_last_step(visitor, code)
    step(visitor, "administrator", ADMINISTRATOR | {"again": "x"}, status=422)
    with visitor.client.session_transaction() as carried:
        said = repr(dict(carried))
    assert "LC" in said
    assert code not in said
    assert ADMINISTRATOR["password"] not in said


def test_a_plan_from_a_workbook_is_offered_where_the_program_takes_one(blank: House) -> None:
    if "plans.workbook_upload" not in blank.app.view_functions:
        visitor = blank.visitor()
        enter(visitor, let_wait(blank))
        step(visitor, "place")
        step(visitor, "unit", UNIT)
        assert "Excel" not in visitor.get("/setup/start").page.root.one("main").text
        step(visitor, "start", {"begin": "excel"}, status=422)
        return
    # The units come first, since their codes stand in the file; then the list leads to the page for it.
    visitor, answer = set_up(blank, start={"begin": "excel"})
    steps = visitor.follow(answer).page.root.one("ol", class_="next")
    with blank.app.test_request_context():
        upload = blank.app.url_for("plans.workbook_upload", _external=False)
    assert upload in {link["href"] for link in steps.all("a")}
    visitor.get(upload)


@pytest.mark.parametrize("years", ["2027-12-31", "2029-06-30"])
def test_the_structure_of_the_sample_brings_no_figures_along(blank: House, years: str) -> None:
    set_up(blank, start=STRUCTURE | {"ends_on": years})
    with blank.inside():
        plan = db.session.scalars(select(Plan)).one()
        assert plan.ends_on.isoformat() == years
        indicators = db.session.scalars(select(Indicator).order_by(Indicator.position)).all()
        assert len(indicators) == 16
        assert all(one.definition and one.definition_en and one.name_en for one in indicators)
        assert {one.origin for one in indicators} == {None}, "nothing is marked as a sample's"
    assert count(blank, Assignment, TargetChange) == [0, 0]
