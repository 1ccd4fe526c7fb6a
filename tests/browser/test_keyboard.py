"""Everything can be done with the keyboard, and nothing typed is lost by accident."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import look
from tests.browser.people import PHONE, SMALL, WIDE
from tests.browser.places import SHEET, WAITING, put, send

pytestmark = pytest.mark.browser

STOPS_OF_A_DATE = 3
"""How many more times Tab is pressed inside a date than inside another control."""


def test_the_first_stop_skips_to_the_content(someone, shared: str) -> None:
    page = someone(shared, "fenguan").open("/overview")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("() => Boolean(document.activeElement.closest('main'))")


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desktop", "phone"])
def test_tab_reaches_every_control_of_the_sheet_in_order(someone, shared: str, size: tuple[int, int]) -> None:
    page = someone(shared, "donghu", size=size).open(SHEET)
    expected = look(page, "stops", "main")
    assert len(expected) > 50
    page.locator("main").focus()
    met = []
    for _ in expected:
        page.keyboard.press("Tab")
        met.append(page.evaluate("() => document.activeElement.dataset.stop"))
        assert not look(page, "focusIsCovered"), _focused(page)
        assert page.evaluate("() => document.activeElement.matches(':focus-visible')")
    assert met == expected


@pytest.mark.parametrize("path", ["/reports", "/overview", "/indicators/I01"])
def test_tab_reaches_every_control_of_the_other_pages(someone, shared: str, path: str) -> None:
    page = someone(shared, "donghu").open(path)
    expected = look(page, "stops", "body")
    met: list[str] = []
    for _ in range(len(expected) + STOPS_OF_A_DATE * page.locator("input[type=date]").count()):
        page.keyboard.press("Tab")
        stop = page.evaluate("() => document.activeElement.dataset.stop")
        # Year, month, day and calendar of a date are stops of their own inside one control.
        if met[-1:] != [stop] or not page.evaluate("() => document.activeElement.matches('[type=date]')"):
            met.append(stop)
        if met == expected:
            break
    assert met == expected


@pytest.mark.parametrize("size", [PHONE, SMALL], ids=["phone", "small phone"])
def test_on_a_phone_the_places_of_administration_take_one_line_and_open_by_key(
    someone, shared: str, size: tuple[int, int]
) -> None:
    page = someone(shared, "guanli", language="en", size=size).open("/units")
    nav = page.locator(".subnav")
    assert nav.bounding_box()["height"] < 50
    summary = nav.locator("summary")
    expect(summary).to_contain_text("Units")
    summary.focus()
    page.keyboard.press("Enter")
    places = nav.locator(".subnav__menu a")
    for place in places.all():
        page.keyboard.press("Tab")
        expect(place).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings")


def test_keys_move_between_the_cells_as_in_a_spreadsheet(someone, shared: str) -> None:
    page = someone(shared, "donghu").open(SHEET)
    cells = page.locator("[data-cell]")
    first, second, third = cells.nth(0), cells.nth(1), cells.nth(2)
    first.focus()
    page.keyboard.press("ArrowDown")
    expect(second).to_be_focused()
    page.keyboard.press("Enter")
    expect(third).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+Enter")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    last = cells.last
    last.focus()
    page.keyboard.press("Enter")
    expect(last).to_be_focused()
    assert page.url.endswith(SHEET), "Enter in the last cell must not send the sheet"


def test_the_second_number_of_a_share_belongs_to_its_cell(someone, shared: str) -> None:
    page = someone(shared, "donghu").open(SHEET)
    whole = page.locator("[data-cell-pair]").first
    part = page.locator(".cell--pair [data-cell]").first
    cells = page.locator("[data-cell]")
    place = part.evaluate("(e) => [...document.querySelectorAll('[data-cell]')].indexOf(e)")
    whole.focus()
    page.keyboard.press("ArrowDown")
    expect(cells.nth(place + 1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(part).to_be_focused()
    page.keyboard.press("Tab")
    expect(whole).to_be_focused()


def test_moving_to_a_cell_selects_what_is_in_it_so_that_typing_replaces_it(someone, shared: str) -> None:
    page = someone(shared, "donghu").open(SHEET)
    cells = page.locator("[data-cell]")
    cells.nth(0).focus()
    page.keyboard.press("Enter")
    page.keyboard.type("7")
    expect(cells.nth(1)).to_have_value("7")


def test_escape_restores_what_was_saved(someone, shared: str) -> None:
    page = someone(shared, "donghu").open(SHEET)
    cell = page.locator("[data-cell]").first
    before = cell.input_value()
    cell.fill("4321")
    page.keyboard.press("Escape")
    expect(cell).to_have_value(before)


def test_leaving_asks_only_where_nothing_can_be_sent(someone, shared: str) -> None:
    who = someone(shared, "donghu")
    page = who.open(SHEET)
    expect(page.locator("[data-unsaved-text]")).to_be_empty()
    page.route("**/cells", lambda route: route.abort())
    page.locator("[data-cell]").first.press_sequentially("4")
    expect(page.locator("[data-unsaved-text]")).not_to_be_empty()
    page.keyboard.press("Enter")
    expect(page.locator(".actionbar__unsaved--bad")).to_be_visible()
    page.locator(".crumbs a").click()
    page.wait_for_timeout(300)
    assert who.dialogs == ["beforeunload"]
    assert page.url.endswith(SHEET)
    who.complaints = [one for one in who.complaints if "Failed to load" not in one]


def test_leaving_without_changes_and_sending_ask_nothing(someone, shared: str) -> None:
    who = someone(shared, "donghu")
    page = who.open(SHEET)
    page.locator(".crumbs a").click()
    page.wait_for_url("**/reports")
    page = who.open(SHEET)
    put(who, 0, "abc")
    send(who, "save")
    expect(page.locator(".summary")).to_be_visible()
    assert not who.dialogs


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desktop", "phone"])
def test_focus_lands_on_the_errors_and_goes_on_to_the_cell(
    someone, shared: str, size: tuple[int, int]
) -> None:
    who = someone(shared, "donghu", size=size)
    page = who.open(SHEET)
    put(who, -1, "abc")
    send(who, "submit")
    summary = page.locator(".summary")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    wrong = page.locator("[aria-invalid=true]").first
    expect(wrong).to_be_focused()
    expect(wrong).to_have_value("abc")
    assert not look(page, "focusIsCovered")
    said = (wrong.get_attribute("aria-describedby") or "").split()
    assert page.locator(f"#{said[0]}").inner_text().strip()


def test_the_dialog_keeps_the_focus_and_gives_it_back(someone, shared: str) -> None:
    page = someone(shared, "chuangjianban").open(WAITING)
    button = page.locator("form[action$='/approve'] button")
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert dialog.get_attribute("aria-labelledby")
    expect(dialog.locator("button").first).to_be_focused()
    for _ in range(4):
        page.keyboard.press("Tab")
        # Between the last button and the first one the focus may rest on the window itself.
        assert page.evaluate("() => document.activeElement.closest('dialog') !== null") or (
            page.evaluate("() => document.activeElement === document.body")
        )
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()


def _focused(page: Page) -> str:
    said: str = page.evaluate("() => document.activeElement.outerHTML.slice(0, 200)")
    return said
