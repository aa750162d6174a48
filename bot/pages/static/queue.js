// What was said and not yet taken by the server. One key a message: tabs never overwrite each other's,
// and all see the same order.

import * as store from "./store.js";

const prefix = (chat) => `unsent ${chat} `;

export class Queue {
  constructor(chat) {
    this.prefix = prefix(chat);
  }

  // {key, id, turn, label, failed} in the order in which they were said.
  entries() {
    return store.keys(this.prefix).map(read).filter(Boolean);
  }

  add(turn, label) {
    const last = store.keys(this.prefix).pop();
    const said = Math.max(Date.now(), last ? parseInt(last.slice(this.prefix.length), 10) + 1 : 0);
    const id = newId();
    const key = `${this.prefix}${String(said).padStart(15, "0")} ${id}`;
    store.set(key, JSON.stringify({ id, turn, label }));
    return read(key);
  }

  // Does nothing when another tab has got rid of it meanwhile.
  change(entry, changes) {
    if (this.has(entry)) store.set(entry.key, JSON.stringify(Object.assign({}, read(entry.key), changes)));
  }

  has(entry) {
    return store.get(entry.key) !== null;
  }

  remove(entry) {
    store.remove(entry.key);
  }

  // The server has it. Returns whether it was still here.
  settle(id) {
    const kept = this.entries().find((entry) => entry.id === id);
    if (kept) this.remove(kept);
    return Boolean(kept);
  }

  clear() {
    store.keys(this.prefix).forEach(store.remove);
  }

  // What was said without a name goes along when the person signs in.
  adopt(chat) {
    store.keys(prefix(chat)).forEach((key) => {
      store.set(this.prefix + key.slice(prefix(chat).length), store.get(key));
      store.remove(key);
    });
  }
}

function read(key) {
  try {
    return Object.assign(JSON.parse(store.get(key)), { key });
  } catch (error) {
    return null; // removed by another tab, or not ours
  }
}

function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
