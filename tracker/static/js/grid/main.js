// The sheet saves itself cell by cell. Everything that is right or wrong is said by the server.
import { Cells, write } from "./cells.js";
import { clearDispute, showDispute } from "./conflict.js";
import { moveByKeys } from "./keys.js";
import { offerPaste } from "./paste.js";
import { Queue } from "./queue.js";
import { Refusal, Server } from "./server.js";
import { signInAgain } from "./sign_in.js";
import { Store } from "./store.js";

const CHECK_AFTER = 350;
const form = document.querySelector(".sheet-form[data-cells]");
if (form) begin();

function begin() {
  const words = form.dataset;
  form.classList.add("is-live");
  const state = form.querySelector("[data-unsaved-text]");
  const cells = new Cells(form);
  const server = new Server(form);
  const store = new Store(location.pathname, server.user);
  const queue = new Queue(server, store, { saving, saved, failed, signedOut });
  let checking = 0;
  let mayLeave = !("changed" in form.dataset);
  let sending = false;

  function say(text, tone) {
    state.className = `actionbar__unsaved${tone ? ` actionbar__unsaved--${tone}` : ""}`;
    write(state, text);
  }

  function saving() {
    say(words.saving);
  }

  function saved(answer, sent) {
    mayLeave = true;
    for (const [name, told] of Object.entries(answer.cells)) {
      const cell = cells.rows.get(name);
      if (told.outcome === "conflict") dispute(cell, told);
      else {
        clearDispute(cell);
        cells.settle(cell, told, sent.get(name));
      }
    }
    cells.show(answer);
    for (const name of queue.disputed) cells.rows.get(name).row.classList.add("sheet__row--error");
    if (queue.disputed.size) say(words.disputed, "bad");
    else say(answer.said, "good");
  }

  function failed(kind, message) {
    say(message || words[kind] || words.offline, "bad");
  }

  function signedOut() {
    say(words.signedOut, "bad");
    signInAgain(server, { done: () => queue.sendAll(), later: () => queue.soon(60000) });
  }

  function dispute(cell, told) {
    showDispute(cell, told, words, (choice) => {
      clearDispute(cell);
      if (choice === "theirs") {
        queue.drop(cell.name);
        cells.put(cell, told);
        cells.settle(cell, told);
        cells.showCell(cell, told);
        if (!queue.disputed.size) say("");
      } else {
        cell.inputs.seen.value = told.seen;
        queue.keep(cell.name, cells.typed(cell));
        queue.send(cell.name);
      }
      cell.inputs.value.focus();
    });
  }

  // A share or a reason in the making says nothing yet: it is sent when its cell is left.
  function isUnfinished(cell, next) {
    if (!next) return false;
    const pair = cell.row.querySelector(".cell__pair");
    if (pair && pair.contains(next)) return true;
    return Boolean(cell.inputs.na && cell.inputs.na.checked && !cell.inputs.reason.value && next === cell.inputs.reason);
  }

  function note(cell) {
    mayLeave = true;
    if (cells.isAsSaved(cell)) queue.drop(cell.name);
    else {
      queue.keep(cell.name, cells.typed(cell));
      say(words.typing);
    }
  }

  function check(cell) {
    clearTimeout(checking);
    checking = setTimeout(async () => {
      if (queue.running || queue.disputed.has(cell.name)) return;
      const typed = cells.typed(cell);
      try {
        const answer = await server.ask("check", { cells: [{ name: cell.name, ...typed }] });
        // An answer about something that was typed on or saved meanwhile is an old one.
        if (!queue.running && JSON.stringify(cells.typed(cell)) === JSON.stringify(typed)) cells.show(answer);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }, CHECK_AFTER);
  }

  form.addEventListener("input", (event) => {
    const cell = cells.of(event.target);
    if (!cell) return;
    note(cell);
    check(cell);
  });
  form.addEventListener("focusout", (event) => {
    const cell = cells.of(event.target);
    if (cell && queue.waiting.has(cell.name) && !queue.disputed.has(cell.name) && !isUnfinished(cell, event.relatedTarget)) queue.send(cell.name);
  });
  form.addEventListener("change", (event) => {
    const cell = cells.of(event.target);
    if (!cell || event.target.type !== "checkbox") return;
    note(cell);
    if (event.target === cell.inputs.na && event.target.checked && !cell.inputs.reason.value) cell.inputs.reason.focus();
    else queue.send(cell.name);
  });
  moveByKeys(form, (input) => {
    const cell = cells.of(input);
    note(cell);
    if (queue.isEmpty) say("");
    check(cell);
  });
  offerPaste({ form, cells, queue, server, say, note });

  // Whoever sends the whole sheet sends what is saved: first the cells, then the form.
  for (const other of document.querySelectorAll("form[data-after-saving], .sheet-form")) {
    other.addEventListener("submit", async (event) => {
      if (sending) return;
      event.preventDefault();
      const submitter = event.submitter;
      await queue.sendAll();
      // A form cannot be sent while the event of its own sending is still going round.
      await new Promise((resolve) => { setTimeout(resolve); });
      if (queue.disputed.size) {
        say(words.disputed, "bad");
        form.querySelector("[data-dispute] button").focus();
      } else if (queue.isEmpty) {
        sending = true;
        other.requestSubmit(submitter || undefined);
        setTimeout(() => document.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = true; }));
      }
    });
  }
  window.addEventListener("pageshow", () => {
    sending = false;
    document.querySelectorAll("button[type=submit]").forEach((button) => { button.disabled = false; });
  });
  // What is on its way arrives although the page is left; what cannot be sent now asks first, and is kept anyhow.
  window.addEventListener("beforeunload", (event) => {
    if (sending || (mayLeave && !queue.stopped && !queue.failures && !queue.disputed.size)) return;
    if (mayLeave && queue.isEmpty) return;
    event.preventDefault();
    event.returnValue = "";
  });
  const leave = () => {
    for (const name of queue.waiting.keys()) if (!queue.disputed.has(name)) queue.due.add(name);
    if (!queue.running) queue.flush({ keepalive: true });
  };
  window.addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") leave(); });

  // What a closed browser or a cut network left behind goes on from here.
  for (const [name, typed] of store.all()) {
    const cell = cells.rows.get(name);
    if (!cell || cell.inputs.value.readOnly) continue;
    cells.put(cell, typed);
    // What stands there by now has not been seen by whoever typed this.
    if (!cells.isAsSaved(cell)) cell.inputs.seen.value = typed.seen;
    if (cells.isAsSaved(cell)) store.drop(name);
    else {
      queue.keep(name, typed);
      queue.due.add(name);
    }
  }
  if (!queue.isEmpty) queue.soon(0);
}
