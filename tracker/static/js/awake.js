// A page that the browser had put to sleep wakes up with everything on it, also after signing out.
// So it goes to sleep unseen, and shows itself only once the server says that somebody is still signed in.
const ask = document.documentElement.dataset.account;
const hide = (hidden) => { document.documentElement.classList.toggle("is-asleep", hidden); };

window.addEventListener("pagehide", (event) => { if (event.persisted) hide(true); });
window.addEventListener("pageshow", async (event) => {
  if (!event.persisted) return hide(false);
  try {
    const answer = await fetch(ask, { method: "HEAD", redirect: "manual", cache: "no-store" });
    if (!answer.ok) return location.replace(ask);
  } catch {
    // Without a network nobody can tell; whoever has the page may read it.
  }
  hide(false);
});
