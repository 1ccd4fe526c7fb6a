// A cell that somebody else has filled since it was seen: both values, and a choice.

export function showDispute(cell, told, words, choose) {
  clearDispute(cell);
  const box = document.getElementById("grid-dispute").content.firstElementChild.cloneNode(true);
  box.dataset.dispute = cell.name;
  box.querySelector("[data-said]").textContent = told.dispute;
  box.querySelector("[data-theirs]").addEventListener("click", () => choose("theirs"));
  box.querySelector("[data-mine]").addEventListener("click", () => choose("mine"));
  cell.row.querySelector(".cell").append(box);
  cell.row.classList.add("sheet__row--error");
}

export function clearDispute(cell) {
  const old = cell.row.querySelector("[data-dispute]");
  if (!old) return;
  if (old.contains(document.activeElement)) cell.inputs.value.focus();
  old.remove();
}
