// A page that the browser had put to sleep wakes up with everything on it, also after signing out.
// So it goes to sleep unseen, and shows itself only once the server says that its user is still signed in.
const ask = document.documentElement.dataset.account;
const LONGEST_WAIT = 5000; // milliseconds
const hide = (hidden) => { document.documentElement.classList.toggle("is-asleep", hidden); };

window.addEventListener("pagehide", (event) => { if (event.persisted) hide(true); });
window.addEventListener("pageshow", async (event) => {
  if (!event.persisted) return hide(false);
  try {
    const signal = AbortSignal.timeout(LONGEST_WAIT);
    const answer = await fetch(ask, { method: "HEAD", redirect: "manual", cache: "no-store", signal });
    const isRefused = answer.type === "opaqueredirect" || [401, 403].includes(answer.status);
    // Nothing else takes the page away: a server in trouble must not cost anyone what they have typed.
    if (isRefused) return location.replace(new URL(ask, location.href).pathname);
  } catch {
    // Without an answer nobody can tell; whoever has the page may read it.
  }
  hide(false);
});
