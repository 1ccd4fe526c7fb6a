// The longer help of an indicator: a drawer at the side, one at a time. F1 in a row opens and closes it, Esc closes it.

const guides = [...document.querySelectorAll("[data-guide]")];
let before = null;

function close(guide) {
  if (!guide.open) return;
  guide.open = false;
  const back = before && document.contains(before) ? before : guide.querySelector("summary");
  before = null;
  back.focus();
}

for (const guide of guides) {
  guide.classList.add("guide--drawer");
  guide.addEventListener("toggle", () => {
    if (!guide.open) return;
    for (const other of guides) if (other !== guide) other.open = false;
  });
  guide.querySelector("[data-guide-close]").addEventListener("click", () => close(guide));
}

// The help of the row in which somebody types; rows of further categories follow the one with the name.
function guideOf(element) {
  for (let row = element.closest("tr"); row; row = row.previousElementSibling) {
    const name = row.querySelector(".sheet__name");
    if (name) return name.querySelector("[data-guide]");
  }
  return null;
}

document.addEventListener("keydown", (event) => {
  const open = guides.find((guide) => guide.open);
  if (event.key === "Escape" && open) {
    event.preventDefault();
    event.stopPropagation();
    close(open);
  } else if (event.key === "F1" && event.target instanceof Element) {
    const guide = guideOf(event.target);
    if (!guide) return;
    event.preventDefault();
    if (guide.open) close(guide);
    else {
      before = document.activeElement;
      guide.open = true;
      guide.querySelector("[data-guide-close]").focus();
    }
  }
}, true);
