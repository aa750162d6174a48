// Sends what is queued, in order, again and again until the server has it. The server knows a message by
// its id, so one that is sent twice (a lost reply, two tabs) is handled once.

import * as api from "./api.js";
import { blobOf } from "./photo.js";

const LONGEST_WAIT = 30;

export class Sender {
  // tell(id, state, message): state "sending", "sent", "waiting" (for the line) or "failed"
  // answered(error): the server's answer to the last try, null when it was taken
  // stored(id, text): what the server has stored instead of what was said
  constructor(queue, seen, tell, answered, stored) {
    Object.assign(this, { queue, seen, tell, answered, stored, wait: 1, timer: 0, busy: false, wanted: false, stopped: false });
  }

  // Try now, whatever wait was planned.
  async hurry() {
    clearTimeout(this.timer);
    this.wanted = true;
    if (this.busy) return;
    this.busy = true;
    while (this.wanted && !this.stopped) {
      this.wanted = false;
      await onlyHere(() => this.sendAll());
    }
    this.busy = false;
  }

  async sendAll() {
    let entry;
    while (!this.stopped && (entry = this.queue.entries().find((one) => !one.failed))) {
      if (!(await this.tried(entry))) return;
    }
  }

  async tried(entry) {
    this.tell(entry.id, "sending");
    try {
      this.changed(entry, await this.send(entry));
    } catch (error) {
      // Gone meanwhile: another tab has sent it, or its reply came where the receipt did not.
      if (this.queue.has(entry)) return this.failed(entry, error);
    }
    this.queue.remove(entry);
    this.wait = 1;
    this.tell(entry.id, "sent");
    this.answered(null);
    return true;
  }

  async send(entry) {
    const turn = Object.assign({}, entry.turn);
    if (typeof turn.photo === "string") {
      turn.photo = (await api.upload("/api/files", blobOf(turn.photo))).id;
      this.queue.change(entry, { turn });
    }
    return api.post("/api/turns", Object.assign({ id: entry.id, seen: this.seen() }, turn));
  }

  // Other tabs see a change of what is kept, and then that it is gone.
  changed(entry, answer) {
    if (!answer.text) return;
    this.stored(entry.id, answer.text);
    try {
      this.queue.change(entry, { turn: { text: answer.text } });
    } catch (error) {
      // No room left. It is removed at once anyway.
    }
  }

  // Whether to go on with the next message.
  failed(entry, error) {
    if (error.status === 401) this.stopped = true;
    if (!error.passes && error.status !== 401) {
      this.queue.change(entry, { failed: error.message || "没有发出去" });
      this.tell(entry.id, "failed", error.message);
      this.answered(error);
      return true;
    }
    this.tell(entry.id, "waiting");
    this.answered(error);
    const seconds = error.retryAfter || this.wait * (0.75 + Math.random() / 2);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    this.timer = setTimeout(() => this.hurry(), seconds * 1000);
    return false;
  }

  again(id) {
    const entry = this.queue.entries().find((one) => one.id === id);
    if (entry) this.queue.change(entry, { failed: undefined });
    return this.hurry();
  }
}

// One tab at a time, where the browser can arrange it; without, the server sorts it out.
function onlyHere(work) {
  return navigator.locks ? navigator.locks.request("send", work) : work();
}
