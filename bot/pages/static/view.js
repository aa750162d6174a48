// The bubbles. `own` bubbles are known by the id of what was said, the others by the number of the reply.

const LINK = /(https?:\/\/[^\s<>"“”‘’（）()，。；、]+)/;
const STATES = { sending: "发送中…", sent: "已送达", waiting: "未发出，点此重试", failed: "未发出，点此重试" };

export class View {
  // press(button, message, element) and again(id) are what taps do
  constructor(log, down, press, again) {
    Object.assign(this, { log, down, press, again, following: true });
    down.addEventListener("click", () => this.toEnd());
    log.addEventListener("scroll", () => {
      this.following = this.atEnd();
      if (this.following) down.hidden = true;
    });
    window.addEventListener("resize", () => this.following && this.toEnd());
  }

  // `here`: not in another tab, so whoever said it wants to see it.
  own(id, said, label, here) {
    if (this.ofTurn(id)) return;
    const bubble = element("div", "bubble");
    if (said.photo) bubble.append(picture(said.photo, "您发的照片"));
    const words = said.text === "/start" ? "菜单" : said.text || label || (said.place ? "我的位置" : "");
    if (words) bubble.append(words);
    const item = element("div", "mine", element("span", "sr", "您说："), bubble);
    item.dataset.turn = id;
    this.put(item, here);
  }

  // The server has stored something else: without a number that it must not keep.
  rewrite(id, text) {
    const item = this.ofTurn(id);
    const words = item && item.querySelector(".bubble").lastChild;
    if (words && words.nodeType === Node.TEXT_NODE && words.data !== text) words.data = text;
  }

  state(id, state, message) {
    const item = this.ofTurn(id);
    if (!item) return;
    const old = item.querySelector(".state");
    const again = state === "waiting" || state === "failed";
    const text = message ? `${message}（点此重试）` : STATES[state];
    const shown = element(again ? "button" : "span", "state", text);
    if (again) {
      shown.type = "button";
      shown.addEventListener("click", () => this.again(id));
    }
    if (old && old.textContent === text) return;
    const follow = this.atEnd();
    if (old) old.replaceWith(shown);
    else item.append(shown);
    if (follow) this.toEnd();
  }

  forget(id) {
    const item = this.ofTurn(id);
    if (item) item.remove();
  }

  reply(reply) {
    const earlier = reply.edit && this.log.querySelector(`[data-seq="${reply.edit}"]`);
    const item = element("div", "theirs");
    item.dataset.seq = earlier ? reply.edit : reply.seq;
    const bubble = element("div", "bubble", element("span", "sr", "助手："));
    bubble.tabIndex = -1;
    if (reply.photo) bubble.append(picture(reply.photo, "图片"));
    reply.spans.forEach(([text, bold]) => bubble.append(bold ? element("b", "", ...linked(text)) : fragment(linked(text))));
    if (reply.file) bubble.append("\n", link(`/files/${reply.file}`, "打开文件"));
    item.append(bubble);
    reply.buttons.forEach((row) => item.append(this.row(row, item.dataset.seq)));
    if (earlier) this.replace(earlier, item, bubble);
    else this.put(item, false);
  }

  replace(earlier, item, bubble) {
    const focused = earlier.contains(document.activeElement);
    earlier.replaceWith(item);
    if (focused) bubble.focus({ preventScroll: true }); // the button that was pressed is gone
    if (item.offsetTop < this.log.scrollTop) this.log.scrollTop = item.offsetTop - 8;
  }

  row(buttons, message) {
    const shown = buttons.map((button) => {
      const pressed = element("button", "", button.label);
      pressed.type = "button";
      pressed.addEventListener("click", () => {
        if (pressed.getAttribute("aria-busy") !== "true") this.press(button, message, pressed);
      });
      return pressed;
    });
    return element("div", "row", ...shown);
  }

  typing(on) {
    const shown = this.log.querySelector(".typing");
    if (shown && !on) shown.remove();
    if (on && !shown) {
      const dots = [1, 2, 3].map(() => element("i", ""));
      const follow = this.atEnd();
      this.log.append(element("div", "theirs typing", element("div", "bubble", ...dots, " 正在查…")));
      if (follow) this.toEnd();
    }
  }

  // Show everything anew without tearing away whoever reads further up.
  anew(show) {
    const follow = this.atEnd();
    const top = this.log.scrollTop;
    this.log.textContent = "";
    show();
    if (follow) return this.toEnd();
    this.log.scrollTop = top;
    this.down.hidden = false;
  }

  ofTurn(id) {
    return this.log.querySelector(`[data-turn="${id}"]`);
  }

  // A long reply is shown from its beginning. Whoever reads further up is not torn away.
  put(item, own) {
    const follow = own || this.atEnd();
    const typing = this.log.querySelector(".typing");
    if (typing) this.log.insertBefore(item, typing);
    else this.log.append(item);
    if (!follow) this.down.hidden = false;
    else if (own) this.toEnd();
    else this.log.scrollTop = this.top(item) - 8;
  }

  // With what it answers, when that is short.
  top(item) {
    const before = item.previousElementSibling;
    const asked = before && before.classList.contains("mine") && before.offsetHeight < this.log.clientHeight / 4;
    return asked ? before.offsetTop : item.offsetTop;
  }

  atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 60;
  }

  toEnd() {
    this.down.hidden = true;
    this.log.scrollTop = this.log.scrollHeight;
  }
}

function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

function fragment(content) {
  const made = document.createDocumentFragment();
  made.append(...content);
  return made;
}

function linked(text) {
  return text.split(LINK).map((part, index) => (index % 2 ? link(part, part) : part));
}

function link(address, text) {
  const made = element("a", "", text);
  made.href = address;
  made.target = "_blank";
  made.rel = "noopener noreferrer";
  return made;
}

function picture(source, description) {
  const made = element("img", "");
  made.alt = description;
  made.src = typeof source === "number" ? `/files/${source}` : source;
  return made;
}
