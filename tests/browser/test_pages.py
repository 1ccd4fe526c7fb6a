"""Every page, in both languages and three sizes of screen: whole, readable, quiet, and one's own."""

from __future__ import annotations

import pytest

from tests.browser.checks import check_axe, check_layout, check_targets, check_text, look
from tests.browser.people import PHONE, SMALL, WIDE
from tests.browser.places import PLACES, SHEET, Place

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_the_page_is_whole(someone, shared: str, place: Place, language: str) -> None:
    """No overflow, no finding of axe, no error in the console, no other host, one heading, one language."""
    who = someone(shared, place.user, language=language)
    page = who.open(place.path)
    place.do(who)
    check_text(who)
    # Both narrow screens have the same layout, so that each needs axe in one language only.
    looked_at = (WIDE, PHONE) if language == "zh" else (WIDE, SMALL)
    for width, height in (WIDE, PHONE, SMALL):
        page.set_viewport_size({"width": width, "height": height})
        check_layout(page)
        if (width, height) in looked_at:
            check_axe(page)
        if (width, height) == PHONE:
            check_targets(page)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("path", ["/overview?as_of=2022-06-30", "/indicators/I01?as_of=2022-06-30"])
def test_nothing_moves_while_the_page_loads(someone, shared: str, path: str, size: tuple[int, int]) -> None:
    who = someone(shared, "fenguan", size=size)
    page = who.open(path)
    assert look(page, "shift") < 0.02


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("text", ["aplus", "aplusplus"])
@pytest.mark.parametrize(("user", "path"), [("fenguan", "/overview"), ("donghu", SHEET)])
def test_larger_text_fits_on_every_screen(
    someone, shared: str, *, user: str, path: str, text: str, language: str
) -> None:
    who = someone(shared, user, language=language)
    who.context.add_cookies([{"name": "text_size", "value": text, "url": shared}])
    page = who.open(path)
    assert text in (page.locator("html").get_attribute("class") or "")
    for width, height in (WIDE, (1024, 768), PHONE, SMALL):
        page.set_viewport_size({"width": width, "height": height})
        check_layout(page)
