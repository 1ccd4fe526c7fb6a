"""Who gets what at which address: the stored table endpoint × role × scope, with every endpoint in it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
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
PLACES = {"own": "LC01", "sibling": "LC03", "parent": "LC"}
"""The roles are held at LC01; columns of the table with the unit that is asked for."""

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
    "people.grant": "/people/users/{unit}/grants",
    "people.end": "/people/users/{unit}/grants/1/end",
    "people.remove": "/people/users/{unit}/grants/1/remove",
    "people.invite": "/people/invite",
    "people.send_invite": "/people/invite",
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
    "plans.index": "/plans",
    "plans.new": "/plans/new",
    "plans.show": "/plans/LC-2022",
    "plans.edit": "/plans/LC-2022/edit",
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
    **{
        f"places.{prefix}{kind}": f"/units/{{unit}}/{kind}"
        for kind in ("move", "retire", "merge")
        for prefix in ("", "confirm_")
    },
    "reports.index": "/reports",
    "reports.figure": f"/reports{REPORT}/figures/1-0",
    "reports.correct": f"/reports{REPORT}/figures/1-0",
    "reports.take_back": f"/reports{REPORT}/figures/1-0/take-back",
    "reports.review_figure": f"/review{REPORT}/figures/1-0",
    "reports.review_correct": f"/review{REPORT}/figures/1-0",
    "reports.decide": f"/review{REPORT}/figures/1-0/decide",
    "reports.edit": f"/reports{REPORT}",
    "reports.save": f"/reports{REPORT}",
    "reports.withdraw": f"/reports{REPORT}/withdraw",
    "reports.review_index": "/review",
    "reports.review": f"/review{REPORT}",
    "reports.approve_several": "/review/approve",
    "reports.approve": f"/review{REPORT}/approve",
    "reports.return_": f"/review{REPORT}/return",
    "reports.reopen": f"/review{REPORT}/reopen",
    "settings.index": "/settings",
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
def house(sqlite: SqliteShelf) -> Iterator[House]:
    """The sample with each role once more, held at LC01 alone."""
    with sqlite.house("sample") as house:
        with house.inside():
            for role in Role:
                make.add_sample_user(f"lc01-{role}", role.value, "LC01")
            for unit in PLACES.values():
                # Users are managed by where they hold something: each is named after that unit.
                make.add_sample_user(unit, Role.REPORTER.value, unit)
            add_nobody()
        yield house


def add_nobody() -> None:
    """A user who has held a role and holds none any more."""
    make.add_sample_user("lc01-nobody", "reporter", "LC01")
    make.take_roles("lc01-nobody")


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
        "accounts.preferences",
        "health.healthz",
        "people.send_welcome",
        "people.send_welcome_link",
        "people.welcome",
        "people.welcome_link",
    }


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_table_says(house: House, role: str) -> None:
    visitor = visitor_of(house, role)
    token = visitor.token()
    wrong = []
    for line in lines():
        if line.role != role:
            continue
        for column, unit in PLACES.items():
            if line.endpoint in {"accounts.sign_out", "accounts.demo_sign_in"}:
                # These two change who is signed in, so they get a visitor of their own.
                found = status_of(fresh := visitor_of(house, role), line, unit, fresh.token())
            else:
                found = status_of(visitor, line, unit, token)
            if found != line.statuses[column]:
                wrong.append((line.endpoint, line.method, column, found, line.statuses[column]))
    assert wrong == []


def visitor_of(house: House, role: str) -> Visitor:
    """Someone of this role; who holds none has to sign in with a password."""
    if role == "anonymous":
        return house.visitor()
    if role != "nobody":
        return house.visitor(f"lc01-{role}")
    visitor = house.visitor()
    form = visitor.get("/sign-in").page.form("")
    visitor.submit(form, {"username": "lc01-nobody", "password": make.PASSWORD}, at="/sign-in")
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
        for unit in ("LC01", "LC03", "LC"):
            sheet = make.sheet_of(unit, "2022-06", plan="LC-2022")
            assert sheet.state == "approved"
            assert all(cell.entry is None or cell.entry.revision <= 2 for cell in sheet.cells)
