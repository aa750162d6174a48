// The chat page: puts the parts together.

import * as api from "./api.js";
import { composer } from "./composer.js";
import { Line } from "./line.js";
import { Queue } from "./queue.js";
import { Sender } from "./sender.js";
import { settings } from "./settings.js";
import * as store from "./store.js";
import { View } from "./view.js";

const OFFLINE = "网络不通，您写的话已存在手机里，网络恢复后自动发出。";
const TYPING_AFTER = 400;
const BUTTON_SHOWN_AFTER = 1500;
const byId = (id) => document.getElementById(id);

let chat = store.get("chat") || "";
let queue = new Queue(chat);
let line = null;
let sender = null;
let opening = false;
let retry = 0;
let seen = 0; // acknowledged
const known = new Set(); // ids of what was said, as far as this page knows
const waiting = new Map(); // those without a reply: {state}, of a button pressed {state, label, element, timer}
const view = new View(byId("log"), byId("down"), press, again);

// --- saying something -----------------------------------------------------------------------

// Whether it was kept; the phone may have no room left.
function say(turn) {
  const entry = keep(turn);
  if (!entry) return false;
  showQueued(entry, true);
  go();
  return true;
}

function keep(turn, label) {
  try {
    const entry = queue.add(turn, label);
    known.add(entry.id);
    return entry;
  } catch (error) {
    banner("手机里没有地方存了，没能记下。请先等前面的话发出去。");
    return null;
  }
}

// A button usually changes the message that it hangs on; only when it does not, it is shown as said.
function press(button, message, element) {
  const entry = keep({ button: button.data, message: String(message) }, button.label);
  if (!entry) return;
  element.setAttribute("aria-busy", "true");
  const timer = setTimeout(() => showPressed(entry.id), BUTTON_SHOWN_AFTER);
  waiting.set(entry.id, { label: button.label, element, timer });
  go();
}

function showPressed(id) {
  const pressed = waiting.get(id);
  if (!pressed || !pressed.label) return;
  view.own(id, {}, pressed.label, true);
  view.state(id, pressed.state || "sending", pressed.message);
}

function again(id) {
  if (sender) sender.again(id);
  else open();
}

function go() {
  if (sender) sender.hurry();
  else open();
}

function told(id, state, message) {
  const pressed = waiting.get(id);
  if (pressed) Object.assign(pressed, { state, message });
  if (state === "failed" && pressed && pressed.element) {
    pressed.element.removeAttribute("aria-busy");
    showPressed(id);
  }
  view.state(id, state, message);
  if (state === "sent") setTimeout(showTyping, TYPING_AFTER);
}

function showTyping() {
  view.typing(Array.from(waiting.values()).some((one) => one.state === "sent"));
}

// --- hearing something ----------------------------------------------------------------------

function heard(reply) {
  if (reply.turn && !known.has(reply.turn)) return reload();
  const pressed = waiting.get(reply.turn) || {};
  clearTimeout(pressed.timer);
  if (pressed.element) pressed.element.removeAttribute("aria-busy");
  if (reply.edit) view.forget(reply.turn);
  else if (pressed.label) showPressed(reply.turn);
  view.state(reply.turn, "sent");
  waiting.delete(reply.turn);
  if (queue.settle(reply.turn)) {
    go(); // the receipt got lost, the reply says it all the same
    showAsStored(reply.turn);
  }
  showTyping();
  view.reply(reply);
  setTimeout(acknowledge, 2000);
}

// The receipt would have told.
async function showAsStored(id) {
  const history = await api.get("/api/history").catch(() => ({ items: [] }));
  const said = history.items.find((item) => item.turn === id && !item.seq);
  if (said && said.text) view.rewrite(id, said.text);
}

// So that the server knows what need not be kept; a message that follows soon says it, too.
function acknowledge() {
  if (!line || line.cursor <= seen || document.hidden) return;
  const cursor = line.cursor;
  api.post("/api/seen", { seq: cursor }).then(() => (seen = Math.max(seen, cursor)), () => {});
}

function lineChanged(up, error) {
  if (error && error.status === 401) return lost(error);
  if (up) {
    banner("");
    sender.hurry();
  } else banner(OFFLINE);
}

function answered(error) {
  if (!error) {
    seen = Math.max(seen, line.cursor);
    banner("");
    line.open();
  } else if (error.status === 401) lost(error);
  else if (error.passes) banner(error.message || OFFLINE);
}

// --- starting -------------------------------------------------------------------------------

async function open() {
  if (opening || sender) return;
  opening = true;
  clearTimeout(retry);
  try {
    begin(await api.get("/api/history"));
  } catch (error) {
    if (error.status === 401) lost(error);
    else {
      banner(error.message || OFFLINE);
      queue.entries().forEach((entry) => view.state(entry.id, "waiting"));
      retry = setTimeout(open, 5000);
    }
  } finally {
    opening = false;
  }
}

function begin(history) {
  banner("");
  api.useToken(history.csrf);
  queue = new Queue(history.chat);
  if (chat !== history.chat && (!chat || chat.startsWith("web:a"))) queue.adopt(chat);
  chat = history.chat;
  store.set("chat", chat);
  signedIn(history.name);
  show(history);
  sender = new Sender(queue, () => line.cursor, told, answered, (id, text) => view.rewrite(id, text));
  line = new Line(history.cursor, heard, lineChanged);
  line.open();
  if (!history.items.length && !queue.entries().length) keep({ text: "/start" });
  sender.hurry();
}

function show(history) {
  waiting.clear();
  view.anew(() => {
    history.items.forEach(showItem);
    queue.entries().forEach((entry) => showQueued(entry, false));
    showTyping();
  });
}

function showItem(item, index) {
  known.add(item.turn);
  if (item.seq) view.reply(item);
  else if (index || item.text !== "/start") {
    view.own(item.turn, item, item.label, false);
    view.state(item.turn, "sent");
  }
  if (item.waiting) waiting.set(item.turn, { state: "sent" });
}

// `here`: just now, in this tab
function showQueued(entry, here) {
  known.add(entry.id);
  view.own(entry.id, entry.turn, entry.label, here);
  view.state(entry.id, entry.failed ? "failed" : "sending", entry.failed);
  if (!waiting.has(entry.id)) waiting.set(entry.id, {});
}

// Something was said on another device or in another tab.
async function reload() {
  try {
    const history = await api.get("/api/history");
    line.close();
    line.cursor = history.cursor;
    show(history);
    line.open();
  } catch (error) {
    banner(error.message || OFFLINE);
  }
}

function lost(error) {
  if (line) line.end();
  const reopen = document.createElement("button");
  reopen.textContent = "重新打开";
  reopen.addEventListener("click", () => location.reload());
  banner(error.message || "登录已失效。", reopen);
}

function signedIn(name) {
  byId("tools").hidden = byId("out").hidden = !name;
  if (name) byId("who").textContent = `您好，${name}`;
}

function banner(text, ...more) {
  const shown = byId("banner");
  if (shown.textContent !== text || more.length) {
    shown.textContent = text;
    shown.append(...more);
  }
  shown.hidden = !text;
}

// --- the page ------------------------------------------------------------------------------

byId("out").addEventListener("click", async () => {
  if (queue.entries().length && !confirm("还有话没有发出去，退出就不再发了。要退出吗？")) return;
  try {
    await api.post("/out", {});
    queue.clear();
    ["chat", "typed"].forEach(store.remove);
    location.reload();
  } catch (error) {
    banner(error.message || "网络不通，没能退出。请等网络恢复再退出。");
  }
});

window.addEventListener("online", () => {
  if (line) line.renew();
  go();
});
window.addEventListener("offline", () => banner(OFFLINE));
window.addEventListener("storage", (event) => {
  if (!event.key || !event.key.startsWith(queue.prefix)) return;
  const id = event.key.split(" ").pop();
  if (event.newValue === null) return told(id, "sent");
  if (view.ofTurn(id)) return view.rewrite(id, JSON.parse(event.newValue).turn.text || "");
  const entry = queue.entries().find((one) => one.id === id);
  if (entry) showQueued(entry, false);
});

settings();
composer(say, banner);
queue.entries().forEach((entry) => showQueued(entry, true));
open();
if (navigator.serviceWorker) navigator.serviceWorker.register("/worker.js").catch(() => {});
