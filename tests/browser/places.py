"""Every page and every state of a page that is worth a look, with who opens it and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.people import Person
from tests.kit.workbooks import workbook

SHEET = "/reports/LC-2022/LC07/2022-06"
"""June of Donghu Community: a draft in the sample's story."""

EVIDENCE = f"{SHEET}/evidence/I01"
"""Its evidence of new parking spaces; none in the sample."""

WAITING = "/review/LC-2022/LC03/2022-06"
"""June of Anning Community: submitted in the sample's story."""


def _stay(who: Person) -> None:
    """Nothing more than opening the page."""


@dataclass(frozen=True)
class Place:
    """An address, the user who opens it, and what is done there; nothing of it changes what is stored."""

    name: str
    path: str
    user: str | None = None
    do: Callable[[Person], None] = _stay


def _wrong_password(who: Person) -> None:
    form = who.page.locator("form:has([name=password])")
    form.locator("[name=username]").fill("donghu")
    form.locator("[name=password]").fill("x")
    form.locator("button").click()
    who.page.locator(".message--error").wait_for()


def _weak_password(who: Person) -> None:
    form = who.page.locator("form:has([name=present])")
    form.locator("[name=present]").fill("x")
    form.locator("[name=password]").fill("x")
    form.locator("[name=again]").fill("y")
    form.locator("button").click()
    who.page.locator(".field__error").wait_for()


def _same_value(who: Person) -> None:
    form = who.page.locator("form:has([name=reason])")
    form.locator("[name=reason]").fill("x")
    form.locator("button").click()
    who.page.locator(".field__error").wait_for()


def _wrong_values(who: Person) -> None:
    put(who, 0, "abc")
    put(who, 1, "12,3.456")
    send(who, "submit")
    who.page.locator(".summary").wait_for()


def _odd_value(who: Person) -> None:
    put(who, 0, "9999")
    send(who, "submit")
    who.page.locator(".cell__warning, .cell__error").first.wait_for()


def _conflict(who: Person) -> None:
    put(who, 0, "77")
    # The page is as old as one that stayed open while somebody else saved.
    who.page.locator(".sheet-form [name$=-seen]").nth(0).evaluate("(field) => { field.value = '9.9'; }")
    send(who, "save")
    who.page.locator(".summary--warning").wait_for()


def _notes_open(who: Person) -> None:
    who.page.locator(".extras__note > summary").nth(0).click()
    who.page.locator(".extras__check").nth(1).evaluate("(field) => { field.checked = true; }")


def _no_reason(who: Person) -> None:
    who.page.locator("form[action$='/return'] button").click()
    who.page.locator(".field__error").wait_for()


def _ask(who: Person) -> None:
    who.page.locator("form[action$='/approve'] button").click()
    who.page.locator("dialog").wait_for()


def _role_open(who: Person) -> None:
    who.page.locator(".take > summary").nth(0).click()


def _wrong_targets(who: Person) -> None:
    who.page.locator("[data-which=target]").nth(1).fill("abc")
    who.page.locator("main form button[type=submit]").click()
    who.page.locator(".summary").wait_for()


def _table(who: Person) -> None:
    who.page.locator(".twin > summary").click()


def _file(who: Person, content: bytes) -> None:
    who.page.locator("input[type=file]").set_input_files(
        {"name": "units.xlsx", "mimeType": "application/octet-stream", "buffer": content}
    )
    with who.page.expect_navigation():
        who.page.locator("form[enctype] button").click()


def _import(who: Person) -> None:
    _file(who, workbook([["编码", "名称", "户数", "启用日期"], ["LC01", "吉庆新社区", 3700, "2022-07-01"]]))


def _wrong_import(who: Person) -> None:
    _file(who, workbook([["编码", "上级编码", "备注"], ["LC01", "LC02", "x"], ["N1", "LC99", "x"]]))


def _no_workbook(who: Person) -> None:
    _file(who, b"code,name")


def _bad_code(who: Person) -> None:
    who.page.locator("#code").fill("L 1")
    who.page.locator(".card--form .button--main").click()
    who.page.locator(".field__error").wait_for()


def _unfold(who: Person) -> None:
    who.page.locator(".fold > summary").first.click()


def _unfold_tree(who: Person) -> None:
    who.page.locator(".tree__below .tree__below > summary").first.click()


def put(who: Person, place: int, text: str) -> None:
    """Have a text stand in a cell as on a page without script, which saves nothing by itself."""
    cell = who.page.locator("[data-cell]").nth(place)
    cell.evaluate("(field, text) => { field.value = text; }", text)


def send(who: Person, action: str) -> None:
    """Press the button of the sheet that saves or submits."""
    with who.page.expect_navigation():
        who.page.locator(f"button[name=action][value={action}]").click()


def _no_picture(who: Person) -> None:
    who.page.locator("#files").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"<svg/>"}
    )
    who.page.locator(".evidence-add button[type=submit]").click()
    who.page.locator("[data-said]:not(:empty)").wait_for()


PLACES = [
    Place("sign-in", "/sign-in"),
    Place("sign-in, wrong password", "/sign-in", None, _wrong_password),
    Place("account", "/account", "donghu"),
    Place("change of the password", "/account/password", "donghu"),
    Place("change of the password, refused", "/account/password", "donghu", _weak_password),
    Place("reports", "/reports", "donghu"),
    Place("reports, none in this state", "/reports?state=returned", "donghu"),
    Place("sheet", SHEET, "donghu"),
    Place("sheet, note and reason open", SHEET, "donghu", _notes_open),
    Place("sheet, wrong values", SHEET, "donghu", _wrong_values),
    Place("sheet, odd value", SHEET, "donghu", _odd_value),
    Place("sheet, saved by two", SHEET, "donghu", _conflict),
    Place("sheet, preview", f"{SHEET}/open", "donghu"),
    Place("sheet, handed in", "/reports/LC-2022/LC07/2022-05", "donghu"),
    Place("evidence", EVIDENCE, "donghu"),
    Place("evidence, refused", EVIDENCE, "donghu", _no_picture),
    Place("evidence, reviewer", EVIDENCE, "chuangjianban"),
    Place("review", "/review", "chuangjianban"),
    Place("review, all", "/review?state=all", "chuangjianban"),
    Place("review, none in this state", "/review?state=returned", "chuangjianban"),
    Place("review of a report", WAITING, "chuangjianban"),
    Place("review of a report, no reason", WAITING, "chuangjianban", _no_reason),
    Place("review of a report, asked", WAITING, "chuangjianban", _ask),
    Place("review of an approved report", "/review/LC-2022/LC01/2022-06", "chuangjianban"),
    Place("review of a report, auditor", WAITING, "shenji"),
    Place("figure of an approved report", "/review/LC-2022/LC01/2022-06/figures/1-0", "chuangjianban"),
    Place(
        "figure, the same value again",
        "/review/LC-2022/LC01/2022-06/figures/1-0",
        "chuangjianban",
        _same_value,
    ),
    Place("missing reports", "/urging?in_period=2022-06", "chuangjianban"),
    Place("missing reports, none", "/urging?in_period=2022-01", "chuangjianban"),
    Place("overview", "/overview?as_of=2022-06-30", "fenguan"),
    Place(
        "overview as known before anything was", "/overview?as_of=2022-06-30&known_on=2022-06-30", "fenguan"
    ),
    Place("overview, table of the chart", "/overview?as_of=2022-06-30", "fenguan", _table),
    Place("overview, one signal", "/overview?as_of=2022-06-30&signal=behind", "fenguan"),
    Place("overview, no such signal", "/overview?as_of=2022-06-30&signal=no_target", "fenguan"),
    Place("overview of a community", "/overview?unit=LC07&as_of=2022-06-30", "donghu"),
    Place("overview of a compound", "/overview?unit=LC0701&as_of=2022-06-30", "fenguan"),
    Place("indicator, flow", "/indicators/I01?as_of=2022-06-30", "fenguan"),
    Place("indicator, stock with categories", "/indicators/I09?as_of=2022-06-30", "fenguan"),
    Place("indicator, ratio", "/indicators/I05?as_of=2022-06-30", "fenguan"),
    Place("indicator, milestone", "/indicators/I14?as_of=2022-06-30", "fenguan"),
    Place("indicator, ceiling", "/indicators/I16?as_of=2022-06-30", "fenguan"),
    Place("people", "/people", "guanli"),
    Place("people, none found", "/people?q=nobody", "guanli"),
    Place("people, invite", "/people/invite", "guanli"),
    Place("people, one user", "/people/users/donghu", "guanli", _role_open),
    Place("people, oneself", "/people/users/guanli", "guanli"),
    Place("people, rights", "/people/users/chuangjianban/rights", "guanli"),
    Place("people, welcome", "/welcome"),
    Place("calendar", "/calendar", "guanli"),
    Place("calendar, not published", "/calendar?year=2027", "guanli"),
    Place("calendar, a day", "/calendar/2022-10-08", "guanli"),
    Place("periods", "/plans/LC-2022/periods", "guanli"),
    Place("a period", "/plans/LC-2022/periods/2022-06", "guanli"),
    Place("due dates", "/due-dates", "guanli"),
    Place("backup and health", "/upkeep?checks=all", "guanli"),
    Place("settings", "/settings", "guanli"),
    Place("units", "/units", "guanli", _unfold_tree),
    Place("units, found", "/units?q=嘉", "guanli"),
    Place("units, none found", "/units?q=zzz", "guanli"),
    Place("a unit", "/units/LC01", "guanli", _unfold),
    Place("a unit, added", "/units/LC/add", "guanli"),
    Place("a unit, changed", "/units/LC01/edit", "guanli", _bad_code),
    Place("a figure of a unit", "/units/LC01/facts/area/2022-01-01", "guanli"),
    Place("import of units", "/import/units", "guanli"),
    Place("import of units, no workbook", "/import/units", "guanli", _no_workbook),
    Place("import of units, preview", "/import/units", "guanli", _import),
    Place("import of units, wrong cells", "/import/units", "guanli", _wrong_import),
    Place("audit log", "/audit", "shenji"),
    Place("audit log, none found", "/audit?who=nobody", "shenji"),
    Place("audit log, wrong filter", "/audit?unit=LC99", "shenji"),
    Place("plans", "/plans", "guanli"),
    Place("new plan", "/plans/new", "guanli"),
    Place("plan", "/plans/LC-2022", "guanli"),
    Place("plan, edit", "/plans/LC-2022/edit", "guanli"),
    Place("plan, copy", "/plans/LC-2022/copy", "guanli"),
    Place("plan, initiative", "/plans/LC-2022/initiatives/1", "guanli"),
    Place("plan, indicator", "/plans/LC-2022/indicators/I09", "guanli"),
    Place("plan, indicator with figures", "/plans/LC-2022/indicators/I09/edit", "guanli"),
    Place("plan, new indicator", "/plans/LC-2022/initiatives/1/indicators/new", "guanli"),
    Place("plan, units that report", "/plans/LC-2022/indicators/I01/units", "guanli"),
    Place("plan, targets", "/plans/LC-2022/indicators/I01/targets", "guanli"),
    Place("plan, wrong targets", "/plans/LC-2022/indicators/I01/targets", "guanli", _wrong_targets),
    Place("plan, curve", "/plans/LC-2022/indicators/I03/curve", "guanli"),
    Place("nothing here", "/nowhere", "fenguan"),
    Place("not allowed", "/review", "fenguan"),
]
