// Sends the form as soon as another unit or data date is chosen; without script there is a button for it.
// With the arrow keys a select changes at every step; then the choice is sent on Enter or on leaving the field.
for (const form of document.querySelectorAll("form[data-switch]")) {
  for (const select of form.querySelectorAll("select")) {
    let byKey = false;
    let changed = false;
    select.addEventListener("keydown", (event) => {
      byKey = true;
      if (event.key === "Enter" && changed) {
        event.preventDefault();
        form.submit();
      }
    });
    select.addEventListener("pointerdown", () => { byKey = false; });
    select.addEventListener("change", () => {
      changed = true;
      if (!byKey) form.submit();
    });
    select.addEventListener("blur", () => { if (changed && byKey) form.submit(); });
  }
}
