"""Text size, language and paper; and what the charts tell those who do not see them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import PHONE, WIDE
from tests.browser.places import SHEET, WAITING

pytestmark = pytest.mark.browser

JUNE = "as_of=2022-06-30"

DRAWN = """(canvas) => {
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return new Set(new Uint32Array(pixels.buffer)).size;
}"""
"""How many colours are on the canvas; an empty one has one."""


def test_the_text_size_grows_everywhere_and_stays(someone, shared: str) -> None:
    who = someone(shared, "fenguan")
    page = who.open(f"/overview?{JUNE}&signal=behind")
    sizes = [_size(page)]
    for name in ("A+", "A++"):
        page.locator(".tools--bar .tools__size").get_by_text(name, exact=True).click()
        expect(page.locator(".tools--bar .tools__size[aria-current]")).to_have_text(name)
        assert page.url.endswith(f"/overview?{JUNE}&signal=behind")
        sizes.append(_size(page))
    assert sizes == sorted(set(sizes))
    who.open("/indicators/I01")
    assert _size(page) == sizes[-1]
    page.locator(".tools--bar .tools__size").first.click()
    assert _size(page) == sizes[0]


@pytest.mark.parametrize(
    ("user", "path"),
    [
        (None, "/sign-in"),
        ("fenguan", f"/overview?unit=LC07&{JUNE}&signal=on_track"),
        ("fenguan", f"/indicators/I09?{JUNE}"),
        ("donghu", SHEET),
        ("chuangjianban", "/review?state=all"),
    ],
)
def test_the_other_language_shows_the_same_page(someone, shared: str, user: str | None, path: str) -> None:
    page = someone(shared, user, language="zh").open(path)
    html, switch = page.locator("html"), page.locator(".tools--bar .tools__language")
    before = page.locator("h1").inner_text()
    expect(html).to_have_attribute("lang", "zh-CN")
    switch.click()
    expect(html).to_have_attribute("lang", "en")
    assert page.url.removeprefix(shared) == path
    switch.click()
    expect(html).to_have_attribute("lang", "zh-CN")
    assert page.url.removeprefix(shared) == path
    assert page.locator("h1").inner_text() == before


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_phone_size_and_language_are_one_step_from_the_tabs(someone, shared: str, language: str) -> None:
    page = someone(shared, "fenguan", language=language, size=PHONE).open(f"/overview?{JUNE}")
    page.locator(".tabs__link").last.click()
    expect(page.locator(".tools--foot .tools__language")).to_be_in_viewport()
    expect(page.locator(".tools--foot .tools__out button")).to_be_in_viewport()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("user", "path"),
    [
        ("fenguan", f"/overview?{JUNE}"),
        ("fenguan", f"/indicators/I01?{JUNE}"),
        ("donghu", SHEET),
        ("chuangjianban", WAITING),
    ],
)
def test_paper_has_title_unit_day_and_signature_and_no_navigation(
    someone, shared: str, user: str, path: str, language: str
) -> None:
    page = someone(shared, user, language=language).open(path)
    sign = page.locator(".print-sign")
    expect(sign).to_be_hidden()
    page.emulate_media(media="print")
    for hidden in (".bar", ".tabs", ".skip", ".crumbs", ".head__actions", ".tools", ".actionbar", ".twin"):
        for found in page.locator(hidden).all():
            expect(found).to_be_hidden()
    expect(sign).to_be_visible()
    head = page.locator(".print-head")
    expect(head).to_be_visible()
    expect(head).to_contain_text("2022")
    expect(head).to_contain_text({"zh": "填报单位", "en": "Reporting unit"}[language])
    assert page.locator("h1:visible").count() == 0, "the title would stand there twice"


def test_a_page_prints_as_a_few_sheets_of_paper(someone, shared: str) -> None:
    page = someone(shared, "fenguan").open(f"/overview?{JUNE}")
    pages = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    assert 1 <= pages <= 3


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", ["/overview?", "/indicators/I01?", "/indicators/I03?unit=LC03&"])
def test_the_chart_says_its_numbers_and_its_table_shows_them(
    someone, shared: str, path: str, language: str
) -> None:
    page = someone(shared, "fenguan", language=language).open(path + JUNE)
    canvas = page.locator("canvas.trend__canvas")
    expect(canvas).to_have_attribute("role", "img")
    page.wait_for_function("() => window.Chart && Chart.getChart(document.querySelector('canvas'))")
    assert canvas.evaluate(DRAWN) > 3, "nothing is drawn"
    twin = page.locator(".twin table")
    expect(twin).to_be_hidden()
    page.locator(".twin > summary").click()
    expect(twin).to_be_visible()
    actual = [text for text in twin.locator("tbody td:nth-of-type(1)").all_inner_texts() if text != "—"]
    assert len(actual) == 6
    label = canvas.get_attribute("aria-label") or ""
    for text in actual:
        assert text in label
    # The chart draws the numbers of the table, and the last one is the figure on the page.
    drawn = canvas.evaluate("(c) => Chart.getChart(c).data.datasets[0].data.filter((v) => v !== null)")
    assert [f"{value:g}" for value in drawn] == [f"{float(text.replace(',', '')):g}" for text in actual]
    assert actual[-1] == _figure(page)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desktop", "phone"])
def test_the_chart_stays_inside_its_card(someone, shared: str, size: tuple[int, int]) -> None:
    page = someone(shared, "fenguan", size=size).open(f"/indicators/I01?{JUNE}")
    page.wait_for_function("() => window.Chart && Chart.getChart(document.querySelector('canvas'))")
    page.set_viewport_size({"width": 700, "height": 800})
    page.wait_for_timeout(300)
    fits = "(c) => c.getBoundingClientRect().width <= c.parentElement.getBoundingClientRect().width + 1"
    assert page.locator("canvas").evaluate(fits)


def _figure(page: Page) -> str:
    """The actual figure of the indicator whose trend is on the page."""
    if page.locator(".facts").count():
        return page.locator(".facts .figure__number").first.inner_text()
    code = (page.locator("#trend-title a").get_attribute("href") or "").partition("?")[0]
    row = page.locator(".board__row").filter(has=page.locator(f"a[href^='{code}?']"))
    return row.locator(".board__actual .figure__number").inner_text()


def _size(page: Page) -> float:
    size: str = page.evaluate("() => getComputedStyle(document.body).fontSize")
    return float(size.removesuffix("px"))
