"""The sheet saves itself: whatever is cut, killed, ended or done by two at once, nothing typed is lost."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.checks import check_axe, check_layout, check_targets, check_text
from tests.browser.people import PHONE, WIDE, Person
from tests.browser.places import SHEET
from tests.browser.server import ROOT, Server, copy_sample

pytestmark = pytest.mark.browser

PASSWORD = "Correct horse 7 battery"
SAVED = {"zh": re.compile(r"\d\d:\d\d 已自动保存"), "en": re.compile(r"\d\d:\d\d saved by itself")}


def cell(page: Page, place: int) -> Locator:
    return page.locator("[data-cell]").nth(place)


def said(page: Page) -> Locator:
    return page.locator("[data-unsaved-text]")


def type_in(page: Page, place: int, text: str) -> None:
    """Type into a cell and leave it downwards."""
    cell(page, place).fill(text)
    cell(page, place).press("Enter")


def paste(page: Page, text: str) -> None:
    """Paste a text where the focus is, as Ctrl+V does."""
    page.evaluate(
        """(text) => {
          const carried = new DataTransfer();
          carried.setData("text/plain", text);
          const options = { clipboardData: carried, bubbles: true, cancelable: true };
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        text,
    )


def held(who: Person, place: int) -> str:
    """What the cell holds on a page that is opened anew."""
    who.open(SHEET)
    return cell(who.page, place).input_value()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desktop", "phone"])
def test_a_cell_saves_itself_and_says_so_with_the_time(
    someone, fresh: str, size: tuple[int, int], language: str
) -> None:
    who = someone(fresh, "donghu", size=size, language=language)
    page = who.open(SHEET)
    type_in(page, 0, "１，１０")
    expect(page.locator(".cell__error")).to_have_count(1)
    type_in(page, 0, "１１０")
    expect(said(page)).to_have_text(SAVED[language])
    expect(page.locator(".cell__error")).to_have_count(0)
    expect(cell(page, 0)).to_have_value("110")
    # 1,933 before and 110 now.
    expect(page.locator("[data-total]").first).to_have_text("2,043")
    assert held(who, 0) == "110"
    assert not who.dialogs
    check_text(who)
    check_layout(page)
    if size == PHONE:
        check_targets(page)
    check_axe(page)


def test_totals_and_warnings_come_while_typing_and_save_nothing(someone, fresh: str) -> None:
    who = someone(fresh, "donghu")
    page = who.open(SHEET)
    before = cell(page, 0).input_value()
    cell(page, 0).fill("9999")
    expect(page.locator("[data-total]").first).to_have_text("11,932")
    expect(page.locator(".cell__warning")).to_have_count(1)
    cell(page, 0).press("Escape")
    expect(page.locator("[data-total]").first).not_to_have_text("11,932")
    assert held(who, 0) == before


def test_what_is_typed_without_a_network_is_sent_when_it_is_back(someone, fresh: str) -> None:
    who = someone(fresh, "donghu")
    page = who.open(SHEET)
    who.context.set_offline(True)
    type_in(page, 0, "111")
    type_in(page, 1, "abc")
    expect(said(page)).to_have_text("网络不通，已留在本机，稍后自动再试")
    who.context.set_offline(False)
    expect(said(page)).to_have_text(SAVED["zh"], timeout=20_000)
    assert [held(who, 0), held(who, 1)] == ["111", "abc"]
    who.complaints = [one for one in who.complaints if "Failed to load" not in one]


def test_everything_typed_is_there_after_the_server_and_the_browser_were_killed(
    browser, sample: Path, tmp_path: Path, someone
) -> None:
    server = Server(copy_sample(sample, tmp_path / "instance"))
    who = someone(server.url, "donghu")
    page = who.open(SHEET)
    type_in(page, 0, "112")
    expect(said(page)).to_have_text(SAVED["zh"])
    server.process.kill()
    server.process.wait(15)
    type_in(page, 1, "21.5")
    cell(page, 2).fill("7")
    expect(said(page)).not_to_have_text(SAVED["zh"])
    # The window is closed with cells on their way; the profile of the browser stays.
    page.close(run_before_unload=False)
    server.process = server._start()
    assert server._answers()
    who.page = who.context.new_page()
    who.open(SHEET)
    expect(said(who.page)).to_have_text(SAVED["zh"], timeout=20_000)
    assert [held(who, place) for place in range(3)] == ["112", "21.5", "7"]
    who.complaints = []
    server.stop()


def test_a_session_that_ended_is_taken_up_again_in_place(someone, fresh_folder: Server) -> None:
    who = someone(fresh_folder.url)
    who.sign_in("donghu")
    page = who.open(SHEET)
    set_password(fresh_folder, "donghu", PASSWORD)
    type_in(page, 0, "113")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    check_axe(page)
    dialog.locator("[name=password]").fill("wrong")
    dialog.locator("button[type=submit]").click()
    expect(dialog.locator("[data-said]")).not_to_be_empty()
    dialog.locator("[name=password]").fill(PASSWORD)
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_be_hidden()
    expect(said(page)).to_have_text(SAVED["zh"])
    assert held(who, 0) == "113"


def test_another_user_on_the_same_computer_inherits_nothing(someone, fresh: str) -> None:
    who = someone(fresh, "donghu")
    page = who.open(SHEET)
    before = cell(page, 0).input_value()
    who.context.set_offline(True)
    type_in(page, 0, "114")
    expect(said(page)).to_contain_text("网络不通")
    page.route("**/cells", lambda route: route.abort())
    who.context.set_offline(False)
    other = who.context.new_page()
    other.goto(f"{fresh}/overview")
    other.locator(".tools--bar .tools__out button").click()
    other.wait_for_url("**/sign-in*")
    other.locator("form:has(input[name=username][value=chuangjianban]) button").click()
    other.wait_for_url(lambda url: "sign-in" not in url)
    page.unroute("**/cells")
    expect(said(page)).to_have_text(re.compile("换了人登录|登录已失效|不能保存"), timeout=25_000)
    # Signing out has ended the session that people of these tests share, so this one enters anew.
    elsewhere = someone(fresh)
    elsewhere.sign_in("donghu")
    assert held(elsewhere, 0) == before
    # Whoever typed it finds it again, and it is sent in their own name.
    other.locator(".tools--bar .tools__out button").click()
    other.wait_for_url("**/sign-in*")
    other.locator("form:has(input[name=username][value=donghu]) button").click()
    other.wait_for_url(lambda url: "sign-in" not in url)
    other.goto(fresh + SHEET)
    expect(said(other)).to_have_text(SAVED["zh"])
    assert held(elsewhere, 0) == "114"
    who.complaints = []


def test_the_second_writer_of_a_cell_sees_both_values_and_chooses(someone, fresh: str) -> None:
    first, second = someone(fresh, "donghu"), someone(fresh, "donghu")
    pages = [who.open(SHEET) for who in (first, second)]
    type_in(pages[0], 0, "115")
    expect(said(pages[0])).to_have_text(SAVED["zh"])
    type_in(pages[1], 1, "22")
    expect(said(pages[1])).to_have_text(SAVED["zh"])
    type_in(pages[1], 0, "116")
    box = pages[1].locator(".dispute")
    expect(box).to_contain_text("115")
    expect(box).to_contain_text("116")
    check_axe(pages[1])
    check_layout(pages[1])
    assert held(first, 0) == "115"
    box.locator("[data-mine]").press("Enter")
    expect(box).to_have_count(0)
    expect(said(pages[1])).to_have_text(SAVED["zh"])
    assert [held(first, 0), held(first, 1)] == ["116", "22"]


def test_keeping_the_others_value_puts_it_into_the_cell(someone, fresh: str) -> None:
    first, second = someone(fresh, "donghu"), someone(fresh, "donghu")
    pages = [who.open(SHEET) for who in (first, second)]
    type_in(pages[0], 0, "117")
    expect(said(pages[0])).to_have_text(SAVED["zh"])
    type_in(pages[1], 0, "118")
    pages[1].locator(".dispute [data-theirs]").click()
    expect(cell(pages[1], 0)).to_have_value("117")
    assert held(second, 0) == "117"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desktop", "phone"])
def test_a_block_is_shown_before_it_is_filled_in_and_taken_back_in_one_step(
    someone, fresh: str, size: tuple[int, int], language: str
) -> None:
    who = someone(fresh, "donghu", size=size, language=language)
    page = who.open(SHEET)
    before = [cell(page, place).input_value() for place in range(3)]
    cell(page, 0).focus()
    paste(page, "本月\n１２０个\n2,0x\n\n\n")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("tbody tr")).to_have_count(2)
    expect(dialog.locator(".pasted--refused")).to_have_count(1)
    check_axe(page)
    check_layout(page)
    dialog.locator("[data-yes]").press("Enter")
    expect(cell(page, 0)).to_have_value("120")
    expect(said(page)).to_have_text(SAVED[language])
    page.locator("[data-undo]").click()
    expect(cell(page, 0)).to_have_value(before[0])
    expect(said(page)).to_have_text(SAVED[language])
    assert [held(who, place) for place in range(3)] == before


def test_everything_works_without_script(someone, fresh: str) -> None:
    who = someone(fresh, "donghu", script=False)
    page = who.open(SHEET)
    page.locator("form[action$='/carry-over'] button").click()
    page.wait_for_load_state()
    sure = page.locator("[name$=-sure]")
    assert sure.count() > 3
    page.locator(".actionbar a").click()
    expect(page.locator(".summary__list a").first).to_be_visible()
    page.locator(".summary__list a").first.click()
    page.wait_for_url("**#c*")
    for box in page.locator("[name$=-sure]").all():
        box.check()
    cell(page, 0).fill("119")
    page.locator("button[name=action][value=submit]").click()
    expect(page.locator("main")).to_contain_text("已提交审核")


def test_the_preview_leads_to_each_open_cell(someone, fresh: str) -> None:
    who = someone(fresh, "donghu")
    page = who.open(SHEET)
    type_in(page, 0, "abc")
    expect(said(page)).to_have_text(SAVED["zh"])
    page.locator(".actionbar a").click()
    page.locator(".summary__list a").first.click()
    page.wait_for_url("**#c*")
    expect(page.locator("[aria-invalid=true]")).to_have_count(1)


@pytest.fixture
def fresh_folder(browser, sample: Path, tmp_path: Path):
    server = Server(copy_sample(sample, tmp_path / "instance"))
    yield server
    server.stop()


def set_password(server: Server, username: str, password: str) -> None:
    """Give a user another password beside the running server, which ends every open session."""
    command = ["users", "reset-password", username, "--password", password]
    environment = {**os.environ, "TRACKER_INSTANCE": str(server.folder), "PYTHONUTF8": "1"}
    subprocess.run([sys.executable, "-m", "tracker", *command], cwd=ROOT, env=environment, check=True)
