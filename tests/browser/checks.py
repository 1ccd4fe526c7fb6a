"""What every page has to keep to, looked up inside the browser."""

from __future__ import annotations

import json
from functools import cache

from playwright.sync_api import Page

from tests.browser.people import TAGS, Person

OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  const cut = (e) => {
    for (let up = e.parentElement; up; up = up.parentElement) {
      const how = getComputedStyle(up);
      if (how.overflowX !== "visible" || how.clipPath !== "none") return true;
    }
    return false;
  };
  const found = [...document.body.querySelectorAll("*")].filter((e) => {
    const box = e.getBoundingClientRect();
    const seen = box.width > 1 && getComputedStyle(e).clipPath === "none" && !e.closest("svg, canvas");
    return seen && (box.right > wide + 0.5 || box.left < -0.5) && !cut(e);
  });
  const told = found.slice(0, 5).map((e) => `<${e.tagName.toLowerCase()} class="${e.className}"> ${e.textContent.trim().slice(0, 40)}`);
  if (document.documentElement.scrollWidth > wide) told.push(`the page is ${document.documentElement.scrollWidth} wide`);
  return told;
}"""

SQUEEZED = """() => [...document.querySelectorAll("button, .button, .pill, h1, h2, h3, label, a, .tag, .strip__label")]
  .filter((e) => e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).clipPath === "none"
    && getComputedStyle(e).display !== "inline" && !e.closest(".tools__user"))
  .map((e) => `<${e.tagName.toLowerCase()} class="${e.className}"> ${e.textContent.trim().slice(0, 40)}`)"""

WORDS = """() => {
  const found = [];
  const own = ".history__reason, .rows__reason, .sheet__notes, .message__text, textarea, script, style";
  const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const home = walk.currentNode.parentElement;
    if (home && home.closest("[lang]") === document.documentElement && !home.closest(own))
      found.push(walk.currentNode.data.trim());
  }
  for (const name of ["aria-label", "title", "placeholder", "alt", "data-label", "data-confirm", "data-confirm-title",
      "data-confirm-yes", "data-confirm-no", "data-unsaved"])
    for (const e of document.querySelectorAll(`[${name}]`))
      if (e.closest("[lang]") === document.documentElement) found.push(e.getAttribute(name));
  for (const e of document.querySelectorAll("input[type=submit], input[type=button]")) found.push(e.value);
  return found.filter(Boolean);
}"""

STRANGE = {
    "zh": r"(?<![\w-])[A-Za-z]{4,}",
    "en": r"[㐀-鿿]",
}
"""What shows that words of a page were not put into its language."""

TARGETS = """() => [...document.querySelectorAll("a[href], button, select, input:not([type=hidden]), summary, textarea")]
  .filter((e) => {
    const box = e.getBoundingClientRect();
    const how = getComputedStyle(e);
    if (!box.width || !box.height || how.visibility === "hidden" || how.clipPath !== "none" || e.closest(".skip")) return false;
    const also = e.labels && e.labels[0] ? e.labels[0].getBoundingClientRect() : box;
    const cover = getComputedStyle(e, "::after");
    if (cover.position === "absolute" && cover.content !== "none") return false;
    return Math.max(box.height, also.height) < 43.5;
  })
  .map((e) => `<${e.tagName.toLowerCase()} class="${e.className}"> ${e.textContent.trim().slice(0, 40)}`)"""

SHIFT = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 600);
})"""


def check_text(someone: Person) -> None:
    """One heading, the language said and kept to."""
    page, language = someone.page, someone.language
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == TAGS[language]
    assert not (found := strange_words(page, language)), found


def check_layout(page: Page) -> None:
    """Nothing sticks out at the sides and no word is cut off."""
    assert not (found := page.evaluate(OVERFLOW)), found
    assert not (found := page.evaluate(SQUEEZED)), found


def check_axe(page: Page) -> None:
    """No finding of axe, with all its rules."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_axe())
    found = page.evaluate("() => axe.run({ resultTypes: ['violations'] }).then((all) => all.violations)")
    told = [f"{one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:4]]}" for one in found]
    assert not told, json.dumps(told, ensure_ascii=False, indent=1)


def check_targets(page: Page) -> None:
    """What is touched is 44 pixels high or more."""
    assert not (found := page.evaluate(TARGETS)), found


def strange_words(page: Page, language: str) -> list[str]:
    """Texts of the page that are in another language; codes, user names and the switch itself are not."""
    texts = page.evaluate(WORDS)
    return page.evaluate(
        """([texts, pattern]) => texts.filter((text) => new RegExp(pattern).test(text.replace(/Excel/g, "")))""",
        [texts, STRANGE[language]],
    )


def layout_shift(page: Page) -> float:
    """How much of the page has moved since it was opened."""
    moved: float = page.evaluate(SHIFT)
    return moved


@cache
def _axe() -> str:
    from axe_playwright_python.base import AXE_FILE_PATH

    return AXE_FILE_PATH.read_text("utf-8")
