// Asks before a step with consequences, and before leaving a sheet with changes that are not saved.
// The words come from the page, because only the page knows the reader's language.

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function ask(form, submitter) {
  const dialog = element("dialog", "dialog");
  const title = element("h2", "dialog__title", form.dataset.confirmTitle);
  title.id = "dialog-title";
  dialog.setAttribute("aria-labelledby", title.id);
  const buttons = element("div", "dialog__buttons");
  const no = element("button", "button", form.dataset.confirmNo);
  const yes = element("button", "button button--main", form.dataset.confirmYes);
  no.type = "button";
  yes.type = "button";
  no.addEventListener("click", () => dialog.close());
  yes.addEventListener("click", () => {
    form.dataset.confirmed = "yes";
    dialog.close();
    form.requestSubmit(submitter || undefined);
  });
  dialog.addEventListener("close", () => dialog.remove());
  buttons.append(no, yes);
  dialog.append(title, element("p", "", form.dataset.confirm), buttons);
  document.body.append(dialog);
  dialog.showModal();
}

for (const form of document.querySelectorAll("form[data-confirm]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.confirmed === "yes" || typeof HTMLDialogElement === "undefined") return;
    event.preventDefault();
    ask(form, event.submitter);
  });
}

for (const form of document.querySelectorAll("form[data-unsaved]")) {
  const words = form.querySelector("[data-unsaved-text]");
  // A sheet that came back with errors holds what was typed, and none of it is saved.
  let changed = "changed" in form.dataset;
  if (changed && words) words.textContent = form.dataset.unsaved;
  form.addEventListener("input", () => {
    if (!changed && words) words.textContent = form.dataset.unsaved;
    changed = true;
  });
  form.addEventListener("submit", () => {
    changed = false;
    // Disabled a moment later, because a disabled button would not be sent along.
    setTimeout(() => form.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = true; }));
  });
  window.addEventListener("pageshow", () => {
    form.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = false; });
  });
  window.addEventListener("beforeunload", (event) => {
    if (!changed) return;
    event.preventDefault();
    event.returnValue = "";
  });
}

const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();
