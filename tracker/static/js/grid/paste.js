// Pasting a block from Excel or WPS: the server says what it would do, a dialog shows it, and one step takes it back.
import { Refusal } from "./server.js";

export function offerPaste({ form, cells, queue, server, say, note }) {
  const dialog = document.getElementById("grid-paste");
  const undo = form.querySelector("[data-undo]");
  let before = null;

  form.addEventListener("paste", async (event) => {
    const input = event.target.closest("[data-cell], [data-cell-pair]");
    const text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
    // A single cell of Excel ends with a line break as well: that is typing, not a block.
    if (!input || !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return;
    event.preventDefault();
    // What the preview compares with has to be what stands on the page.
    await queue.sendAll();
    try {
      show(await server.ask("paste", { text, at: cells.of(input).name }), input);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.kind === "signed_out") queue.fail(error);
      else show({ lines: [], said: error.message && error.kind === "refused" ? error.message : dialog.dataset.offline, fits: 0 }, input);
    }
  });

  function show(preview, input) {
    const body = dialog.querySelector("tbody");
    body.replaceChildren(...preview.lines.map(row));
    dialog.querySelector("table").hidden = preview.lines.length === 0;
    dialog.querySelector("[data-said]").textContent = preview.said;
    const yes = dialog.querySelector("[data-yes]");
    yes.hidden = preview.fits === 0;
    yes.onclick = () => {
      dialog.close();
      fill(preview.lines.filter((line) => !line.refused));
    };
    dialog.querySelector("[data-no]").onclick = () => dialog.close();
    dialog.onclose = () => input.focus();
    dialog.showModal();
  }

  function row(line) {
    const made = dialog.querySelector("template").content.firstElementChild.cloneNode(true);
    made.querySelector("[data-label-of]").textContent = line.label;
    made.querySelector("[data-old]").textContent = line.old || "—";
    made.querySelector("[data-new]").textContent = line.new;
    made.querySelector("[data-refused]").textContent = line.refused || "";
    made.classList.toggle("pasted--refused", Boolean(line.refused));
    return made;
  }

  function fill(lines) {
    before = new Map();
    for (const line of lines) {
      const cell = cells.rows.get(line.name);
      before.set(cell, cells.typed(cell));
      cells.put(cell, { value: line.value, whole: line.whole, na: false });
      note(cell);
      queue.send(line.name);
    }
    undo.hidden = false;
  }

  // Cells that were changed again since keep what they were changed to.
  form.addEventListener("input", (event) => {
    if (before) before.delete(cells.of(event.target));
  });
  undo.addEventListener("click", () => {
    for (const [cell, old] of before || []) {
      cells.put(cell, { value: old.value, whole: old.whole, na: old.na });
      note(cell);
      queue.send(cell.name);
    }
    before = null;
    undo.hidden = true;
    say(undo.dataset.done);
    form.querySelector("[data-cell]").focus();
  });
}
