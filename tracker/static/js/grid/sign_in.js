// Signing in again without leaving the sheet: what is typed stays in the page and in this browser meanwhile.

export function signInAgain(server, { done, later }) {
  const dialog = document.getElementById("grid-sign-in");
  if (dialog.open) return;
  const form = dialog.querySelector("form");
  const said = dialog.querySelector("[data-said]");
  const password = form.querySelector("[name=password]");
  const finish = () => {
    if (dialog.open) dialog.close("done");
    done();
  };
  form.querySelector("[name=username]").value = server.user;
  said.textContent = "";
  form.onsubmit = async (event) => {
    event.preventDefault();
    const username = form.querySelector("[name=username]").value;
    const answer = await server.signIn(username, password.value).catch(() => null);
    password.value = "";
    if (!answer) said.textContent = dialog.dataset.offline;
    else if (!answer.user) said.textContent = answer.message;
    else if (answer.user !== server.user) location.reload();
    else {
      server.token = answer.token;
      finish();
      return;
    }
    password.focus();
  };
  dialog.querySelector("[data-elsewhere]").onclick = async () => {
    try {
      await server.renew();
      finish();
    } catch (error) {
      if (error.kind === "other_user") location.reload();
      else said.textContent = error.kind === "offline" ? dialog.dataset.offline : dialog.dataset.still;
    }
  };
  dialog.querySelector("[data-later]").onclick = () => dialog.close();
  dialog.onclose = () => { if (dialog.returnValue !== "done") later(); };
  dialog.returnValue = "";
  dialog.showModal();
  password.focus();
}
