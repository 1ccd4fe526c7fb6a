// Looking at evidence: the arrow keys go to the neighbours, Escape closes. Without script each piece has a page.

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function button(className, text, act) {
  const made = element("button", className, text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function open(pieces, start, words) {
  let at = start;
  const dialog = element("dialog", "dialog viewer-dialog");
  const title = element("h2", "dialog__title");
  title.id = "viewer-title";
  dialog.setAttribute("aria-labelledby", title.id);
  const stage = element("div", "viewer-dialog__stage");
  const place = element("p", "viewer-dialog__place muted small");
  place.setAttribute("role", "status");
  const download = element("a", "button", words.download);
  const previous = button("button", words.previous, () => show(at - 1));
  const next = button("button", words.next, () => show(at + 1));
  const close = button("button button--main", words.close, () => dialog.close());

  function show(number) {
    if (number < 0 || number >= pieces.length) return;
    at = number;
    const piece = pieces[at].dataset;
    title.textContent = piece.title;
    stage.textContent = "";
    if (piece.photo) {
      const photo = element("img", "viewer__photo");
      photo.src = piece.photo;
      photo.alt = piece.title;
      stage.append(photo);
    } else {
      stage.append(element("p", "viewer__document", words.document));
    }
    download.href = piece.file;
    place.textContent = words.place.replace("{place}", at + 1).replace("{count}", pieces.length);
    previous.disabled = at === 0;
    next.disabled = at === pieces.length - 1;
    if (document.activeElement && document.activeElement.disabled) close.focus();
  }

  dialog.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowLeft") show(at - 1);
    else if (event.key === "ArrowRight") show(at + 1);
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    (pieces[at].hidden ? pieces[0] : pieces[at]).focus();
  });
  const buttons = element("div", "dialog__buttons");
  buttons.append(previous, next, download, close);
  dialog.append(title, stage, place, buttons);
  document.body.append(dialog);
  show(at);
  dialog.showModal();
  close.focus();
}

const words = document.querySelector("[data-viewer-words]");
if (words && typeof HTMLDialogElement !== "undefined") {
  document.addEventListener("click", (event) => {
    const piece = event.target.closest("[data-piece]");
    if (!piece || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    // The neighbours are the pieces of the same figure.
    const group = piece.closest(".pieces, .thumbs") || document;
    const pieces = Array.from(group.querySelectorAll("[data-piece]"));
    open(pieces, pieces.indexOf(piece), words.dataset);
  });
}

if (document.querySelector("[data-viewer-page]")) {
  const keys = { ArrowLeft: "a[rel=prev]", ArrowRight: "a[rel=next]", Escape: "a[data-close]" };
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.key in keys && document.querySelector(keys[event.key]);
    if (link) link.click();
  });
}
