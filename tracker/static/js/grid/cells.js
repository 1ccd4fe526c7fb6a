// The cells of the page: what is typed in them, and showing what the server has said about them.

const FIELDS = ["value", "whole", "reason", "note"];
const TICKS = ["na", "sure"];

export class Cells {
  constructor(form) {
    this.form = form;
    this.rows = new Map();
    for (const row of form.querySelectorAll("tr[data-row]")) {
      const name = row.dataset.row;
      const inputs = {};
      for (const field of [...FIELDS, ...TICKS, "seen"]) {
        const input = row.querySelector(`[name="${name}-${field}"]`);
        if (input) inputs[field] = input;
      }
      this.rows.set(name, { name, row, inputs });
    }
  }

  of(element) {
    const row = element.closest("tr[data-row]");
    return row ? this.rows.get(row.dataset.row) : undefined;
  }

  typed(cell) {
    const typed = { seen: cell.inputs.seen.value };
    for (const field of FIELDS) typed[field] = cell.inputs[field] ? cell.inputs[field].value : "";
    for (const field of TICKS) typed[field] = Boolean(cell.inputs[field] && cell.inputs[field].checked);
    return typed;
  }

  // Whether the cell holds what the server has, as far as this page knows.
  isAsSaved(cell) {
    const ticks = TICKS.every((field) => !cell.inputs[field] || cell.inputs[field].checked === cell.inputs[field].defaultChecked);
    return ticks && FIELDS.every((field) => !cell.inputs[field] || cell.inputs[field].value === cell.inputs[field].defaultValue);
  }

  put(cell, typed) {
    for (const field of FIELDS) if (cell.inputs[field] && field in typed) cell.inputs[field].value = typed[field];
    for (const field of TICKS) if (cell.inputs[field] && field in typed) cell.inputs[field].checked = Boolean(typed[field]);
    const details = cell.inputs.note && cell.inputs.note.closest("details");
    if (details && typed.note) details.open = true;
  }

  // What the server holds becomes what Escape restores; the inputs show it unless more has been typed since.
  settle(cell, told, sent) {
    cell.inputs.seen.value = told.seen;
    for (const field of FIELDS) {
      const input = cell.inputs[field];
      if (!input) continue;
      const untouched = !sent || input.value === sent[field];
      input.defaultValue = told[field];
      if (untouched && input.value !== told[field]) input.value = told[field];
    }
    if (cell.inputs.na) cell.inputs.na.defaultChecked = told.na;
    if (cell.inputs.sure && !told.carried) {
      const line = cell.inputs.sure.closest(".cell__sure");
      const held = line.contains(document.activeElement);
      line.remove();
      delete cell.inputs.sure;
      if (held) cell.inputs.value.focus();
    }
  }

  show(answer) {
    for (const [name, told] of Object.entries(answer.cells)) {
      const cell = this.rows.get(name);
      if (cell) this.showCell(cell, told);
    }
    for (const [indicator, sums] of Object.entries(answer.rows)) {
      const place = this.form.querySelector(`[data-sums="${indicator}"]`);
      if (!place) continue;
      for (const what of ["entered", "total", "rate"]) {
        const element = place.querySelector(`[data-${what}]`);
        if (element && sums[what] !== null) write(element, sums[what]);
      }
      place.querySelector("[data-rate-line]").hidden = sums.rate === "—";
      const signal = place.querySelector("[data-signal]");
      signal.className = sums.signal ? `sums__signal sums__signal--${sums.signal}` : "sums__signal";
      write(signal, sums.signal_text);
    }
    for (const what of ["filled", "errors", "checks"]) write(this.form.querySelector(`[data-${what}]`), answer.bar[what]);
  }

  showCell(cell, told) {
    const box = cell.row.querySelector(".cell");
    box.classList.toggle("cell--error", told.tone === "error");
    box.classList.toggle("cell--warning", told.tone === "warning");
    cell.row.classList.toggle("sheet__row--error", told.tone === "error");
    const state = cell.row.querySelector("[data-state] .cell-state");
    state.className = `cell-state cell-state--${told.tone}`;
    write(state, told.state);
    write(cell.row.querySelector("[data-change]"), told.change);
    this.say(cell, box, "returned", told.returned);
    this.say(cell, box, "error", told.error);
    this.say(cell, box, "warning", told.error ? null : told.warning);
    const reason = cell.row.querySelector(".extras__reason");
    if (reason) reason.classList.toggle("is-shown", Boolean(told.warning || told.reason));
    for (const input of [cell.inputs.value, cell.inputs.whole]) {
      if (!input) continue;
      if (told.error) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  }

  say(cell, box, kind, text) {
    const id = `${cell.name}-${kind}`;
    let line = document.getElementById(id);
    if (!text) {
      if (line) line.remove();
    } else {
      if (!line) {
        line = document.getElementById(`grid-${kind}`).content.firstElementChild.cloneNode(true);
        line.id = id;
        box.append(line);
      }
      write(line.querySelector("[data-said]"), text);
    }
    for (const input of [cell.inputs.value, cell.inputs.whole]) {
      if (!input) continue;
      const others = (input.getAttribute("aria-describedby") || "").split(" ").filter((one) => one && one !== id);
      input.setAttribute("aria-describedby", (text ? [id, ...others] : others).join(" "));
    }
  }
}

// Text that stays the same is left alone, so that nothing is laid out or read aloud again.
export function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}
