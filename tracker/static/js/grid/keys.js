// Moving through the sheet as in a spreadsheet: Enter and arrow down go down, arrow up goes up, Escape restores.

export function moveByKeys(form, restore) {
  form.addEventListener("keydown", (event) => {
    const input = event.target.closest("[data-cell], [data-cell-pair]");
    if (!input || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === "ArrowDown") {
      event.preventDefault();
      step(form, input, event.key === "Enter" && event.shiftKey ? -1 : 1);
    } else if (event.key === "ArrowUp") {
      event.preventDefault();
      step(form, input, -1);
    } else if (event.key === "Escape") {
      input.value = input.defaultValue;
      restore(input);
    }
  });
}

function step(form, input, by) {
  const cells = Array.from(form.querySelectorAll("[data-cell]"));
  const home = input.hasAttribute("data-cell") ? input : input.closest(".cell").querySelector("[data-cell]");
  const next = cells[cells.indexOf(home) + by];
  if (!next) return;
  next.focus();
  next.select();
}
