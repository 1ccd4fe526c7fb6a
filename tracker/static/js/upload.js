// Adding files one after another with a bar for each; without script the form sends them all at once.

const form = document.querySelector("form[data-upload]");

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function line(file) {
  const item = element("li", "uploads__file");
  const state = element("span", "uploads__state", form.dataset.sending);
  const bar = element("progress", "uploads__bar");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  item.append(element("span", "uploads__name", file.name), bar, state);
  form.querySelector("[data-uploads]").append(item);
  return {
    progress: (share) => { bar.value = Math.round(share * 100); },
    end: (text, failed) => {
      bar.remove();
      state.textContent = text;
      item.classList.add(failed ? "uploads__file--failed" : "uploads__file--done");
    },
  };
}

function sentence(request) {
  try {
    const refused = JSON.parse(request.responseText).refused;
    return refused.length ? refused[0].message : null;
  } catch {
    return request.status === 413 ? form.dataset.tooLarge : form.dataset.failed;
  }
}

function send(file) {
  const shown = line(file);
  if (file.size > Number(form.dataset.mostMb) * 1024 * 1024) {
    shown.end(form.dataset.tooLarge, true);
    return Promise.resolve(false);
  }
  return new Promise((resolve) => {
    const data = new FormData(form);
    data.delete("files");
    data.append("files", file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", form.action || location.href);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) shown.progress(event.loaded / event.total);
    });
    request.addEventListener("loadend", () => {
      const refused = request.status ? sentence(request) : form.dataset.failed;
      shown.end(refused || form.dataset.done, Boolean(refused));
      resolve(!refused);
    });
    request.send(data);
  });
}

async function renew() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("#evidence-list");
  if (fresh) document.querySelector("#evidence-list").replaceWith(fresh);
}

let busy = false;

async function sendAll(files) {
  if (busy || !files.length) return;
  busy = true;
  form.querySelector("[data-uploads]").textContent = "";
  const said = form.querySelector("[data-said]");
  said.textContent = "";
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  let added = 0;
  for (const file of files) {
    if (await send(file)) added += 1;
  }
  const words = [form.dataset.added.replace("{count}", added)];
  if (added < files.length) words.push(form.dataset.notAdded.replace("{count}", files.length - added));
  if (added) {
    try { await renew(); } catch { location.reload(); }
  }
  said.textContent = words.join(" ");
  for (const input of form.querySelectorAll("input[type=file]")) input.value = "";
  button.disabled = false;
  busy = false;
}

function chosen() {
  return Array.from(form.querySelectorAll("input[type=file]")).flatMap((input) => Array.from(input.files));
}

if (form) {
  form.addEventListener("submit", (event) => {
    const files = chosen();
    if (!files.length) return;
    event.preventDefault();
    sendAll(files);
  });
  // A photo that was just taken is meant to be added; what the camera gives needs no second step.
  form.querySelector("#camera").addEventListener("change", () => sendAll(chosen()));
  const zone = form.closest("section");
  let depth = 0;
  const over = (on) => zone.classList.toggle("is-dropping", on);
  zone.dataset.drop = form.dataset.drop;
  zone.addEventListener("dragenter", (event) => { event.preventDefault(); depth += 1; over(true); });
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("dragleave", () => { depth -= 1; if (depth <= 0) { depth = 0; over(false); } });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    over(false);
    sendAll(Array.from(event.dataTransfer.files));
  });
}
