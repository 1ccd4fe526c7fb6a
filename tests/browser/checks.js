// What is looked up inside a page; the file is one expression, evaluated by the tests.
(() => {
  const told = (e) => `<${e.tagName.toLowerCase()} class="${e.className}"> ${e.textContent.trim().slice(0, 40)}`;
  const style = (e) => getComputedStyle(e);
  const clipped = (e) => style(e).clipPath !== "none";
  const all = (selector) => [...document.querySelectorAll(selector)];
  const controls = ":is(a[href], button, input:not([type=hidden]), select, textarea, summary)";

  // Whether an element around this one cuts off what sticks out.
  function cut(e) {
    for (let up = e.parentElement; up; up = up.parentElement) {
      if (style(up).overflowX !== "visible" || clipped(up)) return true;
    }
    return false;
  }

  return {
    overflow() {
      const wide = document.documentElement.clientWidth;
      const found = all("body *").filter((e) => {
        const box = e.getBoundingClientRect();
        if (box.width <= 1 || clipped(e) || e.closest("svg, canvas")) return false;
        return (box.right > wide + 0.5 || box.left < -0.5) && !cut(e);
      }).slice(0, 5).map(told);
      const whole = document.documentElement.scrollWidth;
      return whole > wide ? [...found, `the page is ${whole} wide`] : found;
    },

    squeezed() {
      return all("button, .button, .pill, h1, h2, h3, label, a, .tag, .strip__label").filter((e) =>
        e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1 && !clipped(e) && style(e).display !== "inline").map(told);
    },

    // Words of the page itself, without what people wrote, names of files and settings, and what is marked
    // as another language or not to be translated.
    words() {
      const theirs = ".stored, .history__reason, .rows__reason, .sheet__notes, .message__text, code, [translate=no], textarea, script, style, noscript";
      const own = (e) => e.closest("[lang]") === document.documentElement;
      const found = [];
      const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
      while (walk.nextNode()) {
        const home = walk.currentNode.parentElement;
        if (home && own(home) && !home.closest(theirs)) found.push(walk.currentNode.data.trim());
      }
      const names = ["aria-label", "title", "placeholder", "alt", "data-label", "data-confirm", "data-confirm-title",
        "data-confirm-yes", "data-confirm-no", "data-unsaved", "data-actual", "data-plan"];
      for (const name of names) for (const e of all(`[${name}]`)) if (own(e)) found.push(e.getAttribute(name));
      return found.filter(Boolean);
    },

    // What is less high than a finger needs; a label and a link over a whole row count as well.
    lowTargets() {
      return all(controls).filter((e) => {
        const box = e.getBoundingClientRect();
        if (!box.width || !box.height || style(e).visibility === "hidden" || clipped(e) || e.closest(".skip")) return false;
        const cover = getComputedStyle(e, "::after");
        if (cover.position === "absolute" && cover.content !== "none") return false;
        const label = e.labels && e.labels[0] ? e.labels[0].getBoundingClientRect() : box;
        return Math.max(box.height, label.height) < 43.5;
      }).map(told);
    },

    shift() {
      return new Promise((done) => {
        let sum = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) if (!entry.hadRecentInput) sum += entry.value;
        }).observe({ type: "layout-shift", buffered: true });
        setTimeout(() => done(sum), 600);
      });
    },

    // The controls inside an element in the order of the page, each marked with its number.
    stops(root) {
      const found = all(`${root} ${controls}`).filter((e) => e.checkVisibility() && !e.disabled && e.tabIndex >= 0);
      return found.map((e, number) => (e.dataset.stop = String(number)));
    },

    // Whether the focused element lies under what is fixed at the bottom, or outside the window.
    focusIsCovered() {
      const e = document.activeElement;
      const box = e.getBoundingClientRect();
      const bar = document.querySelector(".actionbar, .tabs");
      const bottom = bar && bar.checkVisibility() ? bar.getBoundingClientRect().top : innerHeight;
      return !e.closest(".actionbar") && (box.bottom > bottom + 1 || box.top < 0);
    },
  };
})()
