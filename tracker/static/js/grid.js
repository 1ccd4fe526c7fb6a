// Moving through the sheet as in a spreadsheet: Enter and arrow down go down, arrow up goes up, Escape restores.
const cells = Array.from(document.querySelectorAll("[data-cell]"));

function step(from, by) {
  const next = cells[cells.indexOf(from) + by];
  if (!next) return;
  next.focus();
  next.select();
}

for (const cell of document.querySelectorAll("[data-cell], [data-cell-pair]")) {
  const home = cell.hasAttribute("data-cell") ? cell : cell.closest(".cell").querySelector("[data-cell]");
  cell.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === "ArrowDown") {
      event.preventDefault();
      step(home, event.key === "Enter" && event.shiftKey ? -1 : 1);
    } else if (event.key === "ArrowUp") {
      event.preventDefault();
      step(home, -1);
    } else if (event.key === "Escape") {
      cell.value = cell.defaultValue;
    }
  });
}
