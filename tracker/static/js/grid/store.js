// What is typed and not saved yet, kept in this browser for this report and this user alone.

export class Store {
  constructor(report, user) {
    this.prefix = `tracker|${report}|${user}|`;
  }

  keep(name, typed) {
    try {
      localStorage.setItem(this.prefix + name, JSON.stringify(typed));
    } catch (error) {
      // A browser without room or without this store still sends what is typed.
    }
  }

  drop(name) {
    try {
      localStorage.removeItem(this.prefix + name);
    } catch (error) {
      // Nothing was kept.
    }
  }

  all() {
    const found = new Map();
    try {
      for (let place = 0; place < localStorage.length; place += 1) {
        const key = localStorage.key(place);
        if (!key.startsWith(this.prefix)) continue;
        const typed = JSON.parse(localStorage.getItem(key));
        if (typed && typeof typed.value === "string") found.set(key.slice(this.prefix.length), typed);
      }
    } catch (error) {
      // What cannot be read is left where it is.
    }
    return found;
  }
}
