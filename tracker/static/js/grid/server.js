// Talking to the server: one place for the token, the user, and what an answer other than "done" means.

export class Refusal extends Error {
  // kind: offline, busy, signed_out, other_user, refused
  constructor(kind, message) {
    super(message || "");
    this.kind = kind;
  }
}

export class Server {
  constructor(form) {
    this.form = form;
    this.user = form.dataset.user;
    this.addresses = { cells: form.dataset.cells, check: form.dataset.check, paste: form.dataset.paste };
  }

  get token() {
    return this.form.querySelector("[name=csrf_token]").value;
  }

  // Every form of the page gets the new token, since each of them may be sent next.
  set token(fresh) {
    for (const field of document.querySelectorAll("[name=csrf_token]")) field.value = fresh;
  }

  async ask(what, body, { renewed = false, keepalive = false } = {}) {
    let answer;
    try {
      answer = await fetch(this.addresses[what], {
        method: "POST",
        credentials: "same-origin",
        redirect: "manual",
        keepalive,
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
        body: JSON.stringify({ user: this.user, ...body }),
      });
    } catch (error) {
      throw new Refusal("offline");
    }
    if (answer.status === 401 || answer.type === "opaqueredirect") throw new Refusal("signed_out");
    if (answer.status >= 500) throw new Refusal("busy");
    const said = await answer.json().catch(() => ({}));
    if (answer.ok) return said;
    if (said.code === "token" && !renewed) {
      await this.renew();
      return this.ask(what, body, { renewed: true, keepalive });
    }
    if (said.code === "again") throw new Refusal("busy");
    throw new Refusal(said.code === "other_user" ? "other_user" : "refused", said.message);
  }

  // The token of the session as it is now, and who is signed in to it.
  async renew() {
    const answer = await fetch(this.form.dataset.token, { credentials: "same-origin", cache: "no-store" }).catch(() => null);
    if (!answer || !answer.ok) throw new Refusal("offline");
    const said = await answer.json();
    this.token = said.token;
    if (!said.user) throw new Refusal("signed_out");
    if (said.user !== this.user) throw new Refusal("other_user");
  }

  async signIn(username, password) {
    const first = await fetch(this.form.dataset.token, { credentials: "same-origin", cache: "no-store" });
    const { token } = await first.json();
    const answer = await fetch(this.form.dataset.signIn, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": token },
      body: new URLSearchParams({ username, password, csrf_token: token }),
    });
    return answer.json();
  }
}
