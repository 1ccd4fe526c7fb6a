// Cells on their way to the server: one request at a time, again with growing pauses while it cannot be reached.

const PAUSES = [2, 5, 10, 20, 40, 60];

export class Queue {
  // told: {saving, saved, failed, signedOut} are called with what has happened.
  constructor(server, store, told) {
    this.server = server;
    this.store = store;
    this.told = told;
    this.waiting = new Map();
    this.disputed = new Set();
    this.due = new Set();
    this.running = null;
    this.failures = 0;
    this.timer = null;
    this.stopped = false;
    window.addEventListener("online", () => this.soon(0));
  }

  // Kept in this browser at once; sent when it is due.
  keep(name, typed) {
    this.waiting.set(name, typed);
    this.store.keep(name, typed);
  }

  drop(name) {
    this.waiting.delete(name);
    this.due.delete(name);
    this.disputed.delete(name);
    this.store.drop(name);
  }

  send(name) {
    if (!this.waiting.has(name)) return;
    this.disputed.delete(name);
    this.due.add(name);
    this.soon(120);
  }

  soon(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), milliseconds);
  }

  get isEmpty() {
    return this.waiting.size === 0;
  }

  sendAll() {
    for (const name of this.waiting.keys()) if (!this.disputed.has(name)) this.due.add(name);
    clearTimeout(this.timer);
    return this.flush();
  }

  // True when nothing that was due is left; the requests follow each other.
  async flush(options = {}) {
    while (this.running) await this.running;
    if (this.stopped || this.due.size === 0) return this.due.size === 0;
    this.running = this.run(options);
    const done = await this.running;
    return done && this.due.size ? this.flush(options) : done;
  }

  async run(options) {
    const sent = new Map([...this.due].map((name) => [name, this.waiting.get(name)]));
    this.told.saving();
    try {
      const answer = await this.server.ask("cells", { cells: [...sent].map(([name, typed]) => ({ name, ...typed })) }, options);
      this.failures = 0;
      for (const [name, typed] of sent) {
        const told = answer.cells[name];
        this.due.delete(name);
        if (!told) continue;
        if (told.outcome === "conflict") this.disputed.add(name);
        else if (this.waiting.get(name) === typed) this.drop(name);
        else if (this.waiting.has(name)) this.keep(name, { ...this.waiting.get(name), seen: told.seen });
      }
      this.told.saved(answer, sent);
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    } finally {
      this.running = null;
    }
  }

  fail(error) {
    if (error.kind === "offline" || error.kind === "busy") {
      this.soon(PAUSES[Math.min(this.failures, PAUSES.length - 1)] * 1000);
      this.failures += 1;
      this.told.failed(error.kind);
    } else if (error.kind === "signed_out") {
      this.told.signedOut();
    } else {
      // Sending it again would change nothing: what is typed stays here until the page is opened anew.
      this.stopped = true;
      this.told.failed(error.kind || "refused", error.kind ? error.message : "");
      if (!error.kind) throw error;
    }
  }
}
