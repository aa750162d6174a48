// The stream of replies. It is opened anew when it breaks or falls silent, and closed in a hidden page:
// a browser has few connections, and a phone little battery.

import * as api from "./api.js";

const SILENCE = 40; // seconds; the server says something every 15
const LONGEST_WAIT = 30;
const HIDDEN = 30;

export class Line {
  // heard(reply) for each reply, changed(up, error) when the line comes or goes
  constructor(cursor, heard, changed) {
    Object.assign(this, { cursor, heard, changed, source: null, wait: 1, timer: 0, watch: 0, ended: false });
    document.addEventListener("visibilitychange", () => {
      clearTimeout(this.timer);
      if (!document.hidden) this.open();
      else this.timer = setTimeout(() => this.close(), HIDDEN * 1000);
    });
  }

  open() {
    clearTimeout(this.timer);
    if (this.source || this.ended) return;
    const source = (this.source = new EventSource(`/api/events?after=${this.cursor}`));
    source.onopen = () => {
      this.wait = 1;
      this.changed(true, null);
      this.alive();
    };
    source.addEventListener("ping", () => this.alive());
    source.onmessage = (event) => {
      this.alive();
      const reply = JSON.parse(event.data);
      if (reply.seq <= this.cursor) return;
      this.cursor = reply.seq;
      this.heard(reply);
    };
    source.onerror = () => this.broke();
    this.alive();
  }

  close() {
    clearTimeout(this.watch);
    if (this.source) this.source.close();
    this.source = null;
  }

  end() {
    this.ended = true;
    this.close();
  }

  alive() {
    clearTimeout(this.watch);
    this.watch = setTimeout(() => this.broke(), SILENCE * 1000);
  }

  broke() {
    this.close();
    clearTimeout(this.timer);
    if (document.hidden || this.ended) return;
    this.timer = setTimeout(() => this.reopen(), this.wait * 1000);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
  }

  // The phone has another network: what was open may be dead without knowing it.
  renew() {
    this.close();
    this.reopen();
  }

  // A broken stream does not say why, so ask first.
  async reopen() {
    if (this.source || this.ended) return;
    try {
      await api.post("/api/seen", { seq: this.cursor });
    } catch (error) {
      this.changed(false, error);
      this.broke();
      return;
    }
    this.open();
  }
}
