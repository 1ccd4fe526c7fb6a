"""Who gets what at which address: the stored table endpoint × role × scope, with every endpoint in it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from tests.kit import make
from tests.kit.databases import SqliteShelf
from tests.kit.house import House
from tests.kit.visitor import Visitor
from tracker.domain.roles import Permission, Role

TABLE = Path(__file__).with_name("endpoints.csv")
PLACES = {
    "own": ("LC01", "LC01"),
    "sibling": ("LC01", "LC03"),
    "ancestor": ("LC01", "LC"),
    "descendant": ("LC", "LC01"),
}
"""Columns of the table: the unit at which the role is held, and the one that is asked for.

An ancestor stands above what the role is held at; a descendant stands below it, and belongs to it. LC is
the top of the tree, so whoever is an administrator there has the house and its plans as well.
"""

HELD = sorted({held for held, _ in PLACES.values()})
ASKED = sorted({asked for _, asked in PLACES.values()})

ROLES = [*(role.value for role in Role), "nobody", "anonymous"]
"""Nobody is signed in but holds no role."""

REPORT = "/LC-2022/{unit}/2022-06"
FACT = "facts/households/2022-01-01"
UPLOAD = "0123456789abcdef" * 2
"""A file that nobody has uploaded."""

ADDRESSES = {
    "accounts.account": "/account",
    "accounts.change_password": "/account/password",
    "accounts.end_one": "/account/sign-ins/end",
    "accounts.end_others": "/account/sign-ins/end-others",
    "accounts.sign_in": "/sign-in",
    "accounts.session_token": "/sign-in/token",
    "accounts.sign_in_here": "/sign-in/here",
    "accounts.demo_sign_in": "/sign-in/sample",
    "accounts.sign_out": "/sign-out",
    "accounts.preferences": "/preferences",
    "api.positions": "/api/v1/positions?unit={unit}&as_of=2022-06-30",
    "calendar.index": "/calendar",
    "calendar.add": "/calendar",
    "calendar.edit": "/calendar/2022-10-08",
    "calendar.save": "/calendar/2022-10-08",
    "calendar.remove": "/calendar/2022-10-08/remove",
    "calendar.load": "/calendar/years/2022/load",
    "audit.check": "/audit/check",
    "audit.export": "/audit/export.xlsx?unit={unit}",
    "audit.index": "/audit?unit={unit}",
    "dashboards.index": "/",
    "dashboards.overview": "/overview?unit={unit}",
    "dashboards.indicator": "/indicators/I01?unit={unit}",
    "dashboards.progress_sheet": "/exports/progress.xlsx?unit={unit}",
    "health.healthz": "/healthz",
    "people.index": "/people",
    "people.show": "/people/users/{unit}",
    "people.rename": "/people/users/{unit}/label",
    "people.disable": "/people/users/{unit}/disable",
    "people.enable": "/people/users/{unit}/enable",
    "people.unlock": "/people/users/{unit}/unlock",
    "people.grant": "/people/users/{unit}/grants",
    "people.end": "/people/users/{unit}/grants/1/end",
    "people.remove": "/people/users/{unit}/grants/1/remove",
    "people.invite": "/people/invite",
    "people.send_invite": "/people/invite",
    "people.roster": "/people/invite/many",
    "people.send_roster": "/people/invite/many",
    "people.renew": "/people/users/{unit}/code",
    "people.withdraw": "/people/users/{unit}/code/withdraw",
    "people.rights": "/people/users/{unit}/rights",
    "people.my_rights": "/my-rights",
    "people.welcome": "/welcome",
    "people.send_welcome": "/welcome",
    "people.welcome_link": "/welcome/no-such-token",
    "people.send_welcome_link": "/welcome/no-such-token",
    "periods.index": "/plans/LC-2022/periods",
    "periods.rule": "/plans/LC-2022/periods/rule",
    "periods.lock_rule": "/plans/LC-2022/periods/lock-rule",
    "periods.first": "/plans/LC-2022/periods/first",
    "periods.lock_all": "/plans/LC-2022/periods/lock",
    "periods.reopen_all": "/plans/LC-2022/periods/reopen",
    "periods.show": "/plans/LC-2022/periods/2022-06",
    "periods.set_due": "/plans/LC-2022/periods/2022-06/due-date",
    "periods.lock": "/plans/LC-2022/periods/2022-06/lock",
    "periods.reopen": "/plans/LC-2022/periods/2022-06/reopen",
    "periods.due_dates": "/due-dates?plan=LC-2022",
    "periods.recompute": "/due-dates?plan=LC-2022",
    "org.index": "/units?under={unit}",
    "org.export": "/units/export.xlsx",
    "org.show": "/units/{unit}",
    "org.add": "/units/{unit}/add",
    "org.edit": "/units/{unit}/edit",
    "org.record": "/units/{unit}/facts",
    "org.correct": f"/units/{{unit}}/{FACT}",
    "org.remove": f"/units/{{unit}}/{FACT}/remove",
    "org.upload": "/import/units",
    "org.preview": f"/import/units/{UPLOAD}",
    "org.confirm": f"/import/units/{UPLOAD}",
    "org.marked": f"/import/units/{UPLOAD}/marked.xlsx",
    "intake.upload": "/import/figures",
    "intake.preview": f"/import/figures/{UPLOAD}",
    "intake.confirm": f"/import/figures/{UPLOAD}",
    "intake.marked": f"/import/figures/{UPLOAD}/marked.xlsx",
    "intake.index": "/import/batches",
    "intake.show": "/import/batches/1",
    "intake.withdraw": "/import/batches/1/withdraw",
    "intake.template": f"/reports{REPORT}/template.xlsx",
    "intake.workbook": "/import/template.xlsx?place={unit}/LC-2022/2022-06",
    "plans.index": "/plans",
    "plans.new": "/plans/new",
    "plans.show": "/plans/LC-2022",
    "plans.edit": "/plans/LC-2022/edit",
    "plans.workbook": "/plans/LC-2022/export.xlsx",
    "plans.workbook_template": "/import/plans/template.xlsx",
    "plans.workbook_upload": "/plans/LC-2022/import",
    "plans.workbook_preview": f"/plans/LC-2022/import/{UPLOAD}",
    "plans.workbook_confirm": f"/plans/LC-2022/import/{UPLOAD}",
    "plans.workbook_marked": f"/plans/LC-2022/import/{UPLOAD}/marked.xlsx",
    "plans.copy": "/plans/LC-2022/copy",
    "plans.delete": "/plans/LC-2022/delete",
    "plans.new_pillar": "/plans/LC-2022/pillars/new",
    "plans.pillar": "/plans/LC-2022/pillars/1",
    "plans.new_initiative": "/plans/LC-2022/pillars/1/initiatives/new",
    "plans.initiative": "/plans/LC-2022/initiatives/1",
    "plans.new_indicator": "/plans/LC-2022/initiatives/1/indicators/new",
    "plans.indicator": "/plans/LC-2022/indicators/I03",
    "plans.change_indicator": "/plans/LC-2022/indicators/I03/edit",
    "plans.reporters": "/plans/LC-2022/indicators/I03/units",
    "plans.store_reporters": "/plans/LC-2022/indicators/I03/units",
    "plans.targets": "/plans/LC-2022/indicators/I03/targets",
    "plans.store_targets": "/plans/LC-2022/indicators/I03/targets",
    "plans.curve": "/plans/LC-2022/indicators/I03/curve",
    "plans.store_curve": "/plans/LC-2022/indicators/I03/curve",
    "plans.move": "/plans/LC-2022/pillars/1/move-up",
    "plans.delete_part": "/plans/LC-2022/pillars/1/delete",
    "places.change": "/units/{unit}/move",
    "places.confirm_change": "/units/{unit}/move",
    "places.replace": "/plans/LC-2022/indicators/I03/replace",
    "places.confirm_replace": "/plans/LC-2022/indicators/I03/replace",
    "reports.index": "/reports",
    "reports.figure": f"/reports{REPORT}/figures/1-0",
    "reports.correct": f"/reports{REPORT}/figures/1-0",
    "reports.take_back": f"/reports{REPORT}/figures/1-0/take-back",
    "reports.review_figure": f"/review{REPORT}/figures/1-0",
    "reports.review_correct": f"/review{REPORT}/figures/1-0",
    "reports.decide": f"/review{REPORT}/figures/1-0/decide",
    "reports.edit": f"/reports{REPORT}",
    "reports.save": f"/reports{REPORT}",
    "reports.save_some": f"/reports{REPORT}/cells",
    "reports.check_some": f"/reports{REPORT}/check",
    "reports.paste": f"/reports{REPORT}/paste",
    "reports.preview": f"/reports{REPORT}/open",
    "reports.carry": f"/reports{REPORT}/carry-over",
    "reports.withdraw": f"/reports{REPORT}/withdraw",
    "reports.evidence": f"/reports{REPORT}/evidence/I01",
    "reports.add_evidence": f"/reports{REPORT}/evidence/I01",
    "reports.view_evidence": f"/reports{REPORT}/evidence/I01/1",
    "reports.evidence_file": f"/reports{REPORT}/evidence/I01/1/file",
    "reports.caption_evidence": f"/reports{REPORT}/evidence/I01/1/caption",
    "reports.remove_evidence": f"/reports{REPORT}/evidence/I01/1/remove",
    "reports.review_index": "/review",
    "reports.review": f"/review{REPORT}",
    "reports.approve_several": "/review/approve",
    "reports.back_to_figure": f"/review{REPORT}/figures/1-0/decide",
    "reports.back_to_review": f"/review{REPORT}/return",
    "reports.approve": f"/review{REPORT}/approve",
    "reports.check": f"/review{REPORT}/check",
    "reports.return_": f"/review{REPORT}/return",
    "reports.reopen": f"/review{REPORT}/reopen",
    "settings.index": "/settings",
    "setup.door": "/setup",
    "setup.send_code": "/setup",
    "setup.place": "/setup/place",
    "setup.unit": "/setup/unit",
    "setup.start": "/setup/start",
    "setup.administrator": "/setup/administrator",
    "setup.next_steps": "/next-steps",
    "urging.index": "/urging",
    "urging.urge": "/urging",
    "urging.due_dates": "/due-dates.ics",
    "upkeep.index": "/upkeep",
    "upkeep.make": "/upkeep/backups",
    "upkeep.download": "/upkeep/backups/tracker-LC-20220630-120000.zip",
    "upkeep.confirm_delete": "/upkeep/backups/tracker-LC-20220630-120000.zip/delete",
    "upkeep.delete": "/upkeep/backups/tracker-LC-20220630-120000.zip/delete",
}
"""An address of each endpoint; a new endpoint gets its line here and its lines in the table."""

FIELDS = {"version": "9999", "reason": "Because.", "action": "save"}
"""What is sent with each form: an older version, so that whoever may do it changes nothing."""


@dataclass(frozen=True)
class Line:
    """A line of the table: what a role gets, by column: a status, or "sign-in" where it is sent there."""

    endpoint: str
    method: str
    role: str
    statuses: dict[str, str]


def lines() -> list[Line]:
    """The stored table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Line(row["endpoint"], row["method"], row["role"], {name: row[name] for name in PLACES})
            for row in csv.DictReader(file)
        ]


def endpoints(app: Flask) -> set[tuple[str, str]]:
    """Every (endpoint, method) of the product; files that are the same for everyone are left out."""
    return {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }


@pytest.fixture(scope="module")
def houses(sqlite: SqliteShelf) -> Iterator[dict[str, House]]:
    """The sample with each role once more, held at one unit alone; a house for each unit.

    Whoever holds a role at the top may do what changes something for everyone.
    """
    with ExitStack() as stack:
        yield {held: stack.enter_context(_house(sqlite, held)) for held in HELD}


@pytest.fixture(scope="module")
def house(houses: dict[str, House]) -> House:
    """The house in which roles are held at one community."""
    return houses["LC01"]


@contextmanager
def _house(sqlite: SqliteShelf, held: str) -> Iterator[House]:
    with sqlite.house("sample") as house:
        with house.inside():
            for role in Role:
                make.add_sample_user(f"one-{role}", role.value, held)
            for unit in ASKED:
                # Users are managed by where they hold something: each is named after that unit.
                make.add_sample_user(unit, Role.REPORTER.value, unit)
            add_nobody()
        yield house


def add_nobody() -> None:
    """A user who has held a role and holds none any more."""
    make.add_sample_user("one-nobody", "reporter", "LC01")
    make.take_roles("one-nobody")


def test_every_endpoint_is_in_the_table_with_every_role(house: House) -> None:
    known = [(line.endpoint, line.method, line.role) for line in lines()]
    wanted = {(*each, role) for each in endpoints(house.app) for role in ROLES}
    assert set(known) == wanted, "add the missing lines to endpoints.csv, or remove those that are gone"
    assert len(known) == len(wanted)
    assert set(ADDRESSES) == {endpoint for endpoint, _ in endpoints(house.app)}


def test_every_view_says_whom_it_is_for(house: House) -> None:
    needs = {
        name: getattr(view, "needs", None)
        for name, view in house.app.view_functions.items()
        if name != "static"
    }
    allowed = {*Permission, "signed_in", "public"}
    assert {name: need for name, need in needs.items() if need not in allowed} == {}
    # What is open to everyone is told here once more, so that it cannot grow by a slip.
    assert {name for name, need in needs.items() if need == "public"} == {
        "accounts.sign_in",
        "accounts.sign_out",
        "accounts.demo_sign_in",
        "accounts.sign_in_here",
        "accounts.session_token",
        "accounts.preferences",
        "health.healthz",
        "people.send_welcome",
        "people.send_welcome_link",
        "people.welcome",
        "people.welcome_link",
        "setup.administrator",
        "setup.door",
        "setup.place",
        "setup.send_code",
        "setup.start",
        "setup.unit",
    }


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_table_says(houses: dict[str, House], role: str) -> None:
    visitors = {held: visitor_of(houses[held], role) for held in HELD}
    tokens = {held: visitor.token() for held, visitor in visitors.items()}
    wrong = []
    for line in lines():
        if line.role != role:
            continue
        for column, (held, unit) in PLACES.items():
            if line.endpoint in {"accounts.sign_out", "accounts.demo_sign_in"}:
                # These two change who is signed in, so they get a visitor of their own.
                found = status_of(fresh := visitor_of(houses[held], role), line, unit, fresh.token())
            else:
                found = status_of(visitors[held], line, unit, tokens[held])
            if found != line.statuses[column]:
                wrong.append((line.endpoint, line.method, column, found, line.statuses[column]))
    assert wrong == []


def test_a_role_opens_what_lies_below_it_as_it_opens_its_own_place() -> None:
    """What is refused of one's own unit may open from above; nothing that opens is lost on the way down."""
    opened = {"200", "303", "409", "422"}
    assert [
        line
        for line in lines()
        if line.statuses["own"] in opened and line.statuses["descendant"] not in opened
    ] == []


def visitor_of(house: House, role: str) -> Visitor:
    """Someone of this role; who holds none has to sign in with a password."""
    if role == "anonymous":
        return house.visitor()
    if role != "nobody":
        return house.visitor(f"one-{role}")
    visitor = house.visitor()
    form = visitor.get("/sign-in").page.form("")
    visitor.submit(form, {"username": "one-nobody", "password": make.PASSWORD}, at="/sign-in")
    return visitor


def status_of(visitor: Visitor, line: Line, unit: str, token: str) -> str:
    """What a request to the endpoint is answered with."""
    path = ADDRESSES[line.endpoint].format(unit=unit)
    fields = {**FIELDS, "csrf_token": token, "username": "jiqing"} if line.method == "POST" else None
    answer = visitor.send(line.method, path, data=fields)
    sent_away = answer.location.startswith("/sign-in") and line.endpoint != "accounts.sign_out"
    return "sign-in" if sent_away else str(answer.status)


def test_the_table_changed_nothing(house: House) -> None:
    with house.inside():
        for unit in ASKED:
            sheet = make.sheet_of(unit, "2022-06", plan="LC-2022")
            assert sheet.state == "approved"
            assert all(cell.entry is None or cell.entry.revision <= 2 for cell in sheet.cells)
