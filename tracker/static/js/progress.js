// Shows how far a long job is, by fetching the page again and taking its part from it.
const EVERY = 1000;

async function look() {
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-progress]");
    if (answer.redirected || !answer.ok || !now) {
      location.replace(answer.redirected ? answer.url : location.href);
      return;
    }
    document.querySelector("[data-progress]").innerHTML = now.innerHTML;
  } catch {
    // The network is away for a moment; the work goes on without it.
  }
  setTimeout(look, EVERY);
}

if (document.querySelector("[data-progress]")) setTimeout(look, EVERY);
